"""Prices that were really charged: only beside them may a lower one stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.money import Money
from app.services.charged_price import ChargedPrices, charged_prices
from app.services.payment import pay_cash
from app.services.scan import scan_code
from tests.real_shop import APPLE_LABEL, MILK, TOWEL, RealShop, copy_shop

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def shop(tmp_path: Path) -> RealShop:
    made = copy_shop(tmp_path)
    made.sign_in()
    return made


def sell(shop: RealShop, *codes: str) -> None:
    for code in codes:
        shop.clock.go_on(milliseconds=2_000)
        shop.do(scan_code, text=code)
    shown = shop.do(scan_code, text=codes[-1]).state.totals.due_cash
    shop.do(pay_cash, received=None, shown=shown)


def test_a_price_counts_for_seven_days_from_its_sale(shop: RealShop) -> None:
    assert shop.do(charged_prices) == ChargedPrices()
    sell(shop, MILK, APPLE_LABEL)
    found = shop.do(charged_prices)
    assert found.holds("milk", Money(5900))
    assert not found.holds("milk", Money(6900)), "a price nobody paid"
    assert found.holds("apple", Money(1280)), "12.80 a kilogram, by its weight"
    assert not found.holds("oil", Money(6800))
    shop.clock.go_on(milliseconds=8 * DAY_MS)
    assert not shop.do(charged_prices).holds("milk", Money(5900))
    shop.close()


def test_what_only_members_paid_was_not_charged(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    sell(shop, TOWEL)
    assert not shop.do(charged_prices).holds("towel", Money(1990))
    shop.close()
