"""Segments of the chain: all its members scored and named in the background.

Owns: reading everybody's life, keeping the answer in pages. Does not own: judging
(app/domain/segments.py - the same as at a till), lives (figure_count.py), who asks (commands).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select

from app.domain.account import account_of
from app.domain.consent import refuses
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
from sync.server.figure_rows import life_of_row
from sync.server.rows import find, put
from sync.server.tables import shard_of

PERSONS_A_PAGE = 2_000
ROWS_AT_A_TIME = 5_000


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
    left_out = refused | database.read(lambda connection: _forgotten(connection, tenant))
    crowd = database.read(lambda connection: _crowd(connection, tenant, today, left_out, keep_on))
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


def _forgotten(connection: Connection, tenant: str) -> frozenset[str]:
    """Nobody is judged who asked to be forgotten, under any of his ids."""
    listed = select(t.erasure.c.ids).where(t.erasure.c.tenant_id == tenant)
    found = connection.execute(listed).scalars()
    return frozenset(one for ids in found for one in msgspec.json.decode(ids, type=list[str]))


def _crowd(
    connection: Connection,
    tenant: str,
    today: date,
    left_out: frozenset[str],
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
                seen = None if row["person"] in left_out else seen_of(life_of_row(row), today)
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
