"""The campaign check: what is wrong with a plan, and what its owner should know before it is out.

Owns: every rule about one plan, and about a plan beside the program it joins. Does not own: the
sentences (ui/campaigns), the program's own rules (program_check.py), which are asked as well when
it is published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from app.domain.campaign import (
    CONTROL_PERCENT_MAX,
    TITLE_LENGTH_MAX,
    CampaignPlan,
    exclusive_group,
)
from app.domain.offer import (
    AmountOff,
    BuyXGetY,
    Conditions,
    Multiplier,
    NthDiscount,
    Offer,
    PercentOff,
    Scope,
    SpendRebate,
)
from app.domain.program import Program
from app.domain.tier_rule import TRIAL_DAYS_MAX

DAYS_LONG_MAX = 400
"""No campaign is longer: so long a till keeps what its result is reckoned from."""
_NOTHING = "—"
CONTROL_FEW = 30
"""Of fewer members nothing clear is to be expected."""

Field = Literal[
    "title", "starts", "ends", "amount", "threshold", "rate", "factor", "number", "scope",
    "audience", "tier", "control", "budget", "uses", "points", "way", "text_zh", "text_en",
    "tried", "trial_days",
]  # fmt: skip
Code = Literal[
    "title_missing", "title_long", "ends_before_start", "starts_in_past", "too_long",
    "gives_nothing", "off_above_threshold", "decimals", "rate_above_one", "scope_missing",
    "nobody_reached", "unknown_tier", "control_too_large", "budget_below_one_use",
    "points_need_members", "cap_below_amount", "fraction_of_one", "nobody_sends", "text_missing",
    "text_long", "claims_without_end", "nobody_hands_out", "no_tier_to_try", "tried_too_long",
    "nobody_may_try",
]  # fmt: skip
Warned = Literal["overlaps", "control_small", "budget_may_be_passed", "no_end_of_giving"]


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """Why a plan cannot be published, at which field. `value` is what stands there."""

    field: Field
    code: Code
    value: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """What somebody should know and may do all the same. `offers`: ids of others it meets."""

    code: Warned
    value: str = ""
    offers: tuple[str, ...] = ()


def check_plan(
    plan: CampaignPlan, program: Program, today: date, reached: int | None = None
) -> tuple[PlanProblem, ...]:
    """Everything that is wrong, in the order of the wizard. `reached`: to how many members it
    would go; None: nobody has counted yet."""
    return (
        *_title(plan),
        *_audience(plan, program, reached),
        *(_rule(plan, program) if plan.is_rule else _tier_trial(plan, program)),
        *_dates(plan, today),
        *(_budget(plan) if plan.is_rule else ()),
    )


def _rule(plan: CampaignPlan, program: Program) -> Iterator[PlanProblem]:
    yield from _terms(plan)
    yield from _amounts(plan, program.prices.decimals)


def _tier_trial(plan: CampaignPlan, program: Program) -> Iterator[PlanProblem]:
    terms = plan.terms
    known = [tier.id for tier in program.tiers[1:]]
    if terms.tier not in known:
        said = ", ".join(known) or _NOTHING
        yield PlanProblem("tried", "no_tier_to_try", terms.tier or _NOTHING, said)
    if terms.days > TRIAL_DAYS_MAX:
        yield PlanProblem("trial_days", "tried_too_long", str(terms.days), str(TRIAL_DAYS_MAX))


def _title(plan: CampaignPlan) -> Iterator[PlanProblem]:
    title = plan.title.strip()
    if not title:
        yield PlanProblem("title", "title_missing")
    elif len(title) > TITLE_LENGTH_MAX:
        yield PlanProblem("title", "title_long", str(len(title)), str(TITLE_LENGTH_MAX))


def _dates(plan: CampaignPlan, today: date) -> Iterator[PlanProblem]:
    if plan.ends < plan.starts:
        yield PlanProblem("ends", "ends_before_start", plan.ends.isoformat(),
                          plan.starts.isoformat())  # fmt: skip
    elif plan.starts < today:
        yield PlanProblem("starts", "starts_in_past", plan.starts.isoformat())
    elif plan.days > DAYS_LONG_MAX:
        yield PlanProblem("ends", "too_long", str(plan.days), str(DAYS_LONG_MAX))


def _audience(plan: CampaignPlan, program: Program, reached: int | None) -> Iterator[PlanProblem]:
    audience = plan.audience
    known = [tier.id for tier in program.tiers]
    if audience.who == "tier" and audience.tier not in known:
        yield PlanProblem("tier", "unknown_tier", audience.tier or "", ", ".join(known))
    if audience.who == "everybody" and plan.terms.kind in ("multiplier", "spend_rebate"):
        yield PlanProblem("audience", "points_need_members")
    if plan.is_drawn:
        if reached == 0:
            why: Code = "nobody_reached" if plan.is_rule else "nobody_may_try"
            yield PlanProblem("audience", why)
        if plan.control_percent > CONTROL_PERCENT_MAX:
            yield PlanProblem(
                "control", "control_too_large", str(plan.control_percent), str(CONTROL_PERCENT_MAX)
            )


def _terms(plan: CampaignPlan) -> Iterator[PlanProblem]:
    terms = plan.effect
    match terms:
        case AmountOff():
            yield from _amount_off(plan, terms)
        case PercentOff() | NthDiscount() | BuyXGetY():
            yield from _rate(terms.rate)
            if isinstance(terms, PercentOff) and terms.cap and Fraction(terms.cap) == 0:
                yield PlanProblem("amount", "gives_nothing", terms.cap)
        case Multiplier():
            if Fraction(terms.factor) <= 1:
                yield PlanProblem("factor", "gives_nothing", terms.factor)
        case _:
            if Fraction(terms.spend) == 0:
                yield PlanProblem("threshold", "gives_nothing", terms.spend)
    if isinstance(terms, NthDiscount | BuyXGetY) and plan.scope == Scope():
        yield PlanProblem("scope", "scope_missing")


def _amount_off(plan: CampaignPlan, terms: AmountOff) -> Iterator[PlanProblem]:
    amount = Fraction(terms.amount)
    if not amount:
        yield PlanProblem("amount", "gives_nothing", terms.amount)
    if plan.threshold is not None and Fraction(plan.threshold) < amount:
        yield PlanProblem("threshold", "off_above_threshold", plan.threshold, terms.amount)
    if terms.cap is not None and Fraction(terms.cap) < amount:
        yield PlanProblem("amount", "cap_below_amount", terms.cap, terms.amount)


def _rate(rate: str) -> Iterator[PlanProblem]:
    if not Fraction(rate):
        yield PlanProblem("rate", "gives_nothing", rate)
    elif Fraction(rate) > 1:
        yield PlanProblem("rate", "rate_above_one", rate)


def _amounts(plan: CampaignPlan, decimals: int) -> Iterator[PlanProblem]:
    terms = plan.effect
    written: list[tuple[Field, str | None]] = [("threshold", plan.threshold)]
    if isinstance(terms, AmountOff):
        written += [("amount", terms.amount), ("amount", terms.cap)]
    if isinstance(terms, PercentOff):
        written.append(("amount", terms.cap))
    if isinstance(terms, SpendRebate):
        written.append(("threshold", terms.spend))
    written.append(("budget", plan.budget))
    for field, amount in written:
        if amount is not None and len(amount.partition(".")[2]) > decimals:
            yield PlanProblem(field, "decimals", amount, str(decimals))


def _budget(plan: CampaignPlan) -> Iterator[PlanProblem]:
    one = most_of_one_use(plan)
    if plan.delivery == "claim" and plan.uses is None and (plan.budget is None or one is None):
        yield PlanProblem("uses", "claims_without_end")
    if plan.budget is None:
        return
    if not Fraction(plan.budget):
        yield PlanProblem("budget", "gives_nothing", plan.budget)
    elif one is not None and Fraction(plan.budget) < Fraction(one):
        yield PlanProblem("budget", "budget_below_one_use", plan.budget, one)


def most_of_one_use(plan: CampaignPlan) -> str | None:
    """The most that one use can take off, as an amount; None where nothing bounds it."""
    if not plan.is_rule:
        return None
    terms = plan.effect
    if isinstance(terms, AmountOff):
        return terms.cap if terms.cap is not None or terms.per_threshold else terms.amount
    return terms.cap if isinstance(terms, PercentOff) else None


# ------------------------------------------------------------------ warnings


def warnings_of(
    plan: CampaignPlan, program: Program, reached: int | None = None
) -> tuple[PlanWarning, ...]:
    """What its owner should read before it is out. `reached`: members that would get a coupon."""
    return (
        *_overlaps(plan, program),
        *(_of_drawn(plan, reached) if plan.is_drawn and reached else ()),
        *_boundless(plan),
    )


def _overlaps(plan: CampaignPlan, program: Program) -> Iterator[PlanWarning]:
    """Other offers of its group that are in force on one of its days and on some of its goods."""
    if not plan.exclusive:
        return
    group = exclusive_group(offer.group for offer in program.offers)
    met = tuple(
        offer.id
        for offer in program.offers
        if offer.group == group and offer.id != plan.offer_id and _meets(plan, offer)
    )
    if met:
        yield PlanWarning("overlaps", offers=met)


def _meets(plan: CampaignPlan, offer: Offer) -> bool:
    return _share_days(plan, offer.when) and _share_goods(plan.scope, offer.scope)


def _share_days(plan: CampaignPlan, when: Conditions) -> bool:
    begins, ends = when.starts or date.min, when.ends or date.max
    return begins <= plan.ends and plan.starts <= ends


def _share_goods(first: Scope, second: Scope) -> bool:
    """Whether one product may be in both. Categories and products cannot be told apart here."""
    narrow = [one for one in (first, second) if one.products or one.categories]
    if len(narrow) < 2:
        return True
    if first.products and second.products and not (first.categories or second.categories):
        return bool(set(first.products) & set(second.products))
    if first.categories and second.categories and not (first.products or second.products):
        return bool(set(first.categories) & set(second.categories))
    return True


def _of_drawn(plan: CampaignPlan, reached: int) -> Iterator[PlanWarning]:
    control = reached * plan.control_percent // 100
    if control < CONTROL_FEW:
        yield PlanWarning("control_small", str(control))
    one = most_of_one_use(plan)
    if plan.budget is not None and one is not None:
        worst = Fraction(one) * (reached - control)
        if worst > Fraction(plan.budget):
            # A coupon that somebody holds is a promise: it is honoured though the budget is gone.
            yield PlanWarning("budget_may_be_passed", _amount(worst))


def _boundless(plan: CampaignPlan) -> Iterator[PlanWarning]:
    bounded = plan.budget is not None or plan.uses is not None
    if plan.delivery == "automatic" and not bounded:
        yield PlanWarning("no_end_of_giving")


def _amount(amount: Fraction) -> str:
    """Whole or with its decimals, as amounts are written in a program."""
    thousandths = amount.numerator * 1000 // amount.denominator
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".")
