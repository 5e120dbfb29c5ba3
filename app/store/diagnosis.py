"""A look at a store from outside: figures a support person asks for, and never a person's data.

Owns: reading them without the lock, so that it works while the till is open, and without writing.
Does not own: what is told about them (commands/doctor.py), whether sums agree (services/verify.py).
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from app.domain.settings import Settings
from app.store.backups import BackupFolder
from app.store.database import connect_reader
from app.store.errors import AlreadyOpen, FolderNotWritable, KeyMissing, NoStore, mapped_errors
from app.store.instance_lock import InstanceLock
from app.store.journal import NoBackupYet, journal_end
from app.store.journal_file import JournalKey
from app.store.keys import Found, KeyHome
from app.store.migrations import load_steps, missing_steps, schema_number
from app.store.opening import StoreSetting
from app.store.sqlcipher import SqlCipherConnection, dbapi
from app.store.sync_look import SyncLook, look_at_sync
from app.store.wrapped_key import read_wrapped

COUNTED = ("member", "product", "sale", "fact", "outbox", "staff", "audit", "program")


@dataclass(frozen=True, slots=True)
class Disk:
    """What can be said without opening the file. Sizes in bytes; None = not there."""

    free_bytes: int
    database_bytes: int | None
    write_ahead_log_bytes: int | None
    backups: int
    last_backup: datetime | None
    backups_on_the_same_disk: bool


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What the opened file says. Times in milliseconds of wall time."""

    schema: int
    schema_known: int
    key_home: KeyHome
    counts: dict[str, int]
    open_attempts: int
    last_sold_ms: int | None
    printer: str
    language: str
    backup_folder: Path | None
    """Where a manager has put the backups; None = where the platform says."""
    sync: SyncLook | None = None
    """None: a file of before there was sync."""


@dataclass(frozen=True, slots=True)
class JournalLook:
    """How many facts lie in the store only, and the wall time of the oldest of them."""

    behind: int
    since_ms: int | None


def library_versions() -> dict[str, str]:
    """SQLite and SQLCipher as they are linked."""
    connection = dbapi.connect(":memory:")
    try:
        row = connection.execute("PRAGMA cipher_version").fetchone()
    finally:
        connection.close()
    return {"sqlite": dbapi.sqlite_version, "sqlcipher": str(row[0]) if row else ""}


def look_at_disk(setting: StoreSetting, backups: BackupFolder) -> Disk:
    """Folder, files and backups. The folder need not exist."""
    place, folder = setting.place, setting.place.folder
    while not folder.exists():
        folder = folder.parent
    made = [backup.made for backup in backups.list()]
    return Disk(
        shutil.disk_usage(folder).free,
        _size(place.database),
        _size(place.write_ahead_log),
        len(made),
        max(made, default=None),
        place.folder.exists() and backups.is_on_the_same_disk,
    )


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.exists() else None


def is_open_elsewhere(setting: StoreSetting) -> bool:
    """Whether a till holds this store now."""
    if not setting.place.lock_file.exists():
        return False
    try:
        InstanceLock(setting.place.lock_file).release()
    except AlreadyOpen:
        return True
    except FolderNotWritable:
        return False
    return False


def look_at_store(setting: StoreSetting) -> StoreLook:
    """Read the figures. Raises StoreError: what opening the till would say too."""
    _, kept = _secrets(setting)
    connection = connect_reader(setting.place.database, kept.secrets.database_key)
    try:
        found, steps = schema_number(connection), load_steps()
        missing_steps(found, steps)
        with mapped_errors():
            return _look(connection, found, len(steps), kept.home)
    finally:
        connection.close()


def look_at_journal(setting: StoreSetting, backups: BackupFolder) -> JournalLook | None:
    """What a dead disk would take now; None where no backup is, which says more.

    Raises StoreError where the store cannot be opened.
    """
    key_id, kept = _secrets(setting)
    database_key = kept.secrets.database_key
    try:
        end = journal_end(backups, JournalKey.of(key_id, database_key), database_key)
    except (NoBackupYet, OSError):
        return None
    connection = connect_reader(setting.place.database, database_key)
    try:
        with mapped_errors():
            row = connection.execute(
                "SELECT count(*), min(wall_ms) FROM fact WHERE (epoch, dseq) > (?, ?)", end.place
            ).fetchone()
    finally:
        connection.close()
    assert row is not None
    return JournalLook(int(row[0]), row[1])


def _secrets(setting: StoreSetting) -> tuple[str, Found]:
    place = setting.place
    if not place.database.exists():
        raise NoStore(f"there is no store in {place.folder}", folder=str(place.folder))
    key_id = read_wrapped(place.key_file).key_id
    kept = setting.vault.read(key_id)
    if not isinstance(kept, Found):
        raise KeyMissing("the keychain of this machine has no entry for this store")
    return key_id, kept


def _look(connection: SqlCipherConnection, schema: int, known: int, home: KeyHome) -> StoreLook:
    def number(sql: str) -> int | None:
        row = connection.execute(sql).fetchone()
        return None if row is None or row[0] is None else int(row[0])

    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master").fetchall()}
    settings = _settings(connection)
    return StoreLook(
        schema=schema,
        schema_known=known,
        key_home=home,
        counts={
            name: number(f"SELECT count(*) FROM {name}") or 0  # noqa: S608 - names of this module
            for name in COUNTED
            if name in tables
        },
        open_attempts=number(
            "SELECT count(*) FROM payment_attempt WHERE state IN ('started', 'unknown')"
        )
        or 0,
        last_sold_ms=number("SELECT max(sold_ms) FROM sale"),
        printer=settings.printer,
        language=settings.language,
        backup_folder=_kept_backup_folder(connection),
        sync=look_at_sync(connection) if "link_change" in tables else None,
    )


def _settings(connection: SqlCipherConnection) -> Settings:
    """The settings of the file; the defaults where none can be read."""
    row = connection.execute("SELECT value FROM setting WHERE name = 'settings'").fetchone()
    try:
        return msgspec.json.decode(row[0], type=Settings) if row else Settings()
    except msgspec.DecodeError:
        return Settings()


def _kept_backup_folder(connection: SqlCipherConnection) -> Path | None:
    row = connection.execute("SELECT value FROM setting WHERE name = 'backup_folder'").fetchone()
    return Path(row[0]) if row else None
