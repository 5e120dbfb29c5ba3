"""Status: what the chip in the header says about the link to the server and the backups. Pure.

Owns: which of both stands there, its words and look (UI.md 2.0).
Does not own: the state of the link (app/services/sync_chip.py), finding backups out (ui/safety),
the chip itself (kit/text.py).

Never green with something pending.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.services.sync_chip import Chip, ChipState
from app.wording import Wording
from ui import formatting

Unsafe = Literal["journal", "no_backup", "old_backup"]
"""Why a dead disk would cost sales: the journal waits, there is no backup, or only an old one."""
StatusState = ChipState | Unsafe
"""The rows of the table."""
ALONE = Chip("alone")


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """What is known. `synced_at`: the chip's time by the shop's clock."""

    chip: Chip = ALONE
    synced_at: datetime | None = None
    unsafe: Unsafe | None = None
    unsafe_since: datetime | None = None
    """Since when facts lie on this machine only, or of when the last backup is."""


@dataclass(frozen=True, slots=True)
class StatusView:
    """The chip: a colour token with an icon (empty: a dot) and words. `short`: its number, if it
    has one, for where the words have no room."""

    state: StatusState
    tone: str
    icon: str
    text: str
    short: str = ""


LOOKS: Mapping[ChipState, tuple[str, str]] = {
    "alone": ("info", "store"),
    "synced": ("success", ""),
    "sending": ("info", "cloud-up"),
    "not_moving": ("warning", "alert"),
    "offline": ("offline", "cloud-off"),
    "offline_long": ("offline", "alert"),
    "attention": ("danger", "alert-circle"),
    "checking": ("info", "refresh"),
}
"""Tone and icon. Being offline is no fault: amber, never red."""


def status_state(facts: StatusFacts) -> StatusState:
    """Which state these facts are: what needs somebody, then a disk that may cost sales."""
    if facts.unsafe is not None and facts.chip.state != "attention":
        return facts.unsafe
    return facts.chip.state


def is_unsafe(facts: StatusFacts) -> bool:
    """Whether the chip speaks of the backups rather than of the link."""
    return status_state(facts) != facts.chip.state


def status_view(facts: StatusFacts, wording: Wording) -> StatusView:
    """The chip for these facts, in this language."""
    state = status_state(facts)
    if facts.unsafe is not None and is_unsafe(facts):
        return StatusView(state, "warning", "alert", _unsafe(facts, facts.unsafe, wording))
    tone, icon = LOOKS[facts.chip.state]
    short = str(facts.chip.number) if facts.chip.number else ""
    return StatusView(state, tone, icon, _link(facts, wording), short)


def _link(facts: StatusFacts, wording: Wording) -> str:
    t, n, chip = wording.t, wording.n, facts.chip
    match chip.state:
        case "alone":
            return t("Local shop, no server")
        case "synced":
            time = formatting.clock(facts.synced_at) if facts.synced_at else "--:--"
            return t("Online ⋅ synced {time}", time=time)
        case "sending":
            return n("Syncing ⋅ {count} left", "Syncing ⋅ {count} left", chip.number)
        case "not_moving":
            return n("Online ⋅ {count} not uploaded", "Online ⋅ {count} not uploaded", chip.number)
        case "offline":
            return n(
                "Offline ⋅ you can keep selling ⋅ {count} waiting",
                "Offline ⋅ you can keep selling ⋅ {count} waiting",
                chip.number,
            )
        case "offline_long":
            return n(
                "Offline for {count} h ⋅ tell the manager",
                "Offline for {count} h ⋅ tell the manager",
                chip.hours,
            )
        case "attention":
            return n("{count} needs attention", "{count} need attention", chip.number)
        case "checking":
            return t("Checking the link…")


def _unsafe(facts: StatusFacts, why: Unsafe, wording: Wording) -> str:
    since = facts.unsafe_since
    if why == "journal" and since is not None:
        return wording.t("Backup waits since {time}", time=formatting.clock(since))
    if why == "old_backup" and since is not None:
        day = formatting.short_day(since.date(), wording)
        return wording.t("Last backup {day}", day=day)
    return wording.t("No backup yet")
