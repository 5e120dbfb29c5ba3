"""Finding goods: by barcode, scale code, sku, name, pinyin and initials."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.domain.money import Money
from app.domain.product import Product
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import a_product

MILK = a_product("1001", "蒙牛纯牛奶250ml", 590, "6901234567892", "16901234567899")
APPLE = Product(
    "2001", "红富士苹果", "fruit", Money(1280), (), Money(1180), Decimal("0.09"), "kg",
    weighed=True, scale_code="00123",
)  # fmt: skip
CATALOGUE = (
    MILK,
    APPLE,
    a_product("1002", "纯牛奶", 450, "6901234567908"),
    a_product("1003", "牛奶糖", 300),
    a_product("T-100", "Whole Milk 1L", 899, "0036000291452"),
    a_product("1004", "旧牛奶", 100, active=False),
    a_product("1005", "新品未定价", unit_price=None),
)


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """A store with a small catalogue."""

    def fill(unit: UnitOfWork) -> None:
        for product in CATALOGUE:
            unit.products.put(product)

    store.lane.run(fill)
    return store


def by_barcode(shop: OpenStore, code: str) -> Product | None:
    return shop.lane.read(lambda unit: unit.products.by_barcode(code)).result()


def found(shop: OpenStore, text: str, limit: int = 8) -> list[str]:
    products = shop.lane.read(lambda unit: unit.products.search(text, limit)).result()
    return [product.sku for product in products]


def test_products_come_back_whole(shop: OpenStore) -> None:
    skus = [product.sku for product in CATALOGUE]
    kept = shop.lane.run(lambda unit: tuple(map(unit.products.get, skus)))
    assert kept == CATALOGUE
    assert shop.lane.run(lambda unit: unit.products.count()) == len(CATALOGUE)


def test_by_any_of_its_codes(shop: OpenStore) -> None:
    assert by_barcode(shop, "6901234567892") == MILK
    assert by_barcode(shop, "16901234567899") == MILK
    assert by_barcode(shop, "1001") == MILK
    assert by_barcode(shop, "6900000000000") is None
    assert by_barcode(shop, "9" * 10_000) is None
    assert shop.lane.run(lambda unit: unit.products.by_scale_code("00123")) == APPLE
    assert shop.lane.run(lambda unit: unit.products.by_scale_code("00124")) is None


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        pytest.param("cnn", ["1002", "1001"], id="initials, the shorter name first"),
        pytest.param("CNN", ["1002", "1001"], id="capital initials"),
        pytest.param("niun", ["1003", "1002", "1001"], id="pinyin from any syllable"),
        pytest.param("牛奶", ["1003", "1002", "1001"], id="the name, beginnings first"),
        pytest.param("whole mi", ["T-100"], id="Latin words, unfinished"),
        pytest.param("milk", ["T-100"], id="a later Latin word"),
        pytest.param("1001", ["1001"], id="the sku itself"),
        pytest.param("69012345", ["1002", "1001"], id="the beginning of a barcode"),
        pytest.param("t-1", ["T-100"], id="a sku in small letters"),
        pytest.param("jnn", [], id="not on sale any more"),
        pytest.param("新品", ["1005"], id="without a price yet"),
        pytest.param("", [], id="nothing"),
        pytest.param('"*^:-', [], id="query syntax"),
    ],
)
def test_search(shop: OpenStore, text: str, skus: list[str]) -> None:
    assert found(shop, text) == skus


def test_no_more_than_asked_for(shop: OpenStore) -> None:
    assert len(found(shop, "牛奶", limit=2)) == 2


def test_an_exact_sku_comes_before_longer_ones(shop: OpenStore) -> None:
    shop.lane.run(lambda unit: unit.products.put(a_product("100", "茶")))
    assert found(shop, "100")[0] == "100"


def test_replacing_moves_codes_and_names(shop: OpenStore) -> None:
    changed = replace(MILK, name="豆浆", barcodes=("6901234567908",), active=True)
    shop.lane.run(lambda unit: unit.products.put(changed))
    assert by_barcode(shop, "6901234567908") == changed
    assert by_barcode(shop, "6901234567892") is None
    taken_from = shop.lane.run(lambda unit: unit.products.get("1002"))
    assert taken_from is not None
    assert taken_from.barcodes == ()
    assert found(shop, "doujiang") == ["1001"]
    assert found(shop, "mncnn") == []
    assert shop.lane.run(lambda unit: unit.products.count()) == len(CATALOGUE)
