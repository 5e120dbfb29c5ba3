"""A snapshot: everything the server would have told one by one, as an encrypted file.

Owns: reading its rows. Does not own: fetching it, what the rows say (sync), merging them (the
units of work of whoever reads). The file holds one table, `event (stream TEXT, event BLOB)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.store.database import connect_reader
from app.store.errors import mapped_errors

ROWS_A_READ = 1_000
# Put together where they are read: row by row the interpreter would be asked for back each time.
_PART = """
    SELECT CAST(group_concat(CAST(event AS TEXT), char(10)) AS BLOB), max(row) FROM (
        SELECT rowid AS row, event FROM event WHERE rowid > ? ORDER BY rowid LIMIT ?
    )
    """


def snapshot_events(path: Path, key: bytes) -> Iterator[bytes]:
    """Events as JSON, one a line, some hundreds at a time and in the order they were written.

    Raises WrongKey, Damaged.
    """
    reader = connect_reader(path, key, immutable=True)
    try:
        after = 0
        while True:
            with mapped_errors():
                row = reader.execute(_PART, (after, ROWS_A_READ)).fetchone()
            assert row is not None, "a sum is one row"
            part, after = row
            if part is None:
                return
            yield part
    finally:
        reader.close()
