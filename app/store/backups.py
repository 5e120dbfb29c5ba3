"""Backups: whole copies of the encrypted file, checked before they count, and their rotation.

Owns: names, checking, the wrapped key that goes along, what is kept and for how long.
Does not own: the copying itself (lane.py), when it runs (main.py), the facts behind a backup
(journal.py), restoring (restore.py).

Several stores may share a folder: a shop that was set up again finds the old one's backups there.
Whose a backup is, the wrapped key beside it says; a store counts and rotates its own only.
"""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from app.store.database import connect_reader, connect_writer, quick_check
from app.store.errors import FolderNotWritable, KeyMissing, StoreError, mapped_errors
from app.store.journal_file import BEFORE_ALL, NO_LINK, ChainHead, Position
from app.store.place import StorePlace
from app.store.wrapped_key import read_wrapped, sync_folder, write_whole

DAYS_KEPT_DAILY = 14
DAYS_KEPT_MAX = 90
"""An erased person must not live on in old copies for ever."""
SCHEMA_COPIES_KEPT = 3
PAGES_PER_STEP = 2_048
ABANDONED_AFTER_S = 24 * 3_600

_log = logging.getLogger(__name__)
_CLOSE_BY = timedelta(minutes=1)
_STAMP = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"shop-(\d{8}T\d{6}Z)-(nightly|close|schema|hand)\.db")


class BackupReason(Enum):
    """Why a backup was made; stands in its name."""

    NIGHTLY = "nightly"
    CLOSE = "close"
    SCHEMA = "schema"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Backup:
    """One finished and checked copy; `<path>.key` lies beside it."""

    path: Path
    made: datetime
    reason: BackupReason


def to_remove(backups: Iterable[Backup], now: datetime) -> list[Backup]:
    """What rotation drops: all but the newest of a day, after 14 days all but the newest of a
    week, everything after 90 days; of copies before a schema step the newest three stay. The
    newest of all always stays.
    """
    newest_first = sorted(backups, key=lambda backup: backup.made, reverse=True)
    kept_slots: set[tuple[str, ...]] = set()
    schema_kept = 0
    drop = []
    for index, backup in enumerate(newest_first):
        age = now - backup.made
        if backup.reason is BackupReason.SCHEMA:
            schema_kept += 1
            keep = schema_kept <= SCHEMA_COPIES_KEPT
        else:
            daily = age <= timedelta(days=DAYS_KEPT_DAILY)
            slot = (backup.made.strftime("%Y-%m-%d"),) if daily else _week(backup.made)
            keep = slot not in kept_slots
            kept_slots.add(slot)
        if index > 0 and (not keep or age > timedelta(days=DAYS_KEPT_MAX)):
            drop.append(backup)
    return drop


def _week(moment: datetime) -> tuple[str, ...]:
    year, week, _ = moment.isocalendar()
    return ("week", f"{year}-{week:02}")


class BackupFolder:
    """The folder of one store's backups."""

    def __init__(self, place: StorePlace, folder: Path, *, beside: bool = False) -> None:
        """`beside`: for whoever copies from outside, while a till may be at it too."""
        self._place = place
        self._beside = beside
        self.folder = folder
        self._begun: Path | None = None
        # The night and the closing till may both be at it: one unfinished copy at a time.
        self._making = threading.Lock()

    def begin(self) -> None:
        """Make the folder with a new store: one that is missing later was taken away, and that is
        worth a warning at once. Where it cannot be made nothing is said yet: it is missing too."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True)
            self._begun = self.folder

    def move_to(self, folder: Path) -> None:
        """Put backups there from now on; the folder begun with the store goes if it is empty."""
        old, self.folder = self.folder, folder
        if old == self._begun != folder:
            with suppress(OSError):
                old.rmdir()

    @property
    def is_on_the_same_disk(self) -> bool:
        """Whether a dead disk would take the backups with it; the shop is warned then."""
        folder = self.folder
        while not folder.exists():
            folder = folder.parent
        return folder.stat().st_dev == self._place.folder.stat().st_dev

    def list(self) -> list[Backup]:
        """The finished backups, oldest first."""
        found = []
        for path in self.folder.glob("shop-*.db"):
            match = _NAME.fullmatch(path.name)
            if match:
                made = datetime.strptime(match[1], _STAMP).replace(tzinfo=UTC)
                found.append(Backup(path, made, BackupReason(match[2])))
        return sorted(found, key=lambda backup: (backup.made, backup.path.name))

    def of_store(self, key_id: str) -> Sequence[Backup]:
        """The finished backups of one store, oldest first."""
        return [backup for backup in self.list() if key_id_of(backup) == key_id]

    def own(self) -> Sequence[Backup]:
        """The finished backups of this store, oldest first. Raises KeyMissing."""
        return self.of_store(read_wrapped(self._place.key_file).key_id)

    def make(
        self, reason: BackupReason, *, copy: Callable[[Path], None], key: bytes, now: datetime
    ) -> Backup:
        """Copy, check page by page, put the wrapped key beside it, rotate.

        `copy(path)` writes the copy (`StoreLane.copy_to(path).result()`); call this from a
        thread that may wait. Raises StoreUnavailable; nothing half-made keeps a backup's name.
        """
        with self._making:
            return self._make(reason, copy, key, now)

    def _make(
        self, reason: BackupReason, copy: Callable[[Path], None], key: bytes, now: datetime
    ) -> Backup:
        unfinished = self._start()
        try:
            copy(unfinished)
            reader = connect_reader(unfinished, key)
            try:
                quick_check(reader)
            finally:
                reader.close()
            backup = self._finish(unfinished, reason, now)
        finally:
            for path in self.folder.glob(f"{unfinished.name}*"):
                _remove(path)
        own = read_wrapped(self._place.key_file).key_id
        # What nobody can say the store of ages out too; another store's is left to that store.
        candidates = [each for each in self.list() if key_id_of(each) in {own, None}]
        for old in to_remove(candidates, now):
            if old.path == backup.path:
                continue  # a clock that was set back must not cost the copy of today
            _remove(old.path)
            _remove(StorePlace(old.path).key_file)
        return backup

    def _start(self) -> Path:
        """A name of its own: `main.py backup`, or a second till, may be at it in this folder.

        What a till left behind that was killed over it, its next backup removes: there is never
        more than one till of a store.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(self.folder)) from error
        own = f"unfinished-{read_wrapped(self._place.key_file).key_id[:12]}"
        for path in self.folder.glob("unfinished-*"):
            if path.name.startswith(f"{own}.db") or _is_abandoned(path):
                _remove(path)
        for path in self.folder.glob("shop-*.db.key*"):
            if not path.with_name(path.name.partition(".key")[0]).exists() and _is_abandoned(path):
                _remove(path)
        ending = f"-{secrets.token_hex(4)}" if self._beside else ""
        return self.folder / f"{own}{ending}.db"

    def _finish(self, unfinished: Path, reason: BackupReason, now: datetime) -> Backup:
        made = now.astimezone(UTC).replace(microsecond=0)
        # Which of two is the newer one is told by their names, also of those made within a second.
        close = [each.made for each in self.list() if abs(each.made - made) < _CLOSE_BY]
        made = max([made, *(each + timedelta(seconds=1) for each in close)])
        path = self.folder / f"shop-{made.strftime(_STAMP)}-{reason.value}.db"
        # The key first: a copy without it would be a copy nobody can open.
        try:
            key = self._place.key_file.read_bytes()
        except OSError as error:
            name = self._place.key_file.name
            raise KeyMissing(f"{name}: {error}", file=name) from error
        write_whole(StorePlace(path).key_file, key)
        try:
            unfinished.replace(path)
            sync_folder(self.folder)
        except OSError as error:
            raise FolderNotWritable(str(error), folder=str(self.folder)) from error
        return Backup(path, made, reason)


def _is_abandoned(path: Path) -> bool:
    """Whether whoever was writing it is surely gone: a copy takes minutes, not a day."""
    try:
        return time.time() - path.stat().st_mtime > ABANDONED_AFTER_S
    except OSError:
        return False


def copy_beside(source: Path, key: bytes, target: Path, told: Callable[[int, int], None]) -> None:
    """Copy a store from outside, also while a till has it open; nobody waits for it.

    `told(done, all)` in pages. Raises StoreError.
    """
    reader = connect_reader(source, key)
    try:
        with mapped_errors():
            # One snapshot for the whole copy: sales meanwhile would make it begin again.
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            copy = connect_writer(target, key)
            try:
                reader.backup(
                    copy,
                    pages=PAGES_PER_STEP,
                    progress=lambda _, left, size: told(size - left, size),
                )
                copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                copy.close()
    finally:
        reader.close()


def key_id_of(backup: Backup) -> str | None:
    """Which store a backup is of, by the wrapped key beside it; None where that cannot be read."""
    try:
        return read_wrapped(StorePlace(backup.path).key_file).key_id
    except StoreError:
        return None


def by_content(backups: Iterable[Backup], key: bytes) -> Sequence[tuple[Backup, ChainHead | None]]:
    """Backups of one store with their last facts, oldest content first: clocks may have lied.

    None where one cannot be opened; it stays at its place by name.
    """
    placed, latest = [], BEFORE_ALL
    for backup in sorted(backups, key=lambda each: each.made):
        try:
            head = backup_head(backup.path, key)
        except StoreError:
            head = None
        latest = latest if head is None else head.place
        placed.append((latest, backup.made, backup, head))
    placed.sort(key=lambda each: each[:2])
    return [(backup, head) for _, _, backup, head in placed]


def backup_head(path: Path, key: bytes) -> ChainHead:
    """The last fact in a backup. Raises StoreError where it cannot be opened."""
    reader = connect_reader(path, key, immutable=True)
    try:
        with mapped_errors():
            row = reader.execute(
                "SELECT epoch, dseq, chain_hash FROM fact ORDER BY epoch DESC, dseq DESC LIMIT 1"
            ).fetchone()
    finally:
        reader.close()
    if row is None:
        return ChainHead(BEFORE_ALL, NO_LINK)
    return ChainHead(Position(int(row[0]), int(row[1])), row[2])


def _remove(path: Path) -> None:
    """Delete a file that is not needed any more; what cannot go now is tried at the next backup."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        # On Windows a virus scanner may hold it: no reason to call the good new copy failed.
        _log.warning("%s cannot be removed", path, exc_info=True)
