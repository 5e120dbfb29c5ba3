"""What the server told this till: how far it listened.

Owns: the stream table. Does not own: what was told (each noun's own file), when to listen (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from app.domain.inbox import Listened
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import stream

_CURSORS = select(stream.c.name, stream.c.cursor)
_STREAMS = select(stream).order_by(stream.c.name)
_PUT = Prepared(put_row(stream, "name"))


class InboxRepository(Repository):
    """How far each stream was heard."""

    def cursors(self) -> Mapping[str, int]:
        """The last place heard, by stream."""
        return {row.name: row.cursor for row in self._execute(_CURSORS)}

    def listened(self) -> Sequence[Listened]:
        return [Listened(*row) for row in self._execute(_STREAMS)]

    def move(self, name: str, cursor: int, *, head: int, at_ms: int) -> None:
        """The cursor goes with what was told, in one transaction."""
        row = {"name": name, "cursor": cursor, "head": max(head, cursor), "heard_ms": at_ms}
        self._write(_PUT, row)
        self._changed(Changes(sync=True))
