"""The way a redemption is done now: kept by the server, by a grant, by floor limits, or alone.

Owns: that value, and what it means for one quote. Does not own: which way it is
(services/redeem_way.py), the sums of the offline ways (offline_allowance.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from app.domain.grant import CouponGone
from app.domain.offline_allowance import Way, Why
from app.domain.quote import Quote, Reason
from app.domain.uses_bound import ANY_USES, UsesBound


@dataclass(frozen=True, slots=True)
class UsableBenefit:
    """How often a benefit may still be used here, fewer times than the member has it left: why."""

    most: int
    why: Why | Literal["promised"]


@dataclass(frozen=True, slots=True)
class RedeemWay:
    """How points are spent and coupons used on the open basket, how many, and why no more."""

    way: Way = "own"
    most: int | None = None
    """Points; None = whatever the account has."""
    why: Why | Literal["server_refused", "promised"] | None = None
    reservation: str | None = None
    """The server keeps them under this id."""
    grant: str | None = None
    buckets: Mapping[int, int] = field(default_factory=dict)
    """What is left of the grant, points by expiry month."""
    kept: frozenset[str] = frozenset()
    """Coupons that are safe: kept by the server, or named by a grant of this till."""
    gone: Mapping[str, CouponGone] = field(default_factory=dict)
    """Coupons the server does not let this sale use."""
    coupons_most: int | None = None
    """Other coupons that may be used beside; None = all of them."""
    why_coupons: Why | None = None
    """Why no more coupons."""
    uses: UsesBound = ANY_USES
    """How often limited rewards may be had."""
    uses_grant: str | None = None
    """The grant whose uses are among the kept ones."""
    why_uses: Why | None = None
    """Why no more of them."""
    benefits: Mapping[str, UsableBenefit] = field(default_factory=dict)
    """By entitlement, those that cannot all be used here."""
    wish_most: int | None = None
    """Points to ask for at most, as the server just said; None = it has refused none."""
    is_final: bool = True
    """False: more may still be asked for, so nothing is bound before money is taken."""

    def covers(self, quote: Quote, uses: Mapping[str, int] | None = None) -> bool:
        """Whether all points and coupons of this quote may be spent so, and its limited rewards
        (`uses`) be had."""
        if self.uses.refusal(uses or {}) is not None:
            return False
        others = set(quote.coupons_used) - self.kept
        if others & self.gone.keys():
            return False
        if self.coupons_most is not None and len(others) > self.coupons_most:
            return False
        return self.most is None or quote.points_redeemed <= self.most

    def blocked(self, held: Iterable[str]) -> dict[str, Reason]:
        """Which coupons of a member may not be used now, and why."""
        said: dict[str, Reason] = {
            coupon: "ALREADY_USED" if why == "not_usable" else "SET_ASIDE"
            for coupon, why in self.gone.items()
        }
        if self.is_final and self.coupons_most == 0:
            said |= dict.fromkeys(set(held) - self.kept - said.keys(), "OFFLINE_NEEDS_ONLINE")
        return said

    @property
    def uses_bound(self) -> UsesBound:
        """What bounds the limited rewards of the basket now."""
        return self.uses if self.is_final else replace(self.uses, most=None)

    @property
    def points_limit(self) -> int | None:
        """What bounds the points of the basket now."""
        return self.most if self.is_final else self.wish_most

    @property
    def coupons_limit(self) -> int | None:
        """The most coupons of one sale, kept ones counted too: so the limit always holds.

        At zero only the kept ones are not blocked.
        """
        return (self.coupons_most or None) if self.is_final else None


OWN = RedeemWay()


def taken_of(buckets: Mapping[int, int], points: int) -> Mapping[int, int]:
    """So many points of these buckets, the oldest month first; fewer where there are no more."""
    taken = {}
    for month, left in sorted(buckets.items()):
        part = min(left, points)
        if part > 0:
            taken[month] = part
            points -= part
    return taken
