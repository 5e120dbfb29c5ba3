"""Goods without a price: somebody types it, by right or with a yes; nothing is sold for nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.domain.money import Money
from app.services.answers import LineChanged, NoSuchLine, PaymentUnderWay
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.lines import undo_step
from app.services.missing_price import PriceNotMissing, PriceRefused, type_price
from app.services.payment import start_payment
from app.services.scan import scan_code
from tests.real_shop import APPLE_LABEL, MILK, TOWEL, RealShop
from tests.services.conftest import trail


@pytest.fixture
def unpriced(shop: RealShop) -> RealShop:
    """Milk and apples have lost their prices; milk is in the basket."""

    def work(unit: Any) -> None:
        for sku in ("milk", "apple"):
            product = unit.products.get(sku)
            assert product is not None
            unit.products.put(replace(product, unit_price=None, member_price=None))

    shop.store.lane.submit(work).result()
    shop.do(scan_code, text=MILK)
    return shop


def typed(shop: RealShop, minor: int, line_id: str = "1") -> Any:
    return shop.do(type_price, line_id=line_id, unit_price=Money(minor))


def test_a_cashier_types_it_with_a_yes_and_goes_on(unpriced: RealShop) -> None:
    needed = typed(unpriced, 5950)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.asked, needed.limit) == ("missing_price", 5950, 0)
    done = unpriced.do(
        approve_with_badge, request_id=needed.request_id, badge=unpriced.badges["王芳"]
    )
    assert isinstance(done, Approved)
    assert isinstance(done.answer, LineChanged)
    (line,) = done.answer.state.lines
    assert (line.problem, line.unit_price, line.net) == (None, Money(5950), Money(5950))
    assert trail(unpriced)[-2:] == ["approved", "price_typed"]
    unpriced.do(undo_step)
    assert unpriced.shop.desk.state.basket.lines[0].problem == "no_price"


def test_who_may_is_not_asked_and_members_pay_their_share_of_it(unpriced: RealShop) -> None:
    unpriced.sign_in("王芳")
    unpriced.do(scan_code, text=unpriced.cards["张三丰"])
    answer = typed(unpriced, 6000)
    assert isinstance(answer, LineChanged)
    assert answer.state.lines[0].net < Money(6000)


def test_weighed_goods_are_priced_by_the_kilo(unpriced: RealShop) -> None:
    unpriced.sign_in("王芳")
    unpriced.do(scan_code, text=APPLE_LABEL)
    answer = typed(unpriced, 1000, "2")
    assert answer.state.lines[1].net == Money(842)


@pytest.mark.parametrize("minor", [0, -100], ids=["nothing", "below zero"])
def test_nothing_is_sold_for_nothing(unpriced: RealShop, minor: int) -> None:
    assert typed(unpriced, minor) == PriceRefused(Money(minor))


def test_only_a_missing_price_can_be_typed(unpriced: RealShop) -> None:
    unpriced.do(scan_code, text=TOWEL)
    unpriced.do(scan_code, text="NOBODY-KNOWS")
    assert typed(unpriced, 100, "2") == PriceNotMissing("2")
    assert typed(unpriced, 100, "3") == PriceNotMissing("3")
    assert typed(unpriced, 100, "77") == NoSuchLine("77")


def test_not_while_money_is_being_taken(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    shop.do(start_payment, kind="mobile")
    assert typed(shop, 100) == PaymentUnderWay()
