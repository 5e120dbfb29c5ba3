"""Segments of the chain: all its members scored and named in the background.

Owns: reading everybody's life, keeping the answer in pages. Does not own: judging
(app/domain/segments.py - the same as at a till), lives (figure_count.py), who asks (commands).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
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
    is_silent,
    named_and_scored,
    seen_of,
)
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.figure_rows import life_as_kept
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
        default_factory=lambda: tuple(array("q") for _ in Seen.__struct_fields__)
    )

    def add(self, person: str, seen: Seen) -> None:
        self.persons.append(person)
        for column, value in zip(self.columns, seen.values, strict=True):
            column.append(value)

    def everybody(self) -> Iterator[Seen]:
        """In the order of `persons`."""
        return (Seen(*values) for values in zip(*self.columns, strict=True))


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
    found = _groups(crowd, cuts, rules)
    judging = _Judging(tenant, today, rules)
    silent = database.write(lambda connection: _keep(connection, judging, crowd, found))
    counts: dict[Segment, int] = {name: len(group) for name, group in found.places.items() if group}
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
            for person, *life in rows:
                seen = None if person in left_out else seen_of(life_as_kept(*life), today)
                if seen is not None:
                    crowd.add(person, seen)
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
        while rows := result.fetchmany(ROWS_AT_A_TIME):
            yield rows


@dataclass(frozen=True, slots=True)
class _Groups:
    """The places of everybody by segment, the most money first; and the scores of each place, as
    one number: 545."""

    places: Mapping[Segment, list[int]]
    scores: array[int]


def _groups(crowd: _Crowd, cuts: Cuts, rules: SegmentRules) -> _Groups:
    places: dict[Segment, list[int]] = {name: [] for name in SEGMENTS}
    scores = array("h")
    for place, seen in enumerate(crowd.everybody()):
        segment, found = named_and_scored(seen, cuts, rules)
        places[segment].append(place)
        scores.append(100 * found.recency + 10 * found.frequency + found.money)
    money = crowd.columns[2]
    for group in places.values():
        # Twice by one value is quicker than once by two; equal money stays in the order of ids.
        group.sort(key=crowd.persons.__getitem__)
        group.sort(key=money.__getitem__, reverse=True)
    return _Groups(places, scores)


@dataclass(frozen=True, slots=True)
class _Judging:
    """What everybody is judged by at one time."""

    tenant: str
    today: date
    rules: SegmentRules


def _keep(connection: Connection, by: _Judging, crowd: _Crowd, groups: _Groups) -> int:
    """Put the pages in the place of the former ones; how many persons are silent."""
    mine = ft.figure_segment.c
    connection.execute(delete(ft.figure_segment).where(mine.tenant_id == by.tenant))
    silent = 0
    for name, group in groups.places.items():
        for number, start in enumerate(range(0, len(group), PERSONS_A_PAGE)):
            places = group[start : start + PERSONS_A_PAGE]
            people = [_person(crowd, place, groups.scores[place], by.rules) for place in places]
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


def _person(crowd: _Crowd, place: int, scores: int, rules: SegmentRules) -> SegmentPerson:
    recency, frequency, money, _, silent, *_ = crowd.columns
    return SegmentPerson(
        crowd.persons[place],
        str(scores),
        recency[place],
        frequency[place],
        money[place],
        is_silent(silent[place], rules),
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
