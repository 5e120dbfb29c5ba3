"""Checking behind the push: each sale priced again by the program it names, and settled late.

Owns: reading the stores' streams with a cursor of its own, gifts for joining held against the
published programs, and telling what was found. Does not own: pricing (app.domain.repricing), late
settling (late_settlement.py), what campaigns gave (campaign.py). A push never waits for it: it
reads and reckons without any lock, and holds rows only while it writes what it found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Text, bindparam, literal_column, or_, select

from app.domain.facts import SALE_KINDS, MemberJoined, NotAFact, SaleRecorded, read_fact
from app.domain.joining import beyond_welcome
from app.domain.program import Program
from app.domain.repricing import PriceDiffers, check_price
from sync.protocol import AnswerChanged
from sync.server import tables as t
from sync.server.campaign import count_given
from sync.server.campaign_given import given_in
from sync.server.database import ServerDatabase
from sync.server.exception_case import Finding, adjustments_of, open_cases
from sync.server.feed import Publication, device_stream, publish
from sync.server.late_settlement import late_findings
from sync.server.oddity import WHY_LENGTH_MAX
from sync.server.op_answer import adjusted_answer
from sync.server.other_side import with_other_side
from sync.server.promise import today
from sync.server.published import in_force, programs
from sync.server.rows import ask, find, put
from sync.server.sale_record import RETURNS
from sync.server.tables import shard_of

NAME = "price_check"
SALES_A_RUN = 50
"""Of each stream. Together they are no more than `PLACES_AT_ONCE`, unless more streams have grown:
so long a run keeps the pushes of its worker waiting."""
PLACES_AT_ONCE = 200
_LOOKED_AT = SALE_KINDS | {str(MemberJoined.__struct_config__.tag)}


@dataclass(frozen=True, slots=True)
class _Page:
    """The next places of one stream: behind `position`, up to `last`."""

    stream: str
    position: int
    last: int

    @property
    def cursor(self) -> dict[str, Any]:
        """The row that keeps how far it was looked at, once this page was."""
        return _consumer(self.stream) | {"position": self.last}


@dataclass(frozen=True, slots=True)
class _Seen:
    """The next places of all streams, as they were read together, and what was found in them."""

    pages: Sequence[_Page]
    ops: Sequence[Mapping[str, Any]]
    found: list[Finding]


def check_prices(database: ServerDatabase, tenant: str, now_ms: int) -> int:
    """Look at the next facts of every store; how many places were passed. Zero: all were seen.

    Again and again; of two at once one goes on. A sale whose program is not known here is passed
    over: there is nothing to compare it with. All stores in one go: a transaction for each would
    cost a chain of many small ones more than what they push.
    """

    def read(connection: Connection) -> _Seen:
        pages = _pages(connection, tenant)
        ops = _ops(connection, tenant, pages)
        late = late_findings(connection, tenant, ops, today(now_ms))
        return _Seen(pages, ops, with_other_side(connection, tenant, "", (), late))

    seen = database.read(read, exact=True)
    if not seen.pages:
        return 0
    known = database.read(lambda connection: programs(connection, tenant)) if seen.ops else {}
    seen.found.extend(each for row in seen.ops for each in _look(row, known))
    is_kept = database.write(lambda connection: _keep(connection, tenant, seen, now_ms))
    return sum(page.last - page.position for page in seen.pages) if is_kept else 0


_STREAMS = (
    select(t.feed_counter.c.stream, t.feed_counter.c.head, t.feed_counter.c.tail)
    .where(
        t.feed_counter.c.tenant_id == bindparam("tenant", type_=Text),
        or_(
            t.feed_counter.c.stream.like(literal_column("'store:%'")),
            t.feed_counter.c.stream == literal_column(f"'{RETURNS}'"),
        ),
    )
    .order_by(t.feed_counter.c.stream)
)


def _pages(connection: Connection, tenant: str) -> list[_Page]:
    """What comes next of each stream with places that were not looked at."""
    streams = ask(connection, _STREAMS, {"tenant": tenant})
    keys = [_consumer(row["stream"]) for row in streams]
    read = {row["stream"]: row["position"] for row in find(connection, tenant, t.consumer, keys)}
    seen = [(row, max(row["tail"], read.get(row["stream"], 0))) for row in streams]
    grown = [(row, position) for row, position in seen if position < row["head"]]
    most = min(SALES_A_RUN, max(1, PLACES_AT_ONCE // max(1, len(grown))))
    return [
        _Page(row["stream"], position, min(row["head"], position + most)) for row, position in grown
    ]


def _consumer(stream: str) -> dict[str, Any]:
    return {"shard_key": shard_of(stream), "stream": stream, "name": NAME}


def _ops(
    connection: Connection, tenant: str, pages: Sequence[_Page]
) -> Sequence[Mapping[str, Any]]:
    """The facts that stand in these places."""
    places = [
        {"shard_key": shard_of(page.stream), "stream": page.stream, "at": at}
        for page in pages
        for at in range(page.position + 1, page.last + 1)
    ]
    rows = find(connection, tenant, t.feed, places, columns=(t.feed.c.kind, t.feed.c.ref))
    keys = [
        {"shard_key": shard_of(row["ref"]), "op_id": row["ref"]}
        for row in rows
        if row["kind"] == "fact"
    ]
    return find(connection, tenant, t.op, keys)


def _keep(connection: Connection, tenant: str, seen: _Seen, now_ms: int) -> bool:
    """Write what was found, unless another worker was here meanwhile: then the next run looks."""
    keys = [_consumer(page.stream) for page in seen.pages]
    # Nothing can be locked that is not there.
    put(connection, tenant, t.consumer, [key | {"position": 0} for key in keys], "ignore")
    held = find(connection, tenant, t.consumer, keys, lock=True)
    positions = {row["stream"]: row["position"] for row in held}
    if any(positions[page.stream] > page.position for page in seen.pages):
        return False
    open_cases(connection, tenant, seen.found, now_ms)
    count_given(connection, tenant, given_in(seen.ops), now_ms)
    put(connection, tenant, t.consumer, [page.cursor for page in seen.pages], "replace")
    publish(connection, tenant, list(_told(connection, tenant, seen.found)))
    return True


def _told(connection: Connection, tenant: str, found: Sequence[Finding]) -> Iterator[Publication]:
    subjects: dict[str, set[str]] = {}
    for each in found:
        for op_id in {each.op_id, each.other_op or each.op_id}:
            subjects.setdefault(op_id, set()).add(each.subject)
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in sorted(subjects)]
    for row in sorted(find(connection, tenant, t.op, keys), key=itemgetter("op_id")):
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
