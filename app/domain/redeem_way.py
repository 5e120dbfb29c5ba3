"""The way a redemption is done now: kept by the server, by a grant, by floor limits, or alone.

Owns: that value. Does not own: which way it is (services/redeem_way.py), the sums of the offline
ways (offline_allowance.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.domain.offline_allowance import Way, Why
from app.domain.quote import Quote


@dataclass(frozen=True, slots=True)
class RedeemWay:
    """How points are spent on the open basket, how many of them, and why no more."""

    way: Way = "own"
    most: int | None = None
    """None = whatever the account has."""
    why: Why | Literal["server_refused"] | None = None
    reservation: str | None = None
    """The server keeps them under this id."""
    grant: str | None = None
    buckets: Mapping[int, int] = field(default_factory=dict)
    """What is left of the grant, points by expiry month."""

    def covers(self, quote: Quote) -> bool:
        """Whether all points of this quote may be spent so."""
        return self.most is None or quote.points_redeemed <= self.most


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
