"""Rows of the chain's figures: what was counted as it is kept, and read back.

Owns: the form of sums, visits, lives and cohorts in their tables. Does not own: the tables
(figure_tables.py), counting and adding up (figure_count.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from app.domain.figure_count import FigureBatch
from app.domain.person_figures import CellKey, CohortCell, PersonLife, PersonMonth
from sync.server.tables import shard_of

_MONTHS = msgspec.json.Decoder(tuple[PersonMonth, ...])
Rows = list[dict[str, Any]]


def sum_rows(batch: FigureBatch) -> Rows:
    """What some facts add to their days and tills."""
    return [
        {
            "shard_key": shard_of(place.store),
            "store": place.store,
            "till": str(place.till),
            "day": day.isoformat(),
            "name": name,
            "amount": amount,
        }
        for (day, place, name), amount in sorted(batch.sums.items())
    ]


def visit_rows(batch: FigureBatch) -> Rows:
    """What they add to the days of members."""
    return [
        {
            "shard_key": shard_of(member),
            "member": member,
            "day": day.isoformat(),
            "store": place.store,
            "till": str(place.till),
            "sales": visit.sales,
            "paid_minor": visit.paid_minor,
            "back_minor": visit.back_minor,
            "returned": visit.returned,
            "joined": visit.joined,
        }
        for (day, member, place), visit in sorted(batch.visits.items())
    ]


def life_row(person: str, life: PersonLife) -> dict[str, Any]:
    """What all his visits come to."""
    return {
        "shard_key": shard_of(person),
        "person": person,
        "first_day": _day_text(life.first),
        "last_day": _day_text(life.last),
        "contact_day": _day_text(life.contact),
        "months": _months_text(life.months),
    }


def life_of_row(row: Mapping[str, Any]) -> PersonLife:
    """A life as kept."""
    return life_as_kept(row["first_day"], row["last_day"], row["contact_day"], row["months"])


def life_as_kept(
    first: str | None, last: str | None, contact: str | None, months: str
) -> PersonLife:
    """The same by its columns: of a million rows each look by name would be felt."""
    return PersonLife(_day_of(first), _day_of(last), _day_of(contact), _MONTHS.decode(months))


def cell_row(key: CellKey, cell: CohortCell) -> dict[str, Any]:
    """One month of a cohort."""
    cohort, month = str(key[0]), str(key[1])
    return {
        "shard_key": shard_of(cohort),
        "cohort": cohort,
        "month": month,
        "active": cell.active,
        "repeated": cell.repeated,
        "paid_minor": cell.paid_minor,
        "back_minor": cell.back_minor,
    }


def _day_of(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _months_text(months: Sequence[PersonMonth]) -> str:
    return msgspec.json.encode(months).decode()
