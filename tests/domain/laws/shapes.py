"""The oracle's own picture of a priced sale: shelves, rules, shopper, moment.

Owns: the data that brute_force.py and afterwards.py reckon with, and "does this rule hold now".
Does not own: any arithmetic. Imports Money and nothing else of the product, so that a fault in
the product's own shapes cannot hide itself here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.domain.money import Money


@dataclass(frozen=True)
class Line:
    """A scanned line; `pieces` is None for what is weighed or cut and so is in no bundle."""

    line_id: str
    sku: str
    category: str
    unit_price: Money
    thousandths: int
    pieces: int | None
    member_price: Money | None
    tax_rate: Fraction
    fixed: int | None = None
    """What it costs where it is had for points: no level and no bundle touches it."""
    for_points: int = 0

    @property
    def tie(self) -> tuple[str, str]:
        """What breaks ties between lines."""
        return (self.sku, self.line_id)


@dataclass(frozen=True)
class Reach:
    """Which lines a rule looks at; empty = all, exclusions win."""

    products: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    not_products: frozenset[str] = frozenset()
    not_categories: frozenset[str] = frozenset()

    def covers(self, line: Line) -> bool:
        """Whether the line is in scope."""
        if line.sku in self.not_products or line.category in self.not_categories:
            return False
        if not self.products and not self.categories:
            return True
        return line.sku in self.products or line.category in self.categories


@dataclass(frozen=True)
class When:
    """The conditions of a rule; what is None, False or empty is no condition."""

    rank: int | None = None
    members_only: bool = False
    stores: frozenset[str] = frozenset()
    weekdays: frozenset[int] = frozenset()
    hours: tuple[str, str] | None = None
    month_days: frozenset[int] = frozenset()
    first_order: bool = False
    birthday_month: bool = False
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class MemberLevel:
    """The member price list."""

    id: str


@dataclass(frozen=True)
class TierLevel:
    """One tier's discount on its lines."""

    id: str
    rate: Fraction
    reach: Reach


@dataclass(frozen=True)
class CampaignEntry:
    """A price per unit, or a fraction off the list price, for some products."""

    reach: Reach
    price: Money | None
    rate: Fraction | None


@dataclass(frozen=True)
class CampaignLevel:
    """A campaign price list, in force while its conditions hold."""

    id: str
    entries: tuple[CampaignEntry, ...]
    when: When


Level = MemberLevel | TierLevel | CampaignLevel


@dataclass(frozen=True)
class Off:
    """Money off the order; `each_time`: once per threshold reached."""

    amount: Money
    each_time: bool
    cap: Money | None


@dataclass(frozen=True)
class Percent:
    """A fraction off what is left of the scope."""

    rate: Fraction
    cap: Money | None


@dataclass(frozen=True)
class FixedUnits:
    """Up to `count` units at this price each."""

    price: Money
    count: int


@dataclass(frozen=True)
class Cheapest:
    """A fraction off the cheapest unit when at least `of` are there."""

    of: int
    rate: Fraction


@dataclass(frozen=True)
class Several:
    """n units together for a price."""

    n: int
    price: Money


@dataclass(frozen=True)
class LastOfGroup:
    """Of every `size` units the `reduced` cheapest at a fraction off."""

    size: int
    reduced: int
    rate: Fraction


@dataclass(frozen=True)
class GiftOf:
    """A product handed over free; `goods` is one of it, as a line without an id."""

    goods: Line
    count: int


@dataclass(frozen=True)
class Factor:
    """Earned points of the lines in scope times a factor."""

    factor: Fraction


UnitEffect = FixedUnits | Cheapest | Several | LastOfGroup
OrderEffect = Off | Percent
QuietEffect = GiftOf | Factor
AnyEffect = UnitEffect | OrderEffect | QuietEffect


@dataclass(frozen=True)
class Rule:
    """One offer, whatever triggers it."""

    id: str
    effect: AnyEffect
    trigger: str = "automatic"
    code: str | None = None
    reach: Reach = Reach()
    at_least: Money | None = None
    at_least_count: int | None = None
    when: When = When()
    group: str | None = None
    uses_per_sale: int | None = None

    @property
    def is_bundle(self) -> bool:
        """Whether it works on units, before the order offers."""
        return isinstance(self.effect, FixedUnits | Cheapest | Several | LastOfGroup)

    @property
    def is_quiet(self) -> bool:
        """Whether it has no money effect."""
        return isinstance(self.effect, GiftOf | Factor)


@dataclass(frozen=True)
class Coupon:
    """The member's right to one offer; no `expires` = later than every date."""

    coupon_id: str
    rule_id: str
    expires: date | None


@dataclass(frozen=True)
class Shopper:
    """The member; `levels` are the tier discounts up to and including his own."""

    rank: int
    earn_rate: Fraction
    birthday_month: int | None
    first_order: bool
    coupons: tuple[Coupon, ...]
    balance: int
    day_limit: int | None
    """Points that may still be spent today; None = no limit."""
    coupon_room: int | None = None
    """What coupons may still take off today; None = no limit."""


@dataclass(frozen=True)
class Hand:
    """What somebody takes off by hand: a fraction, an amount, or down to a price a unit."""

    kind: str
    rate: Fraction
    amount: Money
    most: Fraction | None
    """The largest fraction it may be."""


@dataclass(frozen=True)
class PointsRules:
    """How points are spent and earned."""

    worth_points: int
    worth_amount: Money
    minimum: int
    step: int
    max_share: Fraction
    unit: Money
    combine: str
    birthday_factor: Fraction
    categories: tuple[tuple[Reach, Fraction], ...]


@dataclass(frozen=True)
class Case:
    """Everything a price depends on."""

    lines: tuple[Line, ...]
    levels: tuple[Level, ...]
    rules: tuple[Rule, ...]
    shopper: Shopper | None
    at: datetime
    """Shop time."""
    store: str
    coupons_max: int
    points: PointsRules
    tax_inclusive: bool
    codes: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()
    chosen: tuple[str, ...] | None = None
    """Coupon ids chosen by hand."""
    wish: int | None = 0
    """Points to spend; None = as many as possible."""
    hands: tuple[tuple[str, Hand], ...] = ()
    """Discounts by hand, by line id."""
    whole_hand: Hand | None = None
    """The discount by hand of the whole order."""

    def holds(self, when: When) -> bool:
        """Whether every condition that is set is met now, by this shopper."""
        return self._member_holds(when) and self._moment_holds(when)

    def _member_holds(self, when: When) -> bool:
        if self.shopper is None:
            return not (
                when.rank is not None
                or when.members_only
                or when.first_order
                or when.birthday_month
            )
        return (
            (when.rank is None or self.shopper.rank >= when.rank)
            and (not when.first_order or self.shopper.first_order)
            and (not when.birthday_month or self.shopper.birthday_month == self.at.month)
        )

    def _moment_holds(self, when: When) -> bool:
        today, clock = self.at.date(), self.at.strftime("%H:%M")
        return (
            (not when.stores or self.store in when.stores)
            and (not when.weekdays or today.isoweekday() in when.weekdays)
            and (when.hours is None or when.hours[0] <= clock < when.hours[1])
            and (not when.month_days or today.day in when.month_days)
            and (when.starts is None or when.starts <= today)
            and (when.ends is None or today <= when.ends)
        )

    def usable_coupons(self, rule: Rule) -> list[Coupon]:
        """The coupons of an offer that could be used now, earliest expiry first."""
        if self.shopper is None or rule.id in self.refused or not self.holds(rule.when):
            return []
        mine = [
            coupon
            for coupon in self.shopper.coupons
            if coupon.rule_id == rule.id
            and coupon.coupon_id not in self.refused
            and (self.chosen is None or coupon.coupon_id in self.chosen)
            and (coupon.expires is None or self.at.date() <= coupon.expires)
        ]
        return sorted(mine, key=lambda coupon: (coupon.expires or date.max, coupon.coupon_id))

    def times(self, rule: Rule) -> int:
        """How often the rule may be switched on: once, or once per usable coupon."""
        if rule.trigger == "coupon":
            held = len(self.usable_coupons(rule))
            return held if rule.uses_per_sale is None else min(held, rule.uses_per_sale)
        if rule.id in self.refused or not self.holds(rule.when):
            return 0
        return 1 if rule.trigger == "automatic" or rule.code in self.codes else 0
