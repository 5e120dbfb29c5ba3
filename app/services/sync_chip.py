"""The status chip: one state of sync, judged by link, backlog and age.

Owns: the truth table (UI.md 2.0). Does not own: the link itself (sync; main.py hands it in), words
and colours (ui). It is never green while anything is pending.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.domain.link import Link as Link  # noqa: PLC0414 - whoever draws the chip has it from here
from app.domain.outbox import OutboxCount

LONG_MS = 24 * 3600 * 1000
MANY = 500

ChipState = Literal[
    "alone",  # no server: nothing to say
    "synced",
    "sending",
    "not_moving",
    "offline",
    "offline_long",
    "attention",
    "checking",
]
Tone = Literal["quiet", "success", "info", "warning", "danger"]
TONES: dict[ChipState, Tone] = {
    "alone": "quiet",
    "synced": "success",
    "sending": "info",
    "not_moving": "warning",
    "offline": "warning",
    "offline_long": "warning",
    "attention": "danger",
    "checking": "info",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """What is shown: the state with its number, hours or time, whichever it has."""

    state: ChipState
    number: int = 0
    """Pending facts, or things that need somebody."""
    hours: int = 0
    at_ms: int | None = None

    @property
    def tone(self) -> Tone:
        return TONES[self.state]


def chip_of(link: Link | None, count: OutboxCount, must_enrol: bool, now_ms: int) -> Chip:
    """The chip's state; `link` None: this till belongs to no server."""
    if link is None:
        return Chip("alone")
    needs = count.set_aside + int(must_enrol or link.wire == "needs_person")
    if needs:
        return Chip("attention", needs)
    if link.wire == "offline":
        return _offline(link, count, now_ms)
    if link.wire == "checking":
        return Chip("checking", count.pending)
    if count.pending:
        return Chip("sending" if link.sending else "not_moving", count.pending)
    if link.wire != "online" or link.last_ms is None:
        return Chip("checking")  # the wire answers, but that all agrees is not known yet
    return Chip("synced", at_ms=link.last_ms)


def _offline(link: Link, count: OutboxCount, now_ms: int) -> Chip:
    away_ms = 0 if link.since_ms is None else max(0, now_ms - link.since_ms)
    is_long = away_ms > LONG_MS or count.pending > MANY
    state: ChipState = "offline_long" if is_long else "offline"
    return Chip(state, count.pending, hours=away_ms // 3_600_000)
