"""Counting the chain's figures: chain by chain, a few facts in a transaction, each once.

Owns: which facts are counted, writing sums, visits, lives and cohorts, following merges. Does not
own: what a fact adds (app/domain/figure_count.py, as at the tills), the form of rows
(figure_rows.py), reading figures (figures.py), when it is done (web/behind.py, commands). What a
crash leaves the next unit takes up; of several workers one counts at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from app.domain.effects import ConsentsEnded
from app.domain.facts import NotAFact, UnknownFact, read_fact
from app.domain.figure_count import FigureBatch, Place, till_number
from app.domain.figure_record import CountedSoFar
from app.domain.person_figures import (
    NO_CELL,
    CohortCell,
    DayVisit,
    PersonLife,
    cell_changes,
    life_of,
    moved,
)
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.alias import merged_now
from sync.server.database import ServerDatabase
from sync.server.device import device_table
from sync.server.figure_rows import cell_row, life_of_row, life_row, sum_rows, visit_rows
from sync.server.rows import find, put
from sync.server.tables import shard_of

FACTS_A_UNIT = 400
FACTS_BEHIND = 100
"""While pushes are taken in: on the embedded file they wait for the end of a transaction."""
_NOBODY = ""
NO_LIFE = PersonLife()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of one chain that is counted now."""

    device: str
    epoch: int
    first: int
    last: int


def count_unit(connection: Connection, tenant: str, most: int = FACTS_A_UNIT) -> int:
    """Count the next few facts; how many were looked at, zero: nothing waits."""
    _hold(connection, tenant)
    touched = _follow_merges(connection, tenant)
    stretches = _next(connection, tenant, most)
    batch = FigureBatch()
    withdrawn: set[str] = set()
    unread: list[str] = []
    tills = _till_numbers(connection, tenant)
    for row in [*_due(connection, tenant), *_facts_in(connection, tenant, stretches)]:
        if row["state"] == "unread":
            unread.append(row["op_id"])
        elif row["data"] is not None:
            _count(batch, row, tills, withdrawn)
    _advance(connection, tenant, stretches, unread)
    _write(connection, tenant, batch, withdrawn)
    members = {member for _, member, _ in batch.visits}
    live_anew(connection, tenant, touched | _persons(connection, tenant, members))
    return sum(each.last - each.first + 1 for each in stretches)


def count_behind(database: ServerDatabase, tenant: str, now_ms: int) -> int:
    """The next unit behind the pushes; nobody waits for it where nothing is new."""
    del now_ms
    if not database.read(lambda connection: _is_behind(connection, tenant)):
        return 0
    return database.write(lambda connection: count_unit(connection, tenant, FACTS_BEHIND))


def _is_behind(connection: Connection, tenant: str) -> bool:
    if so_far(connection, tenant).waiting:
        return True
    return merged_now(connection, tenant) != _aliases(connection, tenant)


def so_far(connection: Connection, tenant: str) -> CountedSoFar:
    """How many places of chains are counted, and how many wait."""
    heads, counted = _heads(connection, tenant), _cursors(connection, tenant)
    done = sum(counted.values())
    return CountedSoFar(done, sum(heads.values()) - done)


def _hold(connection: Connection, tenant: str) -> None:
    """Whoever counts holds this row: of several workers one at a time."""
    key = {"shard_key": shard_of(_NOBODY), "device": _NOBODY, "epoch": 0}
    put(connection, tenant, ft.figure_cursor, [{**key, "counted": 0}], "ignore")
    find(connection, tenant, ft.figure_cursor, [key], lock=True)


def _heads(connection: Connection, tenant: str) -> dict[tuple[str, int], int]:
    heads = t.device_head.c
    asked = select(heads.device, heads.epoch, heads.dseq).where(heads.tenant_id == tenant)
    return {(row.device, row.epoch): row.dseq for row in connection.execute(asked)}


def _cursors(connection: Connection, tenant: str) -> dict[tuple[str, int], int]:
    mine = ft.figure_cursor.c
    asked = select(mine.device, mine.epoch, mine.counted).where(mine.tenant_id == tenant)
    return {(row.device, row.epoch): row.counted for row in connection.execute(asked)}


def _next(connection: Connection, tenant: str, most: int) -> list[_Stretch]:
    """What is counted now, of one chain after the other."""
    counted, left = _cursors(connection, tenant), most
    found = []
    for (device, epoch), head in sorted(_heads(connection, tenant).items()):
        done = counted.get((device, epoch), 0)
        if done < head and left > 0:
            last = min(head, done + left)
            found.append(_Stretch(device, epoch, done + 1, last))
            left -= last - done
    return found


def _facts_in(
    connection: Connection, tenant: str, stretches: Sequence[_Stretch]
) -> list[dict[str, Any]]:
    """The facts that stand there first; what was pushed again is counted at its first place."""
    at, rows = t.place.c, []
    for one in stretches:
        places = connection.execute(
            select(at.op_id).where(
                at.tenant_id == tenant,
                at.shard_key == shard_of(one.device),
                at.device == one.device,
                at.epoch == one.epoch,
                at.dseq >= one.first,
                at.dseq <= one.last,
            )
        ).scalars()
        rows += [
            row
            for row in _ops(connection, tenant, list(places))
            if (row["device"], row["epoch"]) == (one.device, one.epoch)
            and one.first <= row["dseq"] <= one.last
        ]
    return rows


def _due(connection: Connection, tenant: str) -> list[dict[str, Any]]:
    """Facts that nobody could read before, and that were since."""
    mine = ft.figure_due.c
    waiting = connection.execute(select(mine.op_id).where(mine.tenant_id == tenant)).scalars()
    read = [row for row in _ops(connection, tenant, list(waiting)) if row["state"] != "unread"]
    for row in read:
        connection.execute(
            delete(ft.figure_due).where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(row["op_id"]),
                mine.op_id == row["op_id"],
            )
        )
    return read


_OP = (t.op.c.op_id, t.op.c.device, t.op.c.epoch, t.op.c.dseq, t.op.c.state, t.op.c.data)


def _ops(connection: Connection, tenant: str, op_ids: Sequence[str]) -> list[dict[str, Any]]:
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    return find(connection, tenant, t.op, keys, columns=_OP)


def _till_numbers(connection: Connection, tenant: str) -> dict[str, int]:
    mine = device_table.c
    asked = select(mine.device, mine.till_number).where(mine.tenant_id == tenant)
    return {row.device: row.till_number for row in connection.execute(asked)}


def _count(
    batch: FigureBatch, row: Mapping[str, Any], tills: Mapping[str, int], withdrawn: set[str]
) -> None:
    fact = read_fact(row["data"])
    if isinstance(fact, UnknownFact | NotAFact):
        return
    # A receipt says its till for ever; what has none is of the till the device is now.
    till = till_number(getattr(fact, "code", ""))
    batch.count(Place(fact.store, tills.get(row["device"], 0) if till is None else till), fact)
    if fact.member and any(isinstance(effect, ConsentsEnded) for effect in fact.effects):
        withdrawn.add(fact.member)


def _advance(
    connection: Connection, tenant: str, stretches: Sequence[_Stretch], unread: Sequence[str]
) -> None:
    cursors = [
        {
            "shard_key": shard_of(each.device),
            "device": each.device,
            "epoch": each.epoch,
            "counted": each.last,
        }
        for each in stretches
    ]
    put(connection, tenant, ft.figure_cursor, cursors, "replace")
    due = [{"shard_key": shard_of(each), "op_id": each} for each in unread]
    put(connection, tenant, ft.figure_due, due, "ignore")


def _write(
    connection: Connection, tenant: str, batch: FigureBatch, withdrawn: Iterable[str]
) -> None:
    _add(connection, tenant, ft.figure_sum, sum_rows(batch))
    _add(connection, tenant, ft.figure_visit, visit_rows(batch))
    asked = [{"shard_key": shard_of(each), "member": each} for each in sorted(withdrawn)]
    put(connection, tenant, ft.figure_withdrawal, asked, "ignore")


def _add(connection: Connection, tenant: str, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add numbers to rows that may be there: read, added up, put back - two statements for any
    number of rows. Nobody else writes them, for one counts at a time."""
    if not rows:
        return
    names = [each.name for each in table.primary_key.columns if each.name != "tenant_id"]
    there = {
        tuple(row[name] for name in names): row
        for row in find(connection, tenant, table, [{n: row[n] for n in names} for row in rows])
    }
    added = []
    for row in rows:
        before = there.get(tuple(row[name] for name in names), {})
        numbers = {name: row[name] + before.get(name, 0) for name in row if name not in names}
        added.append(row | numbers)
    put(connection, tenant, table, added, "replace")


# ------------------------------------------------------------------ persons


def _follow_merges(connection: Connection, tenant: str) -> set[str]:
    """Put ids together, or apart, as accounts are now; the persons that touches."""
    kept = ft.figure_alias.c
    after, before = merged_now(connection, tenant), _aliases(connection, tenant)
    touched = moved(before, after)
    if touched:
        connection.execute(delete(ft.figure_alias).where(kept.tenant_id == tenant))
        rows = [
            {"shard_key": shard_of(member), "member": member, "person": person}
            for member, person in sorted(after.items())
        ]
        put(connection, tenant, ft.figure_alias, rows, "new")
    return touched


def _aliases(connection: Connection, tenant: str) -> dict[str, str]:
    kept = ft.figure_alias.c
    rows = connection.execute(select(kept.member, kept.person).where(kept.tenant_id == tenant))
    return {row.member: row.person for row in rows}


def _persons(connection: Connection, tenant: str, members: Iterable[str]) -> set[str]:
    into = _aliases(connection, tenant)
    return {into.get(each, each) for each in members}


def live_anew(connection: Connection, tenant: str, persons: set[str]) -> None:
    """Make the lives of these persons again, out of all their visits, and their cohorts."""
    if not persons:
        return
    into = _aliases(connection, tenant)
    whose = {person: person for person in persons if person not in into}
    whose |= {member: person for member, person in into.items() if person in persons}
    visits: dict[str, list[DayVisit]] = {person: [] for person in persons}
    keys = [{"shard_key": shard_of(each), "member": each} for each in whose]
    for row in find(connection, tenant, ft.figure_visit, keys, columns=_VISIT):
        numbers = (row["sales"], row["paid_minor"], row["back_minor"], row["returned"])
        visits[whose[row["member"]]].append(DayVisit(date.fromisoformat(row["day"]), *numbers))
    mine = [{"shard_key": shard_of(each), "person": each} for each in persons]
    rows = find(connection, tenant, ft.figure_person, mine)
    before = {row["person"]: life_of_row(row) for row in rows}
    lives = {person: life_of(days) for person, days in visits.items()}
    changes: dict[tuple[int, int], CohortCell] = {}
    for person, life in lives.items():
        for key, cell in cell_changes(before.get(person, NO_LIFE), life).items():
            changes[key] = changes.get(key, NO_CELL).plus(cell)
    _put_lives(connection, tenant, lives)
    cells = [cell_row(key, cell) for key, cell in sorted(changes.items())]
    _add(connection, tenant, ft.figure_cohort, cells)


_VISIT = (
    ft.figure_visit.c.member, ft.figure_visit.c.day, ft.figure_visit.c.sales,
    ft.figure_visit.c.paid_minor, ft.figure_visit.c.back_minor, ft.figure_visit.c.returned,
)  # fmt: skip


def _put_lives(connection: Connection, tenant: str, lives: Mapping[str, PersonLife]) -> None:
    mine = ft.figure_person.c
    for person in [each for each, life in lives.items() if life == NO_LIFE]:
        connection.execute(
            delete(ft.figure_person).where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(person),
                mine.person == person,
            )
        )
    rows = [life_row(person, life) for person, life in sorted(lives.items()) if life != NO_LIFE]
    put(connection, tenant, ft.figure_person, rows, "replace")
