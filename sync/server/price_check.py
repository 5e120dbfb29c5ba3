"""Checking behind the push: each sale priced again by the program it names, and settled late.

Owns: reading the stores' streams with a cursor of its own, gifts for joining held against the
published programs, and telling what was found. Does not own: pricing (app.domain.repricing), late
settling (late_settlement.py). A push never waits for it: it reads and reckons without any lock, and
holds rows only while it writes what it found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, or_, select

from app.domain.facts import SALE_KINDS, MemberJoined, NotAFact, SaleRecorded, read_fact
from app.domain.joining import beyond_welcome
from app.domain.program import Program
from app.domain.repricing import PriceDiffers, check_price
from sync.protocol import AnswerChanged
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.exception_case import Finding, adjustments_of, open_cases
from sync.server.feed import Publication, device_stream, publish
from sync.server.late_settlement import late_findings
from sync.server.oddity import WHY_LENGTH_MAX
from sync.server.op_answer import adjusted_answer
from sync.server.other_side import with_other_side
from sync.server.promise import today
from sync.server.published import in_force, programs
from sync.server.rows import find, put
from sync.server.sale_record import RETURNS
from sync.server.tables import shard_of

NAME = "price_check"
SALES_A_RUN = 50
_LOOKED_AT = SALE_KINDS | {str(MemberJoined.__struct_config__.tag)}


@dataclass(frozen=True, slots=True)
class _Page:
    """The next places of one stream, as they were read together."""

    stream: str
    position: int
    last: int
    ops: Sequence[Mapping[str, Any]] = ()
    found: list[Finding] = field(default_factory=list)


def check_prices(database: ServerDatabase, tenant: str, now_ms: int) -> int:
    """Look at the next facts of every store; how many places were passed. Zero: all were seen.

    Again and again; of two at once one goes on. A sale whose program is not known here is passed
    over: there is nothing to compare it with.
    """
    passed = 0
    known = database.read(lambda connection: programs(connection, tenant))
    for stream, position in database.read(lambda connection: _positions(connection, tenant)):

        def read(connection: Connection, place: tuple[str, int] = (stream, position)) -> _Page:
            page = _page(connection, tenant, place)
            late = late_findings(connection, tenant, page.ops, today(now_ms))
            page.found.extend(with_other_side(connection, tenant, "", (), late))
            return page

        page = database.read(read, exact=True)
        if page.last == position:
            continue
        page.found.extend(each for row in page.ops for each in _look(row, known))

        def keep(connection: Connection, seen: _Page = page) -> bool:
            return _keep(connection, tenant, seen, now_ms)

        passed += (page.last - position) if database.write(keep) else 0
    return passed


def _positions(connection: Connection, tenant: str) -> list[tuple[str, int]]:
    """Streams with places that were not looked at, and how far each was."""
    counter = t.feed_counter.c
    streams = connection.execute(
        select(counter.stream, counter.head, counter.tail)
        .where(
            counter.tenant_id == tenant,
            or_(counter.stream.like("store:%"), counter.stream == RETURNS),
        )
        .order_by(counter.stream)
    ).all()
    keys = [_consumer(row.stream) for row in streams]
    read = {row["stream"]: row["position"] for row in find(connection, tenant, t.consumer, keys)}
    seen = [(row, max(row.tail, read.get(row.stream, 0))) for row in streams]
    return [(row.stream, position) for row, position in seen if position < row.head]


def _consumer(stream: str) -> dict[str, Any]:
    return {"shard_key": shard_of(stream), "stream": stream, "name": NAME}


def _page(connection: Connection, tenant: str, place: tuple[str, int]) -> _Page:
    stream, position = place
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
    ).all()
    keys = [
        {"shard_key": shard_of(row.ref), "op_id": row.ref} for row in rows if row.kind == "fact"
    ]
    last = rows[-1].at if rows else position
    return _Page(stream, position, last, find(connection, tenant, t.op, keys))


def _keep(connection: Connection, tenant: str, page: _Page, now_ms: int) -> bool:
    """Write what was found, unless another worker was here meanwhile."""
    key = _consumer(page.stream)
    put(connection, tenant, t.consumer, [key | {"position": 0}], "ignore")
    [held] = find(connection, tenant, t.consumer, [key], lock=True)
    if held["position"] >= page.last:
        return False
    open_cases(connection, tenant, page.found, now_ms)
    put(connection, tenant, t.consumer, [key | {"position": page.last}], "replace")
    publish(connection, tenant, list(_told(connection, tenant, page.found)))
    return True


def _told(connection: Connection, tenant: str, found: Sequence[Finding]) -> Iterator[Publication]:
    subjects: dict[str, set[str]] = {}
    for each in found:
        for op_id in {each.op_id, each.other_op or each.op_id}:
            subjects.setdefault(op_id, set()).add(each.subject)
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(subjects)]
    for row in find(connection, tenant, t.op, keys):
        about = {*subjects[row["op_id"]], row["device"]}
        known = adjustments_of(connection, tenant, row["op_id"], about)
        answer = adjusted_answer(row, known)
        yield Publication.of(device_stream(row["device"]), AnswerChanged(answer=answer))


# ------------------------------------------------------------------ one sale


def _look(row: Mapping[str, Any], known: Mapping[tuple[str, str], Program]) -> Iterator[Finding]:
    """What is odd about one op: that nobody can read all of it, its price, what joining gave."""
    fact = read_fact(row["data"]) if row["kind"] in _LOOKED_AT else None
    if isinstance(fact, MemberJoined):
        yield from _gifts(fact, row, known.values())
    if isinstance(fact, NotAFact):
        # It was counted by what stands outside: its lines say something else, or nothing.
        why = (("what", "sums"), ("why", fact.reason[:WHY_LENGTH_MAX]))
        subject = row["member"] or row["device"]
        day = date.fromisoformat(row["day"])
        yield Finding("sums_differ", subject, row["op_id"], day, text=why)
    if not isinstance(fact, SaleRecorded):
        return
    program = known.get((fact.program.id, fact.program.version))
    answer = None if program is None else check_price(fact, program)
    if isinstance(answer, PriceDiffers):
        yield _differs(fact, row, answer)


def _gifts(
    fact: MemberJoined, row: Mapping[str, Any], known: Iterable[Program]
) -> Iterator[Finding]:
    """Gifts of no program that was in force by then: a till may have had an older one."""
    day = date.fromisoformat(row["day"])
    due = [program for program in known if program.effective <= day]
    beyond = [beyond_welcome(fact.effects, program) for program in due]
    newest = in_force(due, day)
    if newest is None or None in beyond:
        return
    found = beyond[due.index(newest)]
    assert found is not None, "none of them gives this"
    yield Finding(
        "gifts_differ", fact.member or row["device"], fact.op_id, day,
        points=found.points - found.allowed_points,
        text=(
            ("device", row["device"]),
            ("given", str(found.points)), ("allowed", str(found.allowed_points)),
            ("coupons", str(found.coupons)), ("allowed_coupons", str(found.allowed_coupons)),
        ),
    )  # fmt: skip


def _differs(fact: SaleRecorded, row: Mapping[str, Any], answer: PriceDiffers) -> Finding:
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
