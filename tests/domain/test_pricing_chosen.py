"""Coupons chosen by hand: they come before their rivals, and never cost the customer money."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.money import Money
from app.domain.program import AmountOff, FixedPrice, Multiplier, NthDiscount, Stacking, Threshold
from app.domain.quote import Quote, Reason
from tests.domain.pricing_shop import (
    coupon,
    flat,
    gift,
    line,
    member,
    off_by_rule,
    offer,
    only,
    program,
    quote,
    reason,
    refusal,
)

FIVE = coupon("five", "5", group="order")
FIVE_FROM_60 = coupon("five", "5", group="order", threshold=Threshold(amount="60"))
FIVE_OFF_TOYS = coupon("five", "5", group="order", scope=only("toys"))
AUTOMATIC = offer("nine", AmountOff(amount="9"), group="order")
SEASON = offer("season", AmountOff(amount="8"), group="season")


def by_coupon(answer: Quote) -> dict[str | None, Reason]:
    """Why each coupon was not used."""
    return {no.coupon_id: no.reason for no in answer.not_applied if no.coupon_id is not None}


def test_a_choice_wins_against_a_better_rival_of_its_group() -> None:
    rules = flat(offers=(FIVE, AUTOMATIC, SEASON))
    answer = quote([line("x", "50")], rules, member("regular", "five"), coupons=("C0-five",))
    assert off_by_rule(answer) == {"five": 500, "season": 800}
    (kept,) = [one for one in answer.order_adjustments if one.coupon_id is not None]
    assert (kept.coupon_id, kept.chosen_by_hand) == ("C0-five", True)
    assert refusal(answer, "nine").reason == "EXCLUSIVE_WITH"
    assert refusal(answer, "nine").other_rule == "five"


def test_a_choice_below_its_threshold_says_what_is_missing_and_frees_its_group() -> None:
    rules = flat(offers=(FIVE_FROM_60, AUTOMATIC))
    answer = quote([line("x", "50")], rules, member("regular", "five"), coupons=("C0-five",))
    assert off_by_rule(answer) == {"nine": 900}
    no = refusal(answer, "five")
    assert (no.reason, no.missing_amount, no.coupon_id) == (
        "BELOW_THRESHOLD", Money(1000), "C0-five"
    )  # fmt: skip


def test_what_is_missing_is_said_at_the_final_prices() -> None:
    pair = offer("pair", NthDiscount(n=2, rate="0.5"), group="order")
    rules = flat(offers=(FIVE_FROM_60, pair))
    lines = [line("x", "25", "2")]
    answer = quote(lines, rules, member("regular", "five"), coupons=("C0-five",))
    assert answer.total == Money(3750)
    assert refusal(answer, "five").missing_amount == Money(2250)


def test_a_choice_for_other_goods_holds_no_group() -> None:
    rules = flat(offers=(FIVE_OFF_TOYS, AUTOMATIC))
    answer = quote([line("x", "50")], rules, member("regular", "five"), coupons=("C0-five",))
    assert off_by_rule(answer) == {"nine": 900}
    assert reason(answer, "five") == "NOT_IN_SCOPE"


def test_a_choice_is_not_used_at_the_price_of_a_dearer_basket() -> None:
    rules = program(offers=(coupon("c", "20", threshold=Threshold(amount="300")),))
    answer = quote([line("a", "310")], rules, member("gold", "c"), coupons=("C0-c",))
    assert off_by_rule(answer) == {"gold": 3720}
    assert refusal(answer, "c").missing_amount == Money(2720)


def test_a_choice_switches_levels_off_where_that_is_cheaper() -> None:
    rules = program(offers=(coupon("c", "50", threshold=Threshold(amount="300")),))
    answer = quote([line("a", "310")], rules, member("gold", "c"), coupons=("C0-c",))
    assert off_by_rule(answer) == {"c": 5000}


def test_a_choice_whose_goods_cost_nothing_any_more_is_not_cheapest() -> None:
    free = offer("a-all", AmountOff(amount="50"))
    late = offer("z-late", AmountOff(amount="1"), group="order")
    rules = flat(offers=(free, FIVE, late))
    answer = quote([line("x", "50")], rules, member("regular", "five"), coupons=("C0-five",))
    assert off_by_rule(answer) == {"a-all": 5000}
    assert reason(answer, "five") == "NOT_CHEAPEST"


def test_of_two_chosen_of_one_group_the_cheaper_basket_decides() -> None:
    rules = flat(offers=(FIVE, coupon("seven", "7", group="order"), AUTOMATIC))
    shopper = member("regular", "five", "seven")
    answer = quote([line("x", "50")], rules, shopper, coupons=("C0-five", "C1-seven"))
    assert off_by_rule(answer) == {"seven": 700}
    no = refusal(answer, "five")
    assert (no.reason, no.other_rule, no.missing_amount) == (
        "EXCLUSIVE_WITH", "seven", Money(200)
    )  # fmt: skip


def test_a_chosen_bundle_wins_against_its_rivals_too() -> None:
    tea = offer("tea", FixedPrice(price="9"), trigger="coupon", group="order")
    rules = flat(offers=(tea, AUTOMATIC))
    answer = quote([line("x", "12")], rules, member("regular", "tea"), coupons=("C0-tea",))
    assert off_by_rule(answer) == {"tea": 300}


def test_one_of_two_chosen_coupons_of_an_offer_is_enough() -> None:
    rules = flat(offers=(coupon("c", "9"), FIVE_FROM_60, AUTOMATIC))
    shopper = member("regular", "c", "c", "five")
    answer = quote([line("x", "15")], rules, shopper, coupons=("C0-c", "C1-c", "C2-five"))
    assert off_by_rule(answer) == {"c": 900, "nine": 600}
    assert by_coupon(answer) == {"C1-c": "NOT_CHEAPEST", "C2-five": "BELOW_THRESHOLD"}


def test_only_what_was_chosen_takes_part() -> None:
    rules = flat(offers=(coupon("a", "5"), coupon("b", "9")))
    answer = quote([line("x", "50")], rules, member("regular", "a", "b"), coupons=("C0-a",))
    assert off_by_rule(answer) == {"a": 500}
    nothing = quote([line("x", "50")], rules, member("regular", "a", "b"), coupons=())
    assert nothing.total == Money(5000)
    assert set(by_coupon(nothing).values()) == {"REFUSED_BY_CASHIER"}


def test_what_could_not_be_used_anyway_was_not_left_out_by_the_choice() -> None:
    toys = coupon("toys", "5", scope=only("toys"))
    rules = flat(offers=(coupon("a", "5"), coupon("b", "9"), FIVE_FROM_60, toys))
    shopper = member("regular", "a", "b", "five", "toys")
    answer = quote([line("x", "50")], rules, shopper, coupons=("C0-a",))
    assert off_by_rule(answer) == {"a": 500}
    assert by_coupon(answer) == {
        "C1-b": "REFUSED_BY_CASHIER", "C2-five": "BELOW_THRESHOLD", "C3-toys": "NOT_IN_SCOPE",
    }  # fmt: skip
    assert refusal(answer, "five").missing_amount == Money(1000)
    left_out = quote(
        [line("x", "50")], rules, shopper, coupons=("C0-a",), refused=frozenset({"C2-five"})
    )
    assert by_coupon(left_out)["C2-five"] == "REFUSED_BY_CASHIER"


# ------------------------------------------------------------------ without money effect


def test_a_chosen_gift_wins_against_money_off_in_its_group() -> None:
    rules = flat(offers=(gift("g", trigger="coupon", group="order"), AUTOMATIC))
    shopper = member("regular", "g")
    answer = quote([line("x", "95")], rules, shopper, coupons=("C0-g",))
    assert ([one.rule for one in answer.gifts], answer.coupons_used) == (["g"], ("C0-g",))
    assert answer.total == Money(9500)
    assert refusal(answer, "nine").other_rule == "g"
    short = quote([line("x", "80")], rules, shopper, coupons=("C0-g",))
    assert off_by_rule(short) == {"nine": 900}
    assert refusal(short, "g").missing_amount == Money(1000)


def test_of_a_chosen_gift_and_chosen_money_off_in_one_group_the_money_off_is_taken() -> None:
    rules = flat(offers=(gift("g", trigger="coupon", group="order"), FIVE))
    shopper = member("regular", "g", "five")
    answer = quote([line("x", "95")], rules, shopper, coupons=("C0-g", "C1-five"))
    assert off_by_rule(answer) == {"five": 500}
    no = refusal(answer, "g")
    assert (no.reason, no.other_rule, no.missing_amount) == ("EXCLUSIVE_WITH", "five", None)


@pytest.mark.parametrize(
    ("most", "used"), [(1, ("C2-c",)), (2, ("C2-c", "C0-m")), (3, ("C2-c", "C0-m", "C1-m"))]
)
def test_chosen_coupons_without_money_effect_take_the_room_that_is_left(
    most: int, used: tuple[str, ...]
) -> None:
    triple = offer("m", Multiplier(factor="3"), trigger="coupon")
    rules = flat(offers=(triple, coupon("c", "1")), stacking=Stacking(coupons_max=most))
    shopper = member("regular", "m", "m", "c")
    answer = quote([line("x", "10")], rules, shopper, coupons=("C0-m", "C1-m", "C2-c"))
    assert answer.coupons_used == used
    assert set(by_coupon(answer).values()) == ({"MAX_COUPONS"} if most < 3 else set())


def test_one_chosen_coupon_without_money_effect_in_a_group() -> None:
    triple = offer("m", Multiplier(factor="3"), trigger="coupon", group="points")
    automatic = offer("a-double", Multiplier(factor="2"), group="points")
    rules = flat(offers=(triple, automatic))
    shopper = replace(member("regular", "m", "m"), visits=0)
    answer = quote([line("x", "10")], rules, shopper, coupons=("C0-m", "C1-m"))
    assert (answer.coupons_used, answer.points_earned) == (("C0-m",), 30)
    assert by_coupon(answer) == {"C1-m": "EXCLUSIVE_WITH"}
    assert refusal(answer, "a-double").other_rule == "m"
