"""The view in tables: tiers reached, reviewed, granted, and what is missing.

Owns: what an account means on a day, case by case. Does not own: laws over all accounts.
"""

from datetime import timedelta
from typing import Any

import pytest

from app.domain import effects as do
from app.domain import program as pg
from app.domain.account import FoldItem
from app.domain.effects import Measure
from app.domain.tiers import TierGap, TierNotice, crossing, gaps, line_of
from tests.domain.heart_builders import (
    a_program,
    item,
    on,
    op,
    seen,
    words,
)


def reach(
    tier: str = "silver", line: int = 2_000_000, measure: Measure | None = "spend", **more: Any
) -> do.TierReached:
    return do.TierReached(tier=tier, months=12, measure=measure, line=line, return_days=7, **more)


def crossing_sale(day: str = "2026-03-10", spend: int = 2_100_000, **more: Any) -> FoldItem:
    return item(1, on(day), do.Visited(spend_minor=spend), reach(**more))


@pytest.mark.parametrize(
    ("as_of", "tier", "until"),
    [
        pytest.param("2026-03-10", "silver", "2027-03-31", id="at-once"),
        pytest.param("2027-03-31", "silver", "2027-03-31", id="to-the-end-of-its-month"),
        pytest.param("2027-04-01", "regular", None, id="then-one-step-down-until-the-review"),
    ],
)
def test_a_tier_reached_lasts_to_the_end_of_the_month(
    as_of: str, tier: str, until: str | None
) -> None:
    result = seen(as_of, crossing_sale())
    assert (result.tier, result.tier_until) == (tier, on(until) if until else None)


def test_gold_past_its_end_counts_as_silver_until_its_review() -> None:
    result = seen("2027-04-01", crossing_sale(spend=6_000_000, tier="gold", line=5_000_000))
    assert (result.tier, result.tier_until, result.tier_source) == ("silver", None, "reached")


@pytest.mark.parametrize(
    ("refund_day", "amount", "tier"),
    [
        pytest.param("2026-03-17", 100_001, "regular", id="below-the-line-on-the-last-day"),
        pytest.param("2026-03-17", 100_000, "silver", id="still-at-the-line"),
        pytest.param("2026-03-18", 2_100_000, "silver", id="a-day-after-the-return-window"),
    ],
)
def test_a_refund_inside_the_return_window_cancels_a_crossing(
    refund_day: str, amount: int, tier: str
) -> None:
    refund = item(2, on(refund_day), do.Undone(sale=op(1), spend_minor=amount))
    assert seen("2026-04-01", crossing_sale(), refund).tier == tier


def test_a_sale_that_becomes_known_later_keeps_a_crossing() -> None:
    refund = item(2, on("2026-03-12"), do.Undone(sale=op(1), spend_minor=200_000))
    offline = item(3, on("2025-04-02"), do.Visited(spend_minor=150_000))
    too_old = item(3, on("2025-02-27"), do.Visited(spend_minor=150_000))
    assert seen("2026-04-01", crossing_sale(), refund, offline).tier == "silver"
    assert seen("2026-04-01", crossing_sale(), refund, too_old).tier == "regular"


def test_unused_gifts_of_a_cancelled_crossing_go_with_it_used_ones_stay_used() -> None:
    gift = do.CouponGiven(coupon="C-1", offer="silver-gift", occasion="tier_up:silver:2026")
    sale = item(1, on("2026-03-10"), do.Visited(spend_minor=2_100_000), reach(), gift)
    refund = item(2, on("2026-03-12"), do.Undone(sale=op(1), spend_minor=2_100_000))
    use = item(3, on("2026-03-11"), do.CouponUsed(coupon="C-1"))
    assert [coupon.coupon_id for coupon in seen("2026-03-12", sale).coupons] == ["C-1"]
    cancelled = seen("2026-03-12", sale, refund)
    assert (cancelled.coupons, cancelled.occasions) == ((), frozenset())
    assert seen("2026-03-12", sale, refund, use).occasions == {"tier_up:silver:2026"}
    again = item(
        4, on("2026-05-10"), do.Visited(spend_minor=2_100_000), reach(),
        do.CouponGiven(coupon="C-2", offer="silver-gift", occasion="tier_up:silver:2026"),
    )  # fmt: skip
    once_more = seen("2026-05-11", sale, refund, again)
    assert [coupon.coupon_id for coupon in once_more.coupons] == ["C-2"]
    assert once_more.exceptions == ()


@pytest.mark.parametrize(
    ("measure", "effects"),
    [
        pytest.param("visits", (do.Undone(sale=op(1), visits=1),), id="visits"),
        pytest.param(
            "points",
            (do.Undone(sale=op(1), earned=(do.EarnedPart(points=5, expires_in=12),)),),
            id="points",
        ),
    ],
)
def test_other_ways_up_are_cancelled_alike(
    measure: Measure, effects: tuple[do.Effect, ...]
) -> None:
    line = {"visits": 1, "points": 10}.get(measure, 0)
    sale = item(
        1, on("2026-03-10"), do.Visited(spend_minor=100, points_earned=10),
        reach(measure=measure, line=line),
    )  # fmt: skip
    assert seen("2026-03-12", sale).tier == "silver"
    assert seen("2026-03-12", sale, item(2, on("2026-03-12"), *effects)).tier == "regular"


def test_a_trial_just_ends() -> None:
    trial = crossing_sale(tier="gold", line=0, days=30)
    assert seen("2026-04-09", trial).tier == "gold"
    assert seen("2026-04-10", trial).tier == "regular"


def test_a_grant_holds_to_its_day_or_to_its_revocation() -> None:
    grant = item(5, on("2026-03-10"), do.TierGiven(tier="gold", days=30))
    assert seen("2026-03-09", grant).tier == "regular"
    result = seen("2026-04-09", grant)
    assert (result.tier, result.tier_source, result.to_keep) == ("gold", "grant", ())
    assert seen("2026-04-10", grant).tier == "regular"
    revoked = item(6, on("2026-03-20"), do.TierTaken(grant=op(5)))
    assert seen("2026-03-20", revoked, grant).tier == "regular"


def review(number: int, day: str, tier: str, ended_back: int = 1, notice: int = 0) -> FoldItem:
    effect = do.Reviewed(
        tier=tier, before="gold", months=12, ended_back=ended_back, notice_days=notice
    )
    return item(number, on(day), effect)


def test_a_review_settles_what_ended_and_lasts_from_the_reviewed_month() -> None:
    gold = crossing_sale(spend=6_000_000, tier="gold", line=5_000_000)
    kept = seen("2027-04-03", gold, review(2, "2027-04-03", "gold"))
    assert (kept.tier, kept.tier_source) == ("gold", "review")
    assert kept.tier_until == on("2028-03-31")
    down = seen("2027-04-03", gold, review(2, "2027-04-03", "regular"))
    assert (down.tier, down.tier_until) == ("regular", None)
    silver = review(2, "2027-04-03", "silver")
    assert seen("2028-04-01", gold, silver).tier == "regular"


def test_of_two_reviews_of_one_month_the_later_counts_once_its_notice_is_over() -> None:
    gold = crossing_sale(spend=6_000_000, tier="gold", line=5_000_000)
    kept = review(2, "2027-04-03", "gold")
    lowered = review(3, "2027-04-20", "silver", notice=60)
    assert seen("2027-06-18", gold, kept, lowered).tier == "gold"
    assert seen("2027-06-19", gold, kept, lowered).tier == "silver"
    assert seen("2027-06-19", lowered, kept, gold).tier == "silver"


def test_a_tier_that_this_program_does_not_know_counts_as_the_entry_tier() -> None:
    assert seen("2026-03-10", crossing_sale(tier="platinum", line=0)).tier == "regular"


def test_the_higher_of_two_claims_counts_and_of_equal_ones_the_longer() -> None:
    grant = item(5, on("2026-03-10"), do.TierGiven(tier="gold", days=30))
    assert seen("2026-03-11", crossing_sale(), grant).tier == "gold"
    assert seen("2026-04-11", crossing_sale(), grant).tier == "silver"
    longer = item(6, on("2026-03-10"), do.TierGiven(tier="silver", days=700))
    result = seen("2026-03-11", crossing_sale(), longer)
    assert (result.tier_until, result.tier_source) == (on("2026-03-10") + timedelta(700), "grant")


def test_distances_to_the_next_tier_and_to_keep_this_one() -> None:
    result = seen("2026-06-01", crossing_sale(spend=2_100_000))
    assert result.to_next == (TierGap("gold", "spend", 2_900_000),)
    # At the review in March 2027 the window reaches back to March 2026.
    assert result.to_keep == ()
    april = item(1, on("2026-02-10"), do.Visited(spend_minor=2_100_000), reach())
    late = item(2, on("2026-03-10"), do.Visited(spend_minor=2_900_000),
                reach("gold", 5_000_000))  # fmt: skip
    both = seen("2026-06-01", april, late)
    assert both.tier == "gold"
    assert both.to_next == ()
    assert both.to_keep == (TierGap("gold", "spend", 2_100_000),)


@pytest.mark.parametrize(
    ("as_of", "days_ahead"),
    [
        ("2027-01-29", None),
        ("2027-01-30", 60),
        ("2027-02-28", 60),
        ("2027-03-01", 30),
        ("2027-03-31", 30),
    ],
)
def test_the_end_of_a_tier_is_said_60_and_30_days_ahead(as_of: str, days_ahead: int | None) -> None:
    early = item(1, on("2026-02-10"), do.Visited(spend_minor=1_900_000))
    late = item(2, on("2026-03-10"), do.Visited(spend_minor=200_000), reach())
    keep = (TierGap("silver", "spend", 1_800_000),)
    notices = seen(as_of, early, late).notices
    expected = () if days_ahead is None else (TierNotice(days_ahead, on("2027-03-31"), keep),)
    assert notices == expected


def test_no_notice_where_the_tier_will_be_kept_but_one_before_a_grant_ends() -> None:
    assert seen("2027-03-20", crossing_sale()).notices == ()
    grant = item(5, on("2026-03-10"), do.TierGiven(tier="gold", days=30))
    assert seen("2026-03-20", grant).notices == (TierNotice(30, on("2026-04-09"), ()),)


WAYS = a_program(
    tiers=(
        pg.Tier(id="regular", name=words("普通")),
        pg.Tier(id="silver", name=words("银卡"), qualify=pg.Qualify(visits=10, points_earned=500)),
        pg.Tier(id="staff", name=words("员工")),
        pg.Tier(id="gold", name=words("金卡"), qualify=pg.Qualify(spend="50000", plan="year")),
    ),
    plans=(pg.Plan(id="year", name=words("年卡"), sku="plan-1", tier="gold", months=6),),
)


@pytest.mark.parametrize(
    ("spend", "visits", "points", "reached"),
    [
        pytest.param(0, 9, 499, None, id="nothing"),
        pytest.param(0, 10, 0, ("silver", "visits", 10, 12), id="visits"),
        pytest.param(0, 0, 500, ("silver", "points", 500, 12), id="points-earned"),
        pytest.param(5_000_000, 10, 0, ("gold", "spend", 5_000_000, 12), id="highest"),
    ],
)
def test_what_a_sale_reaches(spend: int, visits: int, points: int, reached: Any) -> None:
    answer = crossing(WAYS, "regular", {"spend": spend, "visits": visits, "points": points})
    if reached is None:
        assert answer is None
    else:
        assert answer is not None
        assert (answer.tier, answer.measure, answer.line, answer.months) == reached


def test_ways_up_are_listed_and_a_tier_nobody_can_reach_by_himself_is_skipped() -> None:
    none: dict[Measure, int] = {"spend": 0, "visits": 4, "points": 100}
    assert gaps(WAYS, 1, none) == (
        TierGap("silver", "visits", 6),
        TierGap("silver", "points", 400),
    )
    assert line_of(WAYS, WAYS.tiers[1].qualify, "spend") is None
    silver = item(1, on("2026-03-10"), do.TierGiven(tier="silver", days=30))
    assert seen("2026-03-11", silver, program=WAYS).to_next == (
        TierGap("gold", "spend", 5_000_000),
    )
