"""Words about complaints that several screens say.

Owns: those. Does not own: what a screen of complaints says alone (its own folder).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.complaint_clock import CaseClock, ClockName
from app.domain.complaint_row import OpenComplaints
from app.wording import N_, Wording

_MINUTE_MS, _HOUR_MS, _DAY_MS = 60_000, 3_600_000, 86_400_000

STATE_WORDS: Mapping[str, str] = {
    "new": N_("Just logged"),
    "in_hand": N_("In progress"),
    "waiting": N_("Waiting for the customer"),
    "resolved": N_("Settled"),
    "closed": N_("Closed"),
}
PRIORITY_WORDS: Mapping[str, str] = {
    "high": N_("High"), "medium": N_("Medium"), "low": N_("Low"),
}  # fmt: skip
CLOCK_WORDS: Mapping[ClockName, str] = {
    "first": N_("First response"),
    "next": N_("Next response"),
    "resolve": N_("Resolution target"),
    "follow_up": N_("Follow-up"),
}
CLOCK_TONES = {"fine": "primary", "warning": "warning", "breached": "danger"}
CLOCK_ICONS = {"fine": "clock", "warning": "hourglass", "breached": "alert"}


def open_complaints(found: OpenComplaints | None, wording: Wording) -> str:
    """One short line where a member stands at the till; empty where nothing is open."""
    if found is None:
        return ""
    return wording.n(
        "Open complaint {number}",
        "{count} open complaints, first {number}",
        found.count,
        number=found.number,
    )


def span(milliseconds: int, wording: Wording) -> str:
    """A length of time in at most two units: 18 min, 2 h 5 min, 3 d 4 h."""
    t, length = wording.t, abs(milliseconds)
    if length < _HOUR_MS:
        return t("{minutes} min", minutes=length // _MINUTE_MS)
    if length < _DAY_MS:
        hours, rest = divmod(length, _HOUR_MS)
        return t("{hours} h {minutes} min", hours=hours, minutes=rest // _MINUTE_MS)
    days, rest = divmod(length, _DAY_MS)
    return t("{days} d {hours} h", days=days, hours=rest // _HOUR_MS)


def clock_words(clock: CaseClock, wording: Wording) -> str:
    """How much is left of it, or since when it has struck."""
    t, length = wording.t, span(clock.left_ms, wording)
    if clock.name == "follow_up":
        return t("in {time}", time=length) if clock.left_ms > 0 else t("Ask now")
    if clock.left_ms < 0:
        return t("{time} late", time=length)
    if clock.mood == "warning":
        return t("Only {time} left", time=length)
    return t("{time} left", time=length)


def clock_tone(clock: CaseClock) -> str:
    """The colour of a clock; a follow-up that is due is a task and no fault."""
    if clock.name == "follow_up":
        return "primary" if clock.left_ms <= 0 else "text_secondary"
    return CLOCK_TONES[clock.mood]
