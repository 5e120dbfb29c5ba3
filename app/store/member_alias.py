"""Aliases: ids of before a merge under which nobody is kept here, and for whom each stands.

Owns: the member_alias table. Does not own: members who have a row, which says itself what became of
them (member.py), who is one with whom (as head office tells it: confirmed.py).

A till hears of a survivor with all ids of his. Of most it knew nothing; facts may name them all the
same - a receipt of another store, a pass of last year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, delete, insert, or_, select

from app.store.repository import Prepared, Repository, list_text, one_of
from app.store.sync_tables import member_alias
from app.store.tables import member

_SURVIVOR = Prepared(
    select(member_alias.c.survivor).where(member_alias.c.alias == bindparam("key"))
)
_LEADS = Prepared(select(member_alias).where(one_of(member_alias.c.alias, "keys")))
_WITH_A_ROW = Prepared(select(member.c.member_id).where(one_of(member.c.member_id, "keys")))
_TOLD_ANEW = Prepared(
    delete(member_alias).where(
        or_(one_of(member_alias.c.survivor, "keys"), one_of(member_alias.c.alias, "keys"))
    )
)
_PUT = Prepared(insert(member_alias).prefix_with("OR REPLACE"))


class MemberAliases(Repository):
    """Ids that stand for somebody else."""

    def survivor_of(self, alias: str) -> str | None:
        """For whom it stands; None where it is nobody's alias, or has a row of its own."""
        row = self._first(_SURVIVOR, {"key": alias})
        return None if row is None else str(row[0])

    def survivors_of(self, ids: Iterable[str]) -> dict[str, str]:
        """Of those of these ids that stand for somebody."""
        return dict(self._all(_LEADS, {"keys": list_text(sorted(ids))}))

    def tell(self, told: Iterable[str], survivors: Mapping[str, str]) -> None:
        """`survivors`: of each id that is one with somebody of these who were told. What was known
        of theirs before counts no more."""
        self._write(_TOLD_ANEW, {"keys": list_text(sorted(told))})
        if not survivors:
            return
        known = {row[0] for row in self._all(_WITH_A_ROW, {"keys": list_text(sorted(survivors))})}
        rows = [
            {"alias": one, "survivor": into}
            for one, into in sorted(survivors.items())
            if one not in known
        ]
        if rows:
            self._write(_PUT, rows)
