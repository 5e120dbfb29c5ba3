"""The trial: what a campaign would have cost on sales that took place.

Owns: pricing such a sale with and without the offer, by the rules of the till, and adding up what
differs. Does not own: which sales (services), pricing (pricing.py), what a fact was priced by
(repricing.py). Nobody knows what people would have bought besides: a trial says what the same
baskets would have cost, no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from msgspec.structs import replace as replace_struct

from app.domain.campaign import CampaignPlan, OfferWords, exclusive_group, offer_of
from app.domain.campaign_lent import Lent, lent_in, worth
from app.domain.conditions import Context
from app.domain.facts import SaleRecorded
from app.domain.offer import SpendRebate
from app.domain.plan import minor
from app.domain.pricing import price
from app.domain.program import Program
from app.domain.quote import Quote
from app.domain.repricing import inputs_of
from app.domain.stored_program import OfferUse
from app.domain.tiers import rank_of
from app.domain.view import AccountView, HeldCoupon

_NOBODY = OfferWords("", "")
COUPON = "trial"


@dataclass(frozen=True, slots=True)
class TrialSums:
    """What the trial found so far. `unread`: sales by rules that are not known here any more."""

    sales: int = 0
    touched: int = 0
    members: int = 0
    cost_minor: int = 0
    points: int = 0
    unread: int = 0
    budget_used: bool = False


@dataclass(slots=True)
class Trial:
    """One walk over past sales, in their order. `audience`: who would hold a coupon."""

    plan: CampaignPlan
    audience: Collection[str] = frozenset()
    sums: TrialSums = TrialSums()
    _used: dict[str, int] = field(default_factory=dict)
    """How often each member had it."""
    _spent: dict[str, int] = field(default_factory=dict)
    """For a rebate: what each member spent so far."""
    _given_minor: int = 0
    _made: dict[tuple[str, str], Program] = field(default_factory=dict)

    def add(self, fact: SaleRecorded, program: Program | None) -> None:
        """Price one more sale. `program`: the version it names; None where it is not known."""
        if program is None or not _fits(program, self.plan):
            self._count(TrialSums(unread=1))
        elif self.plan.delivery == "tier_trial":
            self._lend(fact, program, self.plan.terms.tier or "")
        elif isinstance(terms := self.plan.effect, SpendRebate):
            self._rebate(fact, program, terms)
        else:
            self._price(fact, program)

    def _price(self, fact: SaleRecorded, program: Program) -> None:
        inputs = inputs_of(fact, program)
        before = price(inputs.basket, inputs.view, program, inputs.at, inputs.context)
        after = price(
            inputs.basket,
            self._view(fact, inputs.view),
            self._with_offer(program),
            inputs.at,
            self._context(fact, inputs.context),
        )
        points = after.points_earned - before.points_earned
        if _applies(after, self.plan.offer_id) or points:
            cost = worth(before) - worth(after)
            self._given_minor += cost
            self._had(fact.member, cost, points)
        else:
            self._count(TrialSums(sales=1, budget_used=_is_used_up(after, self.plan.offer_id)))

    def _view(self, fact: SaleRecorded, view: AccountView | None) -> AccountView | None:
        """The member with a coupon of the campaign, where he would hold one and has not used it."""
        if self.plan.delivery == "automatic" or view is None or not self._holds(fact.member):
            return view
        coupon = HeldCoupon(COUPON, self.plan.offer_id, fact.day, None)
        return replace(view, coupons=(*view.coupons, coupon))

    def _holds(self, member: str | None) -> bool:
        return member in self.audience and not self._used.get(member or "")

    def _context(self, fact: SaleRecorded, context: Context) -> Context:
        """What it has given so far counts against its budget, as it would at the till."""
        offer, uses = self.plan.offer_id, sum(self._used.values())
        of_member = self._used.get(fact.member or "", 0)
        return replace(
            context,
            uses={**context.uses, offer: OfferUse(offer, uses, self._given_minor)},
            member_uses={**context.member_uses, offer: of_member if fact.member else 0},
        )

    def _with_offer(self, program: Program) -> Program:
        key = (program.id, program.version)
        if key not in self._made:
            group = exclusive_group(offer.group for offer in program.offers)
            offer = offer_of(self.plan, _NOBODY, group)
            # Its own days are to come; weekdays and days of the month hold as they will.
            always = replace_struct(offer, when=replace_struct(offer.when, starts=None, ends=None))
            self._made[key] = replace_struct(program, offers=(*program.offers, always))
        return self._made[key]

    def _rebate(self, fact: SaleRecorded, program: Program, terms: SpendRebate) -> None:
        """A rebate changes no price: it comes once the spend of the time reaches its sum."""
        member, line = fact.member, minor(terms.spend, program.prices.decimals)
        before = self._spent.get(member or "", 0)
        if member is None or not _is_high_enough(fact, program, self.plan):
            self._count(TrialSums(sales=1))
            return
        self._spent[member] = before + fact.total_minor
        if before < line <= before + fact.total_minor:
            self._had(member, 0, terms.points)
        else:
            self._count(TrialSums(sales=1))

    def _lend(self, fact: SaleRecorded, program: Program, tier: str) -> None:
        """The member as he was seen, but at the tier he would try; who stood there is as he was."""
        if fact.seen is None or fact.member not in self.audience:
            self._count(TrialSums(sales=1))
            return
        lent = lent_in(fact, program, fact.seen.tier, tier)
        if lent != Lent():
            self._had(fact.member, lent.cost_minor, lent.points)
        else:
            self._count(TrialSums(sales=1))

    def _had(self, member: str | None, cost: int, points: int) -> None:
        is_new = member is not None and member not in self._used
        self._used[member or ""] = self._used.get(member or "", 0) + 1
        self._count(
            TrialSums(sales=1, touched=1, members=int(is_new), cost_minor=cost, points=points)
        )

    def _count(self, more: TrialSums) -> None:
        sums = self.sums
        self.sums = TrialSums(
            sums.sales + more.sales,
            sums.touched + more.touched,
            sums.members + more.members,
            sums.cost_minor + more.cost_minor,
            sums.points + more.points,
            sums.unread + more.unread,
            sums.budget_used or more.budget_used,
        )


def _fits(program: Program, plan: CampaignPlan) -> bool:
    """Whether the plan can be put beside these rules: they may know other tiers."""
    asked = [plan.audience.tier if plan.audience.who == "tier" else None, plan.terms.tier]
    known = {tier.id for tier in program.tiers}
    return all(each is None or each in known for each in asked)


def _is_high_enough(fact: SaleRecorded, program: Program, plan: CampaignPlan) -> bool:
    if plan.audience.who != "tier" or plan.audience.tier is None:
        return True
    seen = program.tiers[0].id if fact.seen is None else fact.seen.tier
    return rank_of(program, seen) >= rank_of(program, plan.audience.tier)


def _applies(quote: Quote, rule: str) -> bool:
    return any(change.rule == rule for change in quote.order_adjustments) or any(
        change.rule == rule for line in quote.lines for change in line.adjustments
    )


def _is_used_up(quote: Quote, rule: str) -> bool:
    return any(
        why.rule == rule and why.reason == "BUDGET_USED" for why in quote.not_applied
    )  # fmt: skip
