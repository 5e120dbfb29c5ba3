"""The view: what an account means on a day, under a program. Derived, stored nowhere.

Owns: AccountView and how it is judged from an account. Does not own: the fold (account.py), the
replay of points (replay.py), tiers (tiers.py), prices (pricing.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from app.domain.account import MemberAccount
from app.domain.effects import Measure
from app.domain.gifts import (
    AccountException,
    GivenTwice,
    HeldCoupon,
    UsedTwice,
    gains,
    given_twice,
    usable_coupons,
    used_twice,
    winners,
)
from app.domain.money import ZERO, Money
from app.domain.months import Month
from app.domain.pack import PackPeriod, periods
from app.domain.points import PointsBucket
from app.domain.program import CheckIn, Entitlement, Program
from app.domain.replay import Debt, HeldPoints, PointsLeft, replay
from app.domain.tiers import (
    JUST_ENDS,
    MEASURES,
    WINDOW_MONTHS,
    Standing,
    TierGap,
    TierNotice,
    TierSource,
    cancelled_crossings,
    gaps,
    month_sum,
    notices,
    standing,
    tally_of,
    window_sum,
    without_lent,
)

__all__ = [
    "AccountException",
    "AccountView",
    "CheckInState",
    "Debt",
    "EntitlementLeft",
    "GivenTwice",
    "HeldCoupon",
    "HeldPoints",
    "IdentifiedBy",
    "TierGap",
    "TierNotice",
    "UsedTwice",
    "standing_consents",
    "uses_in_period",
    "view",
]

IdentifiedBy = Literal["pass", "card", "phone", "name"]
REWARD = "reward:"
"""Before the id of a reward where its uses are counted among the entitlements of an account."""


@dataclass(frozen=True, slots=True)
class EntitlementLeft:
    """A benefit of the tier that is not money, and how often it is left in its period."""

    entitlement: Entitlement
    left: int


@dataclass(frozen=True, slots=True)
class CheckInState:
    """Today's check-in: done or not, the day of the streak it is (or would be), its points."""

    done_today: bool
    streak: int
    points: int


@dataclass(frozen=True, slots=True)
class AccountView:
    """A member as the till sees and prices him on one day."""

    member_id: str
    tier: str
    joined: date
    birthday: tuple[int, int] | None = None
    """Month and day in this year's solar calendar."""
    buckets: tuple[PointsBucket, ...] = ()
    """Spendable points, oldest first, all alive and positive."""
    held_points: int = 0
    debt_points: int = 0
    spend_by_month: Mapping[Month, Money] = field(default_factory=dict)
    spend_in_window: Money = ZERO
    visits: int = 0
    """Sales ever made that were not wholly refunded; 0 = the next one is the first order."""
    coupons: tuple[HeldCoupon, ...] = ()
    points_spent_today: int = 0
    coupon_off_today: Money = ZERO
    """What coupons took off on this day so far."""
    tier_until: date | None = None
    tier_source: TierSource = "entry"
    tier_by: str = ""
    """The fact that gave it, where one pack, trial or grant does."""
    own_tier: str = ""
    """What he has without packs and trials; a sale reaches what is above it. Empty: `tier`."""
    packs: tuple[PackPeriod, ...] = ()
    """Every pack he ever bought with its days."""
    visits_in_window: int = 0
    points_in_window: int = 0
    """Points earned in the window of the current and the 12 full months before."""
    prolonged: Mapping[Month, int] = field(default_factory=dict)
    """The part of a bucket that was given back after lapsing, and will not be again."""
    held: tuple[HeldPoints, ...] = ()
    debts: tuple[Debt, ...] = ()
    expiring: tuple[PointsBucket, ...] = ()
    """Buckets whose end is near enough to be said."""
    to_next: tuple[TierGap, ...] = ()
    """What is missing to the next tier by each way up, spend first; empty at the top."""
    to_keep: tuple[TierGap, ...] = ()
    """What is missing at the review of this tier; empty where it is kept or has no review."""
    notices: tuple[TierNotice, ...] = ()
    entitlements: tuple[EntitlementLeft, ...] = ()
    reward_uses: Mapping[str, int] = field(default_factory=dict)
    """How often rewards with a limit were had in their period, by reward id; absent = never."""
    check_in: CheckInState | None = None
    consents: frozenset[str] = frozenset()
    """Purposes with a consent that stands."""
    occasions: frozenset[str] = frozenset()
    """Once-only gifts this person has had."""
    last_visit: date | None = None
    exceptions: tuple[AccountException, ...] = ()
    awaiting: int = 0
    """Facts held because a sale they name is not known here yet."""

    @property
    def balance(self) -> int:
        """Spendable points; a debt makes it negative."""
        return sum(bucket.points.count for bucket in self.buckets) - self.debt_points


def view(
    account: MemberAccount,
    program: Program,
    as_of: date,
    *,
    birthday: tuple[int, int] | None = None,
) -> AccountView:
    """Judge an account on a business day under the program in force.

    `birthday`: month and day in this year's solar calendar, from the unsealed profile.
    """
    cancelled = cancelled_crossings(account)
    counted = winners(account, cancelled)
    now = standing(account, program, as_of)
    seen = AccountView(
        member_id=min(account.includes, default=""),
        tier=now.tier,
        joined=as_of if account.joined is None else date.fromordinal(account.joined),
        birthday=birthday,
        coupons=usable_coupons(account, counted, cancelled, as_of),
        points_spent_today=account.spent_on.get(as_of.toordinal(), 0),
        coupon_off_today=Money(account.coupon_off_on.get(as_of.toordinal(), 0)),
        entitlements=_entitlements(account, program, now.tier, as_of),
        reward_uses=_reward_uses(account, program, as_of),
        check_in=_check_in(account, program.check_in, as_of),
        consents=standing_consents(account),
        occasions=frozenset(counted),
        last_visit=None if account.last_visit is None else date.fromordinal(account.last_visit),
        exceptions=used_twice(account) + given_twice(account, cancelled),
        awaiting=len(account.awaiting),
    )
    points = replay(gains(account, counted), account.taken, as_of)
    seen = _with_points(seen, points, program.expiring.warn_months, Month.of(as_of))
    return _with_tier(seen, account, program, now, as_of)


def _with_points(
    seen: AccountView, points: PointsLeft, warn_months: int, month: Month
) -> AccountView:
    return replace(
        seen,
        buckets=points.buckets,
        held_points=sum(held.points for held in points.held),
        debt_points=sum(debt.points for debt in points.debts),
        prolonged=points.prolonged,
        held=points.held,
        debts=points.debts,
        expiring=tuple(
            bucket for bucket in points.buckets if bucket.expires.minus(month) < warn_months
        ),
    )


def _with_tier(
    seen: AccountView, account: MemberAccount, program: Program, now: Standing, as_of: date
) -> AccountView:
    month = Month.of(as_of)
    sums: dict[Measure, int] = {
        measure: window_sum(tally_of(account, measure), month.index) for measure in MEASURES
    }
    keeping = to_keep(account, program, now)
    return replace(
        seen,
        spend_by_month={
            month.plus(-back): Money(month_sum(account.spend, month.index - back))
            for back in range(WINDOW_MONTHS, -1, -1)
        },
        spend_in_window=Money(sums["spend"]),
        visits=sum(month_sum(account.visits, each) for each in account.visits.raised),
        visits_in_window=sums["visits"],
        points_in_window=sums["points"],
        tier_until=now.until,
        tier_source=now.source,
        tier_by=now.by,
        own_tier=standing(without_lent(account), program, as_of).tier,
        packs=periods(account),
        to_next=_to_next(program, now, sums),
        to_keep=keeping,
        notices=notices(now, keeping, as_of),
    )


def standing_consents(account: MemberAccount) -> frozenset[str]:
    """Purposes with a consent that was given and not withdrawn."""
    return frozenset(
        consent.purpose
        for consent_id, consent in account.consents.items()
        if consent_id not in account.withdrawn
    )


def _to_next(program: Program, now: Standing, sums: Mapping[Measure, int]) -> tuple[TierGap, ...]:
    """The gaps to the nearest tier above that has a way up one can walk."""
    for rank in range(now.rank + 1, len(program.tiers)):
        missing = gaps(program, rank, sums)
        if missing:
            return missing
    return ()


def to_keep(account: MemberAccount, program: Program, now: Standing) -> tuple[TierGap, ...]:
    """What the review at this tier's end would miss, with what already counts towards it."""
    if now.until is None or now.source in JUST_ENDS:
        return ()
    ends = Month.of(now.until).index
    return gaps(
        program,
        now.rank,
        {measure: window_sum(tally_of(account, measure), ends) for measure in MEASURES},
    )


def _entitlements(
    account: MemberAccount, program: Program, tier: str, as_of: date
) -> tuple[EntitlementLeft, ...]:
    """The tier's benefits and what is left of each in its period."""
    left = []
    for entitlement in program.tier(tier).entitlements:
        used = uses_in_period(account, entitlement.id, entitlement.period, as_of)
        left.append(EntitlementLeft(entitlement, max(0, entitlement.count - used)))
    return tuple(left)


def _reward_uses(account: MemberAccount, program: Program, as_of: date) -> dict[str, int]:
    """Only what the program limits: the rest is nobody's question."""
    uses = {
        reward.id: uses_in_period(account, f"{REWARD}{reward.id}", reward.period, as_of)
        for reward in program.rewards
        if reward.period is not None
    }
    return {reward_id: used for reward_id, used in uses.items() if used}


def uses_in_period(account: MemberAccount, key: str, period: str, as_of: date) -> int:
    """Uses in the period so far, less those that were given back of the same days."""
    first_day = _PERIOD_START[period](as_of).toordinal()
    used = sum(
        count for day, count in account.entitlements.get(key, {}).items() if day >= first_day
    )
    back = account.uses_back.get(key, {})
    return max(0, used - sum(len(uses) for day, uses in back.items() if day >= first_day))


_PERIOD_START: Mapping[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "month": lambda day: day.replace(day=1),
    "year": lambda day: day.replace(month=1, day=1),
    "once": lambda day: date.min,
}


def _check_in(account: MemberAccount, rule: CheckIn | None, as_of: date) -> CheckInState | None:
    """Today's place in the streak; after `streak_max` days in a row a new cycle begins."""
    if rule is None:
        return None
    today = as_of.toordinal()
    before = 0
    while today - before - 1 in account.check_ins:
        before += 1
    streak = before % rule.streak_max + 1
    points = rule.points[min(streak, len(rule.points)) - 1]
    return CheckInState(today in account.check_ins, streak, points)
