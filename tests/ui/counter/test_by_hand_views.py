"""What is said about discounts by hand and held sales: figures, days, one sentence per answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from app.domain.hold import LineDiffers, OfferDiffers, PricesDiffer
from app.domain.money import ZERO, Money
from app.domain.rights import LimitMissing
from app.services import discount, hold, void
from app.services.act_reason import ReasonNeeded
from app.services.answers import BasketFull, Changed, NoSuchLine, SignInFirst
from app.services.approval import ActForbidden, ApprovalNeeded
from app.services.discount import DiscountGiven, NothingByHand, Wish, WishRefused
from app.services.hold import (
    BasketInTheWay,
    ChooseHold,
    HeldSummary,
    HoldEnded,
    NoSuchHold,
    NothingHeld,
    NothingToHold,
    SaleHeld,
    SaleRecalled,
)
from app.services.recorded_prices import LineNotResolved
from app.services.void import NothingToVoid, SaleVoided
from app.wording import load
from tests.ui.till.states import a_line, a_state
from ui.discount.view_model import (
    KINDS,
    NoFigure,
    discount_said,
    present,
    rate_off,
    read_wish,
    usable_kinds,
)
from ui.holds.view_model import holds_said, present_differences, present_holds

ZONE = "Asia/Shanghai"
TODAY = date(2026, 11, 21)
AT_18_01 = 1_795_255_260_000
"""2026-11-21 18:01 in the shop."""
DAY_MS = 86_400_000


@pytest.mark.parametrize(
    ("typed", "off"),
    [
        ("95", "0.05"),
        ("9.5", "0.05"),
        ("8", "0.2"),
        ("80", "0.2"),
        ("88.5", "0.115"),
        ("10", "0.9"),
        ("99.99", "0.0001"),
        ("5.", "0.5"),
    ],
)
def test_a_figure_is_what_the_customer_pays(typed: str, off: str) -> None:
    assert rate_off(typed) == Decimal(off)


@pytest.mark.parametrize("typed", ["", ".", "0", "0.5", "100", "950", "x"])
def test_other_figures_are_no_discount(typed: str) -> None:
    assert rate_off(typed) is None
    answer = read_wish("order_rate", typed, a_state(), load("zh_CN"))
    assert isinstance(answer, NoFigure)
    assert answer.sentence


@pytest.mark.parametrize(
    ("kind", "typed", "wish"),
    [
        ("order_amount", "12.5", Wish("amount", amount=Money(1250))),
        ("line_amount", ".5", Wish("amount", amount=Money(50))),
        ("line_price", "60", Wish("price", amount=Money(6000))),
    ],
)
def test_an_amount_is_read_in_the_shops_currency(kind: Any, typed: str, wish: Wish) -> None:
    assert read_wish(kind, typed, a_state(), load("en")) == wish


def test_only_a_line_with_a_price_that_is_no_gift_can_have_one_of_its_own() -> None:
    assert usable_kinds(a_line()) == KINDS
    for line in (None, a_line(problem="unknown"), a_line(is_gift=True)):
        assert usable_kinds(line) == ("order_rate", "order_amount")


def test_the_dialog_says_what_a_figure_means_in_both_languages() -> None:
    line, state = a_line(), a_state()
    assert present("order_rate", "95", line, state, load("zh_CN")).meaning == "9.5折"
    assert present("order_rate", "95", line, state, load("en")).meaning == "5% off"
    assert present("order_rate", "", line, state, load("en")).meaning == ""
    assert present("line_price", "50", line, state, load("en")).meaning == "¥59.00 → ¥50.00"


# ------------------------------------------------------------------ held sales


def a_hold(**other: Any) -> HeldSummary:
    values: dict[str, Any] = {
        "hold_id": "h", "number": 1, "held_ms": AT_18_01, "pieces": 3, "total": Money(10160),
        "member_masked": "138****8000", "has_member": True, "staff_name": "李明",
        "note": "去拿鸡蛋", "overnight": False,
    }  # fmt: skip
    return HeldSummary(**{**values, **other})


def rows(*held: HeldSummary, language: Any = "zh_CN", **state: Any) -> Any:
    wording = load(language)
    return present_holds(held, a_state(**state), wording, today=TODAY, zone=ZONE)


def test_a_row_says_when_how_much_and_whose() -> None:
    (row,) = rows(a_hold(), lines=()).rows
    assert row.name.split(" ⋅ ") == ["18:01", "3 件", "¥101.60"]
    assert row.detail.split(" ⋅ ") == ["138****8000", "李*", "去拿鸡蛋"]
    assert row.warning == ""


@pytest.mark.parametrize(
    ("days", "said"), [(1, "昨天 18:01"), (2, "11-19 18:01")], ids=["yesterday", "earlier"]
)
def test_an_overnight_hold_says_its_day_and_that_prices_change(days: int, said: str) -> None:
    (row,) = rows(a_hold(held_ms=AT_18_01 - days * DAY_MS, overnight=True), lines=()).rows
    assert row.name.startswith(said)
    assert "过夜" in row.warning


def test_who_has_no_phone_is_a_member_and_nobody_is_a_walk_in() -> None:
    view = rows(a_hold(member_masked=""), a_hold(member_masked="", has_member=False), lines=())
    assert [row.detail.split(" ⋅ ")[0] for row in view.rows] == ["会员", "散客"]


def test_goods_on_the_till_take_the_recall_away_and_say_why() -> None:
    assert rows(a_hold(), lines=()).can_recall
    view = rows(a_hold())
    assert not view.can_recall
    assert "先挂单" in view.hint


def recalled(*lines: LineDiffers, **other: Any) -> SaleRecalled:
    differs = PricesDiffer(Money(100), Money(120), lines, **other)
    return SaleRecalled(a_state(), "h", differs, overnight=False)


def test_differences_name_lines_that_came_and_went_and_offers_that_ended() -> None:
    answer = recalled(
        LineDiffers("1", "牛奶", Money(5900), Money(6200)),
        LineDiffers("2", "赠杯", ZERO, None),
        offers=(OfferDiffers("ended", Money(500), ZERO),),
    )
    view = present_differences(answer, a_state(), load("zh_CN"))
    assert view is not None
    assert [(row.label, row.figure) for row in view.rows] == [
        ("牛奶", "59.00 → 62.00"),
        ("赠杯", "0.00 → 无"),
        ("夏日", "−5.00 → 无"),
    ]
    assert view.total == "¥1.00 → ¥1.20"


def test_many_differences_are_counted_and_none_is_none() -> None:
    many = [LineDiffers(str(n), f"货{n}", Money(n), Money(n + 1)) for n in range(1, 12)]
    view = present_differences(recalled(*many), a_state(), load("en"))
    assert view is not None
    assert [row.label for row in view.rows][-1] == "5 more differences"
    same = replace(recalled(), differs=PricesDiffer(Money(1), Money(1)))
    assert present_differences(same, a_state(), load("en")) is None


# ------------------------------------------------------------------ every answer

OPENS_SOMETHING = {ApprovalNeeded, ReasonNeeded, ChooseHold}
"""These are no sentence but a dialog."""
STATE = a_state()
BY_HAND: list[Any] = [
    DiscountGiven(STATE, Money(500)), DiscountGiven(STATE, Money(500), "manager"), Changed(STATE),
    NothingByHand(), LineNotResolved("1"), NoSuchLine("1"), BasketFull(), SignInFirst(),
    ActForbidden("order_discount"), LimitMissing("cashier", "line_discount"),
    WishRefused("nothing", ZERO), WishRefused("above_all", ZERO),
    WishRefused("not_cheaper", ZERO), WishRefused("no_price_of_an_order", ZERO),
]  # fmt: skip
HELD: list[Any] = [
    recalled(), NothingToHold(), NothingHeld(), NoSuchHold("h"), BasketInTheWay(),
    HoldEnded("h", "recalled", "李明", 1), HoldEnded("h", "voided", "李明", 1), NothingToVoid(),
    SaleVoided(STATE, Money(100)), SignInFirst(),
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_answer_has_a_sentence(language: Any) -> None:
    wording = load(language)
    said = [discount_said(answer, STATE, wording).sentence for answer in BY_HAND]
    said += [holds_said(answer, STATE, wording).sentence for answer in HELD]
    assert all(said)
    assert len(set(said)) >= len(said) - 1, "nobody is signed in is one sentence"


def test_no_answer_was_forgotten() -> None:
    from ui.said import knows

    asked: set[type] = set()
    for union in (discount.DiscountAnswer, hold.RecallAnswer, void.VoidAnswer):
        asked |= set(get_args(union))
    shown = {type(one) for one in (*BY_HAND, *HELD)} | OPENS_SOMETHING | {SaleHeld}
    assert {one.__name__ for one in asked - shown if not knows(one)} == set()
