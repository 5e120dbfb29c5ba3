"""View of the limits: every act with what the roles may do of it, and one role's limit as a form.

Owns: texts of the page, reading the form. Pure. Does not own: widgets (page.py, form.py), what
limits mean (app/domain/rights.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.limit import (
    SUBJECTS,
    Subject,
    default_limit,
    limit_of,
    read_limit,
    unit_of,
    write_limit,
)
from app.domain.money import Money
from app.domain.rights import Limit, LimitMissing, Rights, RightsFault, Unit, Verdict
from app.domain.setting_kind import ValueRefused
from app.services.answers import NotAllowed, SignInFirst
from app.services.approval import ActForbidden
from app.services.rights import RightsRefused
from app.wording import N_, Wording
from ui import formatting
from ui.approval.view_model import ACT_WORDS
from ui.settings.sentences import ROLE_WORDS, fault_sentence

VERDICT_WORDS: Mapping[Verdict, str] = {
    "allowed": N_("Allowed"),
    "up_to": N_("Up to a limit"),
    "approval": N_("With approval"),
    "not_allowed": N_("Not allowed"),
}
_RULE_VERDICTS: Mapping[str, Mapping[Verdict, str]] = {
    "self_approval": {
        "allowed": N_("Allowed, and listed as an exception"),
        "not_allowed": VERDICT_WORDS["not_allowed"],
    },
    "both_above": {
        "up_to": N_("Above an amount of money"),
        "not_allowed": N_("One is always enough"),
    },
}
"""The two rules that are no acts, with what can be chosen for them."""
_UNIT_WORDS: Mapping[Unit, str] = {
    "rate": N_("Percent"),
    "money": N_("Amount of money"),
    "points": N_("Points"),
    "steps": N_("Tiers up"),
}
_FAULTS: Mapping[RightsFault, str] = {
    "nobody_approves": N_("Nobody could approve it then: let one role say yes for others first."),
    "nobody_changes": N_("Nobody could change settings or limits any more then."),
    "role_missing": N_("Somebody works in a role that has no limits."),
}
FieldName = Literal["up_to", "approves_up_to"]


@dataclass(frozen=True, slots=True)
class LimitForm:
    """One limit as it is chosen and typed. `approves_up_to` empty: any."""

    verdict: Verdict
    up_to: str = ""
    approves: bool = False
    approves_up_to: str = ""


@dataclass(frozen=True, slots=True)
class FieldRefused:
    """What was typed in a field cannot be."""

    field: FieldName
    why: ValueRefused


@dataclass(frozen=True, slots=True)
class ActRow:
    """One act with what every role may do of it."""

    act: Subject
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """One role to look at."""

    role_id: str
    words: str


def act_rows(rights: Rights, currency: str, wording: Wording) -> tuple[ActRow, ...]:
    """Every act in its order, then the rules for approvals."""
    return tuple(
        ActRow(act, subject_words(act, wording), _said(rights, act, currency, wording))
        for act in SUBJECTS
    )


def subject_words(act: Subject, wording: Wording) -> str:
    """What a limit is about."""
    match act:
        case "self_approval":
            return wording.t("Say yes to oneself")
        case "both_above":
            return wording.t("Badge and PIN for an approval")
        case _:
            return wording.t(ACT_WORDS[act])


def _said(rights: Rights, act: Subject, currency: str, wording: Wording) -> str:
    """What every role may; one sentence where all are alike."""
    if not has_roles(act):
        return limit_words(limit_of(rights, "", act), act, currency, wording)
    return f" {formatting.DOT} ".join(
        wording.t(
            "{role}: {limit}",
            role=role_words(role.role_id, wording),
            limit=limit_words(limit_of(rights, role.role_id, act), act, currency, wording),
        )
        for role in rights.roles
    )


def has_roles(act: Subject) -> bool:
    """Whether each role has a limit of its own."""
    return act != "both_above"


def has_approval(act: Subject) -> bool:
    """Whether somebody can say yes to it for others."""
    return act not in _RULE_VERDICTS


def role_choices(rights: Rights, wording: Wording) -> tuple[RoleChoice, ...]:
    """Every role of the shop."""
    return tuple(
        RoleChoice(role.role_id, role_words(role.role_id, wording)) for role in rights.roles
    )


def role_words(role_id: str, wording: Wording) -> str:
    """A role by its word; one of the shop's own by its name."""
    return wording.t(ROLE_WORDS[role_id]) if role_id in ROLE_WORDS else role_id


def limit_words(limit: Limit, act: Subject, currency: str, wording: Wording) -> str:
    """A limit as people say it: `≤ 10%`, `allowed`."""
    if limit.verdict != "up_to":
        return wording.t(verdict_words(act)[limit.verdict])
    sign = "≤" if has_roles(act) else ">"
    return f"{sign} {value_words(act, limit.up_to, currency)}"


def value_words(act: Subject, value: int, currency: str) -> str:
    """A value in the unit of its act: `10%`, `¥200`, `5,000`."""
    match unit_of(act):
        case "rate":
            return f"{write_limit(act, value, 2)}%"
        case "money":
            return formatting.short_money(Money(value), currency=currency)
        case _:
            return formatting.points(value)


def unit_words(act: Subject, wording: Wording) -> str:
    """What is typed for an act; empty: nothing."""
    unit = unit_of(act)
    return wording.t(_UNIT_WORDS[unit]) if unit != "none" else ""


def verdict_words(act: Subject) -> Mapping[Verdict, str]:
    """What can be chosen, and how it is called. An act without a unit has nothing to go up to."""
    if act in _RULE_VERDICTS:
        return _RULE_VERDICTS[act]
    return {
        verdict: words
        for verdict, words in VERDICT_WORDS.items()
        if verdict != "up_to" or unit_of(act) != "none"
    }


def form_of(limit: Limit, act: Subject, currency: str) -> LimitForm:
    """A limit as it stands in the form."""
    decimals = formatting.decimals(currency)
    most = limit.approves_up_to
    return LimitForm(
        limit.verdict,
        write_limit(act, limit.up_to, decimals) if limit.verdict == "up_to" else "",
        limit.approves,
        write_limit(act, most, decimals) if most is not None else "",
    )


def read_form(form: LimitForm, act: Subject, currency: str) -> Limit | FieldRefused:
    """The limit that the form says, or which field cannot be."""
    decimals = formatting.decimals(currency)
    up_to, most = 0, None
    if form.verdict == "up_to":
        read = read_limit(act, form.up_to, decimals)
        if isinstance(read, ValueRefused):
            return FieldRefused("up_to", read)
        up_to = read
    if form.approves and form.approves_up_to.strip() and unit_of(act) != "none":
        read = read_limit(act, form.approves_up_to, decimals)
        if isinstance(read, ValueRefused):
            return FieldRefused("approves_up_to", read)
        most = read
    return Limit(verdict=form.verdict, up_to=up_to, approves=form.approves, approves_up_to=most)


def default_words(role_id: str, act: Subject, currency: str, wording: Wording) -> str:
    """What ships for this role; empty for a role of the shop's own."""
    limit = default_limit(role_id, act)
    if limit is None:
        return ""
    value = limit_words(limit, act, currency, wording)
    return wording.t("Default: {value}", value=value)


def refusal_words(answer: object, currency: str, wording: Wording) -> str:
    """Why a limit was not changed."""
    t = wording.t
    match answer:
        case FieldRefused(_, why):
            return fault_sentence(why, currency, wording)
        case RightsRefused(problems):
            known = [_FAULTS[each.fault] for each in problems if each.fault in _FAULTS]
            return t(known[0]) if known else t("These limits contradict each other.")
        case NotAllowed() | ActForbidden() | LimitMissing():
            return t("Your role may not change this. Ask the store manager.")
        case SignInFirst():
            return t("Sign in first.")
        case _:
            raise TypeError(f"no answer of the limits: {answer!r}")
