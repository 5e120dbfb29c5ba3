"""Complaint facts: a case was opened, something was done about it, a solution was written down.

Owns: the fact types and the steps inside them; names in them never change once written. Does not
own: what they add up to (complaint.py), when they happened (case_time.py), the other facts
(facts.py).
The words of customers and staff are sealed: under the key of the member, else under a key of the
case itself, so that whoever destroys it erases them everywhere. A solution is nobody's story: its
words stand open, and whoever writes one is told to leave persons out.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from app.domain.bound import Id, Number
from app.domain.complaint_rules import CaseRules, Priority
from app.domain.fact_base import FactBase
from app.domain.fact_parts import Sealed
from app.domain.ids import OpId

Channel = Literal["counter", "phone", "message", "letter"]
"""How somebody spoke with the customer."""
WaitReason = Literal["information", "goods", "decision", "appointment"]
"""What the customer has to bring, send, say or come for."""
Form = Literal["points", "coupon", "refund", "tier"]
Told = Literal["in_person", "phone", "message", "not_reached"]
Score = Annotated[int, Meta(ge=1, le=5)]
WORDS_MAX = 2_000
"""Characters of one text. A fact may hold 64 KiB; sealed it grows by a third."""
TITLE_MAX = 80


class ComplaintOpened(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="complaint_opened.1"
):
    """A case; its id is the case's. It carries the limits it was promised."""

    number: Id
    """As people say it, unique in the chain."""
    topic: Id
    words: Sealed
    """CaseWords as JSON."""
    channel: Channel = "counter"
    sale: OpId | None = None
    receipt: Id | None = None
    lines: tuple[Id, ...] = ()
    """Of the receipt, those it is about."""
    tier: Id | None = None
    """Of the member, then."""
    priority: Priority
    level: int = 0
    rules: CaseRules


class CaseWords(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is sealed in an opened case: the customer's words, what he wants, who he is where he is
    no member."""

    text: str
    wanted: str = ""
    name: str = ""
    contact: str = ""


class _Step(Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="do"):
    pass


class Assigned(_Step, frozen=True, tag="assign"):
    """Somebody has it now."""

    to: Id


class Answered(_Step, frozen=True, tag="answer"):
    """The customer heard from the shop."""

    channel: Channel


class Waiting(_Step, frozen=True, tag="wait"):
    """It is the customer's turn."""

    reason: WaitReason


class Back(_Step, frozen=True, tag="back"):
    """The customer did his part."""


class Compensated(_Step, frozen=True, tag="compensate"):
    """Something was given, by a fact (or a sale's refund) of its own: `by`."""

    form: Form
    by: Id
    amount_minor: Number = 0
    """What it costs the shop: the money, or the worth of points and coupon."""
    points: Number = 0
    offer: Id = ""
    """Of a coupon; of a tier its id."""
    month: Id = ""
    """Whose budget it is taken from: a store's month as 2026-11."""
    approved_by: tuple[Id, ...] = ()


class Resolved(_Step, frozen=True, tag="resolve"):
    """Done, as the shop sees it; the words say how."""

    cause: Id
    told: Told
    follow_up: date | None = None
    """The day to ask how it went; None = as the rules say."""
    solution: Id | None = None
    """The one of the library that served."""


class FollowedUp(_Step, frozen=True, tag="follow_up"):
    """The customer was asked: his score, or not reached (then it is asked again)."""

    score: Score | None = None


class Closed(_Step, frozen=True, tag="close"):
    """Nothing is left to do."""


class Reopened(_Step, frozen=True, tag="reopen"):
    """It was not done after all."""


class Escalated(_Step, frozen=True, tag="escalate"):
    """Somebody above has to look."""


class Prioritised(_Step, frozen=True, tag="prioritise"):
    """It is more urgent than it looked; it never becomes less."""

    priority: Priority


class CauseFound(_Step, frozen=True, tag="cause"):
    """Why it happened."""

    cause: Id


class Noted(_Step, frozen=True, tag="note"):
    """Words alone."""


class PhotoAdded(_Step, frozen=True, tag="photo"):
    """A picture was taken; its bytes travel by themselves."""

    photo: Id
    size: Number
    sha256: Annotated[str, Meta(max_length=64)]


Step: TypeAlias = (
    Assigned | Answered | Waiting | Back | Compensated | Resolved | FollowedUp | Closed | Reopened
    | Escalated | Prioritised | CauseFound | Noted | PhotoAdded
)  # fmt: skip


class ComplaintStepped(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="complaint_stepped.1"
):
    """Something was done about a case. `after`: the fact of it that its writer had seen last."""

    case: OpId
    home: Id
    """The store where it was opened."""
    after: OpId
    step: Step
    words: Sealed | None = None
    """The text as JSON."""


class SolutionNoted(
    FactBase, frozen=True, kw_only=True, omit_defaults=True, tag="solution_noted.1"
):
    """A problem and what helped, or a change of them: of several the latest counts."""

    solution: Id
    topic: Id
    title: Annotated[str, Meta(max_length=TITLE_MAX)]
    problem: Annotated[str, Meta(max_length=WORDS_MAX)]
    answer: Annotated[str, Meta(max_length=WORDS_MAX)]
    cause: Id = ""
    from_case: OpId | None = None
    retired: bool = False
    """It serves no longer and is not suggested."""


CaseFact: TypeAlias = ComplaintOpened | ComplaintStepped
