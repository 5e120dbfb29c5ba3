"""Safety view model: whether a dead disk would cost sales now, why, and what to do. Pure.

Owns: when it is said, the sentence and the cure of each cause. Does not own: finding it out
(services' BackupKeeper), the chip (ui/status.py), the page of the backups (ui/settings).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.backup_port import BackupFacts, JournalWhy
from app.wording import N_, Wording
from ui import formatting
from ui.status import Unsafe

OVERDUE_AFTER = timedelta(hours=36)
"""A night was left out."""
PATIENCE = timedelta(minutes=2)
"""A slow folder catches up by itself; a new till makes its first backup within a minute."""
_PASSES: tuple[JournalWhy, ...] = ("slow", "no_backup")

_HAPPENED: Mapping[JournalWhy, str] = {
    "slow": N_("The backup folder is slow: sales since {since} lie on this machine only."),
    "no_folder": N_(
        "The backup folder is not there: sales since {since} lie on this machine only."
    ),
    "no_backup": N_("There is no backup yet: all sales lie on this machine only."),
    "folder_full": N_("The backup folder is full: sales since {since} lie on this machine only."),
    "other_life": N_(
        "The backup folder holds sales that this till never had: it is an older copy of it."
    ),
    "fault": N_("The journal cannot be written: sales since {since} lie on this machine only."),
}
_CURES: Mapping[JournalWhy, str] = {
    "slow": N_("Look at the disk or the network of the folder. The till catches up by itself."),
    "no_folder": N_("Plug the disk in or connect the share again. The till catches up by itself."),
    "no_backup": N_("Make one now in the settings, under Backup."),
    "folder_full": N_("Make room there. The till catches up by itself."),
    "other_life": N_("Sell no more on this copy: run main.py restore from that folder."),
    "fault": N_("Look whether the folder can be written; main.py doctor says more."),
}


@dataclass(frozen=True, slots=True)
class SafetyView:
    """What the chip opens. `happened` and `cure` empty: all is kept safe, and `lines` say so."""

    title: str
    happened: str
    kept: str
    cure: str
    lines: tuple[tuple[str, str], ...]


def unsafe_of(facts: BackupFacts, now: datetime) -> tuple[Unsafe, datetime | None] | None:
    """What to warn of, worst first; None = a dead disk costs a second at most."""
    why, since = facts.journal_why, facts.journal_since
    if why is not None and since is not None:
        passes = why in _PASSES and now - since < PATIENCE
        if not passes:
            return ("no_backup", None) if why == "no_backup" else ("journal", since)
    if facts.last is not None and now - facts.last > OVERDUE_AFTER:
        return "old_backup", facts.last
    return None


def chip_part(facts: BackupFacts, now: datetime) -> tuple[Unsafe | None, datetime | None]:
    """The chip's part of it: why, and since when by the shop's clock."""
    why, since = unsafe_of(facts, now) or (None, None)
    return why, since.astimezone(now.tzinfo) if since else None


def safety_view(facts: BackupFacts, now: datetime, wording: Wording) -> SafetyView:
    """What happened, what is safe, what to do."""
    t, unsafe = wording.t, unsafe_of(facts, now)
    happened = cure = ""
    if unsafe is not None and unsafe[0] == "old_backup":
        happened = t("The last backup is of {when}.", when=_when(facts.last, now))
        cure = t("Make one now in the settings, under Backup; leave the till on at night.")
    elif unsafe is not None and facts.journal_why is not None:
        since = _when(facts.journal_since, now)
        happened = t(_HAPPENED[facts.journal_why], since=since)
        cure = t(_CURES[facts.journal_why])
    return SafetyView(
        title=t("Backup needs somebody") if happened else t("Kept safe"),
        happened=happened,
        kept=t("Selling goes on and nothing is lost as long as this machine works."),
        cure=cure,
        lines=_lines(facts, now, wording),
    )


def _lines(facts: BackupFacts, now: datetime, wording: Wording) -> tuple[tuple[str, str], ...]:
    t = wording.t
    journal = t("up to date")
    if facts.journal_why is not None:
        journal = t("waits since {when}", when=_when(facts.journal_since, now))
    last = _when(facts.last, now) if facts.last is not None else t("none yet")
    if not facts.is_there:
        last = t("not to be seen now")
    return (
        (t("Last backup"), last),
        (t("Journal of sales"), journal),
        (t("Backup folder"), facts.folder),
    )


def _when(moment: datetime | None, now: datetime) -> str:
    return formatting.moment(moment.astimezone(now.tzinfo)) if moment is not None else "—"
