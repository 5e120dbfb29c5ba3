"""Stacking: order, thresholds, coupons, ties, and what the cashier chose or refused."""

from __future__ import annotations

from app.domain.conditions import Context
from app.domain.money import Money
from app.domain.program import (
    AmountOff,
    FixedPrice,
    NthDiscount,
    PercentOff,
    Threshold,
)
from tests.domain.pricing_shop import (
    coupon,
    coupons,
    flat,
    line,
    member,
    off_by_rule,
    offer,
    price_list,
    program,
    quote,
    reason,
    refusal,
)

SOAP_AND_TEA = (line("soap", "9.90", "3", category="home"), line("tea", "12.00", "2"))

# ------------------------------------------------------------------ stacking


def test_amounts_come_first_then_percentages_in_id_order() -> None:
    rules = flat(
        offers=(
            offer("a-percent", PercentOff(rate="0.1")),
            offer("b-amount", AmountOff(amount="10")),
            offer("c-percent", PercentOff(rate="0.2")),
        )
    )
    answer = quote([line("a", "100")], rules)
    assert off_by_rule(answer) == {"b-amount": 1000, "a-percent": 900, "c-percent": 1620}
    assert [one.rule for one in answer.order_adjustments] == ["b-amount", "a-percent", "c-percent"]


def test_a_level_is_switched_off_where_a_threshold_lies_between() -> None:
    rules = program(offers=(offer("r", AmountOff(amount="50"), threshold=Threshold(amount="300")),))
    answer = quote([line("a", "310")], rules, member("gold"))
    assert off_by_rule(answer) == {"r": 5000}
    assert answer.total == Money(26000)
    assert reason(answer, "gold") == "NOT_CHEAPEST"


def test_a_bundle_is_switched_off_where_a_threshold_lies_between() -> None:
    rules = flat(
        offers=(
            offer("pair", NthDiscount(n=2, rate="0.1")),
            offer("spend", AmountOff(amount="20"), threshold=Threshold(amount="100")),
        )
    )
    answer = quote([line("a", "50", "2")], rules)
    assert off_by_rule(answer) == {"spend": 2000}


def test_a_gold_member_never_pays_more_than_a_silver_one() -> None:
    rules = program(
        offers=(offer("r", AmountOff(amount="30"), threshold=Threshold(amount="100")),),
        price_lists=(price_list("week", "108", "sku-a"),),
    )
    totals = [
        quote([line("a", "112")], rules, member(t)).total for t in ("regular", "silver", "gold")
    ]
    assert totals == sorted(totals, reverse=True)


def test_four_coupons_are_the_most_and_the_best_four_are_taken() -> None:
    rules = coupons(*(coupon(f"c{number}", str(number)) for number in range(1, 7)))
    answer = quote([line("a", "100")], rules, member("regular", *(f"c{n}" for n in range(1, 7))))
    assert off_by_rule(answer) == {"c3": 300, "c4": 400, "c5": 500, "c6": 600}
    assert [reason(answer, rule) for rule in ("c1", "c2")] == ["MAX_COUPONS", "MAX_COUPONS"]


def test_without_a_connection_fewer_coupons_are_used_and_it_says_so() -> None:
    rules = coupons(*(coupon(f"c{n}", str(n)) for n in range(1, 4)))
    offline = Context(coupons_limit=1)
    answer = quote([line("x", "100")], rules, member("regular", "c1", "c2", "c3"), context=offline)
    assert off_by_rule(answer) == {"c3": 300}
    assert [reason(answer, rule) for rule in ("c1", "c2")] == ["OFFLINE_NEEDS_ONLINE"] * 2
    many = Context(coupons_limit=9)
    answer = quote([line("x", "100")], rules, member("regular", "c1", "c2", "c3"), context=many)
    assert len(answer.coupons_used) == 3


def test_of_equal_coupons_the_one_that_expires_first_is_used() -> None:
    answer = quote([line("a", "8")], coupons(coupon("c", "9")), member("regular", "c", "c", "c"))
    assert answer.coupons_used == ("C0-c",)
    assert {one.coupon_id for one in answer.not_applied} == {"C1-c", "C2-c"}


def test_fewest_coupons_win_a_tie() -> None:
    rules = coupons(coupon("a", "5"), coupon("b", "5"), coupon("c", "10"))
    answer = quote([line("x", "10")], rules, member("regular", "a", "b", "c"))
    assert off_by_rule(answer) == {"c": 1000}


def test_a_coupon_chosen_by_hand_is_kept_and_marked() -> None:
    rules = coupons(coupon("a", "5", group="g"), coupon("b", "9", group="g"))
    answer = quote([line("x", "100")], rules, member("regular", "a", "b"), coupons=("C0-a",))
    (kept,) = answer.order_adjustments
    assert (kept.rule, kept.coupon_id, kept.chosen_by_hand) == ("a", "C0-a", True)
    assert reason(answer, "b") == "REFUSED_BY_CASHIER"


def test_a_coupon_nobody_holds_is_said() -> None:
    answer = quote([line("x", "9")], flat(), member(), coupons=("C404",))
    assert refusal(answer, "C404").reason == "UNKNOWN_CODE"
    blocked = Context(blocked={"C404": "ALREADY_USED"})
    answer = quote([line("x", "9")], flat(), member(), coupons=("C404",), context=blocked)
    assert refusal(answer, "C404").reason == "ALREADY_USED"


def test_a_bundle_by_coupon_forms_once_per_coupon() -> None:
    rules = coupons(offer("free", FixedPrice(price="0"), trigger="coupon"))
    answer = quote(SOAP_AND_TEA, rules, member("regular", "free", "free"))
    assert off_by_rule(answer) == {"free": 2400}
    assert answer.coupons_used == ("C0-free", "C1-free")
    one_left = quote([line("a", "5")], rules, member("regular", "free", "free"))
    assert one_left.coupons_used == ("C0-free",)


def test_refused_offers_lists_and_coupons_stay_out() -> None:
    rules = flat(
        offers=(offer("auto", AmountOff(amount="1")), coupon("c", "2")),
        price_lists=(price_list("list", "5", "sku-a"),),
    )
    refused = frozenset({"auto", "C0-c", "list"})
    answer = quote([line("a", "9")], rules, member("regular", "c"), refused=refused)
    assert answer.total == Money(900)
    assert [one.reason for one in answer.not_applied] == ["REFUSED_BY_CASHIER"] * 3
