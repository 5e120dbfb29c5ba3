"""What a member may spend while the server cannot be asked: by a grant, and by floor limits.

Owns: how many points, which coupons and which uses are safe here and now, in which of the three
ways a redemption is done, and why no more. Does not own: reserving online (sync), granting (the
server), keeping count (the till's store), what a basket may redeem at all (redemption.py).
The bound the owner chose: whatever tills do that cannot see each other, a member overspends by at
most `floor_member` on each, and a till by `floor_till` in all, until it has heard the server again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.program import OfflineLimits

Way: TypeAlias = Literal["online", "grant", "floor", "own"]
"""own = this shop has never been enrolled: its own store answers."""

Why: TypeAlias = Literal[
    "balance",  # there are no more
    "member_limit",
    "till_limit",
    "old_data",
    "restarted",  # the machine: nobody can say how old what is known here is
    "unknown_member",
]


@dataclass(frozen=True, slots=True)
class Grant:
    """What of a member's balance belongs to this till alone, less what it has used of it."""

    grant: str
    buckets: Mapping[int, int]
    """Points left per expiry month (Month.index)."""
    coupons: frozenset[str] = frozenset()
    entitlements: Mapping[str, int] | None = None
    ends_ms: int = 0


@dataclass(frozen=True, slots=True)
class SinceContact:
    """What this till has spent by floor limits since its last pull, over the whole time."""

    member_points: int
    """Of this member."""
    till_points: int
    """Of all members, this one included."""
    data_age: timedelta | None
    """Since the last pull, by the monotonic clock; None = never heard, or lost at a restart."""
    member_coupons: int = 0
    """Coupons of this member that no grant named."""
    member_uses: int = 0
    """Benefits of this member beyond what a grant has."""
    was_restarted: bool = False
    """Why `data_age` is None."""

    def too_old(self, limits: OfflineLimits) -> Why | None:
        """Why nothing is spent beyond grants; None = the data are young enough."""
        if self.data_age is None:
            return "restarted" if self.was_restarted else "old_data"
        return "old_data" if self.data_age > timedelta(hours=limits.data_hours) else None


@dataclass(frozen=True, slots=True)
class Allowance:
    """Points that may be spent offline: first those granted, then by floor limit."""

    by_grant: int
    by_floor: int
    limited_by: Why
    """Why not more: the sentence beside the number."""

    @property
    def points(self) -> int:
        return self.by_grant + self.by_floor

    def ways(self, points: int) -> tuple[Way, ...]:
        """How so many points are spent, in that order. Raises ValueError above `points`."""
        if points > self.points:
            raise ValueError(f"{points} points of {self.points} allowed")
        if points <= 0:
            return ()
        if points <= self.by_grant:
            return ("grant",)
        return ("grant", "floor") if self.by_grant else ("floor",)


def granted_points(grant: Grant | None, *, now_ms: int, month: int) -> int:
    """What is left of a grant: nothing after its end, of a bucket nothing after its month."""
    if grant is None or now_ms >= grant.ends_ms:
        return 0
    return sum(points for expires, points in grant.buckets.items() if expires >= month)


def offline_allowance(
    limits: OfflineLimits,
    *,
    confirmed_balance: int | None,
    granted: int,
    since: SinceContact,
) -> Allowance:
    """What a member may spend here now.

    `confirmed_balance`: points usable by the last confirmed account, less what this till has spent
    since, its own pending earnings not counted; None = this member is not known here.
    `granted`: what is left of this till's grant (granted_points); it is a part of that balance.
    """
    if confirmed_balance is None:
        return Allowance(0, 0, "unknown_member")
    by_grant = max(0, min(granted, confirmed_balance))
    too_old = since.too_old(limits)
    if too_old is not None:
        return Allowance(by_grant, 0, too_old)
    bounds: tuple[tuple[int, Why], ...] = (
        (confirmed_balance - by_grant, "balance"),
        (limits.floor_member - since.member_points, "member_limit"),
        (limits.floor_till - since.till_points, "till_limit"),
    )
    by_floor, why = min(bounds, key=lambda bound: max(0, bound[0]))
    return Allowance(by_grant, max(0, by_floor), why)


@dataclass(frozen=True, slots=True)
class CountAllowance:
    """How many single-use things may be used beyond those a grant names, and why no more."""

    count: int
    limited_by: Why


def offline_coupons(
    limits: OfflineLimits, *, is_known: bool, since: SinceContact
) -> CountAllowance:
    """Coupons of this member that may be used here now though no grant names them."""
    return _count(limits, limits.floor_coupons - since.member_coupons, is_known, since)


def offline_uses(limits: OfflineLimits, *, is_known: bool, since: SinceContact) -> CountAllowance:
    """Benefits of this member that may be ticked off here now beyond what a grant has."""
    return _count(limits, limits.floor_uses - since.member_uses, is_known, since)


def _count(limits: OfflineLimits, left: int, is_known: bool, since: SinceContact) -> CountAllowance:
    if not is_known:
        return CountAllowance(0, "unknown_member")
    too_old = since.too_old(limits)
    if too_old is not None:
        return CountAllowance(0, too_old)
    return CountAllowance(max(0, left), "member_limit")


def grant_for(limits: OfflineLimits, balance: int) -> int:
    """How many points of a balance one device may be granted: a share of it, at most so many."""
    return min(limits.grant_max, granted_count(limits, balance))


def granted_count(limits: OfflineLimits, count: int) -> int:
    """How many of so many single things one device may be granted: the same share, whole ones. So
    the last coupon of a member is never set aside for one till."""
    share = Fraction(limits.grant_share)
    return max(0, count) * share.numerator // share.denominator
