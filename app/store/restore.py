"""Restoring a store on a new machine: a sound backup, the journal behind it, the recovery code.

Owns: finding what the code opens, the newest backup that is sound, which facts of the journal come
behind it, the new epoch, putting the finished file into its place.
Does not own: making rows from facts (services/fact_replay.py, handed in), the command, its words.

Everything is built in a folder beside its place and moved there last: a restore that is broken off
leaves a place as empty as before. The backup folder is only read.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from app.domain.audit import AuditEntry
from app.domain.moment import Moment
from app.domain.stored_fact import AppendedFact, FactToAppend
from app.store.backups import Backup, BackupFolder, by_content
from app.store.cipher import NotOpened, StoreSecrets
from app.store.database import Database, connect_reader, quick_check
from app.store.erased_list import listed_in
from app.store.errors import (
    Damaged,
    DiskFault,
    DiskFull,
    FolderNotWritable,
    JournalForeign,
    StoreError,
    StoreExists,
    TooNew,
)
from app.store.first_run import BACKUP_FOLDER
from app.store.instance_lock import InstanceLock
from app.store.journal_file import JournalKey, JournalRecord, Position, follow, journal_heads
from app.store.journal_rows import JournalRows
from app.store.lane import StoreLane
from app.store.migrations import load_steps, migrate
from app.store.new_life import begin_new_life
from app.store.opening import StoreSetting
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode
from app.store.unit_of_work import UnitOfWork
from app.store.wrapped_key import keep_other_key, read_wrapped, sync_folder, write_whole

FACTS_PER_UNIT = 100
_COPY_BYTES = 1 << 22
_STAGING = "restoring"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class NoBackupHere:
    """In this folder lies no backup of any shop."""

    folder: Path


@dataclass(frozen=True, slots=True)
class WrongCode:
    """The code opens none of the backups. `unreadable`: backups without a readable key file."""

    unreadable: int


@dataclass(frozen=True, slots=True)
class NoSoundBackup:
    """Every backup the code opens is damaged. Newest first."""

    tried: tuple[Backup, ...]


@dataclass(frozen=True, slots=True)
class FoundShop:
    """What the code opens. `backups`: newest first."""

    folder: Path
    key_id: str
    secrets: StoreSecrets = field(repr=False)
    backups: tuple[Backup, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalBehind:
    """What the journal holds behind a backup.

    `whole` follows without a gap; `beyond` lies behind the first gap: what is in the gap is lost.
    """

    whole: tuple[JournalRecord, ...]
    beyond: tuple[JournalRecord, ...]
    torn: bool
    """The last file ends within a record: it was being written when the machine died."""

    @property
    def last_ms(self) -> int | None:
        """Wall time of the last fact; None where there is none."""
        return max((each.wall_ms for each in (*self.whole, *self.beyond)), default=None)


WriteFact = Callable[[UnitOfWork, FactToAppend], AppendedFact]
"""Append a fact again and make its rows (services/fact_replay.py)."""


def find_shop(folder: Path, code: RecoveryCode) -> FoundShop | NoBackupHere | WrongCode:
    """What lies in a backup folder, as far as the code opens it."""
    backups = list(reversed(BackupFolder(StorePlace.in_folder(folder), folder).list()))
    if not backups:
        return NoBackupHere(folder)
    tried: dict[bytes, tuple[str, StoreSecrets] | None] = {}
    opened: list[tuple[Backup, str, StoreSecrets]] = []
    unreadable = 0
    for backup in backups:
        key_file = StorePlace(backup.path).key_file
        try:
            content, wrapped = key_file.read_bytes(), read_wrapped(key_file)
        except (OSError, StoreError):
            unreadable += 1
            continue
        if content not in tried:
            # Deriving a key costs 0.1 s: once for all backups under one wrapping.
            secrets = wrapped.open(code)
            tried[content] = None if isinstance(secrets, NotOpened) else (wrapped.key_id, secrets)
        if (found := tried[content]) is not None:
            opened.append((backup, *found))
    if not opened:
        return WrongCode(unreadable)
    _, key_id, secrets = opened[0]
    own = by_content([backup for backup, of, _ in opened if of == key_id], secrets.database_key)
    newest_first = tuple(backup for backup, _ in reversed(own))
    return FoundShop(folder, key_id, secrets, newest_first)


class Restoring:
    """One restore into an empty place. Use it as a context: what is not finished is removed."""

    def __init__(self, found: FoundShop, setting: StoreSetting) -> None:
        """Raises StoreExists, FolderNotWritable, AlreadyOpen."""
        self._found, self._setting = found, setting
        place = setting.place
        self._staging = StorePlace(place.folder / _STAGING / place.database.name)
        self.backup: Backup | None = None
        self.skipped: list[Backup] = []
        try:
            place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise _written(error, place.folder) from error
        self._lock = InstanceLock(place.lock_file)
        self._lane: StoreLane | None = None
        if place.database.exists() or place.write_ahead_log.exists():
            self._lock.release()
            raise StoreExists("there is a store already", folder=str(place.folder))

    def __enter__(self) -> Restoring:
        return self

    def __exit__(self, *_: object) -> None:
        if self._lane is not None:
            self._lane.close()
        shutil.rmtree(self._staging.folder, ignore_errors=True)
        self._lock.release()

    def take_backup(self, told: Callable[[int, int], None] = lambda _done, _all: None) -> bool:
        """Copy the newest backup that is sound; False where none is. `told(done, all)` in bytes.

        Raises DiskFull, FolderNotWritable, TooNew.
        """
        for backup in self._found.backups:
            try:
                self._copy(backup, told)
                self._open()
            except (DiskFull, FolderNotWritable, TooNew):
                raise
            except StoreError:
                self.skipped.append(backup)
                continue
            self.backup = backup
            return True
        return False

    def read_journal(self) -> JournalBehind:
        """What was journaled behind the backup that was taken."""
        assert self.backup is not None, "take a backup first"
        found = self._found
        base = self._run(lambda work: JournalRows(work).last())
        key = JournalKey.of(found.key_id, found.secrets.database_key)
        try:
            heads = journal_heads(found.folder, found.key_id)
            first = max(
                (place for place, head in enumerate(heads) if head.after <= base), default=0
            )
            read = [head.read(key) for head in heads[first:]]
        except OSError as error:
            raise DiskFault(str(error)) from error
        whole, beyond = follow(base, [record for content in read for record in content.records])
        return JournalBehind(tuple(whole), tuple(beyond), bool(read) and read[-1].torn)

    def replay(self, journal: JournalBehind, write: WriteFact) -> Iterator[int]:
        """Write the facts again, in order; yields after each unit how many. Raises StoreError.

        Facts behind a gap go into the new epoch: their own chain cannot be closed any more.
        """
        for part in _parts(journal.whole):
            yield self._run(partial(_replay_whole, records=part, write=write))
        self._run(begin_new_life)
        for part in _parts(journal.beyond):
            yield self._run(partial(_replay_beyond, records=part, write=write))

    def forget(self) -> int:
        """Forget again whoever was forgotten after this backup was made; how many of them it knew.

        The list lies beside the backups. Raises FolderNotWritable where it cannot be read.
        """
        gone = listed_in(self._found.folder)
        return sum(self._run(partial(_forget, member_id=each)) for each in gone)

    def device(self) -> str:
        """Whose facts they are. Raises Damaged for a backup without an identity."""
        identity = self._run(lambda work: work.device.read())
        if identity is None:
            raise Damaged("a backup made before the set-up")
        return identity.device

    def finish(self, *, now: datetime, keep_folder: bool) -> None:
        """Put the file into its place and keep the key on this machine.

        `keep_folder`: backups go on in the folder they came from.
        """
        self._run(lambda work: self._sign(work, now, keep_folder=keep_folder))
        assert self._lane is not None
        assert self.backup is not None
        self._lane.close()
        self._lane = None
        log = self._staging.write_ahead_log
        if log.exists() and log.stat().st_size:
            raise DiskFault("the write-ahead log of the restored file could not be emptied")
        place, found = self._setting.place, self._found
        keep_other_key(place.key_file)
        try:
            key_file = StorePlace(self.backup.path).key_file.read_bytes()
            write_whole(place.key_file, key_file)
            self._setting.vault.keep(found.key_id, found.secrets)
            self._staging.database.replace(place.database)
            sync_folder(place.folder)
        except OSError as error:
            raise _written(error, place.folder) from error

    def _copy(self, backup: Backup, told: Callable[[int, int], None]) -> None:
        """A read that fails is the backup's fault, a write that fails is this machine's."""
        folder = self._staging.folder
        shutil.rmtree(folder, ignore_errors=True)
        try:
            folder.mkdir(mode=0o700)
            target = self._staging.database.open("wb")
        except OSError as error:
            raise _written(error, folder) from error
        with target:
            for content, done, size in _pieces(backup.path):
                try:
                    target.write(content)
                    target.flush()
                except OSError as error:
                    raise _written(error, folder) from error
                told(done, size)

    def _open(self) -> None:
        key = self._found.secrets.database_key
        reader = connect_reader(self._staging.database, key)
        try:
            quick_check(reader)
        finally:
            reader.close()
        database = Database(self._staging, key)
        try:
            migrate(database.raw, load_steps())
        except BaseException:
            database.close()
            raise
        self._lane = StoreLane(database, lambda open_file: UnitOfWork(open_file.connection))

    def _run(self, work: Callable[[UnitOfWork], _T]) -> _T:
        assert self._lane is not None, "take a backup first"
        return self._lane.run(work)

    def _sign(self, work: UnitOfWork, now: datetime, *, keep_folder: bool) -> None:
        if keep_folder:
            work.settings.put_value(BACKUP_FOLDER, str(self._found.folder))
        assert self.backup is not None
        details = (("backup", self.backup.path.name), ("epoch", str(work.device.epoch())))
        at_ms = int(now.timestamp() * 1000)
        work.audit.append(AuditEntry(at_ms, "", "till_restored", "", details))


def _pieces(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """A backup in pieces, with how much was read of how much. Raises Damaged."""
    done = 0
    try:
        size = path.stat().st_size
        with path.open("rb") as source:
            while content := source.read(_COPY_BYTES):
                done += len(content)
                yield content, done, size
    except OSError as error:
        raise Damaged(str(error), file=path.name) from error


def _written(error: OSError, folder: Path) -> StoreError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(str(error))
    return FolderNotWritable(str(error), folder=str(folder))


def _forget(work: UnitOfWork, member_id: str) -> bool:
    return work.erasures.wipe([member_id])


def _parts(records: tuple[JournalRecord, ...]) -> Iterator[tuple[JournalRecord, ...]]:
    for start in range(0, len(records), FACTS_PER_UNIT):
        yield records[start : start + FACTS_PER_UNIT]


def _replay_whole(work: UnitOfWork, records: tuple[JournalRecord, ...], write: WriteFact) -> int:
    for record in records:
        identity = work.device.read()
        assert identity is not None
        if identity.epoch != record.epoch:
            work.device.write(msgspec.structs.replace(identity, epoch=record.epoch))
        appended = _write_one(work, record, write)
        if Position(appended.epoch, appended.dseq) != record.position:
            raise JournalForeign(f"{record.position} became {appended.dseq}")
        if appended.chain_hash != record.chain_hash:
            raise JournalForeign(f"the chain breaks at {record.position}")
    return len(records)


def _replay_beyond(work: UnitOfWork, records: tuple[JournalRecord, ...], write: WriteFact) -> int:
    for record in records:
        if work.facts.get(record.op_id) is None:
            _write_one(work, record, write)
    return len(records)


def _write_one(work: UnitOfWork, record: JournalRecord, write: WriteFact) -> AppendedFact:
    JournalRows(work).put_secrets(record)
    moment = Moment(record.wall_ms, record.monotonic_ms, record.boot_id, record.offset_ms)
    new = FactToAppend(
        op_id=record.op_id,
        kind=record.kind,
        member_ids=record.members,
        business_day=date.fromisoformat(record.business_day),
        moment=moment,
        data=record.data,
        shift_id=record.shift_id,
    )
    return write(work, new)


# ------------------------------------------------------------------ rehearsals

REHEARSED = "last-rehearsal.txt"


def note_rehearsal(folder: Path, at: datetime) -> None:
    """Write beside the backups when they were last proved. Raises FolderNotWritable."""
    write_whole(
        folder / REHEARSED, f"{at.astimezone(UTC).isoformat(timespec='seconds')}\n".encode()
    )


def last_rehearsal(folder: Path) -> datetime | None:
    """When the backups of a folder were last proved; None = never, or nobody can read it."""
    try:
        return datetime.fromisoformat((folder / REHEARSED).read_text("ascii").strip())
    except (OSError, ValueError):
        return None
