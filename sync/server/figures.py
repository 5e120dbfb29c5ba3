"""The chain's figures: any span of the chain, of a store or of one of its tills; cohorts; segments.

Owns: reading what was counted, judging all members in the background. Does not own: arithmetic
(app/domain/figures.py, segments.py - the same as at a till), counting (figure_count.py), words.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select

from app.domain.account import account_of
from app.domain.consent import refuses
from app.domain.figures import (
    Days,
    Figure,
    LifeSums,
    PeopleSums,
    month_of,
    people_figures,
    sum_figures,
)
from app.domain.months import Month
from app.domain.person_figures import CellKey, CohortCell
from app.domain.segments import (
    SEGMENTS,
    Cuts,
    Seen,
    Segment,
    SegmentRules,
    cuts_of_values,
    seen_of,
    segment_of_seen,
)
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.figure_count import life_of_row
from sync.server.rows import find, put
from sync.server.tables import shard_of

PERSONS_A_PAGE = 2_000
ROWS_AT_A_TIME = 5_000


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the chain. No store: all of it; no till: all of the store's."""

    store: str = ""
    till: int | None = None


CHAIN = Slice()


def slice_figures(
    connection: Connection, tenant: str, days: Days, part: Slice = CHAIN
) -> tuple[Figure, ...]:
    """Every figure of a slice: the one place where commands and exports get them from."""
    sums = read_sums(connection, tenant, days, part)
    people = read_people(connection, tenant, days, part)
    life = read_life(connection, tenant, days.last) if part == CHAIN else None
    return sum_figures(sums) + people_figures(people, life)


def read_sums(
    connection: Connection, tenant: str, days: Days, part: Slice = CHAIN
) -> dict[str, int]:
    """The sums of a slice by name."""
    mine = ft.figure_sum.c
    rows = connection.execute(
        select(mine.name, func.sum(mine.amount))
        .where(_within(ft.figure_sum, tenant, days, part))
        .group_by(mine.name)
    )
    return {name: int(amount) for name, amount in rows}


def read_people(connection: Connection, tenant: str, days: Days, part: Slice = CHAIN) -> PeopleSums:
    """What members did in a slice. Of a whole month of the chain the cohorts know it already."""
    if part == CHAIN and days == month_of(days.first):
        return _people_of_month(connection, tenant, days)
    by_person = _by_person(tenant, days, part).subquery()
    one = by_person.c
    row = connection.execute(
        select(
            func.count().filter(one.sales > 0),
            func.count().filter(one.sales > 1),
            func.coalesce(func.sum(one.paid), 0),
            func.coalesce(func.sum(one.back), 0),
        ).select_from(by_person)
    ).one()
    return PeopleSums(*map(int, row))


def _people_of_month(connection: Connection, tenant: str, days: Days) -> PeopleSums:
    mine = ft.figure_cohort.c
    active, repeated = connection.execute(
        select(
            func.coalesce(func.sum(mine.active), 0), func.coalesce(func.sum(mine.repeated), 0)
        ).where(mine.tenant_id == tenant, mine.month == str(Month.of(days.first).index))
    ).one()
    sums = read_sums(connection, tenant, days)
    paid, back = sums.get("member_paid", 0), sums.get("member_back", 0)
    return PeopleSums(int(active), int(repeated), paid, back)


def read_life(connection: Connection, tenant: str, until: date) -> LifeSums:
    """Of everybody whose first purchase is known, up to and with that day."""
    cells = read_cells(connection, tenant)
    month, last = Month.of(until).index, month_of(until).last
    within = {key: cell for key, cell in cells.items() if key[1] <= month}
    bought = sum(cell.active for (born, at), cell in within.items() if born == at)
    paid = sum(cell.paid_minor for cell in within.values())
    back = sum(cell.back_minor for cell in within.values())
    if until < last:
        rest = Days(date.fromordinal(until.toordinal() + 1), last)
        mine = ft.figure_person.c
        bought -= connection.execute(
            select(func.count()).where(
                mine.tenant_id == tenant,
                mine.first_day >= rest.first.isoformat(),
                mine.first_day <= rest.last.isoformat(),
            )
        ).scalar_one()
        paid_after, back_after = _of_buyers(connection, tenant, rest)
        paid, back = paid - paid_after, back - back_after
    return LifeSums(bought, paid, back)


def _of_buyers(connection: Connection, tenant: str, days: Days) -> tuple[int, int]:
    """Money of whoever has a first purchase: a refund of nobody's sale is in no life."""
    by_person, mine = _by_person(tenant, days, CHAIN).subquery(), ft.figure_person.c
    row = connection.execute(
        select(
            func.coalesce(func.sum(by_person.c.paid), 0),
            func.coalesce(func.sum(by_person.c.back), 0),
        ).select_from(
            by_person.join(
                ft.figure_person,
                and_(
                    mine.tenant_id == tenant,
                    mine.person == by_person.c.person,
                    mine.first_day.is_not(None),
                ),
            )
        )
    ).one()
    return int(row[0]), int(row[1])


def read_cells(connection: Connection, tenant: str) -> Mapping[CellKey, CohortCell]:
    """The cohort table of the chain."""
    mine = ft.figure_cohort.c
    rows = connection.execute(select(ft.figure_cohort).where(mine.tenant_id == tenant))
    return {
        (int(row.cohort), int(row.month)): CohortCell(
            row.active, row.repeated, row.paid_minor, row.back_minor
        )
        for row in rows
    }


def people_page(
    connection: Connection,
    tenant: str,
    days: Days,
    part: Slice = CHAIN,
    *,
    least_sales: int = 1,
    offset: int = 0,
    limit: int = 50,
) -> list[tuple[str, int, int]]:
    """Persons with so many purchases in the span, with their sales and money; most money first."""
    by_person = _by_person(tenant, days, part).subquery()
    one = by_person.c
    net = one.paid - one.back
    rows = connection.execute(
        select(one.person, one.sales, net)
        .where(one.sales >= least_sales)
        .order_by(net.desc(), one.person)
        .limit(limit)
        .offset(offset)
    )
    return [(row[0], int(row[1]), int(row[2])) for row in rows]


def _by_person(tenant: str, days: Days, part: Slice) -> Any:
    visit, alias = ft.figure_visit.c, ft.figure_alias.c
    person = func.coalesce(alias.person, visit.member)
    joined = ft.figure_visit.outerjoin(
        ft.figure_alias, and_(alias.tenant_id == tenant, alias.member == visit.member)
    )
    return (
        select(
            person.label("person"),
            func.sum(visit.sales).label("sales"),
            func.sum(visit.paid_minor).label("paid"),
            func.sum(visit.back_minor).label("back"),
        )
        .select_from(joined)
        .where(_within(ft.figure_visit, tenant, days, part))
        .group_by(person)
    )


def _within(table: Table, tenant: str, days: Days, part: Slice) -> ColumnElement[bool]:
    mine = table.c
    asked = [
        mine.tenant_id == tenant,
        mine.day >= days.first.isoformat(),
        mine.day <= days.last.isoformat(),
    ]
    if part.store:
        asked.append(mine.store == part.store)
    if part.till is not None:
        asked.append(mine.till == str(part.till))
    return and_(*asked)


# ------------------------------------------------------------------ segments


class SegmentPerson(msgspec.Struct, frozen=True, array_like=True):
    """One member of a segment, as a page keeps him."""

    person: str
    scores: str
    recency_days: int
    frequency: int
    money_minor: int
    is_silent: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """How many members each segment has. `refused`: those who said no to it, in none."""

    as_of: date
    by_segment: Mapping[Segment, int]
    silent: int
    refused: int


@dataclass(slots=True)
class _Crowd:
    """What everybody is judged by, in columns: a million records would take too much room."""

    persons: list[str] = field(default_factory=list)
    columns: tuple[array[int], ...] = field(
        default_factory=lambda: tuple(array("q") for _ in Seen.__slots__)
    )

    def add(self, person: str, seen: Seen) -> None:
        self.persons.append(person)
        for column, value in zip(self.columns, seen.values, strict=True):
            column.append(value)

    def seen(self, place: int) -> Seen:
        return Seen(*(column[place] for column in self.columns))


def judge_all(
    database: ServerDatabase,
    tenant: str,
    today: date,
    rules: SegmentRules,
    keep_on: Callable[[int, int], bool],
) -> Judged | None:
    """Score all members of the chain and name their segments.

    `keep_on` hears how many of how many are done; where it says no, everything stays as it was,
    and the answer is None.
    """
    refused = database.read(lambda connection: _refused(connection, tenant))
    crowd = database.read(lambda connection: _crowd(connection, tenant, today, refused, keep_on))
    if crowd is None:
        return None
    recency, frequency, money = (list(column) for column in crowd.columns[:3])
    cuts = cuts_of_values(recency, frequency, money, rules)
    groups = _groups(crowd, cuts, rules)
    judged_by = _Judging(tenant, today, cuts, rules)
    silent = database.write(lambda connection: _keep(connection, judged_by, crowd, groups))
    counts: dict[Segment, int] = {name: len(group) for name, group in groups.items() if group}
    return Judged(today, counts, silent, len(refused))


def _refused(connection: Connection, tenant: str) -> frozenset[str]:
    """Persons who said no: only whoever ever ended a consent is asked."""
    mine = ft.figure_withdrawal.c
    members = (
        connection.execute(select(mine.member).where(mine.tenant_id == tenant)).scalars().all()
    )
    keys = [{"shard_key": shard_of(each), "member": each} for each in members]
    rows = find(connection, tenant, t.account, keys)
    survivors = sorted({row["survivor"] for row in rows})
    own = find(
        connection,
        tenant,
        t.account,
        [{"shard_key": shard_of(each), "member": each} for each in survivors],
    )
    return frozenset(
        row["member"]
        for row in own
        if row["data"] and refuses(account_of(row["data"]), "profiling")
    )


def _crowd(
    connection: Connection,
    tenant: str,
    today: date,
    refused: frozenset[str],
    keep_on: Callable[[int, int], bool],
) -> _Crowd | None:
    crowd, done = _Crowd(), 0
    mine = ft.figure_person.c
    of_all = connection.execute(
        select(func.count()).where(mine.tenant_id == tenant, mine.first_day.is_not(None))
    ).scalar_one()
    # Closed also where it ends early: the database holds its place for it.
    with closing(_lives(connection, tenant)) as pages:
        for rows in pages:
            for row in rows:
                seen = None if row["person"] in refused else seen_of(life_of_row(row), today)
                if seen is not None:
                    crowd.add(row["person"], seen)
            done += len(rows)
            if not keep_on(done, of_all):
                return None
    return crowd


def _lives(connection: Connection, tenant: str) -> Generator[Sequence[Any]]:
    mine = ft.figure_person.c
    asked = select(mine.person, mine.first_day, mine.last_day, mine.contact_day, mine.months).where(
        mine.tenant_id == tenant, mine.first_day.is_not(None)
    )
    streaming = connection.execution_options(stream_results=True, max_row_buffer=ROWS_AT_A_TIME)
    with closing(streaming.execute(asked)) as result:
        pages = result.mappings()
        while rows := pages.fetchmany(ROWS_AT_A_TIME):
            yield rows


def _groups(crowd: _Crowd, cuts: Cuts, rules: SegmentRules) -> dict[Segment, list[int]]:
    """The places of everybody by segment, the most money first."""
    groups: dict[Segment, list[int]] = {name: [] for name in SEGMENTS}
    for place in range(len(crowd.persons)):
        groups[segment_of_seen(crowd.seen(place), cuts, rules).segment].append(place)
    money = crowd.columns[2]
    for group in groups.values():
        group.sort(key=lambda place: (-money[place], crowd.persons[place]))
    return groups


@dataclass(frozen=True, slots=True)
class _Judging:
    """What everybody is judged by at one time."""

    tenant: str
    today: date
    cuts: Cuts
    rules: SegmentRules


def _keep(
    connection: Connection, by: _Judging, crowd: _Crowd, groups: Mapping[Segment, Sequence[int]]
) -> int:
    """Put the pages in the place of the former ones; how many persons are silent."""
    mine = ft.figure_segment.c
    connection.execute(delete(ft.figure_segment).where(mine.tenant_id == by.tenant))
    silent = 0
    for name, group in groups.items():
        for number, start in enumerate(range(0, len(group), PERSONS_A_PAGE)):
            places = group[start : start + PERSONS_A_PAGE]
            people = [_person(crowd, place, by) for place in places]
            page: dict[str, Any] = {
                "shard_key": shard_of(name),
                "segment": name,
                "page": _page_text(number),
                "as_of": by.today.isoformat(),
                "members": len(people),
                "silent": sum(each.is_silent for each in people),
                "people": msgspec.msgpack.encode(people),
            }
            silent += page["silent"]
            put(connection, by.tenant, ft.figure_segment, [page], "new")
    return silent


def _page_text(number: int) -> str:
    return f"{number:06d}"


def _person(crowd: _Crowd, place: int, by: _Judging) -> SegmentPerson:
    found = segment_of_seen(crowd.seen(place), by.cuts, by.rules)
    rfm = found.rfm
    return SegmentPerson(
        crowd.persons[place],
        found.scores.text,
        rfm.recency_days,
        rfm.frequency,
        rfm.money_minor,
        found.is_silent,
    )


def segment_counts(connection: Connection, tenant: str) -> dict[Segment, int]:
    """How many members each segment has, as they were judged last."""
    mine = ft.figure_segment.c
    rows = connection.execute(
        select(mine.segment, func.sum(mine.members))
        .where(mine.tenant_id == tenant)
        .group_by(mine.segment)
    )
    return {row[0]: int(row[1]) for row in rows}


def segment_people(
    connection: Connection, tenant: str, segment: Segment, page: int = 0
) -> list[SegmentPerson]:
    """One page of a segment, those with the most money first; empty behind the last."""
    key = {"shard_key": shard_of(segment), "segment": segment, "page": _page_text(page)}
    rows = find(connection, tenant, ft.figure_segment, [key])
    return msgspec.msgpack.decode(rows[0]["people"], type=list[SegmentPerson]) if rows else []
