"""Exchange: points that are about to expire become a small coupon (积分变现).

Owns: whether a member's expiring points are enough, and what the exchange does to his account.
Does not own: which points expire soon (view.py), what the coupon is worth (pricing.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain import effects as do
from app.domain.program import Offer, Program
from app.domain.redemption import left_of_day
from app.domain.sale_effects import coupon_of, known_offer
from app.domain.view import AccountView, IdentifiedBy


@dataclass(frozen=True, slots=True)
class PointsExchange:
    """So many of the points that expire next become one coupon of this offer."""

    points: int
    offer: Offer

    def effects(self, fresh_coupons: Iterator[str]) -> tuple[do.Effect, ...]:
        """What it does to the account: the oldest points go, the coupon comes."""
        return do.Exchanged(points=self.points), coupon_of(self.offer, next(fresh_coupons))


@dataclass(frozen=True, slots=True)
class NoExchange:
    """Not now. `missing` points: of those that expire soon, or of what may be spent today.

    `no_rule`: the program has no such coupon, or its offer has ended; `nothing_expires`: there is
    nothing to save; `too_few`: less than one coupon costs; `identify_better`: more than this way
    of being recognised may spend a day; `elsewhere`: head office has not so many left; `offline`:
    it cannot be asked, and the limit of this till is lower.
    """

    reason: Literal[
        "no_rule", "nothing_expires", "too_few", "identify_better", "elsewhere", "offline"
    ]
    points: int = 0
    """What one coupon costs; 0 = there is none."""
    missing: int = 0


def exchange_of(
    program: Program, view: AccountView, identified_by: IdentifiedBy, as_of: date
) -> PointsExchange | NoExchange:
    """What the expiring points of a member may become on this day."""
    rule = program.expiring
    if rule.offer is None:
        return NoExchange("no_rule")
    offer = known_offer(program, rule.offer)
    if offer.when.ends is not None and offer.when.ends < as_of:
        return NoExchange("no_rule")
    expiring = sum(bucket.points.count for bucket in view.expiring)
    if not expiring:
        return NoExchange("nothing_expires", rule.points)
    missing = rule.points - expiring
    if missing > 0:
        return NoExchange("too_few", rule.points, missing)
    today = left_of_day(program, view, identified_by)
    if today is not None and today < rule.points:
        return NoExchange("identify_better", rule.points, rule.points - today)
    return PointsExchange(rule.points, offer)
