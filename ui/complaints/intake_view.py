"""View of the intake: who complains, the goods to point at, as texts; the typed form. Pure.

Owns: those. Does not own: widgets (intake.py), what is known (app/services/complaint_intake.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.complaint_rules import ComplaintChoice
from app.services.complaint import (
    ContactUnclear,
    NewComplaint,
    NobodyToAnswer,
    NotAChoice,
    TextRefused,
)
from app.services.complaint_intake import WhoComplains
from app.wording import Wording
from ui.complaint_words import open_complaints
from ui.complaints.moves import Group
from ui.phrases import SEPARATOR, words

GOODS_MAX = 12
TOPICS_MAX = 9


@dataclass(frozen=True, slots=True)
class Intake:
    """The form as it was typed."""

    topic: str = ""
    text: str = ""
    wanted: str = ""
    contact: str = ""
    name: str = ""
    lines: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.text.strip() or self.wanted.strip() or self.contact.strip())


@dataclass(frozen=True, slots=True)
class GoodsChoice:
    """One line of the receipt that can be pointed at."""

    line_id: str
    name: str


@dataclass(frozen=True, slots=True)
class WhoShown:
    """The head of the dialog."""

    who: str
    is_open_to_all: bool
    """Nobody is named yet: `who` says how to."""
    open_case: str
    asks_contact: bool
    receipt: str
    """Whose goods they are: two receipts may have the same lines."""
    goods: tuple[GoodsChoice, ...]


def topic_group(topics: Sequence[ComplaintChoice], wording: Wording) -> Group:
    """By their digits."""
    choices = tuple((each.id, words(each.name, wording)) for each in topics[:TOPICS_MAX])
    return Group(wording.t("What it is about"), choices)


def who_shown(known: WhoComplains, wording: Wording) -> WhoShown:
    """Receipt and member, masked."""
    t = wording.t
    parts = [known.who]
    if known.receipt:
        parts.append(t("Receipt {number}", number=known.receipt))
    if known.receipt and not known.is_known:
        parts.append(t("sold at another store"))
    told = SEPARATOR.join(filter(None, parts))
    goods = tuple(GoodsChoice(each.line_id, each.name) for each in known.goods[:GOODS_MAX])
    return WhoShown(
        who=told or t("Scan the receipt or the member, or write how to reach the customer."),
        is_open_to_all=not told,
        open_case=open_complaints(known.open, wording),
        asks_contact=not known.member_id,
        receipt=known.receipt,
        goods=goods,
    )


def new_complaint(known: WhoComplains, filled: Intake) -> NewComplaint:
    """What the service is asked to take down."""
    return NewComplaint(
        topic=filled.topic,
        text=filled.text,
        wanted=filled.wanted,
        member_id=known.member_id or None,
        receipt=known.receipt,
        lines=filled.lines if known.goods else (),
        name="" if known.member_id else filled.name,
        contact="" if known.member_id else filled.contact,
    )


def field_of_intake(answer: object) -> str:
    """Beside which field a refusal stands; empty: above them all."""
    match answer:
        case TextRefused(field="note"):
            return "text"
        case TextRefused(field=field):
            return field
        case ContactUnclear() | NobodyToAnswer():
            return "contact"
        case NotAChoice():
            return "topic"
        case _:
            return ""
