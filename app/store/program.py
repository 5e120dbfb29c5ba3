"""Programs: every version ever received, and what offers have given.

Owns: the program, offer_use and member_offer_use tables. Does not own: reading a program.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.stored_program import OfferUse, StoredProgram
from app.store.changes import Changes
from app.store.repository import Prepared, Repository
from app.store.tables import member_offer_use, offer_use, program

_ALL = select(program).order_by(program.c.effective, program.c.version)
_ADD = insert(program)
_USES = select(offer_use).order_by(offer_use.c.offer_id)
_MEMBER_USES = (
    select(member_offer_use.c.offer_id, member_offer_use.c.uses, member_offer_use.c.amount_minor)
    .where(member_offer_use.c.member_id == bindparam("key"))
    .order_by(member_offer_use.c.offer_id)
)


def _counted(table: Table, *keys: str) -> Prepared:
    """Add to the row with these keys, or begin one."""
    row = upsert(table)
    sums = {name: table.c[name] + row.excluded[name] for name in ("uses", "amount_minor")}
    return Prepared(row.on_conflict_do_update(keys, set_=sums))


_COUNT = _counted(offer_use, "offer_id")
_COUNT_MEMBER = _counted(member_offer_use, "member_id", "offer_id")


class ProgramRepository(Repository):
    """Versions of the program, and the budgets of its offers."""

    def all_programs(self) -> Sequence[StoredProgram]:
        """By effective date, then version, oldest first."""
        return [
            StoredProgram(
                row.program_id,
                row.version,
                date.fromisoformat(row.announced),
                date.fromisoformat(row.effective),
                row.toml,
            )
            for row in self._execute(_ALL)
        ]

    def add(self, stored: StoredProgram) -> None:
        """A version is added once and never changed."""
        row = {
            "program_id": stored.program_id,
            "version": stored.version,
            "announced": stored.announced.isoformat(),
            "effective": stored.effective.isoformat(),
            "toml": stored.toml,
        }
        self._execute(_ADD, row)
        self._changed(Changes(programs=True))

    def tell(self, stored: StoredProgram) -> bool:
        """As `add`, for what head office publishes; False for a version that is there already."""
        if (stored.program_id, stored.version) in {
            (known.program_id, known.version) for known in self.all_programs()
        }:
            return False
        self.add(stored)
        return True

    def offer_uses(self) -> Sequence[OfferUse]:
        rows = self._execute(_USES)
        return [OfferUse(row.offer_id, row.uses, row.amount_minor) for row in rows]

    def member_offer_uses(self, member_id: str) -> Sequence[OfferUse]:
        rows = self._execute(_MEMBER_USES, {"key": member_id})
        return [OfferUse(row.offer_id, row.uses, row.amount_minor) for row in rows]

    def count_offer_use(self, use: OfferUse, member_id: str | None) -> None:
        """Add to what the offer has given, in the shop and to the member."""
        row = {"offer_id": use.offer_id, "uses": use.uses, "amount_minor": use.amount_minor}
        self._write(_COUNT, row)
        if member_id is not None:
            self._write(_COUNT_MEMBER, {"member_id": member_id, **row})
        self._changed(Changes(programs=True))
