"""Person figures: one person's visits as months, cohorts and a life, and what cohorts add up to.

Owns: making a life out of days, the cells of the cohort table it adds to, retention out of cells,
who is one person after merges. Does not own: what a fact adds to a day (figure_count.py), segments
(segments.py), keeping any of it (a repository). Months are Month.index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import msgspec

from app.domain.months import Month


@dataclass(frozen=True, slots=True)
class DayVisit:
    """What a person did on a day, all his ids together. Without a sale or refund: a contact."""

    day: date
    sales: int = 0
    paid_minor: int = 0
    back_minor: int = 0
    returned: int = 0


class PersonMonth(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a person did in a month. A chain judges millions of them at a time."""

    month: int
    sales: int
    paid_minor: int
    back_minor: int
    returned: int

    @property
    def net_minor(self) -> int:
        return self.paid_minor - self.back_minor


@dataclass(frozen=True, slots=True)
class PersonLife:
    """A person's purchases. `first` and `last` purchase; `contact`: the last time he was heard."""

    first: date | None = None
    last: date | None = None
    contact: date | None = None
    months: tuple[PersonMonth, ...] = ()


def life_of(visits: Iterable[DayVisit]) -> PersonLife:
    """What a person's days come to, in whichever order they are told."""
    sums: dict[int, list[int]] = {}
    bought: list[date] = []
    seen: list[date] = []
    for visit in visits:
        seen.append(visit.day)
        if visit.sales:
            bought.append(visit.day)
        if visit.sales or visit.back_minor or visit.returned:
            month = sums.setdefault(Month.of(visit.day).index, [0, 0, 0, 0])
            added = (visit.sales, visit.paid_minor, visit.back_minor, visit.returned)
            for place, amount in enumerate(added):
                month[place] += amount
    return PersonLife(
        min(bought, default=None),
        max(bought, default=None),
        max(seen, default=None),
        tuple(PersonMonth(month, *numbers) for month, numbers in sorted(sums.items())),
    )


# ------------------------------------------------------------------ cohorts

CellKey = tuple[int, int]
"""The month of the first purchase, and a month from then on."""


@dataclass(frozen=True, slots=True)
class CohortCell:
    """What one cohort did in one month."""

    active: int = 0
    """Members with a purchase."""
    repeated: int = 0
    """Members with two or more."""
    paid_minor: int = 0
    back_minor: int = 0

    def plus(self, other: CohortCell, sign: int = 1) -> CohortCell:
        """Both together; with -1 this less the other."""
        return CohortCell(
            self.active + sign * other.active,
            self.repeated + sign * other.repeated,
            self.paid_minor + sign * other.paid_minor,
            self.back_minor + sign * other.back_minor,
        )


NO_CELL = CohortCell()


def cells_of(life: PersonLife) -> dict[CellKey, CohortCell]:
    """What a person adds to the cohort table; nothing where no purchase of his is known."""
    if life.first is None:
        return {}
    cohort = Month.of(life.first).index
    return {
        (cohort, each.month): CohortCell(
            int(each.sales > 0), int(each.sales > 1), each.paid_minor, each.back_minor
        )
        for each in life.months
    }


def cell_changes(before: PersonLife, after: PersonLife) -> dict[CellKey, CohortCell]:
    """What changes in the cohort table when a person's life is known to be another one."""
    changes = dict(cells_of(after))
    for key, cell in cells_of(before).items():
        changes[key] = changes.get(key, NO_CELL).plus(cell, -1)
    return {key: cell for key, cell in changes.items() if cell != NO_CELL}


@dataclass(frozen=True, slots=True)
class CohortLine:
    """One cohort: how many first bought in `month`, and what it did so many months later."""

    month: Month
    members: int
    later: tuple[CohortCell, ...] = field(default_factory=tuple)
    """By months since the first; the first is the month itself. Retention in month n is
    `later[n].active` / `members`."""

    def net_minor(self, months: int) -> int:
        """Money received less paid back from the first month to so many later, inclusive."""
        cells = self.later[: months + 1]
        return sum(cell.paid_minor - cell.back_minor for cell in cells)


def cohort_lines(
    cells: Mapping[CellKey, CohortCell], first: Month, last: Month
) -> tuple[CohortLine, ...]:
    """The cohorts from `first` to `last`, each up to `last`; those without members are left out."""
    lines = []
    for cohort in range(first.index, last.index + 1):
        later = tuple(
            cells.get((cohort, month), NO_CELL) for month in range(cohort, last.index + 1)
        )
        if later[0].active:
            lines.append(CohortLine(Month(cohort), later[0].active, later))
    return tuple(lines)


# ------------------------------------------------------------------ who is one person


def persons_of(merged: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Whom every merged id stands for in the end, of (id, merged into) pairs."""
    into = dict(merged)
    persons = {}
    for member in into:
        seen, person = {member}, member
        while person in into and into[person] not in seen:
            person = into[person]
            seen.add(person)
        if person != member:
            persons[member] = person
    return persons


def moved(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    """Everybody whose ids change between two ways of taking ids together."""
    touched: set[str] = set()
    for member in before.keys() | after.keys():
        was, is_now = before.get(member, member), after.get(member, member)
        if was != is_now:
            touched |= {member, was, is_now}
    return touched
