"""The forgotten: every id under which a person was forgotten, for good, and by which numbers.

Owns: the forgotten and forgotten_claim tables. Does not own: erasures and their proof (erasure.py),
wiping (there, and working_set.py), the list beside the backups (erased_list.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, insert, select

from app.store.repository import Prepared, Repository, put_row
from app.store.sync_tables import forgotten as table
from app.store.sync_tables import forgotten_claim

_NOTE = Prepared(insert(table).prefix_with("OR IGNORE"))
_PUT = Prepared(put_row(table, "member_id"))
_HAS = Prepared(select(table.c.member_id).where(table.c.member_id == bindparam("key")))
_AFTER = Prepared(
    select(table.c.member_id)
    .where(table.c.member_id > bindparam("after"))
    .order_by(table.c.member_id)
    .limit(bindparam("most"))
)
_NOTE_CLAIM = Prepared(insert(forgotten_claim).prefix_with("OR IGNORE"))
_HAS_CLAIM = Prepared(
    select(forgotten_claim.c.claim).where(forgotten_claim.c.claim == bindparam("key"))
)


class Forgotten(Repository):
    """Ids that nothing may be written about any more."""

    def note(self, member_ids: Iterable[str]) -> None:
        """They are forgotten; by which erasure stays as it is known."""
        self._write(_NOTE, [{"member_id": each, "erasure": None} for each in member_ids])

    def put(self, member_ids: Iterable[str], erasure: str) -> None:
        """They are forgotten by this erasure (its member_id)."""
        self._write(_PUT, [{"member_id": each, "erasure": erasure} for each in member_ids])

    def has(self, member_id: str) -> bool:
        return self._first(_HAS, {"key": member_id}) is not None

    def note_claim(self, claim: str) -> None:
        """Whoever had the number with this keyed hash is forgotten."""
        self._write(_NOTE_CLAIM, {"claim": claim})

    def has_claim(self, claim: str) -> bool:
        return self._first(_HAS_CLAIM, {"key": claim}) is not None

    def after(self, member_id: str, limit: int) -> Sequence[str]:
        """In their order, from behind one: all of them in small units."""
        return [row[0] for row in self._all(_AFTER, {"after": member_id, "most": limit})]
