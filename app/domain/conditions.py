"""Conditions: whether a rule may apply to this shopper, here and now - and if not, why not.

Owns: the context a till prices in, the occasion, the reason a condition fails.
Does not own: what depends on the basket (thresholds, scopes: order_offers.py, bundles.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from app.domain.basket import BeyondLimit
from app.domain.money import Money
from app.domain.plan import minor
from app.domain.program import Conditions, Offer, Program
from app.domain.quote import Reason
from app.domain.stored_program import OfferUse
from app.domain.uses_bound import ANY_USES, UsesBound
from app.domain.view import AccountView, HeldCoupon, IdentifiedBy


@dataclass(frozen=True, slots=True)
class GiftGoods:
    """What the catalogue knows of a product that a rule may give away."""

    unit_price: Money
    name: str = ""
    category: str = ""
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What price() must know besides basket, member and program; everything has a default."""

    store: str = ""
    identified_by: IdentifiedBy = "card"
    uses: Mapping[str, OfferUse] = field(default_factory=dict)
    """Per offer id, what it has given in this shop already, counted against its budget."""
    member_uses: Mapping[str, int] = field(default_factory=dict)
    """Per offer id, how often this member has used it before."""
    blocked: Mapping[str, Reason] = field(default_factory=dict)
    """Offer or coupon ids that may not be used now, and why (used elsewhere, needs the server)."""
    points_limit: int | None = None
    """The most points a sale may spend now for lack of a connection; None = no such limit."""
    coupons_limit: int | None = None
    """The most coupons of this sale for lack of a connection; None = as many as the rules allow."""
    uses_bound: UsesBound = ANY_USES
    """How often this sale may have rewards that are limited by a period."""
    beyond: BeyondLimit | None = None
    """What somebody allowed this member to spend beyond the limit of his identification."""
    gift_goods: Mapping[str, GiftGoods] = field(default_factory=dict)
    """The catalogue's word on products that offers give away, by sku."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who, where and when, as conditions ask. `rank` is None for a walk-in."""

    program: Program
    view: AccountView | None
    rank: int | None
    at: datetime
    context: Context

    @property
    def is_birthday_month(self) -> bool:
        if self.view is None or self.view.birthday is None:
            return False
        return self.view.birthday[0] == self.at.month

    def unmet(self, when: Conditions) -> Reason | None:
        """The first condition that does not hold, as a reason; None when all hold."""
        return self._unmet_dates(when) or self._unmet_place_and_hour(when) or self._unmet_by(when)

    def _unmet_dates(self, when: Conditions) -> Reason | None:
        today = self.at.date()
        if when.starts is not None and today < when.starts:
            return "NOT_YET_VALID"
        if when.ends is not None and today > when.ends:
            return "EXPIRED"
        return None

    def _unmet_place_and_hour(self, when: Conditions) -> Reason | None:
        if when.stores and self.context.store not in when.stores:
            return "WRONG_STORE"
        clock = f"{self.at.hour:02d}:{self.at.minute:02d}"
        fits = (
            (not when.weekdays or self.at.isoweekday() in when.weekdays)
            and (not when.month_days or self.at.day in when.month_days)
            and (when.hours is None or when.hours[0] <= clock < when.hours[1])
        )
        return None if fits else "WRONG_TIME"

    def _unmet_by(self, when: Conditions) -> Reason | None:
        wanted = 0 if when.tier is None else self.program.rank(when.tier)
        if (when.members_only or when.tier is not None) and (
            self.rank is None or self.rank < wanted
        ):
            return "TIER_TOO_LOW"
        if when.first_order and (self.view is None or self.view.visits > 0):
            return "FIRST_ORDER_ONLY"
        if when.birthday_month and not self.is_birthday_month:
            return "WRONG_TIME"
        return None

    def coupon_room(self, decimals: int) -> int | None:
        """How much coupons may still take off today, in minor units; None = as much as they can.

        By how the member was identified: who only says a number must not empty a wallet.
        """
        if self.view is None:
            return None
        left = coupons_left_of_day(self.program, self.view, self.context.identified_by, decimals)
        beyond = self.context.beyond
        return left if left is None or beyond is None else left + beyond.coupon_off.minor

    def budget_reason(self, offer: Offer, decimals: int) -> Reason | None:
        """Whether the offer has given all it may. It may overshoot its amount by one sale."""
        budget, used = offer.budget, self.context.uses.get(offer.id)
        if used is not None:
            if budget.uses is not None and used.uses >= budget.uses:
                return "BUDGET_USED"
            if budget.amount is not None and used.amount_minor >= minor(budget.amount, decimals):
                return "BUDGET_USED"
        used_by_member = self.context.member_uses.get(offer.id, 0)
        if budget.uses_per_member is not None and used_by_member >= budget.uses_per_member:
            return "MEMBER_LIMIT"
        return None

    @property
    def coupons_max(self) -> int:
        """How many coupons this sale may use."""
        most, limit = self.program.stacking.coupons_max, self.context.coupons_limit
        return most if limit is None else min(most, limit)

    def coupon_reason(self, coupon: HeldCoupon) -> Reason | None:
        """Whether a coupon is inside its own dates and not blocked."""
        today = self.at.date()
        if coupon.issued > today:
            return "NOT_YET_VALID"
        if coupon.expires is not None and coupon.expires < today:
            return "EXPIRED"
        return self.context.blocked.get(coupon.coupon_id)


def coupons_left_of_day(
    program: Program, view: AccountView, identified_by: IdentifiedBy, decimals: int
) -> int | None:
    """What coupons of a member recognised like this may still take off today; None = no limit."""
    limits = program.stacking.per_day
    limit = {
        "pass": limits.pass_,
        "card": limits.card,
        "phone": limits.phone,
        "name": limits.name,
    }[identified_by]
    return None if limit is None else max(0, minor(limit, decimals) - view.coupon_off_today.minor)
