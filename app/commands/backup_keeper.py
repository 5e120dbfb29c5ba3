"""The keeper of an open till's backups: what the settings show of them, and one made now.

Owns: putting together what folder, journal and rehearsal say. Does not own: any of them
(app/store), the night (caretaker.py), `main.py backup` (backup.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from app.services.backup_port import BackupFacts
from app.store.backups import BackupReason
from app.store.journal import Behind, UpToDate
from app.store.opening import OpenStore
from app.store.restore import last_rehearsal


class StoreBackups:
    """Fits services' BackupKeeper."""

    def __init__(
        self, store: OpenStore, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._store, self._now = store, now

    def look(self) -> BackupFacts:
        """How the backups are now; a folder that is gone has none."""
        backups, status = self._store.backups, self._store.journal.status()
        is_there = backups.folder.is_dir()
        made = [each.made for each in backups.own()] if is_there else []
        behind = status if isinstance(status, Behind) else None
        assert behind is not None or isinstance(status, UpToDate), status
        return BackupFacts(
            folder=str(backups.folder),
            is_there=is_there,
            is_on_the_same_disk=backups.is_on_the_same_disk,
            count=len(made),
            last=max(made, default=None),
            rehearsed=last_rehearsal(backups.folder),
            journal_since=behind.since if behind is not None else None,
            journal_why=behind.why.value if behind is not None else None,
        )

    def back_up_now(self) -> BackupFacts:
        """A checked copy, and how it is then. Raises StoreError."""
        self._store.back_up(BackupReason.HAND, now=self._now())
        return self.look()
