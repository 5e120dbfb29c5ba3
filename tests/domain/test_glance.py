"""A glance at an account tells what the whole of it tells."""

from __future__ import annotations

from datetime import date

from app.domain.account import FoldItem, account_bytes, account_of, fold
from app.domain.effects import CouponGiven, Gained, Joined, Visited
from app.domain.glance import Glance, glance

DAY = date(2026, 11, 21)


def test_a_glance_tells_the_same_of_an_account() -> None:
    effects = (
        Joined(),
        Gained(points=60, expires_in=12),
        Visited(spend_minor=990, points_earned=9),
        CouponGiven(coupon="C-1", offer="60-5", days=30),
    )
    data = account_bytes(fold([FoldItem("op", "m1", DAY, effects)]))
    whole, seen = account_of(data), glance(data)
    assert seen.includes == whole.includes
    assert (seen.joined, seen.last_visit) == (whole.joined, whole.last_visit)
    assert seen.coupons.keys() == whole.coupons.keys()


def test_of_an_empty_account_there_is_nothing_to_see() -> None:
    assert glance(account_bytes(fold([]))) == Glance()
