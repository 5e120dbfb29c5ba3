"""Benchmark of figures: pages of a till's desk, and the chain's month and segments on PostgreSQL.

    python -m tests.bench.figures --till --members 100000 --sales 500000
    python -m tests.bench.figures --server --members 1000000 --sales 5000000

Owns: filling a database with sales past the wire, timing what a person waits for. Does not own: a
till (desk_pages.py), the budgets (they stand beside each figure here and are said, never enforced:
a benchmark is no timed test).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
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
from app.domain.moment import Moment
from app.domain.segments import DEFAULT_RULES
from sync.server import tables as t
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.figure_count import count_unit
from sync.server.figures import slice_figures
from sync.server.migrations import SchemaReady, bring_up
from sync.server.rows import put
from sync.server.segments import judge_all
from sync.server.tables import shard_of
from tests.bench.desk_pages import of_till, took_s, worst_ms
from tests.chain.postgres import Postgres
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.real_shop import DAY, IDENTITY

FIRST = DAY - timedelta(days=364)
CHUNK = 2_000
TENANT = "bench"
SALES_A_DAY = 60
"""Of one till: a till that sells less has more days, and so more sums, for as many facts."""
MONTH_MS, SEGMENTS_S = 1_000, 20


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
