"""The forgotten: every id under which a person was forgotten, for good, and by which numbers.

Owns: the forgotten and forgotten_claim tables, how long such a hash stays. Does not own: the keys
it is made under (member_keys.py), erasures and their proof (erasure.py), wiping (there, and
working_set.py), the list beside the backups (erased_list.py).

The hash of a number stays until every till has reported that erasure (those of the member's own
store, and where he asked, hear of each report; all hear when it was the last one), and no list of
an earlier system waits here: from then on head office, which has its own, forgets again whoever
comes by a list. A shop that is alone has nobody else who could tell, and head office may not know a
number that was hashed before the till was its own: these hashes stay for good, beside no id, with
their keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, insert, select, text, update

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
_KEEP_CLAIMS = update(forgotten_claim).values(member_id=None)
_HAS_ANY_CLAIM = select(forgotten_claim.c.claim).limit(1)
_END_CLAIMS = text(
    """DELETE FROM forgotten_claim
    WHERE EXISTS (SELECT 1 FROM enrolment)
    AND NOT EXISTS (SELECT 1 FROM member_import_part)
    AND EXISTS (
        SELECT 1 FROM forgotten CROSS JOIN erasure ON erasure.member_id = forgotten.erasure
        WHERE forgotten.member_id = forgotten_claim.member_id AND erasure.state = 'done'
        AND NOT EXISTS (
            SELECT 1 FROM json_each(erasure.tills) AS till
            LEFT JOIN erasure_report AS report ON report.erasure_id = erasure.erasure_id
                AND report.device = json_extract(till.value, '$.device')
            WHERE report.device IS NULL
        )
    )"""
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

    def note_claim(self, claim: str, member_id: str) -> None:
        """Whoever had the number with this keyed hash is forgotten."""
        self._write(_NOTE_CLAIM, {"claim": claim, "member_id": member_id})

    def has_claim(self, claim: str) -> bool:
        return self._first(_HAS_CLAIM, {"key": claim}) is not None

    def keep_claims(self) -> bool:
        """Those that were noted so far stay for good; whether there are any."""
        self._execute(_KEEP_CLAIMS)
        return self._execute(_HAS_ANY_CLAIM).first() is not None

    def end_claims(self) -> None:
        """Of those that head office knows as well none is left, once every till has said so."""
        if self._execute(_END_CLAIMS).rowcount:
            self._transaction.forget_traces()

    def after(self, member_id: str, limit: int) -> Sequence[str]:
        """In their order, from behind one: all of them in small units."""
        return [row[0] for row in self._all(_AFTER, {"after": member_id, "most": limit})]
