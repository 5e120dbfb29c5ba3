"""The program: one version of a shop's whole loyalty and pricing policy, as typed data.

Owns: the shape of the TOML file (strict: unknown keys are refused) and look-ups on it. Offers,
rewards and tiers have files of their own (offer.py, reward_rule.py, tier_rule.py); who reads a
program imports all of it from here.
Does not own: whether it makes sense (program_check.py), what it costs a basket (pricing.py).
Money, quantities and rates are decimal strings in the file; rates are fractions ("0.12").
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from app.domain.bound import DAYS_MAX
from app.domain.complaint_rules import ComplaintProgram
from app.domain.offer import (
    AMOUNT_PATTERN,
    RATE_PATTERN,
    Amount,
    AmountOff,
    Budget,
    BuyXGetY,
    CheapestOff,
    Conditions,
    Count,
    Effect,
    FixedPrice,
    Gift,
    Multiplier,
    Name,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    Rate,
    Scope,
    Some,
    SpendRebate,
    Strict,
    Text,
    Threshold,
)
from app.domain.reward_rule import CouponReward, GiftReward, Period, ProductReward, Reward
from app.domain.survey_rule import Survey
from app.domain.tier_rule import Entitlement, PackRefund, Plan, Qualify, Tier, Trial

__all__ = [
    "AMOUNT_PATTERN",
    "RATE_PATTERN",
    "Amount",
    "AmountOff",
    "BirthdayGift",
    "Budget",
    "BuyXGetY",
    "CategoryEarn",
    "CheapestOff",
    "CheckIn",
    "Conditions",
    "Count",
    "CouponLimits",
    "CouponReward",
    "Debt",
    "Earning",
    "Effect",
    "Entitlement",
    "ExclusiveProducts",
    "ExpiringPoints",
    "FixedPrice",
    "Gift",
    "GiftReward",
    "IdentityLimits",
    "Multiplier",
    "NForPrice",
    "Name",
    "NthDiscount",
    "Offer",
    "OfflineLimits",
    "PackRefund",
    "PercentOff",
    "Period",
    "Plan",
    "PointsPrice",
    "PriceList",
    "PriceOverride",
    "Prices",
    "ProductReward",
    "Program",
    "Qualify",
    "Rate",
    "Redemption",
    "Referral",
    "ReferralStep",
    "Reward",
    "Scope",
    "Some",
    "SpendRebate",
    "Stacking",
    "Survey",
    "Text",
    "Threshold",
    "Tier",
    "Trial",
    "Welcome",
    "precedence",
]


class PriceOverride(Strict, frozen=True, kw_only=True):
    """One product's price on a price list: a price, or a fraction off its list price."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    price: Amount | None = None
    rate: Rate | None = None


class PriceList(Strict, frozen=True, kw_only=True):
    """A campaign price list: a level that can be switched on for the whole basket."""

    id: Name
    name: Text
    prices: tuple[PriceOverride, ...]
    when: Conditions = Conditions()


class CategoryEarn(Strict, frozen=True, kw_only=True):
    """An earning factor for categories or products (2 = double, 0 = earns nothing)."""

    categories: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    factor: Rate


class Earning(Strict, frozen=True, kw_only=True):
    """How points come: one point per `unit` of net paid amount, times rates and factors."""

    unit: Amount = "1.00"
    combine: Literal["best", "multiply", "add"] = "best"
    """How category, campaign and birthday factors combine; the tier's rate multiplies always."""
    birthday_factor: Rate = "1"
    categories: tuple[CategoryEarn, ...] = ()
    hold_above: Count = 2000
    """A sale that earns more than this keeps all its points held for the return window."""


class IdentityLimits(Strict, frozen=True, kw_only=True):
    """Points that may be spent a day, by how the member was identified; absent = no limit."""

    pass_: Count | None = msgspec.field(default=None, name="pass")
    card: Count | None = 5000
    phone: Count | None = 500
    name: Count | None = 0


class Redemption(Strict, frozen=True, kw_only=True):
    """Points against the bill: `points` are worth `amount`."""

    points: Some = 100
    amount: Amount = "1.00"
    minimum: Count = 100
    step: Some = 100
    max_share: Rate = "0.5"
    per_day: IdentityLimits = IdentityLimits()


class PointsPrice(Strict, frozen=True, kw_only=True):
    """A product for points plus price (积分价)."""

    product: str
    points: Some
    price: Amount = "0"


class CheckIn(Strict, frozen=True, kw_only=True):
    """Daily in-store check-in: points by the day of the streak, the last one repeats."""

    points: tuple[Some, ...] = (5, 5, 10, 10, 15, 15, 20)
    streak_max: Some = 31


class ReferralStep(Strict, frozen=True, kw_only=True):
    """What a referrer gets once, when so many friends' first orders have stood."""

    friends: Some
    points: Count = 0
    offers: tuple[Name, ...] = ()


class Referral(Strict, frozen=True, kw_only=True):
    """What the referrer gets; vested after the friend's first paid order passed its returns."""

    join_points: Count = 100
    first_order_share: Rate = "0.3"
    per_year: Count = 20
    steps: tuple[ReferralStep, ...] = ()
    """From the first one upwards."""


class Welcome(Strict, frozen=True, kw_only=True):
    """What a new member gets once, usable in the same basket."""

    points: Count = 0
    offers: tuple[Name, ...] = ()
    trial: Name | None = None
    """A tier to try from the day of joining."""


class BirthdayGift(Strict, frozen=True, kw_only=True):
    """What a member gets once a year in the birthday month."""

    points: Count = 0
    offers: tuple[Name, ...] = ()
    tier: Name | None = None


class ExpiringPoints(Strict, frozen=True, kw_only=True):
    """When the till says that points expire, and the coupon they may become."""

    warn_months: Count = 3
    offer: Name | None = None
    points: Some = 500


class Debt(Strict, frozen=True, kw_only=True):
    """What happens to earned points already spent when their sale is refunded."""

    named_limit: Count = 1000
    """A named member may owe this many points; beyond it their value is kept back."""


class OfflineLimits(Strict, frozen=True, kw_only=True):
    """What may be spent without the server (grants and floor limits)."""

    grant_share: Rate = "0.2"
    grant_max: Count = 1000
    grant_days: Some = 7
    floor_member: Count = 500
    floor_till: Count = 5000
    floor_coupons: Count = 1
    """Coupons a member may use at one till beyond those granted to it, until it is heard again."""
    floor_uses: Count = 1
    """The same of benefits that are ticked off."""
    data_hours: Some = 72


class Prices(Strict, frozen=True, kw_only=True):
    """Currency, tax and cash rules."""

    currency: Annotated[str, Meta(pattern=r"^[A-Z]{3}$")] = "CNY"
    decimals: Annotated[int, Meta(ge=0, le=3)] = 2
    tax_inclusive: bool = True
    default_tax_rate: Rate = "0.13"
    round_off_step: Amount | None = "0.10"
    """Cash is rounded down to this step at payment; absent = never."""
    return_days: Annotated[int, Meta(ge=0, le=DAYS_MAX - 1)] = 7
    member_price: bool = True
    """Whether members see the products' member price."""


class ExclusiveProducts(Strict, frozen=True, kw_only=True):
    """Goods only a tier (and above) may buy; absent tier = any member. Opens for all later."""

    products: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tier: Name | None = None
    opens_for_all: date | None = None


class CouponLimits(Strict, frozen=True, kw_only=True):
    """What coupons may take off a day, by how the member was identified; absent = no limit."""

    pass_: Amount | None = msgspec.field(default=None, name="pass")
    card: Amount | None = None
    phone: Amount | None = None
    name: Amount | None = None


class Stacking(Strict, frozen=True, kw_only=True):
    """How many coupons one sale may use, and how much they may take off a member's day."""

    coupons_max: Annotated[int, Meta(ge=0, le=4)] = 4
    per_day: CouponLimits = CouponLimits()


class Program(Strict, frozen=True, kw_only=True):
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
    rewards: tuple[Reward, ...] = ()
    exclusive: tuple[ExclusiveProducts, ...] = ()
    plans: tuple[Plan, ...] = ()
    trials: tuple[Trial, ...] = ()
    check_in: CheckIn | None = None
    referral: Referral | None = None
    welcome: Welcome = Welcome()
    birthday: BirthdayGift = BirthdayGift()
    expiring: ExpiringPoints = ExpiringPoints()
    debt: Debt = Debt()
    offline: OfflineLimits = OfflineLimits()
    complaints: ComplaintProgram = ComplaintProgram()
    survey: Survey | None = None
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

    def trial(self, trial_id: str) -> Trial | None:
        """The trial by its id, or None where this version has none such."""
        return next((trial for trial in self.trials if trial.id == trial_id), None)

    def reward(self, reward_id: str) -> Reward | None:
        """The reward by its id, or None where this version has none such."""
        return next((reward for reward in self.rewards if reward.id == reward_id), None)


def precedence(program: Program) -> tuple[date, date, tuple[tuple[int, str], ...]]:
    """What puts one version before another: whoever asks which is in force takes the greatest.

    Of those of one day the one announced last, then the higher version, its numbers as numbers:
    the same at every till and at the server, in whichever order they came.
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", program.version)
    version = tuple((int(part), "") if part[0] in "0123456789" else (-1, part) for part in parts)
    return (program.effective, program.announced, version)
