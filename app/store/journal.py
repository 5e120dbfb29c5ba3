"""The journal of facts: every committed fact, sealed, in the backup folder within a second.

Owns: the one thread that writes it, where it goes on, catching up, saying since when it is behind,
beginning a new file with each backup and dropping what no backup needs any more.
Does not own: the form of the files (journal_file.py), reading facts from the store
(journal_rows.py), the backups it continues (backups.py), restoring (restore.py).

The store lane never waits for it: a commit only wakes the thread, which then reads what is new
behind its own place. So a folder that was full, slow or unplugged is caught up in the same way as
the last second, without a gap. A journal without a backup under it could not be restored:
where there is none yet, it waits for the first.
"""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import pairwise
from pathlib import Path

from app.store.backups import BackupFolder, by_content
from app.store.errors import StoreClosed, StoreError
from app.store.journal_file import (
    BEFORE_ALL,
    ChainHead,
    JournalHead,
    JournalKey,
    JournalRecord,
    JournalWriter,
    Position,
    follow,
    journal_heads,
)

FACTS_PER_READ = 50
"""One read of the lane: a sale that comes meanwhile waits for no more than this."""
GATHER_S = 0.2
"""Commits that follow each other closely are written, and flushed, together."""
LOOK_AGAIN_S = 30.0
RETRY_S_MAX = 8.0
LATE_AFTER = timedelta(seconds=2)
PATIENCE_S = 5.0
"""So long closing the till waits for the last facts; the next start catches up anyway."""

_log = logging.getLogger(__name__)


class JournalTrouble(Enum):
    """Why the journal does not go on."""

    SLOW = "slow"
    NO_FOLDER = "no_folder"
    NO_BACKUP = "no_backup"
    FOLDER_FULL = "folder_full"
    OTHER_LIFE = "other_life"
    """The folder holds facts this file never had: two tills have one identity. Restore instead."""
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class UpToDate:
    """Every committed fact lies in the backup folder too."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Facts committed since then lie on this machine only."""

    since: datetime
    why: JournalTrouble


JournalStatus = UpToDate | Behind
ReadFacts = Callable[[Position, int], list[JournalRecord]]
"""The facts behind a place, at most so many, read in the store lane."""


class _OtherLife(Exception):
    """The folder goes on where this file never was: an older copy of the file was put back."""


class NoBackupYet(Exception):
    """There is no backup that a journal could continue."""


def journal_end(backups: BackupFolder, key: JournalKey, database_key: bytes) -> ChainHead:
    """Where the newest backup and the journal behind it end, without a gap.

    Raises NoBackupYet, OSError (the folder is not there, or cannot be read).
    """
    folder = backups.folder
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    base = _newest_head(backups, key, database_key)
    heads = journal_heads(folder, key.key_id)
    # The last file that begins at or before the backup's end holds the first fact behind it.
    first = max((place for place, head in enumerate(heads) if head.after <= base.place), default=0)
    records = [record for head in heads[first:] for record in head.read(key).records]
    whole, _ = follow(base.place, records)
    return ChainHead(whole[-1].position, whole[-1].chain_hash) if whole else base


def _newest_head(backups: BackupFolder, key: JournalKey, database_key: bytes) -> ChainHead:
    own = by_content(backups.of_store(key.key_id), database_key)
    heads = [head for _, head in own if head is not None]
    if not heads:
        raise NoBackupYet
    return heads[-1]


class Journal:
    """Writes the journal of one open store. `start()` it, `close()` it before the lane."""

    def __init__(
        self,
        backups: BackupFolder,
        key: JournalKey,
        database_key: bytes,
        read: ReadFacts,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._backups, self._key, self._database_key = backups, key, database_key
        self._read, self._now = read, now
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._gate = threading.Lock()
        self._owed_since: datetime | None = None
        self._trouble: JournalTrouble | None = None
        self._begin_anew = False
        self._folder: Path | None = None
        self._place: Position | None = None
        self._writer: JournalWriter | None = None
        self._thread = threading.Thread(target=self._serve, name="journal", daemon=True)

    # -- from any thread

    def start(self) -> None:
        """Catch up, then follow each commit."""
        if self._thread.ident is None:
            self.committed()
            self._thread.start()

    def committed(self) -> None:
        """Facts were committed. Costs nothing: whoever calls it is the store lane."""
        with self._gate:
            if self._owed_since is None:
                self._owed_since = self._now()
            self._wake.set()

    def backup_made(self) -> None:
        """A new backup lies in the folder: go on in a new file, drop what is not needed now."""
        self._begin_anew = True
        self._wake.set()

    def status(self) -> JournalStatus:
        """Whether the promise of the last second holds now, and if not since when."""
        with self._gate:
            since, trouble = self._owed_since, self._trouble
        if since is None or (trouble is None and self._now() - since < LATE_AFTER):
            return UpToDate()
        return Behind(since, trouble or JournalTrouble.SLOW)

    def close(self) -> None:
        """Write what is left, unless the folder is slower than anybody would wait."""
        self._stopping.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE_S)

    # -- on the journal's thread

    def _serve(self) -> None:
        failures = 0
        while True:
            is_last = self._stopping.is_set()
            self._wake.clear()
            failures = 0 if self._go_on() else failures + 1
            if is_last:
                break
            if failures:
                self._stopping.wait(min(RETRY_S_MAX, 0.5 * 2**failures))
            else:
                self._wake.wait(LOOK_AGAIN_S)
                self._stopping.wait(GATHER_S)
        self._give_up_file()

    def _go_on(self) -> bool:
        """Write what is owed; False where it has to be tried again."""
        try:
            self._write_all()
        except StoreClosed:
            self._stopping.set()
            return True
        except (NoBackupYet, _OtherLife, OSError, StoreError) as error:
            self._failed(error)
            return False
        with self._gate:
            self._trouble = None
            # What was committed while this was written is owed since then.
            self._owed_since = self._now() if self._wake.is_set() else None
        return True

    def _failed(self, error: Exception) -> None:
        trouble = _trouble_of(error, self._backups.folder)
        if trouble is not self._trouble:
            expected = trouble in {JournalTrouble.NO_FOLDER, JournalTrouble.NO_BACKUP}
            level = logging.INFO if expected else logging.WARNING
            _log.log(level, "the journal waits: %s %s", trouble.value, error)
        with self._gate:
            self._trouble = trouble
            self._owed_since = self._owed_since or self._now()
        self._give_up_file()
        self._place = None

    def _write_all(self) -> None:
        folder = self._backups.folder
        if folder != self._folder or not self._file_is_there():
            self._give_up_file()
            self._folder, self._place = folder, None
        if self._place is None:
            self._place = self._find_place()
        if self._begin_anew:
            self._begin_anew = False
            self._give_up_file()
            self._drop_old(folder)
        while records := self._read(self._place, FACTS_PER_READ):
            if self._writer is None:
                made_ms = int(self._now().timestamp() * 1000)
                self._writer = JournalWriter.begin(folder, self._key, self._place, made_ms)
            self._writer.append(records)
            self._place = records[-1].position
            if len(records) < FACTS_PER_READ:
                break

    def _find_place(self) -> Position:
        """Where the folder ends, as long as that is a fact of this store."""
        end = journal_end(self._backups, self._key, self._database_key)
        if end.chain_hash:
            before = Position(end.place.epoch, end.place.dseq - 1)
            here = self._read(before, 1)
            if not here or (here[0].position, here[0].chain_hash) != end:
                raise _OtherLife(str(end.place))
        return end.place

    def _file_is_there(self) -> bool:
        """Whether the open file is still the one in the folder: disks are changed at night."""
        return self._writer is None or self._writer.is_there()

    def _give_up_file(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                writer.close()
            except OSError:
                _log.warning("a journal file was not closed cleanly", exc_info=True)

    def _drop_old(self, folder: Path) -> None:
        """Remove the files whose every fact is in the oldest backup that is kept."""
        kept = by_content(self._backups.of_store(self._key.key_id), self._database_key)
        oldest = min((head.place for _, head in kept if head is not None), default=BEFORE_ALL)
        heads = journal_heads(folder, self._key.key_id)
        for head, behind in pairwise(heads):
            if behind.after > oldest:
                break
            _remove(head)


def _remove(head: JournalHead) -> None:
    try:
        head.path.unlink(missing_ok=True)
    except OSError:
        _log.warning("%s cannot be removed", head.path, exc_info=True)


def _trouble_of(error: Exception, folder: Path) -> JournalTrouble:
    if isinstance(error, NoBackupYet):
        return JournalTrouble.NO_BACKUP
    if isinstance(error, _OtherLife):
        return JournalTrouble.OTHER_LIFE
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return JournalTrouble.FOLDER_FULL
    return JournalTrouble.FAULT if folder.is_dir() else JournalTrouble.NO_FOLDER
