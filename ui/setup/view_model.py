"""Set-up view model: the route as texts. Pure: no Qt, no service.

Owns: words of steps, fields, rules and faults. Does not own: the route (route.py), widgets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.money import Money, parse_amount
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.rule_words import percent_off
from app.services.setup import STEPS, NameTooLong, SetUpStep
from app.wording import N_, Wording
from ui import formatting, phrases
from ui.setup.route import (
    FIELDS,
    TILL_NUMBER_MAX,
    BackupFacts,
    FieldName,
    RuleTemplate,
    SetupRoute,
    StepFault,
)

_TITLES: Mapping[SetUpStep, str] = {
    "language": N_("Language and look"),
    "store": N_("Your shop"),
    "manager": N_("First manager"),
    "rules": N_("Member rules"),
    "recovery": N_("Recovery code"),
    "done": N_("Ready"),
}
_LEADS: Mapping[SetUpStep, str] = {
    "language": N_("Both can be changed at any time, in the header of every screen."),
    "store": N_("It stands on every receipt. The shop works without a network from now on."),
    "manager": N_("May do everything, and adds the others. The PIN signs in at this till."),
    "rules": N_("Choose what is nearest; everything can be changed later, with notice."),
    "recovery": N_(
        "The data on this till is encrypted. If the machine breaks, a backup opens only with this "
        "code. It is shown once: print it or write it down, and keep it away from the till. "
        "Whoever has it and a backup can read everything."
    ),
    "done": N_("Sign in with the manager's PIN and scan the first item."),
}
_FIELDS: Mapping[FieldName, str] = {
    "store_name": N_("Shop name"),
    "address": N_("Address"),
    "phone": N_("Phone of the shop"),
    "till": N_("Register number"),
    "manager": N_("Name"),
    "pin": N_("PIN"),
    "pin_again": N_("PIN again"),
    "typed_code": N_("Type the code back"),
}
_REQUIRED = ("store_name", "till", "manager", "pin", "pin_again", "typed_code")
_SECRET = ("pin", "pin_again")
_KINDS = {"retail": N_("Retail"), "cafe": N_("Café"), "beauty": N_("Beauty")}
_FAULTS = {
    "name_missing": N_("A name is needed."),
    "name_unreadable": N_("The name holds line breaks or hidden signs. Type it by hand."),
    "pin_differs": N_("The two PINs are not the same."),
    "code_missing": N_("Type the code from your paper."),
    "code_wrong": N_("That is not the code. Nothing is lost: look at the paper again."),
    "template_missing": N_("Choose one of them."),
    "template_unusable": N_(
        "This program cannot work with these rules. Nothing was changed: choose others, and tell "
        "support."
    ),
    "digits": N_("Only digits."),
    "too_common": N_("Everybody tries this PIN first. Choose another one."),
    "same_digits": N_("Not the same digit again and again."),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """One entry of the list of steps."""

    label: str
    state: Literal["done", "here", "ahead"]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of a step."""

    name: FieldName
    label: str
    text: str
    hint: str
    error: str
    is_required: bool
    is_secret: bool


@dataclass(frozen=True, slots=True)
class RuleView:
    """One template: what customers get, in short lines."""

    kind: str
    name: str
    lines: tuple[str, ...]
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Warned:
    """A sentence that must be seen, and its tone."""

    sentence: str
    tone: Literal["warning", "info", "success"]


@dataclass(frozen=True, slots=True)
class SetupView:
    """The whole screen."""

    heading: str
    steps: tuple[StepView, ...]
    step: SetUpStep
    title: str
    lead: str
    fields: tuple[FieldView, ...]
    rules: tuple[RuleView, ...]
    code: str
    notes: tuple[Warned, ...]
    error: str
    backup: str
    next_label: str
    can_go_back: bool


def present(
    route: SetupRoute,
    templates: Sequence[RuleTemplate],
    wording: Wording,
    *,
    code: str,
    backup: BackupFacts,
    key_in_file: bool,
    saved_at: str,
    is_printed: bool = False,
) -> SetupView:
    """The screen in this language."""
    t, step, error = wording.t, route.step, ""
    is_recovery = step == "recovery"
    if route.fault is not None and route.fault.field is None:
        error = fault_sentence(route.fault, wording)
    return SetupView(
        heading=t("Set-up {number} of {count}", number=route.number, count=len(STEPS)),
        steps=tuple(_step(name, route, wording) for name in STEPS),
        step=step,
        title=t(_TITLES[step]),
        lead=t(_LEADS[step]),
        fields=tuple(_field(name, route, wording) for name in FIELDS[step]),
        rules=tuple(rule_view(each, route.form.template, wording) for each in templates)
        if step == "rules"
        else (),
        code=code if is_recovery else "",
        notes=_notes(
            route,
            wording,
            key_in_file=key_in_file,
            backup=backup,
            saved_at=saved_at,
            is_printed=is_printed,
        ),
        error=error,
        backup=t("Backups: {folder}", folder=backup.folder) if is_recovery else "",
        next_label=t("Begin") if step == "done" else t("Next"),
        can_go_back=route.can_go_back,
    )


def fault_sentence(fault: StepFault, wording: Wording) -> str:
    """What is wrong, with the cure."""
    if isinstance(fault.what, NameTooLong):
        return wording.t("At most {count} characters", count=fault.what.most)
    if fault.what == "no_till_number":
        return wording.t("A number from 1 to {most}", most=TILL_NUMBER_MAX)
    if fault.what == "length":
        return wording.t("{least} to {most} digits", least=PIN_LENGTH_MIN, most=PIN_LENGTH_MAX)
    return wording.t(_FAULTS[fault.what])


def _step(name: SetUpStep, route: SetupRoute, wording: Wording) -> StepView:
    here, place = route.number - 1, STEPS.index(name)
    state: Literal["done", "here", "ahead"] = "ahead"
    if place <= here:
        state = "here" if place == here else "done"
    return StepView(wording.t(_TITLES[name]), state)


def _field(name: FieldName, route: SetupRoute, wording: Wording) -> FieldView:
    fault = route.fault
    mine = fault is not None and fault.field == name
    hint = ""
    if name == "pin":
        hint = wording.t("{least} to {most} digits", least=PIN_LENGTH_MIN, most=PIN_LENGTH_MAX)
    return FieldView(
        name=name,
        label=wording.t(_FIELDS[name]),
        text=route.form.text(name),
        hint=hint,
        error=fault_sentence(fault, wording) if mine and fault is not None else "",
        is_required=name in _REQUIRED,
        is_secret=name in _SECRET,
    )


def _notes(
    route: SetupRoute,
    wording: Wording,
    *,
    key_in_file: bool,
    backup: BackupFacts,
    saved_at: str,
    is_printed: bool,
) -> tuple[Warned, ...]:
    t = wording.t
    if route.step == "done":
        return _next_steps(route, backup, wording)
    if route.step == "store":
        sentence = t(
            "Each register of a shop has a number of its own. Joining a chain later renumbers it."
        )
        return (Warned(sentence, "info"),)
    if route.step != "recovery":
        return ()
    notes = []
    if is_printed:
        notes.append(Warned(t("Sent to the printer. Take the paper out at once."), "success"))
    if saved_at:
        notes.append(Warned(t("Saved as {path}", path=saved_at), "success"))
    if key_in_file:
        sentence = t(
            "This machine has no keychain: the key lies in a file that only this user may read. "
            "Whoever takes the disk takes the key."
        )
        notes.append(Warned(sentence, "warning"))
    if backup.same_disk:
        sentence = t(
            "The backups lie on the same disk: if it dies, they die with it. Choose a second "
            "disk or a share."
        )
        notes.append(Warned(sentence, "warning"))
    return tuple(notes)


def _next_steps(route: SetupRoute, backup: BackupFacts, wording: Wording) -> tuple[Warned, ...]:
    """What was set up, once more, and what comes next."""
    t = wording.t
    here = t("Register {number}", number=f"{route.till_number:02d}")
    shop = route.form.text("store_name").strip()
    place = f"{shop} {formatting.DOT} {here}" if shop else here
    command = "main.py import products FILE.csv"
    return (
        Warned(place, "success"),
        Warned(t("Backups: {folder}", folder=backup.folder), "info"),
        Warned(t("Next: bring your goods in, with {command}", command=command), "info"),
    )


# ------------------------------------------------------------------ rules


def rule_view(template: RuleTemplate, chosen: str, wording: Wording) -> RuleView:
    """A template as a shopkeeper reads it: tiers, points, expiry, rounding."""
    name = wording.t(_KINDS.get(template.kind, template.kind))
    program = decode_program(template.toml)
    lines = _rule_lines(program, wording) if isinstance(program, Program) else ()
    return RuleView(template.kind, name, lines, template.kind == chosen)


def _rule_lines(program: Program, wording: Wording) -> tuple[str, ...]:
    t = wording.t
    unit = t("1 point per {amount}", amount=_amount(program.earning.unit, program))
    lines = []
    for tier in program.tiers:
        parts = [phrases.words(tier.name, wording)]
        if tier is program.tiers[0]:
            parts.append(unit)
        if tier.qualify.spend is not None:
            parts.append(t("from {amount}", amount=_amount(tier.qualify.spend, program)))
        if Decimal(tier.discount):
            parts.append(percent_off(Decimal(tier.discount), wording))
        if Decimal(tier.earn_rate) != 1:
            times = formatting.multiplier(Decimal(tier.earn_rate), wording)
            parts.append(t("points {times}", times=times))
        lines.append(phrases.SEPARATOR.join(parts))
    return (*lines, phrases.SEPARATOR.join(_common_rules(program, wording)))


def _common_rules(program: Program, wording: Wording) -> Iterator[str]:
    """What holds in every tier."""
    t = wording.t
    worth = _amount(program.redemption.amount, program)
    yield t("{points} points are worth {amount}", amount=worth,
            points=formatting.points(program.redemption.points))  # fmt: skip
    months = program.tiers[0].points_months
    yield wording.n("Points last {count} month", "Points last {count} months", months)
    step = program.prices.round_off_step
    if step is not None:
        yield t("Cash is rounded down to {amount}", amount=_amount(step, program))


def _amount(text: str, program: Program) -> str:
    read = parse_amount(text, program.prices.decimals)
    assert isinstance(read, Money), f"the program's schema lets only amounts through: {text!r}"
    return formatting.short_money(read, currency=program.prices.currency)
