"""Feeds: what every till has to hear, stream by stream, at places contiguous from 1.

Owns: publishing (the counters are taken as the last rows before the commit, so that whoever sees a
place sees all before it), reading a stream, trimming it. Does not own: what an event says
(sync/protocol.py), waiting for one (the web), snapshots.
Facts and members lie in a feed as references and are told as they are when somebody reads: an
account may be newer than its place, never older.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, Dialect, Text, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite

from sync.protocol import (
    PULL_BYTES_MAX,
    PULL_EVENTS_MAX,
    Event,
    FactKnown,
    MemberConfirmed,
    Positioned,
    PullAnswer,
    SealedFactKnown,
    encoded,
)
from sync.server import tables as t
from sync.server.complaint_key import SEALED, with_keys
from sync.server.member import confirmed_members
from sync.server.plain_row import rows_changed
from sync.server.rows import ask, find, put, recordset
from sync.server.sender import House
from sync.server.server_epoch import EPOCH_TOO, epoch_of, server_epoch
from sync.server.tables import feed_counter, shard_of

CHAIN = "chain"


def store_stream(store: str) -> str:
    """What all tills of a store hear."""
    return f"store:{store}"


def device_stream(device: str) -> str:
    """What one till alone hears."""
    return f"device:{device}"


@dataclass(frozen=True, slots=True)
class Publication:
    """One event on its way into one stream. A fact or a member is named by `ref` alone."""

    stream: str
    kind: Literal["event", "fact", "member"]
    ref: str = ""
    event: bytes | None = None

    @staticmethod
    def of(stream: str, event: Event) -> Publication:
        """An event that is told as it is now."""
        return Publication(stream, "event", event=encoded(event))


def publish(connection: Connection, tenant: str, news: Sequence[Publication]) -> None:
    """Append to the streams. The last thing a transaction does: it holds the counters till then."""
    if not news:
        return
    wanted = Counter(each.stream for each in news)
    counters = [
        {"shard_key": shard_of(stream), "stream": stream, "head": count, "tail": 0}
        for stream, count in sorted(wanted.items(), key=lambda each: (shard_of(each[0]), each[0]))
    ]
    rows = _rows_behind(news, wanted)
    if connection.dialect.name == "postgresql":
        said = {"tenant": tenant, "rows": _json(counters), "news": _json(rows)}
        rows_changed(connection, _publish_words(connection.dialect), said)
        return
    words = _counter_words(_NAMED)
    taken = (connection.exec_driver_sql(words, {**row, "tenant_id": tenant}) for row in counters)
    heads = dict(row.one()._tuple() for row in taken)
    placed = [row | {"at": heads[row["stream"]] - row["at"]} for row in rows]
    put(connection, tenant, t.feed, placed, "new")


def _rows_behind(news: Sequence[Publication], wanted: Counter[str]) -> list[dict[str, Any]]:
    """The rows, `at` counted back from the head that their stream will have."""
    left = Counter(wanted)
    rows = []
    for each in news:
        left[each.stream] -= 1
        rows.append(
            {
                "shard_key": shard_of(each.stream),
                "stream": each.stream,
                "at": left[each.stream],
                "kind": each.kind,
                "ref": each.ref,
                "event": each.event,
            }
        )
    return rows


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()


_COUNTED = ("head", "shard_key", "stream", "tail")
_NAMED = sqlite.dialect(paramstyle="named")


@cache
def _publish_words(dialect: Dialect) -> str:
    """Places taken and filled by one statement: whoever waits for a counter waits less long."""
    return f"WITH taken AS ({_counter_words(dialect)}) {_FILLED}"


_FILLED = """
INSERT INTO feed (tenant_id, shard_key, stream, at, kind, ref, event)
SELECT %(tenant)s, said.shard_key, said.stream, taken.head - said.at, said.kind, said.ref,
       decode(said.event, 'base64')
FROM json_to_recordset(CAST(%(news)s AS JSON)) AS said (
    shard_key BIGINT, stream TEXT, at BIGINT, kind TEXT, ref TEXT, event TEXT
) JOIN taken ON taken.stream = said.stream
"""


@cache
def _counter_words(dialect: Dialect) -> str:
    own = None if dialect.name == "postgresql" else ["tenant_id", *_COUNTED]
    return str(_counter(dialect.name).compile(dialect=dialect, column_keys=own))


@cache
def _counter(dialect: str) -> Any:
    names = _COUNTED
    if dialect == "postgresql":
        said = recordset(feed_counter, names)
        # In the order of the key: two transactions never hold each other's counters.
        rows = (
            select(bindparam("tenant", type_=Text), *(said.c[name] for name in names))
            .select_from(said)
            .order_by(said.c.shard_key, said.c.stream)
        )
        taken: Any = postgresql.insert(feed_counter).from_select(["tenant_id", *names], rows)
    else:
        taken = sqlite.insert(feed_counter)
    return taken.on_conflict_do_update(
        index_elements=["tenant_id", "shard_key", "stream"],
        set_={"head": feed_counter.c.head + taken.excluded.head},
    ).returning(feed_counter.c.stream, feed_counter.c.head)


# ------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and when."""

    tenant: str
    now_ms: int
    house: House
    reads: frozenset[str] = frozenset()
    """Events that came later, which he says he reads (protocol.READS)."""


_AFTER = (
    select(t.feed)
    .where(
        t.feed.c.tenant_id == bindparam("tenant"),
        t.feed.c.shard_key == bindparam("shard"),
        t.feed.c.stream == bindparam("called"),
        t.feed.c.at > bindparam("after"),
    )
    .order_by(t.feed.c.at)
    .limit(bindparam("most"))
    .offset(literal_column("0"))  # else SQLite's words name it as one more parameter
)
_COUNTER = select(feed_counter.c.head, feed_counter.c.tail, EPOCH_TOO).where(
    feed_counter.c.tenant_id == bindparam("tenant"),
    feed_counter.c.shard_key == bindparam("shard"),
    feed_counter.c.stream == bindparam("called"),
)


def read_stream(
    connection: Connection, reader: Reader, stream: str, after: int, limit: int = PULL_EVENTS_MAX
) -> PullAnswer:
    """What came after a place, in order and without a hole; `too_old` where it was trimmed."""
    asked = {"tenant": reader.tenant, "shard": shard_of(stream), "called": stream}
    asked |= {"after": after, "most": min(limit, PULL_EVENTS_MAX)}
    rows = ask(connection, _AFTER, asked)
    # After the events: a trim in between then shows as a tail above what was asked for.
    head, tail, epoch = _ends_and_epoch(connection, reader.tenant, stream)
    # Who is ahead of the head asks a server that has forgotten: that is no age, and is not said
    # as one. He sees it by the head, pushes again what is missing here, and then begins anew.
    too_old = after < tail
    events = () if too_old else _events(connection, reader, [dict(row) for row in rows])
    return PullAnswer(
        stream=stream,
        events=events,
        head=head,
        server_ms=reader.now_ms,
        server_epoch=epoch,
        too_old=too_old,
    )


def head_and_tail(connection: Connection, tenant: str, stream: str) -> tuple[int, int]:
    """The newest place of a stream, and up to where it was trimmed; zeros before its first."""
    return _ends_and_epoch(connection, tenant, stream)[:2]


def _ends_and_epoch(connection: Connection, tenant: str, stream: str) -> tuple[int, int, int]:
    asked = {"tenant": tenant, "shard": shard_of(stream), "called": stream}
    rows = ask(connection, _COUNTER, asked)
    if not rows:
        return 0, 0, server_epoch(connection, tenant)
    return rows[0]["head"], rows[0]["tail"], epoch_of(rows[0]["server_epoch"])


def _events(
    connection: Connection, reader: Reader, rows: Sequence[dict[str, Any]]
) -> tuple[Positioned, ...]:
    known = facts_known(
        connection, reader.tenant, [row["ref"] for row in rows if row["kind"] == "fact"]
    )
    facts: Mapping[str, FactKnown | SealedFactKnown] = known
    if SEALED in reader.reads:
        facts = with_keys(connection, reader.tenant, known, reader.house)
    members = confirmed_members(
        connection,
        reader.tenant,
        [row["ref"] for row in rows if row["kind"] == "member"],
        reader.now_ms,
        reader.house,
    )
    told: list[Positioned] = []
    size = 0
    for row in rows:
        event = _event(row, facts, members)
        size += _size_of(event)
        if told and size > PULL_BYTES_MAX:
            break
        told.append(Positioned(at=row["at"], event=event))
    return tuple(told)


def _event(
    row: dict[str, Any],
    facts: Mapping[str, FactKnown | SealedFactKnown],
    members: dict[str, MemberConfirmed],
) -> Event:
    if row["kind"] == "fact":
        return facts[row["ref"]]
    if row["kind"] == "member":
        return members[row["ref"]]
    event: Event = _EVENT.decode(row["event"])
    return event


_EVENT: msgspec.json.Decoder[Any] = msgspec.json.Decoder(Event)


def _size_of(event: Event) -> int:
    """Bytes on the wire, roughly: what is large is bytes in base64."""
    match event:
        case FactKnown(data=data) | SealedFactKnown(fact=FactKnown(data=data)):
            return 200 + len(data) * 4 // 3
        case MemberConfirmed(account=account):
            return 400 + len(account) * 4 // 3
        case _:
            return 1_000


def facts_known(connection: Connection, tenant: str, op_ids: Sequence[str]) -> dict[str, FactKnown]:
    """Facts as other tills hear them, by op_id."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in dict.fromkeys(op_ids)]
    rows = find(connection, tenant, t.op, keys)
    return {
        row["op_id"]: FactKnown(
            device=row["device"],
            epoch=row["epoch"],
            dseq=row["dseq"],
            day=date.fromisoformat(row["day"]),
            data=row["data"],
        )
        for row in rows
        if row["data"] is not None
    }


PLACES_KEPT = 200_000
"""Of each stream: weeks of a busy store. Whoever was away for longer gets a snapshot, which is
quicker anyway."""
PLACES_A_RUN = 5_000


def trim_streams(connection: Connection, tenant: str, now_ms: int) -> int:
    """Forget the oldest places of streams that grew too long, a part at a time; how many went.

    Never what somebody on this side has still to read. Run it by ServerDatabase.write.
    """
    del now_ms
    counter = feed_counter.c
    long = connection.execute(
        select(counter.stream, counter.head, counter.tail).where(
            counter.tenant_id == tenant, counter.head - counter.tail > PLACES_KEPT
        )
    ).all()
    gone = 0
    for stream, head, tail in long:
        key = {"shard_key": shard_of(stream), "stream": stream}
        read = [row["position"] for row in find(connection, tenant, t.consumer, [key])]
        up_to = min([head - PLACES_KEPT, tail + PLACES_A_RUN, *read])
        gone += trim(connection, tenant, stream, up_to) if up_to > tail else 0
    return gone


def trim(connection: Connection, tenant: str, stream: str, up_to: int) -> int:
    """Forget the places up to this one: who is not behind them needs a snapshot. How many went."""
    head, _ = head_and_tail(connection, tenant, stream)
    at_most = min(up_to, head)
    key = (tenant, shard_of(stream), stream)
    gone = connection.execute(
        delete(t.feed).where(
            t.feed.c.tenant_id == key[0],
            t.feed.c.shard_key == key[1],
            t.feed.c.stream == key[2],
            t.feed.c.at <= at_most,
        )
    ).rowcount
    counter = feed_counter.c
    connection.execute(
        update(feed_counter)
        .where(
            counter.tenant_id == key[0],
            counter.shard_key == key[1],
            counter.stream == key[2],
            counter.tail < at_most,
        )
        .values(tail=at_most)
    )
    return gone
