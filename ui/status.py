"""Status: what the chip in the header says about the link to the server and the backups. Pure.

Owns: the truth table of UI.md 2.0: link, pending, moving, age, conflicts, and whether a dead disk
would cost sales -> one state; its look.
Does not own: finding these facts out (sync, ui/safety), the chip itself (kit/text.py).

Never green with something pending.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Literal

from app.wording import Wording
from ui import formatting

OFFLINE_HOURS_MAX = 24
OFFLINE_PENDING_MAX = 500
Unsafe = Literal["journal", "no_backup", "old_backup"]
"""Why a dead disk would cost sales: the journal waits, there is no backup, or only an old one."""


class Link(Enum):
    """How this till stands to a server. ALONE: the shop was never enrolled with one."""

    ALONE = "alone"
    ONLINE = "online"
    CHECKING = "checking"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """What is known. `is_moving`: an upload is getting through right now."""

    link: Link = Link.ALONE
    pending: int = 0
    conflicts: int = 0
    is_moving: bool = False
    last_good_at: datetime | None = None
    offline_hours: int = 0
    unsafe: Unsafe | None = None
    unsafe_since: datetime | None = None
    """Since when facts lie on this machine only, or of when the last backup is."""


class StatusState(Enum):
    """The rows of the table."""

    ALONE = "alone"
    SYNCED = "synced"
    SENDING = "sending"
    PENDING = "pending"
    OFFLINE = "offline"
    OFFLINE_LONG = "offline_long"
    CONFLICT = "conflict"
    CHECKING = "checking"
    JOURNAL = "journal"
    NO_BACKUP = "no_backup"
    OLD_BACKUP = "old_backup"


_UNSAFE = {
    "journal": StatusState.JOURNAL,
    "no_backup": StatusState.NO_BACKUP,
    "old_backup": StatusState.OLD_BACKUP,
}


@dataclass(frozen=True, slots=True)
class StatusView:
    """The chip: a colour token with an icon (empty: a dot) and words."""

    state: StatusState
    tone: str
    icon: str
    text: str


def status_state(facts: SyncFacts) -> StatusState:
    """Which state these facts are. The first that applies, worst first."""
    if facts.conflicts:
        return StatusState.CONFLICT
    if facts.unsafe is not None:
        return _UNSAFE[facts.unsafe]
    match facts.link:
        case Link.ALONE:
            return StatusState.ALONE
        case Link.CHECKING:
            return StatusState.CHECKING
        case Link.OFFLINE:
            too_long = facts.offline_hours >= OFFLINE_HOURS_MAX
            too_many = facts.pending > OFFLINE_PENDING_MAX
            return StatusState.OFFLINE_LONG if too_long or too_many else StatusState.OFFLINE
        case Link.ONLINE:
            if not facts.pending:
                return StatusState.SYNCED
            return StatusState.SENDING if facts.is_moving else StatusState.PENDING


def status_view(facts: SyncFacts, wording: Wording) -> StatusView:
    """The chip for these facts, in this language."""
    state = status_state(facts)
    if facts.unsafe is not None and state in _UNSAFE.values():
        return StatusView(state, "warning", "alert", _unsafe(facts, facts.unsafe, wording))
    return _link_view(facts, state, wording)


def _link_view(facts: SyncFacts, state: StatusState, wording: Wording) -> StatusView:
    t, n = wording.t, wording.n
    time = formatting.clock(facts.last_good_at) if facts.last_good_at else "--:--"
    match state:
        case StatusState.ALONE:
            return StatusView(state, "info", "store", t("Local shop, no server"))
        case StatusState.SYNCED:
            return StatusView(state, "success", "", t("Online ⋅ synced {time}", time=time))
        case StatusState.SENDING:
            text = n("Syncing ⋅ {count} left", "Syncing ⋅ {count} left", facts.pending)
            return StatusView(state, "info", "cloud-up", text)
        case StatusState.PENDING:
            text = n(
                "Online ⋅ {count} not uploaded", "Online ⋅ {count} not uploaded", facts.pending
            )
            return StatusView(state, "warning", "alert", text)
        case StatusState.OFFLINE:
            text = n(
                "Offline ⋅ you can keep selling ⋅ {count} waiting",
                "Offline ⋅ you can keep selling ⋅ {count} waiting",
                facts.pending,
            )
            return StatusView(state, "offline", "cloud-off", text)
        case StatusState.OFFLINE_LONG:
            text = n(
                "Offline for {count} h ⋅ tell the manager",
                "Offline for {count} h ⋅ tell the manager",
                facts.offline_hours,
            )
            return StatusView(state, "offline", "alert", text)
        case StatusState.CONFLICT:
            text = n("{count} needs attention", "{count} need attention", facts.conflicts)
            return StatusView(state, "danger", "alert-circle", text)
        case _:
            return StatusView(state, "info", "refresh", t("Checking the link…"))


def _unsafe(facts: SyncFacts, why: Unsafe, wording: Wording) -> str:
    since = facts.unsafe_since
    if why == "journal" and since is not None:
        return wording.t("Backup waits since {time}", time=formatting.clock(since))
    if why == "old_backup" and since is not None:
        day = formatting.short_day(since.date(), wording)
        return wording.t("Last backup {day}", day=day)
    return wording.t("No backup yet")
