"""Staff view model: the list, one person with his last acts, what answers say. Pure: no Qt.

Owns: rows, lines, the acts somebody may do with a person, sentences of answers. Does not own: the
words of the trail (ui/audit), widgets, doing any of it (controller.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.audit import AuditEntry
from app.domain.staff import PIN_LENGTH_MAX, PIN_LENGTH_MIN
from app.services.answers import NotAllowed, SignInFirst
from app.services.checklist import Checklist
from app.services.staff import (
    OwnRole,
    PinRefused,
    RankTooHigh,
    StaffRefused,
    StaffUnknown,
)
from app.services.staff_desk import LastActs, PersonSeen, StaffDesk
from app.wording import N_, Wording
from ui.audit.story import StoryLine, Told, moment_words
from ui.audit.words import act_words
from ui.rows import Pick
from ui.staff.checklist_view import ChecklistView, checklist_view

PersonAct = Literal["pin", "role", "badge", "name", "unlock", "let_go", "take_back", "training"]

ROLE_WORDS: Mapping[str, str] = {
    "cashier": N_("Cashier"),
    "supervisor": N_("Supervisor"),
    "manager": N_("Store manager"),
    "auditor": N_("Auditor"),
}
_ACTS: Mapping[PersonAct, tuple[str, str]] = {
    "pin": (N_("New PIN"), N_("4 to 6 figures; it ends a lock")),
    "role": (N_("Another role"), N_("Up to your own")),
    "badge": (N_("New badge"), N_("Saved as a card to print; the old one opens nothing any more")),
    "name": (N_("Another name"), N_("Printed receipts keep the old one")),
    "unlock": (N_("Unlock"), N_("After too many wrong PINs")),
    "let_go": (N_("Works here no more"), N_("PIN and badge open nothing any more")),
    "take_back": (N_("Works here again"), N_("Needs a new PIN or badge")),
    "training": (N_("Tick off a training step"), N_("What leaves no trace at the till")),
}

REFUSED: Mapping[str, str] = {
    "digits": N_("Only digits."),
    "too_common": N_("Everybody tries this PIN first. Choose another one."),
    "same_digits": N_("Not the same digit again and again."),
    "empty": N_("Type the name."),
    "too_long": N_("The name is too long: 60 signs at most."),
    "control_signs": N_("The name holds line breaks or hidden signs. Type it by hand."),
    "unknown": N_("This role is not there any more. Choose another one."),
}


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person in the list. `end`: what is unusual about him."""

    staff_id: str
    name: str
    detail: str
    icon: str
    end: str
    end_tone: str


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person beside the list. `change` empty: whoever is signed in changes nothing of him."""

    name: str
    detail: str
    lines: tuple[StoryLine, ...]
    training: ChecklistView | None
    acts_title: str
    acts: tuple[StoryLine, ...]
    no_acts: str
    change: str


def staff_rows(desk: StaffDesk, wording: Wording) -> tuple[PersonRow, ...]:
    """Everybody, whoever left last."""
    return tuple(_row(person, wording) for person in desk.people)


def person_view(
    person: PersonSeen,
    desk: StaffDesk,
    acts: LastActs | None,
    training: Checklist | None,
    told: Told,
) -> PersonView:
    """What is known of him. `acts`, `training` None: they are still read, or may not be seen."""
    t = told.wording.t
    known = [t("PIN")] if person.has_pin else []
    known += [t("Badge")] if person.has_badge else []
    lines = [
        StoryLine(t("Role"), role_words(person.role_id, told.wording)),
        StoryLine(t("Signs in with"), t(", ").join(known) or t("Nothing yet")),
    ]
    rows = acts.rows if acts is not None and acts.staff_id == person.staff_id else ()
    may_change = bool(person_acts(person, desk))
    return PersonView(
        name=person.name,
        detail=_state(person, told.wording),
        lines=tuple(lines),
        training=checklist_view(training, person.staff_id, told),
        acts_title=t("Last at this till"),
        acts=tuple(
            StoryLine(
                moment_words(row.entry.at_ms, told), act_words(row.entry.action, told.wording)
            )
            for row in rows
        ),
        no_acts="" if rows else t("Nothing is recorded of this person at this till."),
        change=t("Change…") if may_change else "",
    )


def person_acts(person: PersonSeen, desk: StaffDesk) -> tuple[PersonAct, ...]:
    """What may be done with him, in the order of the digits."""
    acts: list[PersonAct] = []
    if person.is_oneself and desk.may_manage:
        return ("pin", "badge", "name")
    if not person.is_active:
        return ("take_back",) if person.can_change else ()
    if person.can_change:
        acts += ["pin", "role", "badge", "name"]
    if person.is_locked and not person.is_oneself:
        acts.append("unlock")
    if person.can_change:
        acts.append("let_go")
    if not person.is_oneself:
        acts.append("training")
    return tuple(acts)


def act_picks(acts: Sequence[PersonAct], wording: Wording) -> tuple[Pick, ...]:
    """The acts as a list to choose from."""
    return tuple(Pick(act, wording.t(_ACTS[act][0]), wording.t(_ACTS[act][1])) for act in acts)


def role_picks(desk: StaffDesk, wording: Wording) -> tuple[Pick, ...]:
    """The roles that may be given."""
    return tuple(Pick(role_id, role_words(role_id, wording)) for role_id in desk.roles)


def role_words(role_id: str, wording: Wording) -> str:
    """A role of the shop's own has no words but its name."""
    return wording.t(ROLE_WORDS[role_id]) if role_id in ROLE_WORDS else role_id


def refusal_words(answer: object, wording: Wording) -> str:
    """Why it was not done; empty for an answer that says yes."""
    t = wording.t
    match answer:
        case PinRefused("length"):
            return t("{least} to {most} digits", least=PIN_LENGTH_MIN, most=PIN_LENGTH_MAX)
        case PinRefused(reason=reason) | StaffRefused(reason=reason):
            return t(REFUSED[reason])
        case RankTooHigh():
            return t("This colleague's role holds rights you have not. Ask somebody who has them.")
        case OwnRole():
            return t("That, a colleague has to do for you.")
        case StaffUnknown():
            return t("This colleague is not in the list any more.")
        case NotAllowed():
            return t("Your role may not change colleagues. Ask a manager.")
        case SignInFirst():
            return t("Sign in first.")
        case _:
            return ""


def _row(person: PersonSeen, wording: Wording) -> PersonRow:
    return PersonRow(
        staff_id=person.staff_id,
        name=person.name,
        detail=role_words(person.role_id, wording),
        icon="user" if person.is_active else "user-off",
        end=_state(person, wording),
        end_tone="text_secondary" if person.is_oneself or not person.is_active else "danger",
    )


def _act(entry: AuditEntry, told: Told) -> StoryLine:
    return StoryLine(act_words(entry.action, told.wording), moment_words(entry.at_ms, told))


def _state(person: PersonSeen, wording: Wording) -> str:
    t = wording.t
    if not person.is_active:
        return t("Left")
    if person.is_locked:
        return t("Locked")
    if not person.has_pin and not person.has_badge:
        return t("Cannot sign in")
    return t("You") if person.is_oneself else ""
