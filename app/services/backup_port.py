"""The port of the backups: what the settings show of them, and making one now.

Owns: those facts and the Protocol. Does not own: copying and rotation (app/store/backups.py), when
one is made by itself (app/commands/caretaker.py), restoring.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

JournalWhy = Literal["slow", "no_folder", "no_backup", "folder_full", "other_life", "fault"]


@dataclass(frozen=True, slots=True)
class BackupFacts:
    """How the shop is kept safe now. Moments are of the wall clock, with their zone.

    `journal_since`: facts committed since then lie on this machine only; None = every fact lies in
    the folder too. `rehearsed`: when somebody last tried a restore from there; None = never.
    """

    folder: str
    is_there: bool
    is_on_the_same_disk: bool
    count: int
    last: datetime | None
    rehearsed: datetime | None
    journal_since: datetime | None = None
    journal_why: JournalWhy | None = None


class BackupKeeper(Protocol):
    """Looks after the backup folder. Both wait for disks: never called on the window's thread."""

    def look(self) -> BackupFacts:
        """How it is now."""
        ...

    def back_up_now(self) -> BackupFacts:
        """A checked copy, and how it is then. Raises the store's errors."""
        ...
