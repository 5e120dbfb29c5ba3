"""What a rule is called, and the same words on the till and on the paper."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app import wording
from app.domain.money import Money
from app.domain.program import Text
from app.domain.quote import NotApplied
from app.services.payment import pay_cash
from app.services.quote_words import reason_text
from app.services.rule_words import percent_off, tier_of, with_rate
from app.services.scan import scan_code
from tests.domain.pricing_shop import program as pricing_program
from tests.real_shop import MILK, RealShop
from ui.phrases import adjustment_name

ZH, EN = wording.load("zh_CN"), wording.load("en")
GOLD = Text(zh="金卡", en="Gold")


@pytest.mark.parametrize(
    ("off", "zh", "en"),
    [
        ("0.12", "8.8折", "12% off"),
        ("0.15", "8.5折", "15% off"),
        ("0.05", "9.5折", "5% off"),
        ("0.50", "5折", "50% off"),
        ("0.125", "8.75折", "12.5% off"),
        ("1", "免费", "free"),
    ],
)
def test_a_rate_is_said_in_each_language_s_way(off: str, zh: str, en: str) -> None:
    assert (percent_off(Decimal(off), ZH), percent_off(Decimal(off), EN)) == (zh, en)


def test_a_tier_without_a_rate_says_its_name_alone() -> None:
    assert with_rate(GOLD, Decimal("0.12"), ZH) == "金卡 8.8折"
    assert with_rate(GOLD, Decimal(0), EN) == with_rate(GOLD, None, EN) == "Gold"


def test_only_tiers_are_tiers(shop: RealShop) -> None:
    program = shop.shop.desk.state.program
    gold = program.tier("gold")
    assert tier_of(program, "tier:gold") == tier_of(program, "gold") == gold
    assert tier_of(program, "points") is None


def test_the_paper_says_what_the_till_said(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    state = shop.do(scan_code, text=MILK).state
    told = [adjustment_name(row, state.rules, ZH) for row in state.lines[0].adjustments]
    receipt = shop.do(pay_cash, received=Money(10_000)).receipt
    assert [row.words for row in receipt.lines[0].adjustments] == told == ["金卡 8.8折"]


@pytest.mark.parametrize("rule", ["points", "points_price:towel"])
def test_what_is_short_of_points_is_counted_in_points(rule: str) -> None:
    short = NotApplied(rule, "POINTS_MINIMUM", missing_count=160)
    assert reason_text(short, pricing_program(), EN).endswith(": 160 points short")
