"""Habits: when members came to this shop and what they usually take.

Owns: reading that from the sales of this till and those it knows of others.
Does not own: sales (sale.py, known_fact.py), what follows from habits (app/domain).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import text

from app.store.repository import Prepared, Repository, list_text

_VISIT_DAYS = Prepared(
    text(
        """
    SELECT business_day, count(*) FROM (
        SELECT business_day FROM sale
            WHERE member_id IN (SELECT value FROM json_each(:ids))
        UNION ALL
        SELECT business_day FROM known_fact
            WHERE member_id IN (SELECT value FROM json_each(:ids)) AND kind = 'sale'
    ) GROUP BY business_day
    """
    )
)


class HabitRepository(Repository):
    """What is known of the purchases of members in this shop."""

    def visit_days(self, member_ids: Collection[str]) -> Mapping[date, int]:
        """How many sales on which day, of one person under all his ids."""
        rows = self._all(_VISIT_DAYS, {"ids": list_text(sorted(member_ids))})
        return {date.fromisoformat(str(day)): int(count) for day, count in rows}
