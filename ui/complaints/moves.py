"""Moves: what can be done about a complaint, by which letter, and what each of them asks for. Pure.

Owns: their order, letters, icons, forms, and how an answered form becomes a question to a service.
Does not own: which of them fit a case (CaseView.may), rights (services), widgets (move_dialog.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.domain.complaint_rules import PRIORITIES, ComplaintChoice
from app.domain.member import masked_name
from app.services.case_erasure import erase_case
from app.services.complaint_act import (
    Result,
    answer_complaint,
    assign_complaint,
    close_complaint,
    customer_is_back,
    escalate_complaint,
    follow_up_complaint,
    name_cause,
    note_complaint,
    prioritise_complaint,
    reopen_complaint,
    resolve_complaint,
    wait_for_customer,
)
from app.services.complaint_view import CaseView, Colleague
from app.wording import N_, Wording
from ui.complaint_words import PRIORITY_WORDS
from ui.complaints.case_view import CHANNEL_WORDS, TOLD_WORDS, WAIT_WORDS
from ui.phrases import begun, words

NOT_REACHED = "none"
LIBRARY = "library"
"""No step of the case: what helped is written down once it is settled."""
_SCORES = ("1", "2", "3", "4", "5")


@dataclass(frozen=True, slots=True)
class Move:
    """One thing somebody can do. `act`: its name among CaseView.may."""

    act: str
    letter: str
    name: str
    icon: str
    main: bool = False
    """Stands in the first row."""


MOVES: tuple[Move, ...] = (
    Move("answer", "R", N_("Respond"), "send", main=True),
    Move("back", "B", N_("He is back"), "rotate", main=True),
    Move("follow_up", "F", N_("Follow up"), "phone", main=True),
    Move("compensate", "C", N_("Compensate"), "gift", main=True),
    Move("wait", "W", N_("Wait"), "pause", main=True),
    Move("escalate", "E", N_("Escalate"), "bell", main=True),
    Move("resolve", "D", N_("Settle"), "check", main=True),
    Move("close", "X", N_("Close the case"), "check-circle", main=True),
    Move("reopen", "O", N_("Open again"), "undo", main=True),
    Move("assign", "A", N_("Assign"), "arrow-right"),
    Move("note", "N", N_("Add a note"), "edit"),
    Move("prioritise", "H", N_("Urgent"), "hourglass"),
    Move("cause", "K", N_("Root cause"), "search"),
    Move("photo", "P", N_("Photo"), "camera"),
    Move(LIBRARY, "L", N_("Library"), "star"),
    Move("forget", "Z", N_("Erase person"), "user-off"),
)
"""In the order of their keys on the screen."""


def moves_of(view: CaseView) -> tuple[Move, ...]:
    """Those that fit the case as it stands."""
    settled = {LIBRARY} if view.line.state in ("resolved", "closed") else set()
    found = [move for move in MOVES if move.act in view.may | settled]
    if view.line.priority == PRIORITIES[0]:
        found = [move for move in found if move.act != "prioritise"]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Group:
    """One choice of a form, by digits from 1."""

    name: str
    choices: tuple[tuple[str, str], ...]
    chosen: str = ""
    """What stands there before anybody chooses."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a move asks for. `text`: the label of the words; empty: none are asked for."""

    title: str
    says: str
    send: str
    groups: tuple[Group, ...] = ()
    text: str = ""
    day: str = ""
    """The label of a day that may be named; empty: none is asked for."""
    suggests: bool = False
    """While somebody types the library is looked through."""

    @property
    def is_plain(self) -> bool:
        """Nothing to type: the last choice sends it."""
        return not self.text


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was answered."""

    chosen: tuple[str, ...] = ()
    text: str = ""
    day: date | None = None
    solution: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What forms are made with."""

    causes: Sequence[ComplaintChoice]
    colleagues: Sequence[Colleague]
    wording: Wording
    quote: str = field(default="")
    """The customer's words, to be answered."""


def form_of(move: Move, view: CaseView, known: Known) -> Form:
    """What the move asks for."""
    title = f"{known.wording.t(move.name)} {view.line.number}"
    return _FORMS[move.act](title, view, known)


def _answer(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    how = _group(N_("How the customer heard"), CHANNEL_WORDS, known.wording, "phone")
    return Form(title, known.quote, t("Send"), (how,), t("What was said"), suggests=True)


def _wait(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    what = _group(N_("Waiting for"), WAIT_WORDS, known.wording)
    return Form(title, known.quote, t("Stop the clock"), (what,), t("In a few words"))


def _resolve(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    told = _group(N_("How the customer was told"), TOLD_WORDS, known.wording)
    return Form(
        title, known.quote, t("Settle"), (_causes(view, known), told), t("What was done"),
        t("Ask on (empty: by the rules)"), suggests=True,
    )  # fmt: skip


def _follow_up(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    scores = tuple((each, t("{score} of 5", score=each)) for each in _SCORES)
    group = Group(t("How content is the customer"), (*scores, (NOT_REACHED, t("Not reached"))))
    return Form(title, known.quote, t("Save"), (group,), t("What the customer says"))


def _assign(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    people = tuple((each.staff_id, masked_name(each.name)) for each in known.colleagues[:9])
    return Form(title, known.quote, t("Assign"), (Group(t("To whom"), people),))


def _prioritise(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    higher = PRIORITIES[: PRIORITIES.index(view.line.priority)]
    choices = tuple((each, t(PRIORITY_WORDS[each])) for each in higher)
    return Form(title, known.quote, t("Urgent"), (Group(t("How urgent"), choices),))


def _cause(title: str, view: CaseView, known: Known) -> Form:
    return Form(title, known.quote, known.wording.t("Save"), (_causes(view, known),))


def _close(title: str, view: CaseView, known: Known) -> Form:
    t = known.wording.t
    return Form(title, t("Nothing is left to do about it."), t("Close the case"))


def _words(label: str, send: str) -> Callable[[str, CaseView, Known], Form]:
    def made(title: str, view: CaseView, known: Known) -> Form:
        t = known.wording.t
        return Form(title, known.quote, t(send), text=t(label))

    return made


_FORMS: Mapping[str, Callable[[str, CaseView, Known], Form]] = {
    "answer": _answer,
    "wait": _wait,
    "resolve": _resolve,
    "follow_up": _follow_up,
    "assign": _assign,
    "prioritise": _prioritise,
    "cause": _cause,
    "close": _close,
    "back": _words(N_("In a few words"), N_("The clock goes on")),
    "escalate": _words(N_("What somebody above should know"), N_("Escalate")),
    "note": _words(N_("For colleagues"), N_("Add a note")),
    "reopen": _words(N_("Why it was not done"), N_("Open again")),
    "forget": _words(N_("Why (stands in the record)"), N_("Erase for good")),
}


def _group(name: str, table: Mapping[str, str], wording: Wording, chosen: str = "") -> Group:
    choices = tuple((each, begun(wording.t(label))) for each, label in table.items())
    return Group(wording.t(name), choices, chosen)


def _causes(view: CaseView, known: Known) -> Group:
    choices = tuple((each.id, words(each.name, known.wording)) for each in known.causes[:9])
    return Group(known.wording.t("Root cause"), choices, view.cause)


Asked = tuple[Callable[..., Any], dict[str, Any]]


def question(move: Move, case_id: str, filled: Filled) -> Asked:
    """The service, and what it is asked."""
    text = filled.text.strip()
    first = filled.chosen[0] if filled.chosen else ""
    made: dict[str, Callable[[], Asked]] = {
        "answer": lambda: (answer_complaint, {"text": text, "channel": first}),
        "wait": lambda: (wait_for_customer, {"reason": first, "text": text}),
        "back": lambda: (customer_is_back, {"text": text}),
        "escalate": lambda: (escalate_complaint, {"text": text}),
        "resolve": lambda: (resolve_complaint, {"result": Result(
            text, first, filled.chosen[1],  # type: ignore[arg-type]  # the keys of TOLD_WORDS
            filled.day, filled.solution,
        )}),
        "follow_up": lambda: (follow_up_complaint, {
            "score": None if first == NOT_REACHED else int(first), "text": text,
        }),
        "close": lambda: (close_complaint, {}),
        "reopen": lambda: (reopen_complaint, {"text": text}),
        "assign": lambda: (assign_complaint, {"staff_id": first}),
        "note": lambda: (note_complaint, {"text": text}),
        "prioritise": lambda: (prioritise_complaint, {"priority": first}),
        "cause": lambda: (name_cause, {"cause": first}),
        "forget": lambda: (erase_case, {"reason": text}),
    }  # fmt: skip
    service, wanted = made[move.act]()
    return service, {"case_id": case_id, **wanted}
