"""Benchmark of figures: pages of a till, and the chain's month and segments on PostgreSQL.

    python -m tests.bench.figures --till --members 100000 --sales 500000
    python -m tests.bench.figures --server --members 1000000 --sales 5000000

Owns: filling a store or a database with sales past the wire, timing what a person waits for. Does
not own: the budgets (they stand beside each figure here and are said, never enforced: a benchmark
is no timed test).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Connection, Table

from app.domain.chain import GENESIS, chain_hash
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import canonical_bytes
from app.domain.figures import Days, month_of
from app.domain.ids import uuid7
from app.domain.member import Member
from app.domain.moment import Moment
from app.domain.segments import DEFAULT_RULES
from app.services.figure_keeping import count_facts, judge_members
from app.services.figures import people_behind, people_of_segment, read_cohorts, read_figures
from app.store.made_up import MadeUp, made_members
from sync.server import tables as t
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.figure_count import count_unit
from sync.server.figures import slice_figures
from sync.server.migrations import SchemaReady, bring_up
from sync.server.rows import put
from sync.server.segments import judge_all
from sync.server.tables import shard_of
from tests.chain.postgres import Postgres
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.real_shop import DAY, IDENTITY, copy_shop
from tests.services.figure_shop import LaneOf

FIRST = DAY - timedelta(days=364)
CHUNK = 2_000
TIMES = 5
TENANT = "bench"
SALES_A_DAY = 60
"""Of one till: a till that sells less has more days, and so more sums, for as many facts."""
PAGE_MS, MONTH_MS, SEGMENTS_S = 300, 1_000, 20


def main(arguments: Sequence[str]) -> int:
    """Fill, count, time; JSON on the standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.figures")
    parser.add_argument("--till", action="store_true")
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--sales", type=int, default=25_000)
    asked = parser.parse_args(arguments)
    said: dict[str, Any] = {"members": asked.members, "sales": asked.sales}
    with tempfile.TemporaryDirectory() as folder:
        if asked.till:
            said["till"] = of_till(Path(folder), asked.members, asked.sales)
        if asked.server:
            said["server"] = of_server(Path(folder), asked.members, asked.sales)
    print(json.dumps(said, indent=1))  # noqa: T201 - a command's answer
    return 0


def facts(members: Sequence[str], count: int, till: int = 2) -> Iterator[tuple[str, date, bytes]]:
    """Sales of a year by members chosen at random, some far more often than others."""
    chance = Random(till)
    for number in range(count):
        day = FIRST + timedelta(days=number * 365 // count)
        member = members[int(len(members) * chance.random() ** 2)]
        at_ms = 1_760_000_000_000 + number
        minor = chance.randrange(500, 30_000)
        lines = (a_line("1", list_minor=minor, net_minor=minor, unit_price_minor=minor),)
        fact = a_sale(
            op_id=uuid7(at_ms, chance.getrandbits(74)), day=day, store=IDENTITY.store_id,
            member=member if chance.random() < 0.7 else None, staff="li", lines=lines,
            clock=Moment(at_ms, at_ms, "bench"), receipt=a_receipt(()),
            code=receipt_code(ReceiptNumber(7, till, 1, day, number % 36**4)).text,
        )  # fmt: skip
        yield fact.op_id, day, canonical_bytes(fact)


def worst_ms(work: Callable[[], object]) -> int:
    """The slowest of a few times."""
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return round(max(took) * 1000)


def took_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 1)


# ------------------------------------------------------------------ a till


def of_till(folder: Path, members: int, sales: int) -> dict[str, Any]:
    """The pages of a desk, each beside its budget."""
    shop = copy_shop(folder)
    lane = shop.store.lane
    people = list(made_members(MadeUp(members, 0)))
    for start in range(0, members, CHUNK):
        some = people[start : start + CHUNK]
        lane.submit(partial(_join, some)).result()
    ids = [each.member_id for each in people]
    head = lane.submit(_head).result()
    _say("facts")
    chunk: list[Any] = []
    for op_id, day, data in facts(ids, sales):
        head = head[0] + 1, chain_hash(head[1], data)
        chunk.append((op_id, head[0], head[1], day.isoformat(), data))
        if len(chunk) == CHUNK:
            lane.submit(partial(_append, rows=chunk)).result()
            chunk = []
    lane.submit(partial(_append, rows=chunk)).result()
    _say("counting")
    count_s = took_s(
        lambda: count_facts(shop=shop.shop, lane=LaneOf(shop), keep_on=lambda so_far: True)
    )
    judge_s = took_s(lambda: judge_members(shop=shop.shop, lane=LaneOf(shop)))
    shop.sign_in("王芳")
    month, year = month_of(DAY - timedelta(days=30)), Days(FIRST, DAY)
    pages = {
        "a day": lambda: shop.do(read_figures, days=Days(DAY, DAY)),
        "a month": lambda: shop.do(read_figures, days=month),
        "members of a month": lambda: shop.do(people_behind, figure="active", days=month),
        "cohorts": lambda: shop.do(read_cohorts, last=DAY),
        "a segment": lambda: shop.do(people_of_segment, segment="dormant"),
        "a year (background)": lambda: shop.do(read_figures, days=year),
    }
    told = {name: worst_ms(work) for name, work in pages.items()}
    shop.close()
    return {"budget_ms": PAGE_MS, "pages_ms": told, "count_s": count_s, "judge_s": judge_s}


def _join(people: Sequence[Member], work: Any) -> None:
    for each in people:
        work.members.add(each)


def _head(work: Any) -> tuple[int, bytes]:
    stored = work.facts.all_facts(limit=100_000)
    return (stored[-1].dseq, stored[-1].chain_hash) if stored else (0, GENESIS)


def _append(work: Any, rows: Sequence[Any]) -> None:
    """Past the repositories: half a million single appends would take an hour."""
    epoch = work.device.epoch()
    work.driver.executemany(
        "INSERT INTO fact (op_id, kind, epoch, dseq, chain_hash, business_day, wall_ms,"
        " monotonic_ms, boot_id, data) VALUES (?, 'sale_recorded.1', ?, ?, ?, ?, 0, 0, 'b', ?)",
        [(op_id, epoch, dseq, head, day, data) for op_id, dseq, head, day, data in rows],
    )


# ------------------------------------------------------------------ a server


def of_server(folder: Path, members: int, sales: int) -> dict[str, Any]:
    """The month of the chain and the segments of everybody, on PostgreSQL."""
    ids = [uuid7(1_700_000_000_000 + number, number) for number in range(members)]
    with ExitStack() as stack:
        postgres = stack.enter_context(closing(Postgres(folder / "postgres")))
        database = stack.enter_context(closing(ServerDatabase(postgres_engine(postgres.url))))
        assert isinstance(bring_up(database.engine), SchemaReady)
        tills = max(1, sales // (365 * SALES_A_DAY))
        for till in range(1, tills + 1):
            _say(f"till {till} of {tills}")
            _fill(database, f"till-{till}", facts(ids, sales // tills, till))
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as plain:
            plain.exec_driver_sql("ANALYZE")
        _say("counting")
        count_s = took_s(lambda: _count(database))
        with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as plain:
            plain.exec_driver_sql("VACUUM ANALYZE")
        month = month_of(DAY - timedelta(days=30))
        week = Days(month.first, month.first + timedelta(days=6))
        return {
            "month_ms": worst_ms(lambda: _read(database, month)),
            "month_budget_ms": MONTH_MS,
            "week_ms": worst_ms(lambda: _read(database, week)),
            "segments_s": took_s(
                lambda: judge_all(database, TENANT, DAY, DEFAULT_RULES, lambda done, of_all: True)
            ),
            "segments_budget_s": SEGMENTS_S,
            "count_s": count_s,
        }


def _read(database: ServerDatabase, days: Days) -> object:
    return database.read(lambda connection: slice_figures(connection, TENANT, days))


def _count(database: ServerDatabase) -> None:
    while database.write(lambda connection: count_unit(connection, TENANT)):
        pass


def _fill(database: ServerDatabase, device: str, told: Iterator[tuple[str, date, bytes]]) -> None:
    """Ops at their places, as ingest leaves them, without folding anything."""
    dseq, head, ops, places = 0, GENESIS, [], []
    for op_id, day, data in told:
        dseq, head = dseq + 1, chain_hash(head, data)
        text = day.isoformat()
        at = {"device": device, "epoch": 1, "dseq": dseq}
        ops.append(
            at
            | {
                "shard_key": shard_of(op_id), "op_id": op_id, "kind": "sale_recorded.1",
                "store": IDENTITY.store_id, "member": None, "state": "counted",
                "stated_day": text, "day": text, "received_ms": 0, "receipt": None,
                "outcome": "accepted", "answer": None, "data": data, "digest": None,
            }
        )  # fmt: skip
        places.append(
            at | {"shard_key": shard_of(device), "op_id": op_id, "hash": head, "day": text}
        )
    for start in range(0, len(ops), CHUNK):
        end = start + CHUNK
        for table, rows in ((t.op, ops[start:end]), (t.place, places[start:end])):
            database.write(partial(_put, table=table, rows=rows))
    row = {
        "shard_key": shard_of(device), "device": device, "epoch": 1, "dseq": dseq, "hash": head,
        "state": "open", "wall_ms": None, "monotonic_ms": None, "boot_id": None,
        "offset_ms": None, "drained": dseq,
    }  # fmt: skip
    database.write(partial(_put, table=t.device_head, rows=[row]))


def _put(connection: Connection, *, table: Table, rows: Sequence[Any]) -> None:
    put(connection, TENANT, table, rows, "new")


def _say(words: str) -> None:
    sys.stderr.write(f"\r{words:40}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
