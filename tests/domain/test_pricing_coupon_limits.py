"""What coupons may take off a day, by how the member was identified."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain.conditions import Context, GiftGoods
from app.domain.money import Money
from app.domain.program import (
    AmountOff,
    CouponLimits,
    FixedPrice,
    Multiplier,
    Offer,
    Stacking,
)
from app.domain.quote import Quote
from app.domain.sale_effects import sale_outcome
from app.domain.view import AccountView, IdentifiedBy, view
from tests.domain.heart_builders import an_account, item
from tests.domain.pricing_shop import (
    TODAY,
    coupon,
    flat,
    gift,
    line,
    member,
    money,
    off_by_rule,
    offer,
    quote,
    reason,
)

TWELVE = CouponLimits(card="12", phone="5", name="0")
"""12.00 a day by card, 5.00 by phone, nothing by name, no limit by pass."""


def bought(
    offers: tuple[Offer, ...],
    shopper: AccountView | None,
    *,
    by: IdentifiedBy = "card",
    context: Context | None = None,
    **choices: Any,
) -> Quote:
    """A basket of 100.00 of member `by` this proof."""
    rules = flat(offers=offers, stacking=Stacking(per_day=TWELVE))
    known = context or Context(identified_by=by)
    return quote([line("x", "100")], rules, shopper, context=known, **choices)


EIGHT_SIX_FIVE = (coupon("eight", "8"), coupon("five", "5"), coupon("six", "6"))
HOLDER = member("regular", "eight", "five", "six")


@pytest.mark.parametrize(
    ("by", "used"),
    [
        ("pass", {"eight": 800, "five": 500, "six": 600}),
        ("card", {"five": 500, "six": 600}),  # 11.00; 8 + 5 would be 13.00
        ("phone", {"five": 500}),
        ("name", {}),
    ],
)
def test_the_best_set_within_the_limit_is_taken(by: IdentifiedBy, used: dict[str, int]) -> None:
    answer = bought(EIGHT_SIX_FIVE, HOLDER, by=by)
    assert off_by_rule(answer) == used
    assert answer.coupon_off == Money(sum(used.values()))
    left = {"eight", "five", "six"} - set(used)
    assert {reason(answer, name) for name in left} <= {"IDENTIFY_BETTER"}


def test_what_coupons_took_off_today_counts() -> None:
    spent = member("regular", "eight", "five", "six", coupon_off_today=money("4"))
    assert off_by_rule(bought(EIGHT_SIX_FIVE, spent)) == {"eight": 800}
    beyond = member("regular", "five", coupon_off_today=money("30"))
    answer = bought(EIGHT_SIX_FIVE, beyond)
    assert (answer.coupons_used, reason(answer, "five")) == ((), "IDENTIFY_BETTER")


def test_only_coupons_are_limited() -> None:
    rules = (offer("auto", AmountOff(amount="40")), coupon("five", "5"))
    answer = bought(rules, member("regular", "five"), by="phone")
    assert off_by_rule(answer) == {"auto": 4000, "five": 500}
    assert bought(rules, None, by="name").total == Money(6000)


def test_a_bundle_by_coupon_is_limited_as_well() -> None:
    cup = offer("cup", FixedPrice(price="90"), trigger="coupon")
    shopper = member("regular", "cup", "five")
    answer = bought((cup, coupon("five", "5")), shopper)
    assert off_by_rule(answer) == {"cup": 1000}
    assert reason(answer, "five") == "IDENTIFY_BETTER"
    by_phone = bought((cup, coupon("five", "5")), shopper, by="phone")
    assert off_by_rule(by_phone) == {"five": 500}
    assert reason(by_phone, "cup") == "IDENTIFY_BETTER"


def test_other_reasons_come_first_where_they_are_the_true_ones() -> None:
    rules = (
        coupon("six", "6", group="g"), coupon("five", "5", group="g"),
        coupon("fifty", "50", group="g"),
    )  # fmt: skip
    answer = bought(rules, member("regular", "six", "five", "fifty"))
    assert off_by_rule(answer) == {"six": 600}
    assert reason(answer, "five") == "EXCLUSIVE_WITH"
    assert reason(answer, "fifty") == "IDENTIFY_BETTER"


def test_a_chosen_coupon_beyond_the_limit_gives_its_group_free() -> None:
    rules = (coupon("fifty", "50", group="g"), offer("auto", AmountOff(amount="9"), group="g"))
    answer = bought(rules, member("regular", "fifty"), coupons=("C0-fifty",))
    assert off_by_rule(answer) == {"auto": 900}
    assert reason(answer, "fifty") == "IDENTIFY_BETTER"


def test_a_gift_by_coupon_counts_with_what_it_is_worth() -> None:
    tea, six = gift("tea", trigger="coupon"), coupon("six", "6")
    shopper = member("regular", "tea", "tea", "six")
    chosen = ("C0-tea", "C1-tea")
    answer = bought((tea, six), shopper, coupons=chosen)
    assert (answer.coupons_used, answer.coupon_off) == (("C0-tea",), Money(1000))
    assert reason(answer, "tea") == "IDENTIFY_BETTER"
    beside = bought((tea, six), shopper, coupons=("C0-tea", "C2-six"))
    assert beside.coupons_used == ("C2-six",)
    said = {no.coupon_id: no.reason for no in beside.not_applied}
    assert said == {"C0-tea": "IDENTIFY_BETTER", "C1-tea": "REFUSED_BY_CASHIER"}
    cheap = Context(gift_goods={"T1": GiftGoods(money("2"))})
    both = bought((tea, six), shopper, context=cheap, coupons=chosen)
    assert (both.coupons_used, both.coupon_off) == (chosen, Money(400))


def test_points_by_a_coupon_are_no_money() -> None:
    triple = offer("m", Multiplier(factor="3"), trigger="coupon")
    answer = bought((triple,), member("regular", "m"), by="name", coupons=("C0-m",))
    assert (answer.coupons_used, answer.points_earned) == (("C0-m",), 300)


def test_a_sale_counts_on_the_day_of_its_fact() -> None:
    answer = bought(EIGHT_SIX_FIVE, HOLDER)
    rules = flat(offers=EIGHT_SIX_FIVE)
    outcome = sale_outcome(answer, HOLDER, rules, TODAY, fresh_coupons=iter(()))
    assert do.Visited(spend_minor=8900, points_earned=89, coupon_minor=1100) in outcome.effects
    account = an_account(
        item(1, TODAY, *outcome.effects),
        item(2, TODAY, *outcome.effects),
        item(3, TODAY - timedelta(days=1), *outcome.effects),
    )
    assert view(account, rules, TODAY).coupon_off_today == Money(2200)
    assert view(account, rules, TODAY + timedelta(days=1)).coupon_off_today == Money(0)
