"""Checking prices behind the push: every sale priced again by the program it names.

Owns: reading the stores' streams sale by sale with a cursor of its own, and what is done where a
price differs. Does not own: pricing (app.domain.repricing). A push never waits for it: pricing
costs more than everything else about a sale together.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from app.domain.facts import SALE_KINDS, SaleRecorded, read_fact
from app.domain.program import Program
from app.domain.repricing import PriceDiffers, check_price
from sync.protocol import AnswerChanged
from sync.server import tables as t
from sync.server.exception_case import Finding, adjustments_of, open_cases
from sync.server.feed import Publication, device_stream, publish
from sync.server.op_answer import adjusted_answer
from sync.server.published import programs
from sync.server.rows import find, put
from sync.server.tables import shard_of

NAME = "price_check"
SALES_A_RUN = 50
"""Over SQLite a push waits for the end of the run: some hundredths of a second."""


def check_prices(connection: Connection, tenant: str, now_ms: int) -> int:
    """Look at the next sales of every store; how many places were passed. Zero: all were seen.

    Run it by ServerDatabase.write, again and again; of two at once the second goes on. A sale whose
    program is not known here is passed over: there is nothing to compare it with.
    """
    passed = 0
    known = programs(connection, tenant)
    news: list[Publication] = []
    for stream, position in _positions(connection, tenant):
        rows = _next_places(connection, tenant, stream, position)
        if not rows:
            continue
        passed += len(rows)
        found = _look(connection, tenant, [row for row in rows if row["kind"] == "fact"], known)
        open_cases(connection, tenant, [each for each, _ in found], now_ms)
        news += [_told(connection, tenant, finding, row) for finding, row in found]
        read = {"shard_key": shard_of(stream), "stream": stream, "name": NAME}
        put(connection, tenant, t.consumer, [read | {"position": rows[-1]["at"]}], "replace")
    publish(connection, tenant, news)
    return passed


def _positions(connection: Connection, tenant: str) -> list[tuple[str, int]]:
    """The streams of stores that have something new, and how far each was read.

    Held, so that one worker goes on.
    """
    streams = connection.execute(
        select(t.feed_counter.c.stream, t.feed_counter.c.tail, t.feed_counter.c.head)
        .where(t.feed_counter.c.tenant_id == tenant, t.feed_counter.c.stream.like("store:%"))
        .order_by(t.feed_counter.c.stream)
    ).all()
    keys = [
        {"shard_key": shard_of(row.stream), "stream": row.stream, "name": NAME} for row in streams
    ]
    put(connection, tenant, t.consumer, [key | {"position": 0} for key in keys], "ignore")
    held = find(connection, tenant, t.consumer, keys, lock=True)
    read = {row["stream"]: row["position"] for row in held}
    places = ((row, max(row.tail, read[row.stream])) for row in streams)
    return [(row.stream, at) for row, at in places if at < row.head]


def _next_places(
    connection: Connection, tenant: str, stream: str, position: int
) -> list[dict[str, Any]]:
    feed = t.feed.c
    rows = connection.execute(
        select(feed.at, feed.kind, feed.ref)
        .where(
            feed.tenant_id == tenant,
            feed.shard_key == shard_of(stream),
            feed.stream == stream,
            feed.at > position,
        )
        .order_by(feed.at)
        .limit(SALES_A_RUN)
    ).mappings()
    return [dict(row) for row in rows]


def _look(
    connection: Connection,
    tenant: str,
    places: Sequence[dict[str, Any]],
    known: dict[tuple[str, str], Program],
) -> list[tuple[Finding, dict[str, Any]]]:
    """What differs, each with the row of its op."""
    keys = [{"shard_key": shard_of(row["ref"]), "op_id": row["ref"]} for row in places]
    found = []
    for row in find(connection, tenant, t.op, keys):
        fact = read_fact(row["data"]) if row["kind"] in SALE_KINDS else None
        if not isinstance(fact, SaleRecorded):
            continue
        program = known.get((fact.program.id, fact.program.version))
        answer = None if program is None else check_price(fact, program)
        if isinstance(answer, PriceDiffers):
            found.append((_finding(fact, row, answer), row))
    return found


def _finding(fact: SaleRecorded, row: dict[str, Any], answer: PriceDiffers) -> Finding:
    return Finding(
        "price_differs",
        fact.member or row["device"],
        fact.op_id,
        date.fromisoformat(row["day"]),
        money_minor=answer.total_minor - answer.expected_minor,
        text=(
            ("total", str(answer.total_minor)),
            ("expected", str(answer.expected_minor)),
            ("earned", str(answer.earned)),
            ("expected_earned", str(answer.expected_earned)),
        ),
    )


def _told(
    connection: Connection, tenant: str, finding: Finding, row: dict[str, Any]
) -> Publication:
    known = adjustments_of(connection, tenant, row["op_id"], {finding.subject, row["device"]})
    return Publication.of(
        device_stream(row["device"]), AnswerChanged(answer=adjusted_answer(row, known))
    )
