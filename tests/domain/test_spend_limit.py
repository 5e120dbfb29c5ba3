"""Limits by identification, and what somebody allowed beyond them: points and coupons."""

from __future__ import annotations

import pytest

from app.domain.basket import BeyondLimit
from app.domain.conditions import Context
from app.domain.money import Money
from app.domain.program import CouponLimits, Stacking
from tests.domain.pricing_shop import coupon, flat, line, member, quote


@pytest.mark.parametrize(
    ("beyond", "points"),
    [(None, 500), (BeyondLimit(points=300), 800), (BeyondLimit(coupon_off=Money(1)), 500)],
    ids=["by phone", "three hundred more", "more of something else"],
)
def test_points_beyond_the_day(beyond: BeyondLimit | None, points: int) -> None:
    context = Context(identified_by="phone", beyond=beyond)
    answer = quote([line("pot", "40")], flat(), member(points=5000), context=context)
    assert answer.points_redeemable == points


def test_nobody_has_more_points_than_his_own() -> None:
    context = Context(identified_by="name", beyond=BeyondLimit(points=9000))
    answer = quote([line("pot", "40")], flat(), member(points=700), context=context)
    assert answer.points_redeemable == 700


@pytest.mark.parametrize(
    ("beyond", "used"),
    [(None, ()), (BeyondLimit(coupon_off=Money(200)), ("C0-c",)), (BeyondLimit(points=9), ())],
    ids=["by phone", "two more", "more of something else"],
)
def test_coupons_beyond_the_day(beyond: BeyondLimit | None, used: tuple[str, ...]) -> None:
    stacking = Stacking(per_day=CouponLimits(phone="3.00"))
    rules = flat(offers=(coupon("c", "5"),), stacking=stacking)
    context = Context(identified_by="phone", beyond=beyond)
    answer = quote([line("pot", "40")], rules, member("regular", "c"), context=context)
    assert answer.coupons_used == used


def test_where_nothing_limits_coupons_nothing_is_added() -> None:
    context = Context(identified_by="pass", beyond=BeyondLimit(coupon_off=Money(200)))
    rules = flat(offers=(coupon("c", "5"),))
    answer = quote([line("pot", "40")], rules, member("regular", "c"), context=context)
    assert answer.coupons_used == ("C0-c",)


@pytest.mark.parametrize(
    ("points", "coupon_off"), [(0, 0), (-1, 5), (5, -1)],
    ids=["nothing", "points below zero", "money below zero"],
)  # fmt: skip
def test_a_limit_is_only_passed_upwards(points: int, coupon_off: int) -> None:
    with pytest.raises(ValueError, match="upwards"):
        BeyondLimit(points, Money(coupon_off))
