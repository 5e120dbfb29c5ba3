"""The campaign: what a shop means to give to whom, for how long, and how it knows that it helped.

Owns: the plan and its parts, the offer it becomes. Does not own: whether it makes sense
(campaign_check.py), the program that has it (campaign_program.py), what it would have cost
(campaign_trial.py), what it brought (campaign_result.py). A campaign is an offer of the program
like any other: till and server price it by the same rules, and what is special about it ends here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from app.domain.bound import Id, Name
from app.domain.offer import (
    Amount,
    AmountOff,
    Budget,
    BuyXGetY,
    Conditions,
    Days,
    Multiplier,
    NthDiscount,
    Offer,
    PercentOff,
    Rate,
    Scope,
    Some,
    SpendRebate,
    Text,
    Threshold,
)

OFFER_PREFIX = "camp-"
"""What the offer of every campaign begins with: by it a program tells them from its own."""
TITLE_LENGTH_MAX = 60
CONTROL_PERCENT_MAX = 50

Template = Literal[
    "win_back", "birthday", "member_day", "spend_and_save", "percent_off", "nth_discount",
    "buy_and_get", "spend_rebate", "expiring_points", "scan_to_claim", "try_tier",
]  # fmt: skip
Who = Literal[
    "everybody", "members", "tier", "dormant", "birthday", "expiring", "chosen", "claiming"
]
"""`chosen`: members named by somebody else, a segment of the figures. `claiming`: whoever scans its
poster."""
Delivery = Literal["automatic", "coupon", "exchange", "claim", "tier_trial"]
"""automatic: whoever buys has it. coupon: members of the audience hold one each. exchange: a
coupon that members get for points that are about to expire. claim: a coupon that members claim
themselves, once, by the poster in the store. tier_trial: members of the audience try a tier for
some days, which is no rule of the program: each trial is a fact that says all of it."""
TermsKind = Literal[
    "amount_off", "percent_off", "nth_discount", "buy_x_get_y", "multiplier", "spend_rebate",
    "tier_trial",
]  # fmt: skip
CampaignEffect: TypeAlias = (
    AmountOff | PercentOff | NthDiscount | BuyXGetY | Multiplier | SpendRebate
)
CampaignState = Literal["draft", "waiting", "published", "ended"]
"""waiting: head office has to put it in force."""


class _Part(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a plan: it stands in canonical bytes, so names never change once written."""


class Audience(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """Who is meant. `days`: without a purchase for so long; `tier`: this one and above."""

    who: Who = "members"
    days: Days = 90
    tier: Name | None = None
    segment: Name | None = None
    """The name of what `chosen` members have in common."""


class Terms(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """What is given, in a shape of its own: the program's may change, what was written may not.

    Each kind reads its own fields only. `number`: every so many; `spend` and `points`: a rebate;
    `tier` and `days`: which one is tried, and for how long.
    """

    kind: TermsKind
    amount: Amount = "0"
    per_threshold: bool = False
    rate: Rate = "0"
    cap: Amount | None = None
    number: Some = 2
    get: Some = 1
    factor: Rate = "1"
    spend: Amount = "0"
    points: Some = 1
    tier: Name | None = None
    days: Days = 30


class CampaignPlan(_Part, frozen=True, kw_only=True, omit_defaults=True):
    """One campaign as somebody planned it; every screen, trial and result reads this."""

    campaign_id: Id
    template: Template
    title: str
    starts: date
    ends: date
    """Last day, inclusive; of coupons the last day they can be used."""
    terms: Terms
    threshold: Amount | None = None
    products: tuple[Id, ...] = ()
    categories: tuple[Id, ...] = ()
    audience: Audience = Audience()
    control_percent: Annotated[int, Meta(ge=0, le=100)] = 0
    budget: Amount | None = None
    uses: Some | None = None
    """How often at most; of a tier to try: by how many members."""
    uses_per_member: Some | None = None
    stores: tuple[Id, ...] = ()
    weekdays: tuple[Annotated[int, Meta(ge=1, le=7)], ...] = ()
    month_days: tuple[Annotated[int, Meta(ge=1, le=31)], ...] = ()
    exclusive: bool = False
    """Does not combine with the shop's other exclusive offers."""
    points: Some = 500
    """For an exchange: what the coupon costs in points."""

    @property
    def offer_id(self) -> str:
        return f"{OFFER_PREFIX}{self.campaign_id}"

    @property
    def effect(self) -> CampaignEffect:
        """What is given, as the program says it."""
        assert self.is_rule, "the program does not say it"
        return _effect_of(self.terms)

    @property
    def scope(self) -> Scope:
        return Scope(products=self.products, categories=self.categories)

    @property
    def delivery(self) -> Delivery:
        """How it reaches a member: who is picked by his own life needs a coupon."""
        if self.terms.kind == "tier_trial":
            return "tier_trial"
        if self.audience.who == "expiring":
            return "exchange"
        if self.audience.who == "claiming":
            return "claim"
        by_hand = ("dormant", "birthday", "chosen")
        return "coupon" if self.audience.who in by_hand else "automatic"

    @property
    def is_rule(self) -> bool:
        """Whether it becomes an offer of the program."""
        return self.delivery != "tier_trial"

    @property
    def is_drawn(self) -> bool:
        """Whether it goes to members who are drawn beforehand, beside a control group."""
        return self.delivery in ("coupon", "tier_trial")

    @property
    def days(self) -> int:
        return (self.ends - self.starts).days + 1


def _effect_of(terms: Terms) -> CampaignEffect:
    match terms.kind:
        case "amount_off":
            return AmountOff(amount=terms.amount, per_threshold=terms.per_threshold, cap=terms.cap)
        case "percent_off":
            return PercentOff(rate=terms.rate, cap=terms.cap)
        case "nth_discount":
            return NthDiscount(n=terms.number, rate=terms.rate)
        case "buy_x_get_y":
            return BuyXGetY(buy=terms.number, get=terms.get)
        case "multiplier":
            return Multiplier(factor=terms.factor)
        case _:
            return SpendRebate(spend=terms.spend, points=terms.points)


_WHY: Mapping[Delivery, Literal["points", "campaign"]] = MappingProxyType(
    {"exchange": "points", "coupon": "campaign", "claim": "campaign"}
)


@dataclass(frozen=True, slots=True)
class OfferWords:
    """What a customer reads of it, in both languages."""

    zh: str
    en: str


def offer_of(plan: CampaignPlan, words: OfferWords, group: str | None = None) -> Offer:
    """The rule of the program that a plan becomes. `group`: what it does not combine with."""
    delivery = plan.delivery
    who = plan.audience.who
    return Offer(
        id=plan.offer_id,
        name=Text(zh=words.zh, en=words.en),
        effect=plan.effect,
        trigger="automatic" if delivery == "automatic" else "coupon",
        scope=plan.scope,
        threshold=None if plan.threshold is None else Threshold(amount=plan.threshold),
        when=Conditions(
            tier=plan.audience.tier if who == "tier" else None,
            members_only=who != "everybody",
            stores=plan.stores,
            weekdays=plan.weekdays,
            month_days=plan.month_days,
            starts=plan.starts,
            ends=plan.ends,
        ),
        group=group if plan.exclusive else None,
        budget=Budget(
            uses=plan.uses, amount=plan.budget, uses_per_member=plan.uses_per_member
        ),
        coupon_days=plan.days if delivery == "exchange" else None,
        why=_WHY.get(delivery),
    )  # fmt: skip


def is_of_campaign(offer_id: str) -> bool:
    """Whether an offer of a program was put there by a campaign."""
    return offer_id.startswith(OFFER_PREFIX)


def exclusive_group(groups: Iterable[str | None]) -> str:
    """What offers that stand alone are in: the shop's own group where it has one already, since a
    program has three at most; else one of the campaigns."""
    known = sorted({group for group in groups if group is not None})
    return known[0] if known else "campaigns"
