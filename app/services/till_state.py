"""What the till screen shows, as data: one immutable snapshot after every act.

Owns: the snapshot types. Does not own: making them (present.py), words and formats (ui).
Amounts of adjustments are signed as in the quote: money off is negative. `words` are what the
program says to customers, in both languages; None = the kind says it all (member price, points).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from app.domain.complaint_row import OpenComplaints
from app.domain.effects import Measure
from app.domain.freshness import Freshness
from app.domain.money import ZERO, Money
from app.domain.open_basket import Problem
from app.domain.payment import PaymentAttempt, Tender
from app.domain.program import ReferralStep, Text
from app.domain.quantity import Quantity
from app.domain.quote import AdjustmentKind, NotApplied
from app.domain.redeem_way import OWN, RedeemWay, UsableBenefit
from app.domain.settings import Settings
from app.domain.staff import Permission
from app.domain.view import IdentifiedBy
from app.services.choice import ChoicesOnTill
from app.services.shop import ClockBehind


@dataclass(frozen=True, slots=True)
class ShownAdjustment:
    """One change of price with the words a customer understands."""

    rule: str
    kind: AdjustmentKind
    amount: Money
    words: Text | None
    coupon_id: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class RuleOnTill:
    """What a screen may say about a rule: its words, rate, dates, and whom it is for."""

    words: Text | None
    rate: Decimal | None = None
    """The fraction it takes off, where it takes one off."""
    source: Literal["automatic", "coupon", "code", "price_list", "tier", "points", "other"] = (
        "other"
    )
    members_only: bool = False
    from_tier: Text | None = None
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class EarnFactor:
    """Why this basket earns what it does; `offers`: more than tier and birthday explain."""

    kind: Literal["tier", "birthday", "offers"]
    factor: Decimal


@dataclass(frozen=True, slots=True)
class ProgramOnTill:
    """The version of the program that made the prices."""

    program_id: str
    version: str
    effective: date
    tier_count: int
    currency: str


@dataclass(frozen=True, slots=True)
class TillLine:
    """One row of the basket.

    `amount` is the list amount and the line's own adjustments; the shares of order adjustments
    are only in `net`. A line with a problem has no prices.
    """

    line_id: str
    number: int
    name: str
    """Empty for a code nobody knows: `scanned` is shown instead."""
    sku: str | None
    scanned: str
    quantity: Quantity
    unit: str
    weighed: bool
    unit_price: Money | None
    list_amount: Money
    amount: Money
    net: Money
    adjustments: tuple[ShownAdjustment, ...] = ()
    problem: Problem | None = None
    needs_tier: Text | None = None
    """For `members_only`: the tier it needs; None = any member."""
    quantity_fixed: bool = False
    lot: str = ""
    """Its batch and its last day, where the label said them."""
    expires: date | None = None
    freshness: Freshness = "fresh"
    is_gift: bool = False
    gift_of: str = ""
    """The offer that gives it, for a gift nobody scanned."""
    order_shares: tuple[ShownAdjustment, ...] = ()
    """This line's part of every adjustment of the whole order; amount + these = net."""

    @property
    def row_amount(self) -> Money:
        """What its row shows: nobody pays for a gift, whose worth is taken off the whole order."""
        return ZERO if self.is_gift else self.amount


@dataclass(frozen=True, slots=True)
class Totals:
    """The foot of the basket. `saved` is what offers took off: no points, no round-off."""

    kinds: int
    pieces: int
    """Weighed lines count as one."""
    list_total: Money
    rows: tuple[ShownAdjustment, ...]
    """One per rule over all lines, points last; they add up to total - list_total."""
    saved: Money
    total: Money
    tax_on_top: Money
    due: Money
    """By anything but cash: total + tax on top."""
    round_off: Money
    """What paying all that remains in cash takes off; positive."""
    due_cash: Money
    received: Money
    """Tenders so far."""
    points_used: int
    """Against the bill; `points_off` is what they are worth."""
    points_off: Money
    points_redeemable: int
    points_earned: int
    earn_factors: tuple[EarnFactor, ...] = ()
    points_for_goods: int = 0
    """What the lines at their points price take."""


@dataclass(frozen=True, slots=True)
class ExpiringOnPanel:
    """Points that end after `last_day`."""

    points: int
    last_day: date


@dataclass(frozen=True, slots=True)
class CouponOnPanel:
    """A coupon of the member and what it does to this basket."""

    coupon_id: str
    offer_id: str
    words: Text
    expires: date | None
    state: Literal["used", "not_used", "refused"]
    by_hand: bool
    saved: Money
    """What it takes off this basket now; positive."""
    why_not: NotApplied | None = None


@dataclass(frozen=True, slots=True)
class EntitlementOnPanel:
    """A benefit that is not money: how often it may still be used in its period."""

    entitlement_id: str
    words: Text
    left: int
    count: int
    period: Literal["day", "month", "year", "once"]
    here: UsableBenefit | None = None
    """How often here, where that is less than is left."""


@dataclass(frozen=True, slots=True)
class TierAhead:
    """What is missing to reach (or keep) a tier, counting this basket. Money in minor units."""

    goal: Literal["reach", "keep"]
    tier_id: str
    words: Text
    measure: Measure
    missing: int
    reached_by_basket: bool = False
    last_day: date | None = None
    """For `keep`: by when."""
    notice: bool = False
    """For `keep`: the end is near enough (60 or 30 days) that it has to be said."""


@dataclass(frozen=True, slots=True)
class MemberPanel:
    """What helps to serve the member, all masked; figures are of this till's store."""

    member_id: str
    name_masked: str
    card_masked: str
    phone_masked: str | None
    salutation: Literal["", "mr", "ms"]
    identified_by: IdentifiedBy
    tier_id: str
    tier_words: Text
    tier_rank: int
    tier_until: date | None
    points: int
    """Spendable; negative = a debt."""
    points_worth: Money
    points_held: int
    points_today_left: int | None
    """What may still be spent today with this identification; None = no limit."""
    expiring: tuple[ExpiringOnPanel, ...]
    coupons: tuple[CouponOnPanel, ...]
    entitlements: tuple[EntitlementOnPanel, ...]
    ahead: tuple[TierAhead, ...]
    birthday: Literal["no", "month", "today"]
    joined: date
    last_visit: date | None
    days_since_visit: int | None
    visits: int
    checked_in_today: bool
    streak: int
    """The day of the check-in streak it is, or would be today; 0 = the program has none."""
    check_in_points: int
    """What checking in today gives (or gave)."""
    is_new: bool
    is_anonymous: bool
    phone_verified: bool
    marketing_allowed: bool
    tags: tuple[str, ...] = ()
    note: str = ""
    account_manager: str = ""
    tier_benefits: tuple[Text, ...] = ()
    """What the tier brings besides prices, as the program says it; nothing to tick off."""
    complaint: OpenComplaints | None = None
    next_friend: ReferralStep | None = None
    """What one more friend brings, where only one is missing."""
    lent: Literal["", "pack", "trial"] = ""
    """The tier is there for a time only: by a membership pack, or to try."""
    lent_ends: date | None = None
    """Its last day, where it is near enough to be said."""


@dataclass(frozen=True, slots=True)
class ShiftOnTill:
    """The open shift of this drawer. `is_over_midnight`: left open into another business day."""

    shift_id: str
    name: str
    business_day: date
    opened_ms: int
    is_mine: bool
    is_counting: bool
    is_over_midnight: bool


@dataclass(frozen=True, slots=True)
class StaffOnTill:
    """Who is signed in."""

    staff_id: str
    name: str
    role_id: str
    permissions: frozenset[Permission] = frozenset()
    """What the role opens: rooms nobody may enter are not offered."""


PayBlock = Literal[
    "empty", "unresolved", "nobody", "payment_open", "too_large", "own_membership", "overpaid",
    "pack_needs_member", "pack_twice",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class TillState:
    """The whole till screen. `pay_block` None = the basket can be paid."""

    basket_id: str
    lines: tuple[TillLine, ...]
    selected: str | None
    totals: Totals
    member: MemberPanel | None
    staff: StaffOnTill | None
    locked: bool
    settings: Settings
    pay_block: PayBlock | None
    tenders: tuple[Tender, ...]
    attempt: PaymentAttempt | None
    can_undo: bool
    cleared: bool
    """The last step was clearing the basket; it can be undone for 10 seconds."""
    not_applied: tuple[NotApplied, ...]
    rules: Mapping[str, RuleOnTill]
    """Every rule named anywhere in this snapshot, by its id."""
    program: ProgramOnTill
    clock: ClockBehind | None
    coming_program: date | None
    """The day a change of the program takes effect that was announced to customers."""
    announcements: tuple[Text, ...]
    last_sale_id: str | None
    holds: int = 0
    """How many sales are held."""
    giving_back: str = ""
    """The attempt whose terminal was asked to give its money back and has not said."""
    choices: ChoicesOnTill = field(default_factory=ChoicesOnTill)
    """What the customer may choose: gifts, points prices, a coupon for expiring points."""
    redeem: RedeemWay = OWN
    """How the member's points are spent now, how many of them, and why no more."""
    shift: ShiftOnTill | None = None
