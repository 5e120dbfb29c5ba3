"""Traces of erasures: what an erased person leaves where no statement reaches.

Owns: freeing the pages that held his keys, and the list of who was forgotten beside the backups.
Does not own: destroying (erase.py), applying the list to a copy that was put back
(commands/member.py).

A row that was changed or deleted stays in the file until its page is written anew: SQLite is told
to write zeros over it, and its write-ahead log is emptied; PostgreSQL writes the small table of
keys anew. Whatever was sealed under a destroyed key says nothing, wherever it lies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, or_, select, update
from sqlalchemy.exc import DBAPIError

from sync.server.database import ServerDatabase
from sync.server.server_epoch import backup_folder
from sync.server.tables import erasure, shard_of

ERASED_FILE = "erased.txt"
"""Beside the backups: who was forgotten after they were made. Ids only."""
LOCK_WAIT_S = 2
"""Nobody's push waits longer than this for the table of keys; the next run tries again."""
_log = logging.getLogger(__name__)


def tidy_erasures(database: ServerDatabase, tenant: str, now_ms: int) -> int:
    """Whoever was forgotten since the last time: list him, clean the pages; how many are done."""
    rows = database.read(lambda connection: _untidy(connection, tenant))
    if not rows:
        return 0
    folder = database.read(lambda connection: backup_folder(connection, tenant))
    unlisted = [row for row in rows if row["listed_ms"] is None]
    ids = [one for row in unlisted for one in msgspec.json.decode(row["ids"], type=list[str])]
    is_listed = bool(unlisted) and folder is not None and list_erased(Path(folder), ids)
    unclean = [row for row in rows if row["cleaned_ms"] is None]
    is_clean = bool(unclean) and _clean(database)
    if is_listed:
        database.write(lambda c: _mark(c, tenant, unlisted, {"listed_ms": now_ms}))
    if is_clean:
        database.write(lambda c: _mark(c, tenant, unclean, {"cleaned_ms": now_ms}))
    return len(unlisted) * is_listed + len(unclean) * is_clean


def list_erased(folder: Path, ids: Iterable[str]) -> bool:
    """Write them where the next restore finds them; False where the folder is away."""
    if not folder.is_dir():
        return False
    file = folder / ERASED_FILE
    known = set(listed_in(folder))
    new = [each for each in dict.fromkeys(ids) if each not in known]
    with file.open("a", encoding="ascii") as out:
        out.writelines(f"{each}\n" for each in new)
    return True


def listed_in(folder: Path) -> list[str]:
    """Everybody who was forgotten, as the list beside these backups has them."""
    file = folder / ERASED_FILE
    return list(dict.fromkeys(file.read_text("ascii").split())) if file.is_file() else []


def _untidy(connection: Connection, tenant: str) -> list[Mapping[str, Any]]:
    asked = select(erasure).where(
        erasure.c.tenant_id == tenant,
        or_(erasure.c.listed_ms.is_(None), erasure.c.cleaned_ms.is_(None)),
    )
    return [dict(row) for row in connection.execute(asked).mappings()]


def _mark(
    connection: Connection, tenant: str, rows: Iterable[Mapping[str, Any]], said: Mapping[str, int]
) -> None:
    for row in rows:
        mine = erasure.c
        connection.execute(
            update(erasure)
            .where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(row["member"]),
                mine.member == row["member"],
            )
            .values(said)
        )


def _clean(database: ServerDatabase) -> bool:
    """Whether no page keeps what was destroyed."""
    if database.engine.dialect.name != "postgresql":
        # Outside of any transaction: the file's own connection, as its opener made it.
        raw = database.engine.raw_connection()
        try:
            cursor = raw.cursor()
            busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            raw.close()
        return not busy
    alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    try:
        with alone.connect() as connection:
            connection.exec_driver_sql(f"SET lock_timeout = '{LOCK_WAIT_S}s'")
            try:
                connection.exec_driver_sql("VACUUM (FULL) member_key")
            finally:
                connection.exec_driver_sql("RESET lock_timeout")
    except DBAPIError as error:
        _log.warning("erasure", extra={"kind": type(error.orig).__name__})
        return False
    return True
