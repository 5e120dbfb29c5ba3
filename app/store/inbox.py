"""What the server told this till: how far it listened, and what it is to do.

Owns: the stream and command tables. Does not own: what was told (each noun's own file), when to
listen (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select, update

from app.domain.command import Command
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import command, stream

_CURSORS = select(stream.c.name, stream.c.cursor)
_STREAMS = select(stream).order_by(stream.c.name)
_PUT = Prepared(put_row(stream, "name"))
_OPEN = select(command).where(command.c.done_ms.is_(None)).order_by(command.c.number)
_ADD = insert(command)
_DONE = (
    update(command)
    .where(command.c.number == bindparam("key"), command.c.done_ms.is_(None))
    .values(done_ms=bindparam("at_ms"))
)


@dataclass(frozen=True, slots=True)
class Listened:
    """How far a stream was heard, how far it goes, and when that was known (wall time)."""

    name: str
    cursor: int
    head: int
    heard_ms: int


class InboxRepository(Repository):
    """Cursors and commands."""

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

    def add_command(self, told: Command, at_ms: int) -> None:
        """Keep it; one that waits already is not kept twice."""
        waiting = [(each.kind, each.epoch, each.above) for each in self.commands()]
        if (told.kind, told.epoch, told.above) in waiting:
            return
        row = {"command": told.kind, "epoch": told.epoch, "above": told.above, "told_ms": at_ms}
        self._execute(_ADD, row)
        self._changed(Changes(sync=True))

    def commands(self) -> Sequence[Command]:
        """What is not done yet, oldest first."""
        return [
            Command(row.command, row.epoch, row.above, row.number) for row in self._execute(_OPEN)
        ]

    def command_done(self, number: int, at_ms: int) -> None:
        self._execute(_DONE, {"key": number, "at_ms": at_ms})
        self._changed(Changes(sync=True))
