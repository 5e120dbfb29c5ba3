"""The offer: one rule of a program - a trigger, conditions, an effect, a scope, a budget.

Owns: the shape of an offer in the TOML file, and the kinds of text every part of it is made of.
Does not own: the rest of the file (program.py), whether it makes sense (program_check.py).
Money, quantities and rates are decimal strings in the file; rates are fractions ("0.12").
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

from app.domain.bound import DAYS_MAX, MONTHS_MAX

AMOUNT_PATTERN = r"^\d{1,10}(\.\d{1,3})?$"
RATE_PATTERN = r"^\d{1,4}(\.\d{1,6})?$"
Amount = Annotated[str, Meta(pattern=AMOUNT_PATTERN, description="money, as in 12.50")]
Rate = Annotated[str, Meta(pattern=RATE_PATTERN, description="a fraction, 0.12")]
Count = Annotated[int, Meta(ge=0)]
Some = Annotated[int, Meta(ge=1)]
Months = Annotated[int, Meta(ge=1, le=MONTHS_MAX)]
Days = Annotated[int, Meta(ge=1, le=DAYS_MAX)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a program file that refuses keys it does not know."""


class Text(Strict, frozen=True, kw_only=True):
    """Words a customer reads, in both languages."""

    zh: str
    en: str


class Scope(Strict, frozen=True, kw_only=True):
    """Which lines a rule looks at; all empty = the whole order. Exclusions win."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    except_products: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()


class Conditions(Strict, frozen=True, kw_only=True):
    """When a rule may apply; every field that is set must hold."""

    tier: Name | None = None
    """This tier and above."""
    members_only: bool = False
    stores: tuple[str, ...] = ()
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = ()
    hours: tuple[str, str] | None = None
    """From (inclusive) and to (exclusive), "HH:MM", shop time."""
    month_days: tuple[Annotated[int, Meta(ge=1, le=31)], ...] = ()
    first_order: bool = False
    birthday_month: bool = False
    starts: date | None = None
    ends: date | None = None
    """Last day, inclusive."""


class Threshold(Strict, frozen=True, kw_only=True):
    """What the net after bundles of the lines in scope must reach; one of the two."""

    amount: Amount | None = None
    quantity: Some | None = None


class AmountOff(Strict, frozen=True, kw_only=True, tag="amount_off", tag_field="kind"):
    """Money off the scope; with `per_threshold`, once for every time the threshold is reached."""

    amount: Amount
    per_threshold: bool = False
    cap: Amount | None = None


class PercentOff(Strict, frozen=True, kw_only=True, tag="percent_off", tag_field="kind"):
    """A fraction off what is left of the scope, at most `cap`."""

    rate: Rate
    cap: Amount | None = None


class FixedPrice(Strict, frozen=True, kw_only=True, tag="fixed_price", tag_field="kind"):
    """The `quantity` dearest units in scope at this unit price each, where they cost more.

    An exchange coupon, an add-on price. Once per sale; by coupon, once per coupon.
    """

    price: Amount
    quantity: Some = 1


class CheapestOff(Strict, frozen=True, kw_only=True, tag="cheapest_off", tag_field="kind"):
    """A fraction off the cheapest unit in scope when at least `of` units are bought.

    Once per sale: it binds every free unit in scope.
    """

    of: Annotated[int, Meta(ge=2)]
    rate: Rate = "1"


class NForPrice(Strict, frozen=True, kw_only=True, tag="n_for_price", tag_field="kind"):
    """`n` units in scope together for a price."""

    n: Annotated[int, Meta(ge=2)]
    price: Amount


class BuyXGetY(Strict, frozen=True, kw_only=True, tag="buy_x_get_y", tag_field="kind"):
    """Of every buy + get units in scope the `get` cheapest at a fraction off (1 = free)."""

    buy: Some
    get: Some = 1
    rate: Rate = "1"


class NthDiscount(Strict, frozen=True, kw_only=True, tag="nth_discount", tag_field="kind"):
    """Of every `n` units in scope the cheapest at a fraction off (2nd at half price: n=2, 0.5)."""

    n: Annotated[int, Meta(ge=2)]
    rate: Rate


class Gift(Strict, frozen=True, kw_only=True, tag="gift", tag_field="kind"):
    """More units at price zero. `products` has one sku, or several to choose from.

    The list price on the receipt is the catalogue's; `price`, `category` and `tax_rate` stand in
    where the product is not known to it.
    """

    products: tuple[str, ...]
    quantity: Some = 1
    price: Amount = "0"
    category: str = ""
    tax_rate: Rate | None = None


class Multiplier(Strict, frozen=True, kw_only=True, tag="multiplier", tag_field="kind"):
    """Earned points of the lines in scope times a factor."""

    factor: Rate


class SpendRebate(Strict, frozen=True, kw_only=True, tag="spend_rebate", tag_field="kind"):
    """Points once the member's spend in the offer's dates (this sale included) reaches a sum."""

    spend: Amount
    points: Some


Effect = (
    AmountOff
    | PercentOff
    | FixedPrice
    | CheapestOff
    | NForPrice
    | BuyXGetY
    | NthDiscount
    | Gift
    | Multiplier
    | SpendRebate
)


class Budget(Strict, frozen=True, kw_only=True):
    """Limits on how much an offer may give, in this shop and per member; absent = none."""

    uses: Some | None = None
    amount: Amount | None = None
    uses_per_member: Some | None = None
    uses_per_sale: Some | None = None


class Offer(Strict, frozen=True, kw_only=True):
    """One rule: a trigger, conditions, an effect, a scope, an exclusive group, a budget."""

    id: Name
    name: Text
    effect: Effect
    trigger: Literal["automatic", "coupon", "code"] = "automatic"
    code: str | None = None
    """For trigger "code": what is typed or scanned."""
    scope: Scope = Scope()
    threshold: Threshold | None = None
    when: Conditions = Conditions()
    group: Name | None = None
    """Offers of one exclusive group do not combine. Absent = combines with everything."""
    budget: Budget = Budget()
    coupon_days: Days | None = None
    """How many days a coupon of this offer lives, counted from the day after issue."""
    why: str | None = None
    """Where a coupon comes from: welcome, birthday, tier_up, win_back, recovery, claim, points."""
