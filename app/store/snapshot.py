"""A snapshot: everything the server would have told one by one, as an encrypted file.

Owns: reading its rows. Does not own: fetching it, what the rows say (sync), merging them (the
units of work of whoever reads). The file holds one table, `event (stream TEXT, event BLOB)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.store.database import connect_reader
from app.store.errors import mapped_errors

ROWS_A_READ = 100


def snapshot_events(path: Path, key: bytes) -> Iterator[tuple[str, bytes]]:
    """(stream, event) of every row in the order they were written. Raises WrongKey, Damaged."""
    reader = connect_reader(path, key, immutable=True)
    try:
        after = 0
        while True:
            with mapped_errors():
                rows = reader.execute(
                    "SELECT rowid, stream, event FROM event WHERE rowid > ? ORDER BY rowid LIMIT ?",
                    (after, ROWS_A_READ),
                ).fetchall()
            if not rows:
                return
            for _, stream, event in rows:
                yield stream, event
            after = rows[-1][0]
    finally:
        reader.close()
