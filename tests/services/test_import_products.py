"""A catalogue from a file: the demo shelf comes in whole, each mistake is named by its cell."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.money import Money
from app.domain.product import Product
from app.services.import_products import ProductsFile, import_products, read_products
from app.services.table_file import CellError, MissingColumns
from app.store.waiting_lane import WaitingLane
from tests.real_shop import RealShop

DEMO = Path(__file__).parents[2] / "resources" / "demo"
HEADER = "sku,barcode,name,category,unit,price,member_price,tax_rate,weighed,scale_code\n"


def read(rows: str) -> ProductsFile:
    answer = read_products((HEADER + rows).encode(), decimals=2)
    assert isinstance(answer, ProductsFile)
    return answer


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_demo_shelf_is_a_clean_file_of_at_least_300_products(language: str) -> None:
    answer = read_products((DEMO / f"products.{language}.csv").read_bytes(), decimals=2)
    assert isinstance(answer, ProductsFile)
    assert answer.errors == ()
    assert len({code for product in answer.products for code in product.barcodes}) >= 300


def test_a_row_becomes_a_product() -> None:
    answer = read(
        "A1,6901234567892 096619321148,纯牛奶,dairy,件,59.00,55.00,0.09,,\n"
        "A2,,红富士苹果,fruit,kg,12.80,,,yes,00123\n"
    )
    milk, apples = answer.products
    assert milk == Product(
        "A1", "纯牛奶", "dairy", Money(5900), ("6901234567892", "0096619321148"),
        Money(5500), Decimal("0.09"),
    )  # fmt: skip
    assert apples.weighed and apples.unit == "kg" and apples.scale_code == "00123"
    assert answer.errors == ()


MISTAKES = {
    "a price with a comma": ('A1,,Tea,,,"9,90",,,,\n', "price", "not_an_amount"),
    "a negative price": ("A1,,Tea,,,-1,,,,\n", "price", "not_an_amount"),
    "three decimals": ("A1,,Tea,,,1.999,,,,\n", "price", "not_an_amount"),
    "a member price in words": ("A1,,Tea,,,5,cheap,,,\n", "member_price", "not_an_amount"),
    "a tax in percent": ("A1,,Tea,,,5,,13,,\n", "tax_rate", "not_a_rate"),
    "a wrong check digit": ("A1,6901234567893,Tea,,,5,,,,\n", "barcode", "bad_barcode"),
    "neither yes nor no": ("A1,,Tea,,,5,,,maybe,\n", "weighed", "not_yes_or_no"),
    "a scale code of four": ("A1,,Tea,,,5,,,yes,1234\n", "scale_code", "not_a_number"),
    "a formula": ("A1,,=cmd|calc,,,5,,,,\n", "name", "formula"),
    "no sku": (",,Tea,,,5,,,,\n", "sku", "missing"),
}


@pytest.mark.parametrize(("row", "column", "problem"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_named_by_row_and_column(row: str, column: str, problem: str) -> None:
    answer = read("A0,,Coffee,,,5,,,,\n" + row)
    assert [(error.row, error.column, error.problem) for error in answer.errors] == [
        (3, column, problem)
    ]
    assert [product.sku for product in answer.products] == ["A0"]


def test_duplicates_name_the_row_that_was_first() -> None:
    answer = read("A1,6901234567892,Tea,,,5,,,,\nA2,6901234567892,Tea,,,5,,,,\nA1,,Tea,,,5,,,,\n")
    assert answer.errors == (
        CellError(3, "barcode", "6901234567892", "duplicate", 2),
        CellError(4, "sku", "A1", "duplicate", 2),
    )


def test_an_unreadable_file_says_why() -> None:
    answer = read_products(b"sku,name\n1,Tea\n", decimals=2)
    assert answer == MissingColumns(("price",), ("sku", "name"))


def test_one_scale_code_is_one_product(shop: RealShop) -> None:
    answer = read("A1,,苹果,fruit,kg,12.80,,,yes,00123\nA2,,梨,fruit,kg,9.80,,,yes,00123\n")
    assert answer.errors == (CellError(3, "scale_code", "00123", "duplicate", 2),)
    moved = read("pear,,梨,fruit,kg,9.80,,,yes,00012\n")  # it was the apples' code till now
    lane = WaitingLane(shop.store.lane)
    assert list(import_products(lane=lane, products=moved.products)) == [1]
    found = shop.do(lambda shop, work: work.products.by_scale_code("00012"))
    assert found.sku == "pear"
    apple = shop.do(lambda shop, work: work.products.get("apple"))
    assert apple.scale_code is None, "the catalogue's last word counts, as with barcodes"
