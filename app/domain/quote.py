"""The quote: what a basket costs and why, to the last minor unit.

Owns: the result types of price(). Identities that always hold: sum of net = total; per line
list + its adjustments + its shares of order adjustments = net; discount = sum of list - total.
Amounts of adjustments are signed (money off is negative). Does not own: how it is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.money import ZERO, Money, total
from app.domain.quantity import Quantity

AdjustmentKind = Literal[
    "member_price", "tier", "campaign", "bundle", "points_price", "offer", "coupon", "code",
    "gift", "points", "override", "manual",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One change of price: which rule, of which program version, how much, to which lines.

    `by_line` sums to `amount`; for a line-level adjustment it names that one line.
    """

    rule: str
    version: str
    kind: AdjustmentKind
    amount: Money
    by_line: tuple[tuple[str, Money], ...]
    coupon_id: str | None = None
    chosen_by_hand: bool = False


Reason = Literal[
    "NOT_ENOUGH_QTY", "EXCLUSIVE_WITH", "TIER_TOO_LOW", "EXPIRED", "WRONG_STORE", "BUDGET_USED",
    "MEMBER_LIMIT", "OFFLINE_NEEDS_ONLINE", "BELOW_THRESHOLD", "NOT_YET_VALID", "WRONG_TIME",
    "NOT_IN_SCOPE", "FIRST_ORDER_ONLY", "NOT_CHEAPEST", "NO_MONEY_EFFECT", "MAX_COUPONS",
    "ALREADY_USED", "SET_ASIDE", "UNKNOWN_CODE", "POINTS_MINIMUM", "IDENTIFY_BETTER",
    "REFUSED_BY_CASHIER", "NOT_FOR_PACKS",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A rule (or coupon, or points) that was considered and not applied, and what is missing."""

    rule: str
    reason: Reason
    coupon_id: str | None = None
    missing_amount: Money | None = None
    missing_count: int | None = None
    other_rule: str | None = None
    line_id: str | None = None
    """Only this line: a level that is beaten here may well be the best on another line."""
    would_be: Money | None = None
    """What the line would cost at this level."""


@dataclass(frozen=True, slots=True)
class NotForSale:
    """A line that this shopper may not buy (yet): goods for members, or from a tier on."""

    line_id: str
    sku: str
    tier: str | None
    """The tier that may; None = any member."""


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A line with its list amount, its own adjustments and its net (order shares included)."""

    line_id: str
    sku: str
    quantity: Quantity
    list_amount: Money
    net: Money
    adjustments: tuple[Adjustment, ...]
    tax_rate: Decimal
    tax: Money
    """Exclusive prices: this line's share of its rate's tax. Inclusive: the tax contained."""
    points_earned: int
    points_spent: int
    gift_of: str | None = None
    priced: Money = ZERO
    """After its line price and its bundles: what a discount by hand is reckoned on."""


@dataclass(frozen=True, slots=True)
class GiftLine:
    """A gift named again: which rule gave how many of what."""

    rule: str
    sku: str
    quantity: int
    coupon_id: str | None = None


@dataclass(frozen=True, slots=True)
class TaxRow:
    """Tax of one rate: `net` is the sum of line nets at that rate."""

    rate: Decimal
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True)
class Quote:
    """The answer of price()."""

    program_id: str
    program_version: str
    lines: tuple[QuoteLine, ...]
    order_adjustments: tuple[Adjustment, ...]
    gifts: tuple[GiftLine, ...]
    tax: tuple[TaxRow, ...]
    not_applied: tuple[NotApplied, ...]
    total: Money
    """Sum of net: after offers and points, before round-off; without tax under exclusive prices."""
    points_redeemed: int
    """All points spent: against the bill and for goods at their points price."""
    points_redeemed_amount: Money
    """What the points against the bill were worth."""
    points_earned: int
    points_redeemable: int
    """The most points that could be spent on this basket now, a whole step."""
    coupons_used: tuple[str, ...]
    tier: str | None
    tier_after: str | None
    not_for_sale: tuple[NotForSale, ...] = ()
    """Lines that must leave the basket before it is paid."""
    points_of_pack: int = 0
    """Of the points earned, those that only a paid pack of the member brings."""

    @property
    def list_total(self) -> Money:
        return Money(sum(line.list_amount.minor for line in self.lines))

    @property
    def coupon_off(self) -> Money:
        """What coupons took off, gifts by a coupon at what they are worth; positive."""
        return -total(a.amount for a in self.order_adjustments if a.coupon_id is not None)

    @property
    def discount(self) -> Money:
        """What list prices were lowered by, points included; positive."""
        return self.list_total - self.total

    @property
    def saved(self) -> Money:
        """What offers took off; points and goods priced in points are paid, not saved."""
        changes = [change for one in self.lines for change in one.adjustments]
        by_points = total(change.amount for change in changes if change.kind == "points_price")
        return self.discount + by_points - self.points_redeemed_amount
