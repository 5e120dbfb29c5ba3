"""Opening a store: lock, key, file, schema, lane - in this order, and undone in reverse.

Owns: creating a store, opening it with this machine's key or with the recovery code, renewing
the code. Does not own: the steps themselves (one module each), what the wizard shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from app.store.backups import BackupFolder, BackupReason
from app.store.cipher import NotOpened, StoreSecrets, new_secrets
from app.store.database import Database, connect_reader, connect_writer, quick_check
from app.store.errors import (
    Damaged,
    FolderNotWritable,
    KeyMissing,
    NoStore,
    StoreExists,
    mapped_errors,
)
from app.store.instance_lock import InstanceLock
from app.store.journal import Journal
from app.store.journal_file import JournalKey, JournalRecord, Position
from app.store.journal_rows import JournalRows
from app.store.keys import Found, KeyHome, KeyVault
from app.store.lane import StoreLane
from app.store.migrations import SchemaStep, load_steps, migrate, missing_steps, schema_number
from app.store.new_life import begin_new_life
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode
from app.store.unit_of_work import UnitOfWork
from app.store.wrapped_key import keep_other_key, new_key_id, read_wrapped, wrap, write_wrapped


@dataclass(frozen=True, slots=True)
class StoreSetting:
    """Where everything of one store is, chosen by main.py."""

    place: StorePlace
    vault: KeyVault
    backups: BackupFolder


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An open store. `close()` it: only then the write-ahead log is empty."""

    lane: StoreLane
    place: StorePlace
    backups: BackupFolder
    key_home: KeyHome
    """FILE must be said aloud."""
    secrets: StoreSecrets
    lock: InstanceLock
    journal: Journal
    """Of facts, beside the backups; main.py starts it once the backup folder is known."""
    vault: KeyVault
    """Where keys of this machine are kept."""

    def back_up(self, reason: BackupReason, *, now: datetime) -> Path:
        """A checked copy in the backup folder. Waits; sales go on meanwhile."""
        made = self.backups.make(
            reason,
            copy=lambda path: self.lane.copy_to(path).result(),
            key=self.secrets.database_key,
            now=now,
        )
        self.journal.backup_made()
        return made.path

    def damage(self) -> str | None:
        """What a full check of the file finds wrong; None = nothing. Reads beside the lane."""
        connection = connect_reader(self.place.database, self.secrets.database_key)
        try:
            quick_check(connection)
        except Damaged as fault:
            return fault.detail
        finally:
            connection.close()
        return None

    def close(self) -> None:
        """Finish what is queued, close the file, give the lock back."""
        self.journal.close()
        self.lane.close()
        self.lock.release()


def create_store(
    setting: StoreSetting,
    *,
    code: RecoveryCode,
    now: datetime,
    steps: Sequence[SchemaStep] | None = None,
) -> OpenStore:
    """A new, empty store whose key is wrapped by `code`. Raises StoreExists where there is one."""
    place = setting.place
    try:
        place.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(place.folder)) from error
    lock = InstanceLock(place.lock_file)
    try:
        # A log without its file holds sales of a file that somebody moved away for a while.
        if place.database.exists() or place.write_ahead_log.exists():
            raise StoreExists("there is a store already", folder=str(place.folder))
        keep_other_key(place.key_file)
        secrets, key_id = new_secrets(), new_key_id()
        # Wrapped before kept before used: at no moment is there a file without its key.
        write_wrapped(place.key_file, wrap(key_id, secrets, code))
        home = setting.vault.keep(key_id, secrets)
        setting.backups.begin()
        return _start(setting, lock, secrets, home, now, steps)
    except BaseException:
        lock.release()
        raise


def open_store(
    setting: StoreSetting, *, now: datetime, steps: Sequence[SchemaStep] | None = None
) -> OpenStore:
    """Open with the key of this machine. Raises NoStore, KeyMissing (only the code can help)."""
    place = setting.place
    if not place.database.exists():
        raise NoStore(f"there is no store in {place.folder}", folder=str(place.folder))
    lock = InstanceLock(place.lock_file)
    try:
        key_id = read_wrapped(place.key_file).key_id
        kept = setting.vault.read(key_id)
        if not isinstance(kept, Found):
            raise KeyMissing("the keychain of this machine has no entry for this store")
        return _start(setting, lock, kept.secrets, kept.home, now, steps)
    except BaseException:
        lock.release()
        raise


def open_with_code(
    setting: StoreSetting,
    *,
    code: RecoveryCode,
    now: datetime,
    steps: Sequence[SchemaStep] | None = None,
) -> OpenStore | NotOpened:
    """Open a copy, a restored file or one whose keychain entry is gone; keeps the key here. It is
    a new life of its till.

    Raises NoStore where the file itself is gone: the code opens a shop, it does not bring one back.
    """
    place = setting.place
    if not place.database.exists():
        raise NoStore(f"there is no store in {place.folder}", folder=str(place.folder))
    lock = InstanceLock(place.lock_file)
    try:
        wrapped = read_wrapped(place.key_file)
        secrets = wrapped.open(code)
        if isinstance(secrets, NotOpened):
            lock.release()
            return secrets
        # The file is tried before the keychain is touched: a `.key` of another store must
        # not replace a good entry.
        connect_writer(place.database, secrets.database_key).close()
        home = setting.vault.keep(wrapped.key_id, secrets)
        opened = _start(setting, lock, secrets, home, now, steps)
        try:
            # Whose keychain knows nothing may be a copy, while the original goes on selling.
            opened.lane.run(begin_new_life)
        except BaseException:
            opened.close()
            raise
        return opened
    except BaseException:
        lock.release()
        raise


def code_is_right(place: StorePlace, code: RecoveryCode) -> bool:
    """Whether a typed code opens this store's key: the proof that it was written down."""
    return not isinstance(read_wrapped(place.key_file).open(code), NotOpened)


def renew_code(place: StorePlace, secrets: StoreSecrets, code: RecoveryCode) -> None:
    """Wrap the key by another code; the older code opens older backups only."""
    wrapped = read_wrapped(place.key_file)
    write_wrapped(place.key_file, wrap(wrapped.key_id, secrets, code))


def _start(
    setting: StoreSetting,
    lock: InstanceLock,
    secrets: StoreSecrets,
    home: KeyHome,
    now: datetime,
    steps: Sequence[SchemaStep] | None,
) -> OpenStore:
    database = Database(setting.place, secrets.database_key)
    try:
        _bring_up_to_date(setting, database, secrets, now, load_steps() if steps is None else steps)
    except BaseException:
        database.close()
        raise
    lane = StoreLane(database, lambda open_file: UnitOfWork(open_file.connection))
    journal = _journal(setting, lane, secrets)
    return OpenStore(
        lane, setting.place, setting.backups, home, secrets, lock, journal, setting.vault
    )


def _journal(setting: StoreSetting, lane: StoreLane, secrets: StoreSecrets) -> Journal:
    def read(place: Position, most: int) -> list[JournalRecord]:
        # As a sale, not as background work: a backup under way lets nothing else through.
        return lane.read(partial(_facts_after, place=place, most=most)).result()

    key_id = read_wrapped(setting.place.key_file).key_id
    key = JournalKey.of(key_id, secrets.database_key)
    journal = Journal(setting.backups, key, secrets.database_key, read)
    lane.subscribe(lambda changes, _: journal.committed() if changes.outbox else None)
    return journal


def _facts_after(work: UnitOfWork, place: Position, most: int) -> list[JournalRecord]:
    return JournalRows(work).after(place, most)


def _bring_up_to_date(
    setting: StoreSetting,
    database: Database,
    secrets: StoreSecrets,
    now: datetime,
    steps: Sequence[SchemaStep],
) -> None:
    found = schema_number(database.raw)
    if not missing_steps(found, steps):
        return
    if found > 0:

        def copy(path: Path) -> None:
            with mapped_errors():
                target = database.copy_to(path)
                try:
                    database.raw.backup(target)
                finally:
                    target.close()

        setting.backups.make(BackupReason.SCHEMA, copy=copy, key=secrets.database_key, now=now)
    migrate(database.raw, steps)
