"""Words of campaigns: templates, what is given, to whom, what is wrong. Pure: no Qt, no service.

Owns: those sentences. Does not own: what they are about (app/domain/campaign*.py), rows and pages
(view_model.py, wizard_view.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from app.domain.campaign import Audience, CampaignPlan, CampaignState, OfferWords, Template
from app.domain.campaign_check import PlanProblem, PlanWarning
from app.domain.money import Money, parse_amount
from app.domain.program import Program
from app.services.quote_words import words
from app.services.rule_words import percent_off
from app.wording import N_, Wording
from ui import formatting

Named: TypeAlias = tuple[str, str, str]
"""Name, detail, icon."""

TEMPLATES: Mapping[Template, Named] = {
    "win_back": (
        N_("Win back dormant members"), N_("A coupon for who has not come for 90 days"), "undo"
    ),
    "birthday": (N_("Birthday coupon"), N_("For members whose birthday is this month"), "cake"),
    "member_day": (N_("Member day"), N_("Double points on days of the month"), "calendar"),
    "spend_and_save": (N_("Spend and save"), N_("Money off from an amount on"), "tag"),
    "percent_off": (N_("Discount"), N_("A part off everything, or off one category"), "percent"),
    "nth_discount": (N_("Second piece at half price"), N_("On the goods of a category"), "split"),
    "buy_and_get": (N_("Buy and get"), N_("Buy two, get one more for nothing"), "gift"),
    "spend_rebate": (N_("Cumulative spend"), N_("Points once a month's spend is reached"), "coins"),
    "expiring_points": (
        N_("Expiring points to coupon"), N_("Members give points that lapse soon for a coupon"),
        "hourglass",
    ),
    "scan_to_claim": (
        N_("Scan to claim"), N_("A poster in the store: members scan it for a coupon"), "qrcode"
    ),
    "try_tier": (
        N_("A tier to try"), N_("Members have a higher tier for some days, each once"), "crown"
    ),
}  # fmt: skip

_PROBLEMS: Mapping[str, str] = {
    "title_missing": N_("Give the campaign a name."),
    "title_long": N_("The name has {value} characters. Write at most {other}."),
    "ends_before_start": N_("It ends on {value}, before it starts. Choose {other} or later."),
    "starts_in_past": N_("{value} is past. Start today or later."),
    "too_long": N_("It lasts {value} days. Let it last at most {other}."),
    "gives_nothing": N_("{value} gives nothing. Write more."),
    "off_above_threshold": N_(
        "{other} off from {value} on is more than is paid. Raise the threshold or give less."
    ),
    "cap_below_amount": N_("At most {value} is less than the {other} it gives. Raise it."),
    "decimals": N_("{value} has more decimals than the currency. Write at most {other} of them."),
    "rate_above_one": N_("That is more than the whole price. Write 100 at most."),
    "scope_missing": N_("Name the category it is about."),
    "nobody_reached": N_(
        "Nobody would get it: no member of this kind let himself be written to. "
        "Choose another audience."
    ),
    "unknown_tier": N_("There is no tier {value}. Choose another audience."),
    "control_too_large": N_("{value} % kept out is too much. Write {other} at most."),
    "budget_below_one_use": N_("{value} does not pay for one use of {other}. Write more."),
    "points_need_members": N_("Only members have points. Choose members."),
    "fraction_of_one": N_("Write a whole number."),
    "nobody_sends": N_(
        "Nobody would send it: only head office sends messages, of coupons. Tell nobody."
    ),
    "nobody_hands_out": N_(
        "Only head office has the page on which members claim. Choose another aim."
    ),
    "claims_without_end": N_("Write how many may claim it at most, or a budget that says so."),
    "no_tier_to_try": N_("There is no tier {value} to try. There are: {other}."),
    "tried_too_long": N_("{value} days is no trial any more. Write {other} at most."),
    "nobody_may_try": N_(
        "Nobody would get it: who let himself be written to has the tier, or tried it before. "
        "Choose another audience or tier."
    ),
    "text_missing": N_("Write what members read, in both languages."),
    "text_long": N_("The message has {value} characters. Write at most {other}."),
    "not_a_number": N_("{value} is no number. Write one such as 10."),
    "not_a_day": N_("{value} is no date. Write one such as {other}."),
    "unknown_category": N_("There is no category {value}. There are: {other}."),
}


STATES: Mapping[CampaignState, str] = {
    "draft": N_("Draft"),
    "waiting": N_("Waits for head office"),
    "published": N_("Running"),
    "ended": N_("Ended"),
}


@dataclass(frozen=True, slots=True)
class Spoiled:
    """What was typed cannot be read."""

    field: str
    code: str
    value: str = ""
    other: str = ""


def problem_words(problem: PlanProblem | Spoiled, wording: Wording) -> str:
    """What is wrong, with its value and the cure."""
    return wording.t(_PROBLEMS[problem.code], value=problem.value, other=problem.other)


def warning_words(warning: PlanWarning, program: Program, wording: Wording) -> str:
    """What its owner should know."""
    t = wording.t
    match warning.code:
        case "overlaps":
            offers = [program.offer(each) for each in warning.offers]
            names = [words(offer.name, wording) for offer in offers if offer is not None]
            return t("It does not combine with: {offers}.", offers=(", ".join(names)))
        case "control_small":
            return t(
                "Only {count} members are kept out to compare with: a clear result is unlikely.",
                count=warning.value,
            )
        case "budget_may_be_passed":
            return t(
                "If every coupon is used it costs {worst}, more than the budget: a coupon that "
                "was given is always honoured.",
                worst=money_of(warning.value, program),
            )
        case _:
            return t("No budget is set: it gives until its last day.")


def offer_words(plan: CampaignPlan, program: Program, wording: Wording) -> str:
    """What a customer reads of it, in one language."""
    t, terms = wording.t, plan.terms

    def bare(amount: str) -> str:
        """满50减10 has no signs of money."""
        shown = money_of(amount, program)
        return shown.lstrip("¥") if wording.is_chinese else shown

    match terms.kind:
        case "amount_off" if plan.threshold is not None:
            money, least = bare(terms.amount), bare(plan.threshold)
            said = t("{amount} off {threshold}", amount=money, threshold=least)
        case "amount_off":
            said = t("{amount} off the bill", amount=bare(terms.amount))
        case "percent_off":
            said = percent_off(Decimal(terms.rate), wording)
        case "nth_discount":
            said = t("Buy {number}, the cheapest {off}", number=terms.number,
                     off=percent_off(Decimal(terms.rate), wording))  # fmt: skip
        case "buy_x_get_y":
            said = t("Buy {number}, get {more} free", number=terms.number, more=terms.get)
        case "multiplier":
            said = t(
                "{factor} points", factor=formatting.multiplier(Decimal(terms.factor), wording)
            )
        case "tier_trial":
            return trial_of_tier(plan, program, wording)
        case _:
            said = t("{points} points for spending {spend}",
                     points=formatting.points(terms.points),
                     spend=money_of(terms.spend, program))  # fmt: skip
    return " ".join((*plan.categories, said))


def trial_of_tier(plan: CampaignPlan, program: Program, wording: Wording) -> str:
    """Which tier is tried, and for how long."""
    name = tier_words(plan.terms.tier, program, wording)
    return wording.t("{tier} to try for {days} days", tier=name, days=plan.terms.days)


def tier_words(tier: str | None, program: Program, wording: Wording) -> str:
    """A tier by its name; by its id where the program has it no more."""
    known = [each for each in program.tiers if each.id == tier]
    return words(known[0].name, wording) if known else tier or ""


def both_words(plan: CampaignPlan, program: Program, zh: Wording, en: Wording) -> OfferWords:
    """What customers read, in both languages."""
    return OfferWords(offer_words(plan, program, zh), offer_words(plan, program, en))


def audience_words(audience: Audience, program: Program, wording: Wording) -> str:
    """Who is meant."""
    t = wording.t
    match audience.who:
        case "everybody":
            return t("Everybody")
        case "members":
            return t("All members")
        case "tier":
            return t("{tier} and above", tier=tier_words(audience.tier, program, wording))
        case "dormant":
            return t("No visit for {days} days", days=audience.days)
        case "birthday":
            return t("Birthday this month")
        case "expiring":
            return t("Points that lapse soon")
        case "claiming":
            return t("Members who scan the poster, once each")
        case _:
            return t(SEGMENT_NAMES.get(audience.segment or "", N_("Chosen members")))


SEGMENT_NAMES: Mapping[str, str] = {
    "churn_high": N_("High churn risk"),
    "churn_middle": N_("Medium churn risk"),
    "high_value": N_("High value"),
    "growing": N_("Growing"),
    "new": N_("New"),
    "steady": N_("Steady"),
    "needs_attention": N_("Needs attention"),
    "dormant": N_("Dormant members"),
}


def money_of(amount: str, program: Program) -> str:
    """An amount of a plan as people read it; as it was written where it is none."""
    read = parse_amount(amount, program.prices.decimals)
    currency = program.prices.currency
    return formatting.short_money(read, currency=currency) if isinstance(read, Money) else amount


def minor_of(minor: int, program: Program) -> str:
    """The same of minor units."""
    return formatting.money(Money(minor), currency=program.prices.currency)
