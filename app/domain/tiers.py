"""Tiers: which one counts on a day, what crosses a line, and what is missing.

Owns: the effective tier of an account, cancelled crossings, crossing at the checkout, distances
to the next tier and to keeping this one, notices ahead. Does not own: the review (authority.py),
the tiers' benefits (program.py), the sums (account.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from msgspec.structs import replace

from app.domain.account import Crossing, MemberAccount, ReviewedTier, Tally
from app.domain.effects import Measure, TierReached
from app.domain.ids import OpId
from app.domain.money import Money, parse_amount
from app.domain.months import Month
from app.domain.pack import periods, trials_that_count
from app.domain.program import Program, Qualify

WINDOW_MONTHS = 12
"""Full months before the current one that count."""
NOTICE_DAYS = (30, 60)
"""How many days ahead the end of a tier is said, nearest first."""
MEASURES: tuple[Measure, ...] = ("spend", "visits", "points")
TierSource = Literal["entry", "reached", "review", "grant", "pack", "trial"]
JUST_ENDS: frozenset[TierSource] = frozenset({"grant", "pack", "trial"})
"""What was given or paid for ends on its day, and nothing keeps it longer."""


@dataclass(frozen=True, slots=True)
class TierGap:
    """What is missing to a tier by one measure; spend in minor units."""

    tier: str
    measure: Measure
    missing: int


@dataclass(frozen=True, slots=True)
class TierNotice:
    """The tier ends within `days_ahead` days, on `last_day`; `to_keep` says what would keep it."""

    days_ahead: int
    last_day: date
    to_keep: tuple[TierGap, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """The effective tier, until when (None: no end, or it waits for its review) and by what."""

    tier: str
    rank: int
    until: date | None
    source: TierSource
    by: OpId = ""
    """The sale of the pack, where a pack gives it."""


@dataclass(frozen=True, slots=True)
class _Claim:
    tier: str
    until: int
    source: TierSource
    ends_softly: bool
    by: OpId = ""


def tally_of(account: MemberAccount, measure: Measure) -> Tally:
    """The sums of one measure."""
    return {"spend": account.spend, "visits": account.visits, "points": account.earned}[measure]


def month_sum(tally: Tally, month: int, *, refunds_until: int | None = None) -> int:
    """What one sale month counts, less its refunds (those dated up to a day)."""
    lowered = tally.lowered.get(month)
    if not lowered:
        return tally.raised.get(month, 0)
    return tally.raised.get(month, 0) - sum(
        amount for day, amount in lowered.items() if refunds_until is None or day <= refunds_until
    )


def window_sum(
    tally: Tally,
    month: int,
    *,
    months_back: int = WINDOW_MONTHS,
    refunds_until: int | None = None,
) -> int:
    """The sum of the window of a month: it and the full months (12) before."""
    return sum(
        month_sum(tally, each, refunds_until=refunds_until)
        for each in range(month - months_back, month + 1)
    )


def cancelled_crossings(account: MemberAccount) -> frozenset[OpId]:
    """Sales whose every crossing was undone by refunds within the return window."""
    return frozenset(
        sale
        for sale, crossings in account.crossings.items()
        if not _standing_crossings(account, sale, crossings)
    )


def _standing_crossings(
    account: MemberAccount, sale: OpId, crossings: tuple[Crossing, ...]
) -> list[Crossing]:
    return [crossing for crossing in crossings if not _is_cancelled(account, sale, crossing)]


def _is_cancelled(account: MemberAccount, sale: OpId, crossing: Crossing) -> bool:
    if crossing.measure is None:
        return sale in account.plans_returned
    tally = tally_of(account, crossing.measure)
    counted = window_sum(tally, crossing.month, refunds_until=crossing.refunds_until)
    return counted < crossing.line


def reviews_in_force(account: MemberAccount, today: int) -> list[ReviewedTier]:
    """Of the reviews of one ended month the latest that has begun."""
    latest: dict[int, tuple[OpId, ReviewedTier]] = {}
    for op_id, review in account.reviews.items():
        known = latest.get(review.ended)
        if review.from_day <= today and (known is None or op_id > known[0]):
            latest[review.ended] = (op_id, review)
    return [review for _, review in latest.values()]


def open_claims(account: MemberAccount, today: int) -> list[_Claim]:
    """Crossings and reviews that no review has settled; grants, packs and trials of the day."""
    reviews = reviews_in_force(account, today)
    settled = max((review.ended for review in reviews), default=-1)
    claims = [
        _Claim(crossing.tier, crossing.until, "reached", not crossing.trial)
        for sale, crossings in account.crossings.items()
        for crossing in _standing_crossings(account, sale, crossings)
    ]
    claims += [_Claim(review.tier, review.until, "review", True) for review in reviews]
    unsettled = [claim for claim in claims if _month(claim.until) > settled]
    given = [
        _Claim(grant.tier, grant.until, "grant", False, op_id)
        for op_id, grant in account.grants.items()
        if op_id not in account.revoked
        and grant.from_day <= today
        and not (grant.yields and any(each.from_day > grant.from_day for each in reviews))
    ]
    return unsettled + given + _lent(account, today)


def _lent(account: MemberAccount, today: int) -> list[_Claim]:
    """Packs and trials of the day."""
    bought = [
        _Claim(each.pack.tier, each.last, "pack", False, each.sale)
        for each in periods(account)
        if each.first <= today
    ]
    return bought + [
        _Claim(tried.tier, tried.until, "trial", False, op_id)
        for op_id, tried in trials_that_count(account)
        if tried.from_day <= today
    ]


def without_lent(account: MemberAccount) -> MemberAccount:
    """The account as if he had never bought a pack or tried a tier: what he has of his own."""
    if not account.packs and not account.trials:
        return account
    return replace(account, packs={}, trials={})


def _month(day: int) -> int:
    return Month.of(date.fromordinal(day)).index


def rank_of(program: Program, tier: str) -> int:
    """The place on the ladder; a tier this version does not know counts as the entry tier."""
    try:
        return program.rank(tier)
    except KeyError:
        return 0


def standing(account: MemberAccount, program: Program, as_of: date) -> Standing:
    """The highest of what was reached, reviewed, granted, bought and tried.

    Past its end a tier counts as one step down until its review; the others just end.
    """
    today = as_of.toordinal()
    best = Standing(program.tiers[0].id, 0, None, "entry")
    best_until = 0
    for claim in open_claims(account, today):
        past = claim.until < today
        if past and not claim.ends_softly:
            continue
        rank = rank_of(program, claim.tier) - past
        until = 0 if past else claim.until
        if rank > 0 and (rank, until) > (best.rank, best_until):
            end = None if past else date.fromordinal(claim.until)
            best = Standing(program.tiers[rank].id, rank, end, claim.source, claim.by)
            best_until = until
    return best


def line_of(program: Program, qualify: Qualify, measure: Measure) -> int | None:
    """What a measure has to reach for a tier, or None where it is no way up."""
    if measure == "spend":
        if qualify.spend is None:
            return None
        amount = parse_amount(qualify.spend, program.prices.decimals)
        assert isinstance(amount, Money), "program check refuses such an amount"
        return amount.minor
    return qualify.visits if measure == "visits" else qualify.points_earned


def crossing(program: Program, current: str, after: Mapping[Measure, int]) -> TierReached | None:
    """The highest tier above the current one that a sale reaches, if any.

    `current`: what he has of his own; `after`: the sums of the window with this sale.
    """
    for rank in range(len(program.tiers) - 1, rank_of(program, current), -1):
        tier = program.tiers[rank]
        for measure in MEASURES:
            line = line_of(program, tier.qualify, measure)
            if line is not None and after[measure] >= line:
                return TierReached(
                    tier=tier.id,
                    months=tier.months,
                    measure=measure,
                    line=line,
                    return_days=program.prices.return_days,
                    days=tier.trial_days,
                )
    return None


def gaps(program: Program, rank: int, sums: Mapping[Measure, int]) -> tuple[TierGap, ...]:
    """What is missing to a tier, by each way up; empty where one way is open already."""
    tier = program.tiers[rank]
    missing = [
        TierGap(tier.id, measure, line - sums[measure])
        for measure in MEASURES
        if (line := line_of(program, tier.qualify, measure)) is not None
    ]
    return tuple(missing) if all(gap.missing > 0 for gap in missing) else ()


def notices(
    standing_now: Standing, to_keep: tuple[TierGap, ...], as_of: date
) -> tuple[TierNotice, ...]:
    """What has to be said now about the end of a tier; nothing where it will be kept."""
    if standing_now.until is None or (standing_now.source not in JUST_ENDS and not to_keep):
        return ()
    days_left = (standing_now.until - as_of).days
    for days_ahead in NOTICE_DAYS:
        if days_left <= days_ahead:
            return (TierNotice(days_ahead, standing_now.until, to_keep),)
    return ()
