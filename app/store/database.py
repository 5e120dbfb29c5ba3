"""Opening the encrypted file: connections and the SQLAlchemy engine over them.

Owns: the pragmas and their order, the least SQLite version, what one open file is.
Does not own: the thread that uses it (lane.py), the schema (migrations.py), keys (keys.py).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool, QueuePool

from app.store.cipher import KEY_LENGTH
from app.store.errors import Damaged, FolderNotWritable, LibraryTooOld, mapped_errors
from app.store.place import StorePlace
from app.store.sqlcipher import SqlCipherConnection, connect_raw, dbapi

# 3.51.3 repaired a WAL reset that could corrupt a file when a checkpoint met a writer.
SQLITE_VERSION_MIN = (3, 51, 3)
BUSY_TIMEOUT_MS = 5_000
CACHE_KIB = 32_000
"""Room for the upper pages of every index of a million members."""
READER_CACHE_KIB = 16_000
AUTOCHECKPOINT_PAGES = 1_000
"""While units of work follow each other: many short checkpoints, so that no scan waits for a long
one. With nothing to do the lane makes its own."""
WAL_BYTES_KEPT_MAX = 64_000_000

_BEGIN = "zhanggui_begin"
_AS_READER, _AS_WRITER = "BEGIN", "BEGIN IMMEDIATE"


def check_library(version: tuple[int, ...] = dbapi.sqlite_version_info) -> None:
    """Raises LibraryTooOld where the SQLite inside SQLCipher is not safe with a WAL."""
    if version < SQLITE_VERSION_MIN:
        found = ".".join(map(str, version))
        raise LibraryTooOld(f"SQLite {found}", found=found)


def _address(path: Path, mode: str) -> str:
    return f"{path.absolute().as_uri()}?mode={mode}"


def _give_key(connection: SqlCipherConnection, key: bytes) -> None:
    assert len(key) == KEY_LENGTH, "SQLCipher gets a raw 256-bit key"
    # Must be the first statement; a raw key also spares 75 ms of key derivation.
    connection.execute(f"PRAGMA key=\"x'{key.hex()}'\"")
    # A wrong key is our answer to give, not three lines on stderr.
    connection.execute("PRAGMA cipher_log_level=NONE")
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    # The first statement that reads a page tells whether the key is right.
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _prepare_writer(connection: SqlCipherConnection) -> None:
    row = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if row != ("wal",):
        raise FolderNotWritable(f"no write-ahead log here: {row}")
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
        "trusted_schema=OFF",
        "mmap_size=0",
        f"cache_size=-{CACHE_KIB}",
        f"wal_autocheckpoint={AUTOCHECKPOINT_PAGES}",
        f"journal_size_limit={WAL_BYTES_KEPT_MAX}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def connect_writer(path: Path, key: bytes) -> SqlCipherConnection:
    """A connection that may write; creates the file (0600) where there is none yet.

    Raises WrongKey, FolderNotWritable, Damaged, DiskFull, DiskFault, StoreBusy.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise FolderNotWritable(str(error), folder=str(path.parent)) from error
    with mapped_errors():
        connection = connect_raw(_address(path, "rw"))
        try:
            _give_key(connection, key)
            _prepare_writer(connection)
        except BaseException:
            connection.close()
            raise
        return connection


def connect_reader(path: Path, key: bytes, *, immutable: bool = False) -> SqlCipherConnection:
    """A connection that cannot write: for backups being checked, doctor, verify.

    `immutable`: a finished backup, which nobody writes; no file is made beside it.
    """
    with mapped_errors():
        connection = connect_raw(_address(path, "ro&immutable=1" if immutable else "ro"))
        try:
            _give_key(connection, key)
            # What is sorted is somebody's name: never in a file of its own.
            connection.execute("PRAGMA temp_store=MEMORY")
            connection.execute("PRAGMA query_only=ON")
        except BaseException:
            connection.close()
            raise
        return connection


def quick_check(connection: SqlCipherConnection) -> None:
    """Raises Damaged where SQLite or a page's authentication code finds a fault."""
    with mapped_errors():
        faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        rows = connection.execute("PRAGMA quick_check(10)").fetchall()
        faults += [row for row in rows if row != ("ok",)]
        faults += connection.execute("PRAGMA foreign_key_check").fetchall()
    if faults:
        raise Damaged("; ".join(str(fault) for fault in faults[:10]))


def _begin(connection: Connection) -> None:
    # By the driver's own connection: no statement is run as often as this one. Who began there has
    # begun.
    driver = driver_of(connection)
    if not driver.in_transaction:
        driver.execute(connection.info.get(_BEGIN, _AS_WRITER))


def driver_of(connection: Connection) -> SqlCipherConnection:
    """The driver's own connection under SQLAlchemy's."""
    raw = connection.connection.dbapi_connection
    assert raw is not None
    return cast(SqlCipherConnection, raw)


class Database:
    """One open file: an engine whose pool holds exactly one writer connection. Whoever reads
    beside it has a connection of his own."""

    def __init__(self, place: StorePlace, key: bytes) -> None:
        """Open (or create) the file. Errors as `connect_writer`, and LibraryTooOld."""
        check_library()
        self.place = place
        self._key = key
        self.engine: Engine = create_engine(
            "sqlite+pysqlite://",
            module=dbapi,
            creator=lambda: connect_writer(place.database, key),
            poolclass=QueuePool,
            pool_size=1,
            max_overflow=0,
            # Parameters hold names and phone numbers; they must not reach a log with an error.
            hide_parameters=True,
        )
        event.listen(self.engine, "begin", _begin)
        self.connection = self._connect()

    def _connect(self) -> Connection:
        with mapped_errors():
            return self.engine.connect()

    def open_for_reading(self) -> Connection:
        """Another connection to the same file, which cannot write; for one more thread."""
        engine = create_engine(
            "sqlite+pysqlite://",
            module=dbapi,
            creator=lambda: connect_reader(self.place.database, self._key),
            poolclass=NullPool,
            hide_parameters=True,
        )
        event.listen(engine, "begin", _begin)
        with mapped_errors():
            connection = engine.connect()
            connection.info[_BEGIN] = _AS_READER
            driver_of(connection).execute(f"PRAGMA cache_size=-{READER_CACHE_KIB}")
        return connection

    def reopen(self) -> None:
        """A fresh connection after an I/O error: the old one's cache may tell what is not so."""
        with mapped_errors():
            self.connection.invalidate()
            self.connection.close()
            self.engine.dispose()
        self.connection = self._connect()

    def read_only_begin(self, read_only: bool) -> None:
        """Choose how the next transaction begins: as a reader (no write lock) or as a writer."""
        begin = _AS_READER if read_only else _AS_WRITER
        if self.connection.info.get(_BEGIN, _AS_WRITER) != begin:
            self.raw.execute(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
            self.connection.info[_BEGIN] = begin

    @property
    def raw(self) -> SqlCipherConnection:
        """The driver's own connection under SQLAlchemy's."""
        return driver_of(self.connection)

    def checkpoint(self, *, truncate: bool = False) -> bool:
        """Move the write-ahead log into the file; `truncate` leaves the log empty. False: somebody
        reads in it, and it stays as it is."""
        with mapped_errors():
            how = "TRUNCATE" if truncate else "PASSIVE"
            row = self.raw.execute(f"PRAGMA wal_checkpoint({how})").fetchone()
        return row is not None and row[0] == 0

    def copy_to(self, target: Path) -> SqlCipherConnection:
        """An empty file under the same key that a backup may be written into."""
        return connect_writer(target, self._key)

    def close(self) -> None:
        """Close without a checkpoint of its own (SQLite makes one with the last connection)."""
        with mapped_errors():
            self.connection.close()
            self.engine.dispose()
