"""A chain of very many members and sales in a PostgreSQL, for the benchmark of head office's desk.

Owns: making it quickly, store by store, several at a time. Does not own: what is measured on it
(server_desk.py).

Ingest would take an hour. So a few stores are made in memory by the functions ingest uses, and
copied into the tables: facts and their chains (canonical_bytes, chain_hash), accounts (fold_into),
figures (FigureBatch, life_of, cell_changes), each as a row of the same form. All others repeat one
of them within the database, as other people (server_repeated.py). Members joined without a name, so
there are no keys and no profiles; the ledger and the streams of the stores, which no page of the
desk reads, are left empty.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, MemberAccount, fold_into
from app.domain.chain import GENESIS, chain_hash
from app.domain.codes import CodeKind, ReceiptNumber, random_code, receipt_code
from app.domain.fact_parts import FactTender
from app.domain.facts import Fact, MemberJoined, SaleRecorded, canonical_bytes
from app.domain.figure_count import FigureBatch, Place
from app.domain.ids import uuid7
from app.domain.moment import Moment
from app.domain.person_figures import CellKey, CohortCell, DayVisit, cell_changes, life_of
from sync.server import figure_tables as ft
from sync.server import tables as t
from sync.server.figure_count import NO_LIFE
from sync.server.figure_rows import cell_row, life_row, sum_rows, visit_rows
from sync.server.folding import LockedAccount, account_row
from sync.server.tables import shard_of
from tests.bench.server_repeated import copy, repeat, say, store_name
from tests.domain.heart_builders import a_line, a_receipt, a_sale

LAST = date(2026, 11, 21)
FIRST = LAST - timedelta(days=364)
MEMBERS_A_STORE, PATTERNS = 25_000, 4
CELL = ("active", "repeated", "paid_minor", "back_minor")
SALES_A_DAY = 60
"""Of one till: a till that sells less has more days, and so more sums, for as many facts."""
_JOINED = FIRST - timedelta(days=20)
_LINE = a_line()
_SALE = a_sale(lines=(_LINE,), receipt=a_receipt(()), staff="li")
_NOON_MS = 2 * 3_600_000


@dataclass(frozen=True, slots=True)
class Part:
    """One store with its members and sales."""

    url: str
    tenant: str
    number: int
    members: int
    sales: int


@dataclass(slots=True)
class _Store:
    """What a store adds up to, in memory."""

    part: Part
    store: str
    batch: FigureBatch = field(default_factory=FigureBatch)
    accounts: dict[str, MemberAccount] = field(default_factory=dict)
    people: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)


def fill(url: str, tenant: str, members: int, sales: int, workers: int) -> None:
    """The whole chain; `url` as psycopg takes it. No workers: in this process."""
    stores = max(1, members // MEMBERS_A_STORE)
    parts = [
        Part(url, tenant, number, members // stores, sales // stores)
        for number in range(1, min(stores, PATTERNS) + 1)
    ]
    cells: Counter[tuple[CellKey, str]] = Counter()
    with ExitStack() as stack:
        many = multiprocessing.get_context("forkserver")
        pool = stack.enter_context(many.Pool(workers)) if workers else None
        made = map(fill_store, parts) if pool is None else pool.imap(fill_store, parts)
        for part, found in zip(parts, made, strict=True):
            say(f"store {part.number} of {stores}")
            times = 1 + len(repeats_of(part.number, stores))
            for key, cell in found.items():
                cells.update({(key, name): times * getattr(cell, name) for name in CELL})
    keys = {key for key, _ in cells}
    rows = (cell_row(key, CohortCell(*(cells[key, name] for name in CELL))) for key in keys)
    with psycopg.connect(url) as connection:
        copy(connection, tenant, ft.figure_cohort, rows)
        for part in parts:
            for number in repeats_of(part.number, stores):
                say(f"store {number} of {stores}")
                repeat(connection, tenant, part.number, number)
                connection.commit()


def repeats_of(pattern: int, stores: int) -> Sequence[int]:
    """The stores that repeat this one."""
    return range(pattern + PATTERNS, stores + 1, PATTERNS)


def fill_store(part: Part) -> dict[CellKey, CohortCell]:
    """One of them, in a process of its own; what its members add to the cohorts."""
    made = _Store(part, store_name(part.number))
    with psycopg.connect(part.url) as connection:
        connection.execute("SET synchronous_commit = off")
        _copy_facts(connection, made)
        return _copy_sums(connection, made)


def _copy_facts(connection: psycopg.Connection[Any], made: _Store) -> None:
    tenant, ops, places = made.part.tenant, [], []
    for device, fact in _facts(made):
        op, place = _entered(made, device, fact)
        ops.append(op)
        places.append(place)
        if len(ops) == 20_000:
            copy(connection, tenant, t.op, ops)
            copy(connection, tenant, t.place, places)
            ops, places = [], []
    copy(connection, tenant, t.op, ops)
    copy(connection, tenant, t.place, places)


def _copy_sums(connection: psycopg.Connection[Any], made: _Store) -> dict[CellKey, CohortCell]:
    tenant = made.part.tenant
    visits: dict[str, list[DayVisit]] = {}
    for (day, member, _), visit in made.batch.visits.items():
        numbers = (visit.sales, visit.paid_minor, visit.back_minor, visit.returned)
        visits.setdefault(member, []).append(DayVisit(day, *numbers))
    lives = {member: life_of(days) for member, days in visits.items()}
    accounts = (
        account_row(LockedAccount(member, 1, 0, 0, account))
        for member, account in made.accounts.items()
    )
    heads, counted = [], []
    for device, (dseq, head) in made.heads.items():
        at: dict[str, Any] = {"shard_key": shard_of(device), "device": device, "epoch": 1}
        counted.append(at | {"counted": dseq})
        heads.append(at | _HEAD | {"dseq": dseq, "hash": head, "drained": dseq, "floor_points": 0})
    for table, rows in (
        (t.account, accounts), (t.member, made.people), (t.card, made.cards),
        (t.device_head, heads), (ft.figure_cursor, counted),
        (ft.figure_sum, sum_rows(made.batch)), (ft.figure_visit, visit_rows(made.batch)),
        (ft.figure_person, (life_row(member, life) for member, life in lives.items())),
    ):  # fmt: skip
        copy(connection, tenant, table, rows)
    cells: dict[CellKey, CohortCell] = {}
    for life in lives.values():
        for key, cell in cell_changes(NO_LIFE, life).items():
            cells[key] = cells[key].plus(cell) if key in cells else cell
    return cells


_HEAD: dict[str, Any] = {
    "state": "open", "wall_ms": None, "monotonic_ms": None, "boot_id": None, "offset_ms": None,
}  # fmt: skip


def _facts(made: _Store) -> Iterator[tuple[str, Fact]]:
    """Everybody joins; then a year of sales, some members far more often than others, one in three
    to a walk-in; one member in twenty never buys."""
    part, chance = made.part, Random(made.part.number)
    tills = max(1, part.sales // (365 * SALES_A_DAY))
    members = []
    for number in range(part.members):
        at_ms = _ms(_JOINED) + number * 1_000
        member = uuid7(at_ms, chance.getrandbits(74))
        members.append(member)
        yield f"{made.store}-1", _joined(made, member, at_ms, chance)
    buyers = members[len(members) // 20 :] or members
    for number in range(part.sales):
        day, till = FIRST + timedelta(days=number * 365 // part.sales), 1 + number % tills
        walks_in = chance.random() > 0.7
        buyer = None if walks_in else buyers[int(len(buyers) * chance.random() ** 2)]
        yield f"{made.store}-{till}", _sold(made, (till, number), day, buyer, chance)


def _joined(made: _Store, member: str, at_ms: int, chance: Random) -> MemberJoined:
    fact = MemberJoined(
        op_id=uuid7(at_ms, chance.getrandbits(74)), store=made.store, day=_JOINED, member=member,
        clock=Moment(at_ms, at_ms, "bench"), effects=(do.Joined(),),
        card=random_code(CodeKind.MEMBER, chance.getrandbits(60)).text,
    )  # fmt: skip
    made.people.append(
        {
            "shard_key": shard_of(member), "member": member, "status": "active",
            "home_store": made.store, "referrer": None, "joined_op": fact.op_id,
            "received_ms": at_ms,
        }
    )  # fmt: skip
    card = fact.card or ""
    made.cards.append(
        {"shard_key": shard_of(card), "card": card, "member": member, "state": "in_use",
         "op_id": fact.op_id}
    )  # fmt: skip
    return fact


def _sold(
    made: _Store, place: tuple[int, int], day: date, member: str | None, chance: Random
) -> SaleRecorded:
    till, number = place
    minor = chance.randrange(500, 30_000)
    at_ms, points = _ms(day) + number * 10, minor // 100
    line = replace(
        _LINE, unit_price_minor=minor, list_minor=minor, net_minor=minor, points_earned=points
    )
    effects = (
        do.Visited(spend_minor=minor, points_earned=points, points_spent=0),
        do.Gained(points=points, expires_in=12),
    )
    return replace(
        _SALE, op_id=uuid7(at_ms, chance.getrandbits(74)), store=made.store, day=day,
        clock=Moment(at_ms, at_ms, "bench"), member=member,
        identified_by="card" if member else None, effects=effects if member else (),
        code=receipt_code(ReceiptNumber(made.part.number, till, 1, day, number % 36**4)).text,
        lines=(line,), tenders=(FactTender(kind="cash", amount_minor=minor),), total_minor=minor,
        list_total_minor=minor, points_earned=points,
    )  # fmt: skip


def _ms(day: date) -> int:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * 86_400_000 + _NOON_MS


def _entered(made: _Store, device: str, fact: Fact) -> tuple[dict[str, Any], dict[str, Any]]:
    """Counted and folded; its rows as ingest leaves them."""
    data = canonical_bytes(fact)
    dseq, head = made.heads.get(device, (0, GENESIS))
    dseq, head = dseq + 1, chain_hash(head, data)
    made.heads[device] = dseq, head
    till = int(device.rpartition("-")[2])
    made.batch.count(Place(made.store, till), fact)
    if fact.member is not None:
        before = made.accounts.get(fact.member) or MemberAccount()
        mark = Mark(device, 1, dseq)
        item = FoldItem(fact.op_id, fact.member, fact.day, fact.effects, mark)
        made.accounts[fact.member] = fold_into(before, [item], {})
    day = fact.day.isoformat()
    at: dict[str, Any] = {
        "device": device,
        "epoch": 1,
        "dseq": dseq,
        "op_id": fact.op_id,
        "day": day,
    }
    kind = "sale_recorded.1" if isinstance(fact, SaleRecorded) else "member_joined.1"
    op = at | {
        "shard_key": shard_of(fact.op_id), "kind": kind, "store": made.store,
        "member": fact.member, "state": "counted", "stated_day": day, "received_ms": 0,
        "receipt": getattr(fact, "code", None), "outcome": "accepted", "answer": None,
        "data": data, "digest": None,
    }  # fmt: skip
    return op, at | {"shard_key": shard_of(device), "hash": head}
