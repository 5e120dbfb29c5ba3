"""The view: what an account means on a day, under a program. Derived, stored nowhere.

Owns: AccountView and how it is judged from an account. Does not own: the fold (account.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from app.domain.money import ZERO, Money
from app.domain.months import Month
from app.domain.points import PointsBucket

IdentifiedBy = Literal["pass", "card", "phone", "name"]


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A usable coupon: the right of one member to one offer."""

    coupon_id: str
    offer_id: str
    issued: date
    expires: date | None
    """Last day of use, inclusive; None = as long as the offer runs."""


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
    tier_until: date | None = None
    tier_source: Literal["entry", "reached", "review", "grant"] = "entry"

    @property
    def balance(self) -> int:
        """Spendable points; a debt makes it negative."""
        return sum(bucket.points.count for bucket in self.buckets) - self.debt_points
