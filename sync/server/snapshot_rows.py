"""What stands in a snapshot: every event a till would have been told, read from the tables.

Owns: the rows of each stream, page by page, and the places they stand at. Does not own: the file
and its key (snapshot.py). Read in one transaction that sees one state of the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, select

from app.domain.ids import uuid7
from sync.protocol import AnswerChanged, Event, GrantEnded, GrantGiven, decoded
from sync.server import tables as t
from sync.server.complaint import facts_for_store
from sync.server.complaint_key import SEALED, with_keys
from sync.server.feed import CHAIN, device_stream, facts_known, head_and_tail, store_stream
from sync.server.member import SALE_DAYS_TOLD, confirmed_members
from sync.server.news import KINDS_TOLD
from sync.server.publish import published_events, staff_events
from sync.server.rows import find
from sync.server.sender import House
from sync.server.survey import answers_for_store
from sync.server.tables import SHARDS, shard_of

PAGE = 200
DAY_MS = 86_400_000
Row = tuple[str, Event]
_EVENT: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose snapshot it is."""

    tenant: str
    device: str
    store: str
    now_ms: int
    house: House
    reads: frozenset[str] = frozenset()
    """As Device.reads."""

    @property
    def streams(self) -> tuple[str, str, str]:
        """As Device.streams."""
        return (CHAIN, store_stream(self.store), device_stream(self.device))


def positions_of(connection: Connection, wanted: Wanted) -> dict[str, int]:
    """Where the streams stand: the till goes on behind these places."""
    return {
        stream: head_and_tail(connection, wanted.tenant, stream)[0] for stream in wanted.streams
    }


def snapshot_rows(connection: Connection, wanted: Wanted) -> Iterator[Row]:
    """Every event with its stream. Programs first: members are judged by them."""
    chain, store, device = wanted.streams
    yield from ((chain, event) for event in published_events(connection, wanted.tenant))
    yield from ((chain, event) for event in _of_chain(connection, wanted))
    staff = staff_events(connection, wanted.tenant, wanted.store)
    yield from ((store, event) for event in staff)
    yield from ((store, event) for event in _members(connection, wanted))
    yield from ((store, event) for event in _facts(connection, wanted))
    yield from ((store, event) for event in _complaints(connection, wanted))
    yield from ((store, event) for event in _answers(connection, wanted))
    yield from ((device, event) for event in _own(connection, wanted))


def _of_chain(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """Tiers asked for, decided and given by hand, and what the library of complaints knows: what
    stands of it in the stream of all."""
    feed = t.feed.c
    refs = connection.execute(
        select(feed.ref)
        .where(
            feed.tenant_id == wanted.tenant,
            feed.shard_key == shard_of(CHAIN),
            feed.stream == CHAIN,
            feed.kind == "fact",
        )
        .order_by(feed.at)
    ).scalars()
    ids = list(refs)
    for first in range(0, len(ids), PAGE):
        yield from facts_known(connection, wanted.tenant, ids[first : first + PAGE]).values()


def _members(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """The working set of the store."""
    mine, after, told = t.member_store.c, "", set[str]()
    while True:
        page = list(
            connection.execute(
                select(mine.member)
                .where(
                    mine.tenant_id == wanted.tenant,
                    mine.store == wanted.store,
                    mine.member > after,
                )
                .order_by(mine.member)
                .limit(PAGE)
            ).scalars()
        )
        if not page:
            return
        found = confirmed_members(connection, wanted.tenant, page, wanted.now_ms, wanted.house)
        for event in found.values():
            if event.member not in told:
                told.add(event.member)
                yield event
        after = page[-1]


def _facts(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """Sales and refunds of the store, and what came back of them in others, as far back as refunds
    go: an id says when it was made."""
    op = t.op.c
    since = uuid7(max(0, wanted.now_ms - SALE_DAYS_TOLD * DAY_MS), 0)
    for shard in range(SHARDS):
        found = connection.execute(
            select(op.op_id).where(
                op.tenant_id == wanted.tenant,
                op.shard_key == shard,
                op.op_id >= since,
                op.store == wanted.store,
                op.state == "counted",
                op.kind.in_(sorted(KINDS_TOLD)),
            )
        ).scalars()
        ids = list(found)
        ids += _back_elsewhere(connection, wanted, ids)
        yield from facts_known(connection, wanted.tenant, ids).values()


def _complaints(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """Cases this store hears of, and the library."""
    ids = facts_for_store(connection, wanted.tenant, wanted.store, wanted.now_ms)
    for start in range(0, len(ids), PAGE):
        facts = facts_known(connection, wanted.tenant, ids[start : start + PAGE])
        if SEALED in wanted.reads:
            yield from with_keys(connection, wanted.tenant, facts, wanted.house).values()
        else:
            yield from facts.values()


def _answers(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """What customers of the store said of their purchases."""
    ids = answers_for_store(connection, wanted.tenant, wanted.store, wanted.now_ms)
    for start in range(0, len(ids), PAGE):
        yield from facts_known(connection, wanted.tenant, ids[start : start + PAGE]).values()


def _back_elsewhere(connection: Connection, wanted: Wanted, ids: Sequence[str]) -> list[str]:
    """Refunds of these sales that another store made."""
    op = t.op.c
    sales = [{"shard_key": shard_of(each), "sale": each} for each in ids]
    links = find(connection, wanted.tenant, t.link, sales)
    keys = [
        {"shard_key": shard_of(link["op_id"]), "op_id": link["op_id"]}
        for link in links
        if link["kind"] in KINDS_TOLD
    ]
    rows = find(connection, wanted.tenant, t.op, keys, columns=(op.op_id, op.store, op.state))
    return [
        row["op_id"] for row in rows if row["store"] != wanted.store and row["state"] == "counted"
    ]


def _own(connection: Connection, wanted: Wanted) -> Iterator[Event]:
    """What stands of this device's own stream: its grants, and answers that changed."""
    given = t.grant_given.c
    for content in connection.execute(
        select(given.content).where(
            given.tenant_id == wanted.tenant,
            given.device == wanted.device,
            given.state == "given",
        )
    ).scalars():
        yield decoded(content, GrantGiven)
    feed, stream = t.feed.c, device_stream(wanted.device)
    for raw in connection.execute(
        select(feed.event)
        .where(
            feed.tenant_id == wanted.tenant,
            feed.shard_key == shard_of(stream),
            feed.stream == stream,
            feed.event.is_not(None),
        )
        .order_by(feed.at)
    ).scalars():
        event = _EVENT.decode(raw)
        # Commands were meant for the till as it was; grants stand above as they are.
        if isinstance(event, AnswerChanged | GrantEnded):
            yield event
