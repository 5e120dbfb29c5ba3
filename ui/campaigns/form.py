"""The form of a campaign: which fields each kind has, what stands in them, what they say. Pure.

Owns: from a plan to texts and back; a text that cannot be read keeps standing, with what is wrong.
Does not own: what is wrong with a plan (app/domain/campaign_check.py), widgets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from app.domain.campaign import CampaignPlan
from app.domain.money import Money, parse_amount
from app.wording import N_
from ui.campaigns.words import Spoiled

AMOUNTS = frozenset({"amount", "threshold", "spend", "budget"})
NUMBERS = frozenset(
    {"number", "get", "days", "control", "points", "uses", "each", "trial_days", "most"}
)
_EMPTY: Mapping[str, str] = {
    "threshold": N_("any amount"),
    "budget": N_("no limit"),
    "uses": N_("no limit"),
    "each": N_("no limit"),
    "category": N_("all goods"),
    "month_days": N_("every day"),
    "most": N_("no limit"),
}
OPTIONAL = frozenset(_EMPTY)
_ONE_EACH = N_("one each")
LABELS: Mapping[str, str] = {
    "amount": N_("Amount off"),
    "threshold": N_("From an amount of"),
    "percent": N_("Percent off"),
    "number": N_("Pieces to buy"),
    "get": N_("Pieces free"),
    "factor": N_("Points times"),
    "spend": N_("Spend to reach"),
    "points": N_("Points"),
    "category": N_("Category"),
    "days": N_("Days without a visit"),
    "control": N_("Control group, %"),
    "starts": N_("First day"),
    "ends": N_("Last day"),
    "month_days": N_("Days of the month"),
    "title": N_("Name of the campaign"),
    "budget": N_("Budget"),
    "uses": N_("Uses at most"),
    "each": N_("Uses per member at most"),
    "trial_days": N_("Days to try it"),
    "most": N_("Members at most"),
    "text_zh": N_("Message in Chinese"),
    "text_en": N_("Message in English"),
}
_OF_KIND: Mapping[str, tuple[str, ...]] = {
    "amount_off": ("amount", "threshold", "category"),
    "percent_off": ("percent", "threshold", "category"),
    "nth_discount": ("number", "percent", "category"),
    "buy_x_get_y": ("number", "get", "category"),
    "multiplier": ("factor", "month_days", "category"),
    "spend_rebate": ("spend", "points"),
    "tier_trial": ("trial_days",),
}
FIELD_OF: Mapping[str, str] = {
    "rate": "percent",
    "scope": "category",
    "audience": "days",
    "tier": "days",
    "tried": "trial_days",
}
"""Where a problem of the plan stands, where its name is another."""


def audience_fields(plan: CampaignPlan) -> tuple[str, ...]:
    """Beside who is meant."""
    if not plan.is_drawn:
        return ()
    return ("days", "control") if plan.audience.who == "dormant" else ("control",)


def terms_fields(plan: CampaignPlan) -> tuple[str, ...]:
    """What is given, and when."""
    price = ("points",) if plan.delivery == "exchange" else ()
    # A tier to try begins on the day it is given.
    days = ("starts", "ends") if plan.is_rule else ()
    return (*_OF_KIND[plan.terms.kind], *price, *days)


def budget_fields(plan: CampaignPlan) -> tuple[str, ...]:
    """How much, and its name."""
    if plan.terms.kind == "spend_rebate":
        return ("title",)
    if not plan.is_rule:
        return ("title", "most")
    return ("title", "budget", "uses", "each")


def empty_means(plan: CampaignPlan, name: str) -> str:
    """What it means to leave this field empty; empty where it may not be, or depends on others."""
    if name == "each" and plan.delivery in {"coupon", "claim"}:
        return _ONE_EACH  # whoever is meant holds one
    if plan.delivery == "claim" and name in {"uses", "budget"}:
        return ""  # one of both has to end it
    if name == "category" and (plan.products or plan.terms.kind in {"nth_discount", "buy_x_get_y"}):
        return ""
    return _EMPTY.get(name, "")


def texts_of(plan: CampaignPlan) -> dict[str, str]:
    """What stands in every field."""
    terms = plan.terms
    percent = f"{(Decimal(terms.rate) * 100).normalize():f}"
    of_points = plan.points if plan.delivery == "exchange" else terms.points
    return {
        "amount": terms.amount, "threshold": plan.threshold or "", "percent": percent,
        "number": str(terms.number), "get": str(terms.get), "factor": terms.factor,
        "spend": terms.spend, "points": str(of_points), "category": ", ".join(plan.categories),
        "days": str(plan.audience.days), "control": str(plan.control_percent),
        "starts": plan.starts.isoformat(), "ends": plan.ends.isoformat(),
        "month_days": ", ".join(map(str, plan.month_days)), "title": plan.title,
        "budget": plan.budget or "", "uses": str(plan.uses or ""),
        "each": str(plan.uses_per_member or ""), "trial_days": str(terms.days),
        "most": str(plan.uses or ""),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class FormRead:
    """The plan as far as it could be read, and what could not."""

    plan: CampaignPlan
    spoiled: tuple[Spoiled, ...]


def read_form(
    plan: CampaignPlan, texts: Mapping[str, str], decimals: int, categories: Sequence[str]
) -> FormRead:
    """Take the texts of some fields into the plan."""
    spoiled: list[Spoiled] = []
    for name, typed in texts.items():
        text = typed.strip()
        value = _value(name, text, decimals, categories)
        if isinstance(value, Spoiled):
            spoiled.append(value)
        else:
            plan = _put(plan, name, value)
    return FormRead(plan, tuple(spoiled))


def _value(name: str, text: str, decimals: int, categories: Sequence[str]) -> Any:
    """What a text says, in the type of its field."""
    if not text and name in OPTIONAL:
        return None
    if name in AMOUNTS:
        return _amount(name, text, decimals)
    if name in ("percent", "factor"):
        return _rate(name, text)
    if name in NUMBERS:
        return _whole(name, text)
    if name in ("starts", "ends"):
        return _day(name, text)
    if name == "category":
        return _categories(text, categories)
    if name == "month_days":
        parts = [each.strip() for each in text.replace("，", ",").split(",")]
        good = all(each.isascii() and each.isdecimal() and 1 <= int(each) <= 31 for each in parts)
        return tuple(map(int, parts)) if good else Spoiled(name, "not_a_number", text)
    return text


def _amount(name: str, text: str, decimals: int) -> str | Spoiled:
    bare = text.lstrip("¥￥").replace(",", "")
    read = parse_amount(bare, decimals)
    is_amount = isinstance(read, Money) and read.minor >= 0
    return bare if is_amount else Spoiled(name, "not_a_number", text)


def _rate(name: str, text: str) -> str | Spoiled:
    bare = text.rstrip("%％倍×x ")
    whole, _, rest = bare.partition(".")
    if not (whole + rest).isdecimal() or not whole.isascii() or len(rest) > 2 or len(whole) > 4:
        return Spoiled(name, "not_a_number", text)
    rate = Decimal(bare) / 100 if name == "percent" else Decimal(bare)
    return f"{rate.normalize():f}"


def _whole(name: str, text: str) -> int | Spoiled:
    bare = text.replace(",", "").rstrip("%％ ")
    if not (bare.isascii() and bare.isdecimal() and len(bare) <= 9):
        return Spoiled(name, "not_a_number", text)
    least = 0 if name == "control" else 2 if name == "number" else 1
    return int(bare) if int(bare) >= least else Spoiled(name, "gives_nothing", text)


def _day(name: str, text: str) -> date | Spoiled:
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-"))
    except ValueError:
        return Spoiled(name, "not_a_day", text, "2026-12-31")


def _categories(text: str, known: Sequence[str]) -> tuple[str, ...] | Spoiled:
    named = tuple(each.strip() for each in text.replace("，", ",").split(",") if each.strip())
    strange = [each for each in named if each not in known]
    if strange:
        return Spoiled("category", "unknown_category", strange[0], ", ".join(known))
    return named


_RENAMED: Mapping[str, str] = {
    "control": "control_percent",
    "category": "categories",
    "each": "uses_per_member",
    "most": "uses",
}
_IN_TERMS: Mapping[str, str] = {
    "amount": "amount",
    "number": "number",
    "get": "get",
    "factor": "factor",
    "spend": "spend",
    "percent": "rate",
    "trial_days": "days",
}


def _put(plan: CampaignPlan, name: str, value: Any) -> CampaignPlan:
    if name in ("category", "month_days"):
        value = value or ()
    if name in _IN_TERMS or (name == "points" and plan.delivery != "exchange"):
        return replace(plan, terms=replace(plan.terms, **{_IN_TERMS.get(name, name): value}))
    if name == "days":
        return replace(plan, audience=replace(plan.audience, days=value))
    return replace(plan, **{_RENAMED.get(name, name): value})
