"""Messages to members, as head office told of them last.

Owns: the message_record table. Does not own: a member's own choice (member.py), asking
(sync/till/joined.py).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, select

from app.domain.message_record import MessageRecord
from app.store.changes import Changes
from app.store.forgotten import Forgotten
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import message_record as table

_PUT = Prepared(put_row(table, "member_id"))
_GET = select(table).where(table.c.member_id == bindparam("key"))


class MessageRepository(Repository):
    """What is known of the messages to a member."""

    def put(self, member_id: str, records: Sequence[MessageRecord], asked_ms: int) -> None:
        """In place of what was told before; nothing of somebody who was forgotten while head office
        was asked."""
        if Forgotten(self._transaction).has(member_id):
            return
        said = msgspec.json.encode(list(records)).decode()
        self._write(_PUT, {"member_id": member_id, "records": said, "asked_ms": asked_ms})
        self._changed(Changes(members=True))

    def of(self, member_id: str) -> tuple[tuple[MessageRecord, ...], int] | None:
        """The newest first, and as of when (ms); None = head office was never asked."""
        row = self._execute(_GET, {"key": member_id}).first()
        if row is None:
            return None
        return msgspec.json.decode(row.records, type=tuple[MessageRecord, ...]), row.asked_ms
