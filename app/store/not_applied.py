"""What was considered at a sale and not applied: local, kept 35 days, not in the fact.

Owns: the not_applied table. Does not own: the reasons (app/domain/quote.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec
from sqlalchemy import bindparam, delete, insert, select

from app.domain.quote import NotApplied
from app.store.repository import Prepared, Repository
from app.store.tables import not_applied as table

_KEEP = Prepared(insert(table))
_OF_SALE = select(table.c.data).where(table.c.sale_id == bindparam("key"))
_FORGET = delete(table).where(table.c.day < bindparam("before"))


class NotAppliedRepository(Repository):
    """Answers to "why not?" for a few weeks."""

    def keep(self, sale_id: str, day: date, not_applied: Sequence[NotApplied]) -> None:
        """Nothing is written where nothing was refused."""
        if not_applied:
            data = msgspec.json.encode(list(not_applied)).decode()
            self._write(_KEEP, {"sale_id": sale_id, "day": day.isoformat(), "data": data})

    def of_sale(self, sale_id: str) -> Sequence[NotApplied]:
        data: str | None = self._execute(_OF_SALE, {"key": sale_id}).scalar()
        return [] if data is None else msgspec.json.decode(data, type=list[NotApplied])

    def forget_before(self, day: date) -> None:
        self._execute(_FORGET, {"before": day.isoformat()})
