"""The program: one version of a shop's whole loyalty and pricing policy, as typed data.

Owns: the shape of the TOML file (strict: unknown keys are refused) and look-ups on it.
Does not own: whether it makes sense (program_check.py), what it costs a basket (pricing.py).
Money, quantities and rates are decimal strings in the file; rates are fractions ("0.12").
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

AMOUNT_PATTERN = r"^\d{1,10}(\.\d{1,3})?$"
RATE_PATTERN = r"^\d{1,4}(\.\d{1,6})?$"
Amount = Annotated[str, Meta(pattern=AMOUNT_PATTERN, description="money, as in 12.50")]
Rate = Annotated[str, Meta(pattern=RATE_PATTERN, description="a fraction, 0.12")]
Count = Annotated[int, Meta(ge=0)]
Some = Annotated[int, Meta(ge=1)]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


class _Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class Text(_Strict, frozen=True, kw_only=True):
    """Words a customer reads, in both languages."""

    zh: str
    en: str


class Scope(_Strict, frozen=True, kw_only=True):
    """Which lines a rule looks at; all empty = the whole order. Exclusions win."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    except_products: tuple[str, ...] = ()
    except_categories: tuple[str, ...] = ()


class Conditions(_Strict, frozen=True, kw_only=True):
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


class Threshold(_Strict, frozen=True, kw_only=True):
    """What the net after bundles of the lines in scope must reach; one of the two."""

    amount: Amount | None = None
    quantity: Some | None = None


class AmountOff(_Strict, frozen=True, kw_only=True, tag="amount_off", tag_field="kind"):
    """Money off the scope; with `per_threshold`, once for every time the threshold is reached."""

    amount: Amount
    per_threshold: bool = False
    cap: Amount | None = None


class PercentOff(_Strict, frozen=True, kw_only=True, tag="percent_off", tag_field="kind"):
    """A fraction off what is left of the scope, at most `cap`."""

    rate: Rate
    cap: Amount | None = None


class FixedPrice(_Strict, frozen=True, kw_only=True, tag="fixed_price", tag_field="kind"):
    """The `quantity` dearest units in scope at this unit price each, where they cost more.

    An exchange coupon, an add-on price. Once per sale; by coupon, once per coupon.
    """

    price: Amount
    quantity: Some = 1


class CheapestOff(_Strict, frozen=True, kw_only=True, tag="cheapest_off", tag_field="kind"):
    """A fraction off the cheapest unit in scope when at least `of` units are bought.

    Once per sale: it binds every free unit in scope.
    """

    of: Annotated[int, Meta(ge=2)]
    rate: Rate = "1"


class NForPrice(_Strict, frozen=True, kw_only=True, tag="n_for_price", tag_field="kind"):
    """`n` units in scope together for a price."""

    n: Annotated[int, Meta(ge=2)]
    price: Amount


class BuyXGetY(_Strict, frozen=True, kw_only=True, tag="buy_x_get_y", tag_field="kind"):
    """Of every buy + get units in scope the `get` cheapest at a fraction off (1 = free)."""

    buy: Some
    get: Some = 1
    rate: Rate = "1"


class NthDiscount(_Strict, frozen=True, kw_only=True, tag="nth_discount", tag_field="kind"):
    """Of every `n` units in scope the cheapest at a fraction off (2nd at half price: n=2, 0.5)."""

    n: Annotated[int, Meta(ge=2)]
    rate: Rate


class Gift(_Strict, frozen=True, kw_only=True, tag="gift", tag_field="kind"):
    """More units at price zero. `products` has one sku, or several to choose from.

    The list price on the receipt is the catalogue's; `price`, `category` and `tax_rate` stand in
    where the product is not known to it.
    """

    products: tuple[str, ...]
    quantity: Some = 1
    price: Amount = "0"
    category: str = ""
    tax_rate: Rate | None = None


class Multiplier(_Strict, frozen=True, kw_only=True, tag="multiplier", tag_field="kind"):
    """Earned points of the lines in scope times a factor."""

    factor: Rate


class SpendRebate(_Strict, frozen=True, kw_only=True, tag="spend_rebate", tag_field="kind"):
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


class Budget(_Strict, frozen=True, kw_only=True):
    """Limits on how much an offer may give, in this shop and per member; absent = none."""

    uses: Some | None = None
    amount: Amount | None = None
    uses_per_member: Some | None = None
    uses_per_sale: Some | None = None


class Offer(_Strict, frozen=True, kw_only=True):
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
    coupon_days: Some | None = None
    """How many days a coupon of this offer lives, counted from the day after issue."""
    why: str | None = None
    """Where a coupon comes from: welcome, birthday, tier_up, win_back, recovery, claim, points."""


class PriceOverride(_Strict, frozen=True, kw_only=True):
    """One product's price on a price list: a price, or a fraction off its list price."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    price: Amount | None = None
    rate: Rate | None = None


class PriceList(_Strict, frozen=True, kw_only=True):
    """A campaign price list: a level that can be switched on for the whole basket."""

    id: Name
    name: Text
    prices: tuple[PriceOverride, ...]
    when: Conditions = Conditions()


class Qualify(_Strict, frozen=True, kw_only=True):
    """The ways up to a tier; any one of them is enough. All absent = the entry tier."""

    spend: Amount | None = None
    """Qualifying spend in the current and the 12 full months before."""
    visits: Some | None = None
    points_earned: Some | None = None
    plan: Name | None = None
    grant: bool = True


class Entitlement(_Strict, frozen=True, kw_only=True):
    """A benefit that is not money, n per period."""

    id: Name
    name: Text
    count: Some
    period: Literal["day", "month", "year", "once"] = "month"


class Tier(_Strict, frozen=True, kw_only=True):
    """One step of the ladder; the file lists tiers from the entry tier upwards."""

    id: Name
    name: Text
    qualify: Qualify = Qualify()
    discount: Rate = "0"
    discount_scope: Scope = Scope()
    earn_rate: Rate = "1"
    points_months: Some = 12
    months: Some = 12
    """How many months after the month of reaching it the tier lasts, to a month's end."""
    trial_days: Some | None = None
    response_minutes: Some = 240
    entitlements: tuple[Entitlement, ...] = ()
    benefits: tuple[Text, ...] = ()
    tier_up_offers: tuple[Name, ...] = ()
    """Coupons given once when the tier is reached."""


class Plan(_Strict, frozen=True, kw_only=True):
    """A paid membership pack that gives a tier for a time; it is sold as a product."""

    id: Name
    name: Text
    sku: str
    tier: Name
    months: Some = 12


class CategoryEarn(_Strict, frozen=True, kw_only=True):
    """An earning factor for categories or products (2 = double, 0 = earns nothing)."""

    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    factor: Rate


class Earning(_Strict, frozen=True, kw_only=True):
    """How points come: one point per `unit` of net paid amount, times rates and factors."""

    unit: Amount = "1.00"
    combine: Literal["best", "multiply", "add"] = "best"
    """How category, campaign and birthday factors combine; the tier's rate multiplies always."""
    birthday_factor: Rate = "1"
    categories: tuple[CategoryEarn, ...] = ()
    hold_above: Count = 2000
    """A sale that earns more than this keeps all its points held for the return window."""


class IdentityLimits(_Strict, frozen=True, kw_only=True):
    """Points that may be spent a day, by how the member was identified; absent = no limit."""

    pass_: Count | None = msgspec.field(default=None, name="pass")
    card: Count | None = 5000
    phone: Count | None = 500
    name: Count | None = 0


class Redemption(_Strict, frozen=True, kw_only=True):
    """Points against the bill: `points` are worth `amount`."""

    points: Some = 100
    amount: Amount = "1.00"
    minimum: Count = 100
    step: Some = 100
    max_share: Rate = "0.5"
    per_day: IdentityLimits = IdentityLimits()


class PointsPrice(_Strict, frozen=True, kw_only=True):
    """A product for points plus price (积分价)."""

    product: str
    points: Some
    price: Amount = "0"


class CheckIn(_Strict, frozen=True, kw_only=True):
    """Daily in-store check-in: points by the day of the streak, the last one repeats."""

    points: tuple[Some, ...] = (5, 5, 10, 10, 15, 15, 20)
    streak_max: Some = 31


class Referral(_Strict, frozen=True, kw_only=True):
    """What the referrer gets; vested after the friend's first paid order passed its returns."""

    join_points: Count = 100
    first_order_share: Rate = "0.3"
    per_year: Count = 20


class Welcome(_Strict, frozen=True, kw_only=True):
    """What a new member gets once, usable in the same basket."""

    points: Count = 0
    offers: tuple[Name, ...] = ()


class BirthdayGift(_Strict, frozen=True, kw_only=True):
    """What a member gets once a year in the birthday month."""

    points: Count = 0
    offers: tuple[Name, ...] = ()
    tier: Name | None = None


class ExpiringPoints(_Strict, frozen=True, kw_only=True):
    """When the till says that points expire, and the coupon they may become."""

    warn_months: Count = 3
    offer: Name | None = None
    points: Some = 500


class Debt(_Strict, frozen=True, kw_only=True):
    """What happens to earned points already spent when their sale is refunded."""

    named_limit: Count = 1000
    """A named member may owe this many points; beyond it their value is kept back."""


class OfflineLimits(_Strict, frozen=True, kw_only=True):
    """What may be spent without the server (grants and floor limits)."""

    grant_share: Rate = "0.2"
    grant_max: Count = 1000
    grant_days: Some = 7
    floor_member: Count = 500
    floor_till: Count = 5000
    data_hours: Some = 72


class Prices(_Strict, frozen=True, kw_only=True):
    """Currency, tax and cash rules."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = "CNY"
    decimals: Annotated[int, Meta(ge=0, le=3)] = 2
    tax_inclusive: bool = True
    default_tax_rate: Rate = "0.13"
    round_off_step: Amount | None = "0.10"
    """Cash is rounded down to this step at payment; absent = never."""
    return_days: Count = 7
    member_price: bool = True
    """Whether members see the products' member price."""


class ExclusiveProducts(_Strict, frozen=True, kw_only=True):
    """Goods only a tier (and above) may buy; absent tier = any member. Opens for all later."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tier: Name | None = None
    opens_for_all: date | None = None


class Stacking(_Strict, frozen=True, kw_only=True):
    """How many coupons one sale may use."""

    coupons_max: Annotated[int, Meta(ge=0, le=4)] = 4


class Program(_Strict, frozen=True, kw_only=True):
    """One version of a program file. `tiers` go from the entry tier upwards."""

    schema: Literal[1]
    id: Name
    version: str
    name: Text
    announced: date
    effective: date
    notice_days: Count = 30
    timezone: str = "Asia/Shanghai"
    tiers: tuple[Tier, ...]
    prices: Prices = Prices()
    earning: Earning = Earning()
    redemption: Redemption = Redemption()
    stacking: Stacking = Stacking()
    price_lists: tuple[PriceList, ...] = ()
    offers: tuple[Offer, ...] = ()
    points_prices: tuple[PointsPrice, ...] = ()
    exclusive: tuple[ExclusiveProducts, ...] = ()
    plans: tuple[Plan, ...] = ()
    check_in: CheckIn | None = None
    referral: Referral | None = None
    welcome: Welcome = Welcome()
    birthday: BirthdayGift = BirthdayGift()
    expiring: ExpiringPoints = ExpiringPoints()
    debt: Debt = Debt()
    offline: OfflineLimits = OfflineLimits()
    announcements: tuple[Text, ...] = ()

    def tier(self, tier_id: str) -> Tier:
        """The tier by its id; KeyError for a tier this version does not know."""
        return self.tiers[self.rank(tier_id)]

    def rank(self, tier_id: str) -> int:
        """The place on the ladder, 0 = entry tier; KeyError for an unknown tier."""
        for rank, tier in enumerate(self.tiers):
            if tier.id == tier_id:
                return rank
        raise KeyError(tier_id)

    def offer(self, offer_id: str) -> Offer | None:
        """The offer by its id, or None where this version has none such."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)
