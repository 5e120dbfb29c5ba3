"""Gifts, multipliers and rebates: offers without money effect."""

from __future__ import annotations

import pytest

from app.domain.conditions import Context, GiftGoods
from app.domain.money import Money
from app.domain.months import Month
from app.domain.program import (
    AmountOff,
    Conditions,
    Multiplier,
    SpendRebate,
)
from tests.domain.pricing_shop import (
    TODAY,
    flat,
    gift,
    line,
    member,
    money,
    nets,
    offer,
    quote,
    reason,
    refusal,
)

# ------------------------------------------------------------------ gifts, multipliers, rebates


def test_a_gift_is_a_line_whose_price_is_spread_over_what_earned_it() -> None:
    answer = quote([line("a", "90")], flat(offers=(gift(),)))
    assert answer.total == Money(9000)
    assert nets(answer) == {"a": 8100, "gift:tea:1": 900}
    assert (answer.gifts[0].sku, answer.gifts[0].quantity) == ("T1", 1)
    given = answer.lines[1]
    assert (given.list_amount, given.gift_of, str(given.tax_rate)) == (Money(1000), "tea", "0.09")


def test_a_gift_with_a_choice_at_the_catalogue_s_price() -> None:
    goods = Context(gift_goods={"T2": GiftGoods(Money(3000), "tin", "tea")})
    answer = quote([line("a", "90")], flat(offers=(gift(),)), gifts=(("tea", "T2"),), context=goods)
    assert answer.gifts[0].sku == "T2"
    assert answer.lines[1].list_amount == Money(3000)
    unknown = quote([line("a", "90")], flat(offers=(gift(),)), gifts=(("tea", "T3"),))
    assert unknown.gifts[0].sku == "T1"


@pytest.mark.parametrize(
    ("wished", "by_hand"),
    [((), False), ((("tea", "T2"),), True), ((("tea", "T1"),), True), ((("tea", "T3"),), False)],
    ids=["nobody chose", "the other one", "the first one", "a product it does not give"],
)
def test_a_chosen_gift_is_marked_as_chosen(
    wished: tuple[tuple[str, str], ...], *, by_hand: bool
) -> None:
    answer = quote([line("a", "90")], flat(offers=(gift(),)), gifts=wished)
    assert [change.chosen_by_hand for change in answer.order_adjustments] == [by_hand]


def test_a_gift_of_a_group_that_is_taken_is_not_given() -> None:
    rules = flat(offers=(gift(group="g"), offer("off", AmountOff(amount="1"), group="g")))
    answer = quote([line("a", "95")], rules)
    assert answer.gifts == ()
    assert refusal(answer, "tea").other_rule == "off"


def test_of_two_gifts_in_a_group_the_first_is_given() -> None:
    rules = flat(offers=(gift("b", group="g"), gift("a", group="g")))
    answer = quote([line("x", "95")], rules)
    assert [one.rule for one in answer.gifts] == ["a"]
    short = quote([line("x", "80")], rules)
    assert refusal(short, "a").missing_amount == Money(1000)


def test_a_coupon_without_money_effect_is_offered_and_used_only_by_hand() -> None:
    rules = flat(offers=(gift("g", trigger="coupon"),))
    shopper = member("regular", "g")
    offered = quote([line("a", "95")], rules, shopper)
    assert (offered.gifts, reason(offered, "g")) == ((), "NO_MONEY_EFFECT")
    taken = quote([line("a", "95")], rules, shopper, coupons=("C0-g",))
    assert taken.coupons_used == ("C0-g",)
    assert taken.gifts[0].coupon_id == "C0-g"
    short = quote([line("a", "80")], rules, shopper, coupons=("C0-g",))
    assert refusal(short, "g").missing_amount == Money(1000)


def test_a_multiplier_coupon_chosen_by_hand_multiplies() -> None:
    rules = flat(offers=(offer("m", Multiplier(factor="3"), trigger="coupon"),))
    answer = quote([line("a", "10")], rules, member("regular", "m"), coupons=("C0-m",))
    assert (answer.points_earned, answer.coupons_used) == (30, ("C0-m",))


def test_a_multiplier_is_nothing_for_a_walk_in() -> None:
    rules = flat(offers=(offer("m", Multiplier(factor="3")),))
    assert reason(quote([line("a", "10")], rules), "m") == "TIER_TOO_LOW"


REBATE = flat(
    offers=(
        offer(
            "r",
            SpendRebate(spend="100", points=30),
            when=Conditions(starts=TODAY.replace(month=10, day=1), ends=TODAY.replace(day=30)),
        ),
    )
)


@pytest.mark.parametrize(
    ("before", "earned", "why"),
    [("19.99", 80, "BELOW_THRESHOLD"), ("20", 110, None), ("100", 80, "MEMBER_LIMIT")],
)
def test_a_rebate_is_given_by_the_sale_that_crosses(
    before: str, earned: int, why: str | None
) -> None:
    spend = {Month.parse("2026-10"): money(before), Month.parse("2026-09"): money("500")}
    answer = quote([line("a", "79"), line("b", "1")], REBATE, member(spend_by_month=spend))
    assert answer.points_earned == sum(one.points_earned for one in answer.lines) == earned
    assert [one.reason for one in answer.not_applied] == ([] if why is None else [why])


def test_a_rebate_is_nothing_for_a_walk_in() -> None:
    assert reason(quote([line("a", "900")], REBATE), "r") == "TIER_TOO_LOW"
