"""What the server told this till: how far it listened.

Owns: the stream, last_contact and link_change tables. Does not own: what was told (each noun's own
file), when to listen (sync).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, delete, func, insert, select

from app.domain.inbox import Listened
from app.domain.link import NO_CONTACT, Contact, Wire
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import last_contact, link_change, stream

_CURSORS = Prepared(select(stream.c.name, stream.c.cursor))
_STREAMS = select(stream).order_by(stream.c.name)
_PUT = Prepared(put_row(stream, "name"))
LINKS_KEPT = 50
_PUT_LINK = insert(link_change)
_DROP_LINKS = delete(link_change).where(
    link_change.c.number
    <= select(func.max(link_change.c.number)).scalar_subquery() - bindparam("kept")
)
_CONTACT = select(last_contact)
_PUT_CONTACT = Prepared(put_row(last_contact, "only_row"))


class InboxRepository(Repository):
    """How far each stream was heard."""

    def cursors(self) -> Mapping[str, int]:
        """The last place heard, by stream."""
        return {row[0]: row[1] for row in self._all(_CURSORS)}

    def listened(self) -> Sequence[Listened]:
        return [Listened(*row) for row in self._execute(_STREAMS)]

    def move(self, name: str, cursor: int, *, head: int, at_ms: int) -> None:
        """The cursor goes with what was told, in one transaction."""
        row = {"name": name, "cursor": cursor, "head": max(head, cursor), "heard_ms": at_ms}
        self._write(_PUT, row)
        self._changed(Changes(sync=True))

    def put_contact(self, heard: Contact, boot_id: str) -> None:
        """All the server had is known, as of a moment of this start of the machine."""
        assert heard.heard_monotonic_ms is not None, "only what was heard is kept"
        row = {
            "only_row": 1,
            "boot_id": boot_id,
            "heard_monotonic_ms": heard.heard_monotonic_ms,
            "offset_ms": heard.offset_ms,
            "offset_monotonic_ms": heard.offset_monotonic_ms,
            "offset_server_ms": heard.offset_server_ms,
        }
        self._write(_PUT_CONTACT, row)

    def put_link(self, wire: Wire, reason: str, *, at_ms: int) -> None:
        """The link is so from now on. The last changes are kept, for support."""
        self._execute(_PUT_LINK, {"at_ms": at_ms, "wire": wire, "reason": reason})
        self._execute(_DROP_LINKS, {"kept": LINKS_KEPT})

    def last_contact(self, boot_id: str) -> Contact:
        """What is still known of the server at this start of the machine, before it is asked."""
        row = self._execute(_CONTACT).first()
        if row is None:
            return NO_CONTACT
        if row.boot_id != boot_id:
            return Contact(was_restarted=True)
        return Contact(
            heard_monotonic_ms=row.heard_monotonic_ms,
            offset_ms=row.offset_ms,
            offset_monotonic_ms=row.offset_monotonic_ms,
            offset_server_ms=row.offset_server_ms,
        )
