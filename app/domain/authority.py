"""The authority's calendar: reviews of tiers and birthday gifts.

Owns: when a review is due and what it says, when it is opened again, and whose birthday gift is
due. A shop without a server is its own authority and calls these at night; from enrolment on only
the server does. Pure. Does not own: pieces, shares and coupons of refunds (settlement.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.domain import effects as do
from app.domain.account import MemberAccount, ReviewedTier
from app.domain.birthday import birthday_this_month
from app.domain.effects import Measure
from app.domain.member import BirthdayOn
from app.domain.months import Month
from app.domain.occasions import birthday_of
from app.domain.program import Program
from app.domain.sale_effects import coupon_of, known_offer
from app.domain.tiers import (
    MEASURES,
    NOTICE_DAYS,
    WINDOW_MONTHS,
    line_of,
    month_sum,
    open_claims,
    rank_of,
    tally_of,
    window_sum,
)
from app.domain.view import AccountView

REVIEW_DAYS = 3
"""A review is written this many days after the end of the month in which a tier ended."""


@dataclass(frozen=True, slots=True)
class NoReview:
    """No tier of this account waits for a review."""


@dataclass(frozen=True, slots=True)
class Review:
    """A review to record (TierReviewed): the tier before and after, with its inputs."""

    before: str
    after: str
    ended: Month
    sums: tuple[tuple[Measure, int], ...]
    effect: do.Reviewed
    reopened: bool = False


def review_tier(account: MemberAccount, program: Program, as_of: date) -> Review | NoReview:
    """The next review that is due: of the earliest month in which a standing tier ended.

    Re-qualified by the window of that month: kept or higher; else one step down, once. Call
    again after recording it, until there is none.
    """
    today = as_of.toordinal()
    due = [
        (month, claim.tier)
        for claim in open_claims(account, today)
        if claim.ends_softly
        and rank_of(program, claim.tier) > 0
        and _due_from(month := Month.of(date.fromordinal(claim.until))) <= as_of
    ]
    if not due:
        return NoReview()
    ended = min(month for month, _ in due)
    before = max(
        (tier for month, tier in due if month == ended), key=lambda tier: rank_of(program, tier)
    )
    return _review(account, program, ended, before, as_of)


def _due_from(ended: Month) -> date:
    return ended.last_day + timedelta(days=REVIEW_DAYS)


def _review(
    account: MemberAccount, program: Program, ended: Month, before: str, as_of: date
) -> Review:
    sums: dict[Measure, int] = {
        measure: window_sum(tally_of(account, measure), ended.index) for measure in MEASURES
    }
    rank = max(qualified_rank(program, sums), rank_of(program, before) - 1)
    return _judged(program, rank, before, ended, as_of, sums)


def _judged(
    program: Program,
    rank: int,
    before: str,
    ended: Month,
    as_of: date,
    sums: dict[Measure, int],
    notice_days: int | None = None,
) -> Review:
    tier = program.tiers[rank]
    effect = do.Reviewed(
        tier=tier.id,
        before=before,
        months=tier.months,
        ended_back=Month.of(as_of).minus(ended),
        notice_days=notice_days or 0,
    )
    reopened = notice_days is not None
    return Review(before, tier.id, ended, tuple(sums.items()), effect, reopened)


def qualified_rank(program: Program, sums: Mapping[Measure, int]) -> int:
    """The highest tier whose line one of the sums reaches; 0 = the entry tier."""
    for rank in range(len(program.tiers) - 1, 0, -1):
        for measure in MEASURES:
            line = line_of(program, program.tiers[rank].qualify, measure)
            if line is not None and sums[measure] >= line:
                return rank
    return 0


def reopen_reviews(account: MemberAccount, program: Program, as_of: date) -> tuple[Review, ...]:
    """Reviews to record anew because facts dated before them became known since.

    Upwards at once; downwards only for refunds inside the return window, with notice.
    """
    today = as_of.toordinal()
    by_month: dict[int, list[ReviewedTier]] = {}
    for _, review in sorted(account.reviews.items()):
        by_month.setdefault(review.ended, []).append(review)
    reopened = []
    for ended, reviews in sorted(by_month.items()):
        first, latest = reviews[0], reviews[-1]
        if latest.until >= today:
            again = _reopen(account, program, Month(ended), (first, latest), as_of)
            reopened += [again] if again else []
    return tuple(reopened)


def _reopen(
    account: MemberAccount,
    program: Program,
    ended: Month,
    reviews: tuple[ReviewedTier, ReviewedTier],
    as_of: date,
) -> Review | None:
    first, latest = reviews
    landing = rank_of(program, latest.before) - 1
    old = rank_of(program, latest.tier)
    all_known: dict[Measure, int] = {
        measure: window_sum(tally_of(account, measure), ended.index, refunds_until=first.from_day)
        for measure in MEASURES
    }
    rank = max(qualified_rank(program, all_known), landing)
    if rank > old:
        return _judged(program, rank, latest.before, ended, as_of, all_known, 0)
    in_time: dict[Measure, int] = {
        measure: _sum_in_return_window(account, measure, ended, first.from_day, program)
        for measure in MEASURES
    }
    rank = max(qualified_rank(program, in_time), landing)
    if rank < old:
        return _judged(program, rank, latest.before, ended, as_of, in_time, max(NOTICE_DAYS))
    return None


def _sum_in_return_window(
    account: MemberAccount, measure: Measure, ended: Month, until_day: int, program: Program
) -> int:
    """The window with only those refunds that came inside the return window of their sale.

    The account knows sales by month: the window runs from the month's last day.
    """
    tally, total = tally_of(account, measure), 0
    for back in range(WINDOW_MONTHS + 1):
        month = ended.plus(-back)
        latest = month.last_day.toordinal() + program.prices.return_days
        total += month_sum(tally, month.index, refunds_until=min(latest, until_day))
    return total


# ------------------------------------------------------------------ birthdays


@dataclass(frozen=True, slots=True)
class BirthdayGift:
    """The gift to record (CouponIssued, why "birthday") for one birthday."""

    day: date
    effects: tuple[do.Effect, ...]


@dataclass(frozen=True, slots=True)
class NoBirthdayGift:
    """Nothing is due now."""

    reason: Literal["no_rule", "no_birthday", "not_this_month", "tier_too_low", "already_given"]


def issue_birthday(
    member: AccountView,
    program: Program,
    on: BirthdayOn | None,
    as_of: date,
    *,
    fresh_coupons: Iterator[str],
) -> BirthdayGift | NoBirthdayGift:
    """The birthday gift that is due on a day: once per birthday, in its month."""
    rule = program.birthday
    if not (rule.points or rule.offers):
        return NoBirthdayGift("no_rule")
    if on is None:
        return NoBirthdayGift("no_birthday")
    birthday = birthday_this_month(on, as_of)
    if birthday is None:
        return NoBirthdayGift("not_this_month")
    tier_rank = rank_of(program, member.tier)
    if rule.tier is not None and tier_rank < rank_of(program, rule.tier):
        return NoBirthdayGift("tier_too_low")
    occasion = birthday_of(birthday.year)
    if occasion in member.occasions:
        return NoBirthdayGift("already_given")
    effects: list[do.Effect] = []
    if rule.points:
        expires_in = program.tiers[tier_rank].points_months
        effects.append(
            do.OccasionGain(occasion=occasion, points=rule.points, expires_in=expires_in)
        )
    effects += [
        coupon_of(known_offer(program, offer_id), next(fresh_coupons), occasion)
        for offer_id in rule.offers
    ]
    return BirthdayGift(birthday.day, tuple(effects))
