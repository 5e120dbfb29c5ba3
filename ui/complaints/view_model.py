"""View of the complaints desk's lists: tabs with counts, one row for each case, as texts. Pure.

Owns: those. Does not own: one case (case_view.py), widgets (screen.py, queue.py), the order and the
clocks (app/services/complaint_view.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.complaint_clock import CaseClock
from app.domain.member import masked_name
from app.domain.program import Program
from app.services.complaint_view import CaseCounts, CaseLine, Desk
from app.services.tier_desk import tier_name
from app.wording import N_, Wording
from ui import formatting
from ui.complaint_words import (
    CLOCK_ICONS,
    CLOCK_WORDS,
    PRIORITY_WORDS,
    STATE_WORDS,
    clock_tone,
    clock_words,
)
from ui.phrases import words
from ui.rows import tier_tone

DESKS: tuple[Desk, ...] = ("mine", "store", "overdue", "follow_up", "closed")
SHOWN_MAX = 60
"""More rows than anybody reads; what is due first is among them."""
_TABS = (
    N_("Mine {count}"), N_("This store {count}"), N_("Overdue {count}"), N_("Follow-up {count}"),
)  # fmt: skip
_EMPTY = (
    N_("No complaint is assigned to you."),
    N_("No complaint waits here. Well done."),
    N_("No complaint is overdue."),
    N_("Nobody is to be asked how it went."),
    N_("No complaint was closed yet."),
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One case in a list."""

    case_id: str
    topic: str
    who: str
    tier: str
    tier_tone: str
    place: str
    """Its number and who has it."""
    clock: str
    clock_name: str
    tone: str
    icon: str
    urgency: str = ""


def tab_words(counts: CaseCounts | None, wording: Wording) -> tuple[str, ...]:
    """The lists with how many stand on each."""
    numbers = (
        (0, 0, 0, 0)
        if counts is None
        else (counts.mine, counts.store, counts.overdue, counts.follow_up)
    )
    counted = [wording.t(label, count=number) for label, number in zip(_TABS, numbers, strict=True)]
    return (*counted, wording.t("Closed"))


def empty_words(desk: Desk, wording: Wording) -> str:
    """What stands where a list has nothing."""
    return wording.t(_EMPTY[DESKS.index(desk)])


def queue_row(line: CaseLine, program: Program, wording: Wording) -> QueueRow:
    """One case: what it is about, whose, and the clock that strikes first."""
    t = wording.t
    tier, tone = tier_words(line.tier, program, wording)
    has = masked_name(line.assigned) if line.assigned else t("Unassigned")
    clock, icon, clock_colour = _clock(line, wording)
    return QueueRow(
        case_id=line.case_id,
        topic=words(line.topic_words, wording),
        who=who_words(line, wording),
        tier=tier,
        tier_tone=tone,
        place=f"{line.number} {formatting.DOT} {has}",
        clock=clock,
        clock_name=t(CLOCK_WORDS[line.due.name]) if line.due is not None else "",
        tone=clock_colour,
        icon=icon,
        urgency=t("High priority") if line.priority == "high" else "",
    )


def _clock(line: CaseLine, wording: Wording) -> tuple[str, str, str]:
    due = line.due
    if line.state == "waiting":
        return wording.t("Clock stopped"), "pause", "text_secondary"
    if due is None:
        return wording.t(STATE_WORDS[line.state]), "check-circle", "text_secondary"
    return clock_words(due, wording), clock_icon(due), clock_tone(due)


def clock_icon(clock: CaseClock) -> str:
    """A sign beside the words: no clock is told by its colour alone."""
    return "phone" if clock.name == "follow_up" else CLOCK_ICONS[clock.mood]


def who_words(line: CaseLine, wording: Wording) -> str:
    """Masked; a case without anybody goes by its receipt."""
    if line.who:
        return line.who
    if line.receipt:
        return wording.t("Receipt {number}", number=line.receipt)
    return wording.t("A member") if line.is_member else wording.t("Personal data erased")


def tier_words(tier: str | None, program: Program, wording: Wording) -> tuple[str, str]:
    """Its name and its colour; nothing for somebody who is no member."""
    if tier is None:
        return "", "text_secondary"
    known = [each.id for each in program.tiers]
    tone = tier_tone(known.index(tier), len(known)) if tier in known else "text_secondary"
    return words(tier_name(program, tier), wording), tone


def priority_words(line: CaseLine, wording: Wording) -> str:
    """How urgent it is, and where it stands."""
    return wording.t(PRIORITY_WORDS[line.priority])
