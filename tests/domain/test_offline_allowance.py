"""What a member may spend offline: a table of cases, and the bound the owner chose as a law."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.offline_allowance import (
    Allowance,
    CountAllowance,
    Grant,
    SinceContact,
    Way,
    grant_for,
    granted_points,
    offline_allowance,
    offline_coupons,
    offline_uses,
)
from app.domain.program import OfflineLimits

LIMITS = OfflineLimits()
MONTH = 2026 * 12 + 10
FRESH = SinceContact(member_points=0, till_points=0, data_age=timedelta(hours=5))
NOW_MS = 1_795_000_000_000


@pytest.mark.parametrize(
    ("balance", "granted", "since", "expected"),
    [
        (2_340, 0, FRESH, Allowance(0, 500, "member_limit")),
        (2_340, 300, FRESH, Allowance(300, 500, "member_limit")),
        (200, 0, FRESH, Allowance(0, 200, "balance")),
        (200, 300, FRESH, Allowance(200, 0, "balance")),
        (0, 0, FRESH, Allowance(0, 0, "balance")),
        (-50, 300, FRESH, Allowance(0, 0, "balance")),
        (2_340, 0, SinceContact(400, 400, timedelta()), Allowance(0, 100, "member_limit")),
        (2_340, 0, SinceContact(500, 900, timedelta()), Allowance(0, 0, "member_limit")),
        (2_340, 0, SinceContact(0, 4_800, timedelta()), Allowance(0, 200, "till_limit")),
        (2_340, 0, SinceContact(0, 6_000, timedelta()), Allowance(0, 0, "till_limit")),
        (
            2_340,
            300,
            SinceContact(0, 0, timedelta(hours=72, seconds=1)),
            Allowance(300, 0, "old_data"),
        ),
        (2_340, 0, SinceContact(0, 0, None), Allowance(0, 0, "old_data")),
        (2_340, 0, SinceContact(0, 0, None, was_restarted=True), Allowance(0, 0, "restarted")),
        (None, 0, FRESH, Allowance(0, 0, "unknown_member")),
    ],
    ids=[
        "floor limit of a member", "grant and floor", "no more than there is",
        "grant above balance", "nothing", "in debt",
        "some is used", "all is used", "the till's rest", "till used up",
        "data of four days", "never heard the server", "machine restarted",
        "unknown here",
    ],
)  # fmt: skip
def test_what_is_safe_to_spend(
    balance: int | None, granted: int, since: SinceContact, expected: Allowance
) -> None:
    answer = offline_allowance(LIMITS, confirmed_balance=balance, granted=granted, since=since)
    assert answer == expected


def test_zero_is_a_valid_limit() -> None:
    answer = offline_allowance(
        OfflineLimits(floor_member=0), confirmed_balance=900, granted=0, since=FRESH
    )
    assert answer == Allowance(0, 0, "member_limit")


@pytest.mark.parametrize(
    ("points", "ways"),
    [(0, ()), (200, ("grant",)), (300, ("grant",)), (301, ("grant", "floor"))],
)
def test_the_till_says_in_which_way(points: int, ways: tuple[Way, ...]) -> None:
    assert Allowance(300, 500, "member_limit").ways(points) == ways


def test_without_a_grant_all_goes_by_floor_limit_and_never_above() -> None:
    allowed = Allowance(0, 500, "member_limit")
    assert allowed.ways(500) == ("floor",)
    with pytest.raises(ValueError, match="501 points of 500 allowed"):
        allowed.ways(501)


def test_a_grant_ends_at_its_hour_and_bucket_by_bucket() -> None:
    grant = Grant("g", {MONTH - 1: 40, MONTH: 100, MONTH + 2: 60}, ends_ms=NOW_MS)
    assert granted_points(grant, now_ms=NOW_MS - 1, month=MONTH) == 160
    assert granted_points(grant, now_ms=NOW_MS, month=MONTH) == 0
    assert granted_points(None, now_ms=0, month=MONTH) == 0


@pytest.mark.parametrize(
    ("balance", "expected"), [(2_340, 468), (9_000, 1_000), (4, 0), (0, 0), (-300, 0)]
)
def test_a_grant_is_a_share_with_a_lid(balance: int, expected: int) -> None:
    assert grant_for(LIMITS, balance) == expected


@given(
    balance=st.integers(-500, 5_000),
    granted=st.integers(0, 1_000),
    wishes=st.lists(st.integers(0, 2_000), max_size=12),
    floor_member=st.integers(0, 800),
    floor_till=st.integers(0, 1_500),
)
def test_one_till_never_overspends_beyond_its_limits(
    balance: int, granted: int, wishes: list[int], floor_member: int, floor_till: int
) -> None:
    limits = OfflineLimits(floor_member=floor_member, floor_till=floor_till)
    left, of_grant, by_floor = balance, min(granted, max(0, balance)), 0
    start_of_grant = of_grant
    for wish in wishes:
        since = SinceContact(by_floor, by_floor, timedelta(hours=1))
        allowed = offline_allowance(limits, confirmed_balance=left, granted=of_grant, since=since)
        spent = min(wish, allowed.points)
        from_grant = min(spent, allowed.by_grant)
        of_grant, by_floor, left = (
            of_grant - from_grant,
            by_floor + spent - from_grant,
            left - spent,
        )
    assert by_floor <= min(floor_member, floor_till)
    assert balance - left <= max(0, balance)
    assert balance - left - by_floor <= start_of_grant


@pytest.mark.parametrize(
    ("is_known", "since", "expected"),
    [
        (True, FRESH, CountAllowance(1, "member_limit")),
        (True, SinceContact(0, 0, timedelta(), 1, 1), CountAllowance(0, "member_limit")),
        (True, SinceContact(0, 0, timedelta(), 3, 3), CountAllowance(0, "member_limit")),
        (True, SinceContact(0, 0, timedelta(hours=73)), CountAllowance(0, "old_data")),
        (True, SinceContact(0, 0, None), CountAllowance(0, "old_data")),
        (False, FRESH, CountAllowance(0, "unknown_member")),
    ],
    ids=["the first", "the second", "limit lowered since", "old data", "never heard", "unknown"],
)
def test_coupons_and_benefits_follow_the_same_steps(
    is_known: bool, since: SinceContact, expected: CountAllowance
) -> None:
    assert offline_coupons(LIMITS, is_known=is_known, since=since) == expected
    assert offline_uses(LIMITS, is_known=is_known, since=since) == expected


def test_coupons_are_never_counted_as_benefits() -> None:
    since = SinceContact(0, 0, timedelta(), member_coupons=2, member_uses=0)
    limits = OfflineLimits(floor_coupons=4, floor_uses=0)
    assert offline_coupons(limits, is_known=True, since=since).count == 2
    assert offline_uses(limits, is_known=True, since=since).count == 0
