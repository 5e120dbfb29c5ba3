"""Feeds: nothing is missed, whoever writes at the same time, and a place is never told too early.

Owns: reading and trimming, and what a puller sees under many writers. Does not own: which events
a push brings (test_ingest.py).
"""

from __future__ import annotations

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import count

import pytest
from sqlalchemy import Connection, text

from app.domain.account import fold
from app.domain.effects import Gained
from app.domain.facts import MemberJoined, canonical_bytes
from app.domain.member import PersonalData
from sync.protocol import (
    Commanded,
    FactKnown,
    MemberConfirmed,
    Positioned,
    PullAnswer,
    StaffChanged,
    StaffCleared,
)
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.feed import (
    Publication,
    Reader,
    publish,
    read_stream,
    store_stream,
    trim,
    trim_streams,
)
from sync.server.rows import put
from sync.server.tables import METADATA, shard_of
from tests.domain.heart_builders import MEMBER, STORE, a_line, a_sale, item, moment, op
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import Chain, Till

TODAY = date(2026, 5, 29)
HERE = store_stream(STORE)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def read(chain: Chain, stream: str, after: int = 0, limit: int = 100) -> PullAnswer:
    reader = Reader(chain.tenant, chain.now_ms, chain.house)
    return chain.database.read(
        lambda connection: read_stream(connection, reader, stream, after, limit)
    )


def a_command(number: int) -> Publication:
    return Publication.of(HERE, Commanded(command="push_again", epoch=1, above=number))


def tell(chain: Chain, *news: Publication) -> None:
    chain.database.write(lambda connection: publish(connection, chain.tenant, news))


def test_a_stream_nobody_has_written_is_empty(chain: Chain) -> None:
    answer = read(chain, "chain")
    assert (answer.events, answer.head, answer.too_old) == ((), 0, False)


def test_events_come_in_order_and_in_portions(chain: Chain) -> None:
    tell(chain, *(a_command(n) for n in range(1, 8)))
    first = read(chain, HERE, 0, 3)
    rest = read(chain, HERE, 3)
    assert [each.at for each in (*first.events, *rest.events)] == [1, 2, 3, 4, 5, 6, 7]
    assert first.head == rest.head == 7
    assert [each.event for each in rest.events] == [
        Commanded(command="push_again", epoch=1, above=n) for n in (4, 5, 6, 7)
    ]


def test_streams_count_apart(chain: Chain) -> None:
    staff = StaffChanged(
        staff=(StaffCleared(staff="li", name="李", role="cashier", permissions=()),)
    )
    tell(chain, a_command(1), Publication.of("chain", staff), a_command(2))
    assert [each.at for each in read(chain, HERE).events] == [1, 2]
    assert [each.event for each in read(chain, "chain").events] == [staff]


def test_a_fact_is_told_with_its_bytes_and_its_member_as_he_is_now(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    chain.push(till)
    till.record(a_sale(2, TODAY))
    chain.push(till)
    answer = read(chain, HERE)
    first, member, second, later = (each.event for each in answer.events)
    assert first == FactKnown(
        device="till-02", epoch=1, dseq=1, day=TODAY, data=canonical_bytes(a_sale(1, TODAY))
    )
    assert isinstance(member, MemberConfirmed)
    assert isinstance(second, FactKnown)
    # An older place tells the newer account: what is known again is passed over by its version.
    assert member == later
    assert (member.version, member.days) == (2, {op(1): TODAY, op(2): TODAY})


def test_a_member_is_told_with_cards_profile_and_keys(chain: Chain) -> None:
    till = Till("till-02")
    person = PersonalData(phone="+8613800138000", name="张三")
    till.record(
        MemberJoined(
            op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER, card="M7K2Q",
            effects=(Gained(points=5, expires_in=12),), profile=sealed(person), claims=("ab" * 32,),
        )
    )  # fmt: skip
    chain.push(till, keys=(KEY,))
    [told] = read(chain, HERE).events
    assert isinstance(told.event, MemberConfirmed)
    assert told.event.cards == ("M7K2Q",)
    assert told.event.home_store == STORE
    assert told.event.keys == (KEY,)
    assert told.event.profile == b'{"name":"\xe5\xbc\xa0\xe4\xb8\x89","phone":"+8613800138000"}'
    rows = repr([chain.rows(table) for table in METADATA.tables.values()])
    assert "13800138000" not in rows, "at rest nothing is readable without a key"


def test_an_old_cursor_is_told_so_after_a_trim(chain: Chain) -> None:
    tell(chain, *(a_command(n) for n in range(1, 8)))
    gone = chain.database.write(lambda connection: trim(connection, chain.tenant, HERE, 5))
    assert gone == 5
    assert read(chain, HERE, 4).too_old
    assert read(chain, HERE, 4).events == ()
    assert not read(chain, HERE, 5).too_old
    tell(chain, a_command(8))
    assert [each.at for each in read(chain, HERE, 5).events] == [6, 7, 8]


def test_a_trim_beyond_the_end_keeps_the_count(chain: Chain) -> None:
    tell(chain, a_command(1))
    chain.database.write(lambda connection: trim(connection, chain.tenant, HERE, 99))
    tell(chain, a_command(2))
    assert [each.at for each in read(chain, HERE, 1).events] == [2]


def test_long_streams_lose_their_oldest_places_but_none_that_has_to_be_read(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.feed.PLACES_KEPT", 10)
    monkeypatch.setattr("sync.server.feed.PLACES_A_RUN", 4)
    tell(chain, *(a_command(n) for n in range(1, 21)))
    consumed = {"shard_key": shard_of(HERE), "stream": HERE, "name": "price_check", "position": 6}
    chain.database.write(lambda c: put(c, chain.tenant, t.consumer, [consumed], "new"))

    def trimmed() -> int:
        return chain.database.write(lambda c: trim_streams(c, chain.tenant, chain.now_ms))

    assert [trimmed(), trimmed(), trimmed()] == [4, 2, 0]
    chain.database.write(
        lambda c: put(c, chain.tenant, t.consumer, [consumed | {"position": 20}], "replace")
    )
    assert [trimmed(), trimmed()] == [4, 0]
    assert [each.at for each in read(chain, HERE, 10).events] == list(range(11, 21))
    assert read(chain, HERE, 9).too_old


def test_a_cursor_ahead_of_the_stream_sees_a_server_that_has_forgotten(chain: Chain) -> None:
    """Out of an older backup: called too old, the till would fetch a snapshot and push nothing."""
    tell(chain, a_command(1))
    answer = read(chain, HERE, 2)
    assert (answer.too_old, answer.head, answer.events) == (False, 1, ())


def test_an_answer_of_large_facts_stays_below_its_size(chain: Chain) -> None:
    till = Till("till-02")
    lines = tuple(a_line(str(n), sku=f"sku-{n:0200}") for n in range(140))
    for number in range(1, 91):
        till.record(a_sale(number, TODAY, member=None, effects=(), lines=lines))
    for start in range(0, 90, 10):
        chain.push(till, till.ops[start : start + 10])
    first = read(chain, HERE)
    assert 1 < len(first.events) < 90
    cursor = 0
    while (answer := read(chain, HERE, cursor)).events:
        assert [each.at for each in answer.events] == list(
            range(cursor + 1, cursor + 1 + len(answer.events))
        )
        cursor = answer.events[-1].at
    assert cursor == 90


# ------------------------------------------------------------------ many writers

WRITERS, EACH, MEANWHILE = 16, 12, 25
THERE = store_stream("xidan")


def test_a_puller_misses_nothing_under_many_writers_and_one_that_takes_its_time(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """The row of the counter is held until its transaction ends: nobody's place is seen before.

    Held open past many feeds of another store, whose tills hear everything meanwhile; as long as
    ZHANGGUI_HOLD_S says besides (10 for the measured run).
    """
    chain = Chain(on_postgres, tenant)
    slow_has_written, may_end = threading.Event(), threading.Event()
    done = threading.Event()

    def slowly(connection: Connection) -> None:
        connection.exec_driver_sql("SELECT 1")
        publish(connection, tenant, [a_command(0)])
        slow_has_written.set()
        assert may_end.wait(60)

    def write(writer: int) -> None:
        for number in range(EACH):
            tell(chain, *(a_command(writer * 1000 + number) for _ in range(1 + writer % 3)))

    def pull(stream: str) -> list[int]:
        seen: list[int] = []
        while True:
            last_look = done.is_set()
            answer = read(chain, stream, len(seen), 7)
            assert [each.at for each in answer.events] == list(
                range(len(seen) + 1, len(seen) + 1 + len(answer.events))
            )
            seen += [getattr(each.event, "above", -1) for each in answer.events]
            if last_look and len(seen) == answer.head:
                return seen

    with ThreadPoolExecutor(WRITERS + 4) as pool:
        pullers = [pool.submit(pull, stream) for stream in (HERE, THERE)]
        slow = pool.submit(lambda: on_postgres.write(slowly))
        assert slow_has_written.wait(60)
        writers = [pool.submit(write, number) for number in range(1, WRITERS + 1)]
        while _waiting(on_postgres) < WRITERS:
            assert not any(each.done() for each in writers)
        _feed_meanwhile(chain)
        # All wait behind the slow one: had they gone on, its place would be told after theirs.
        assert read(chain, HERE).head == 0
        may_end.set()
        for each in (slow, *writers):
            each.result()
        done.set()
        here, there = (each.result() for each in pullers)
    expected = [0] + [
        writer * 1000 + number
        for writer in range(1, WRITERS + 1)
        for number in range(EACH)
        for _ in range(1 + writer % 3)
    ]
    assert sorted(here) == sorted(expected)
    assert there == list(range(len(there)))
    assert len(there) >= MEANWHILE


def _feed_meanwhile(chain: Chain) -> None:
    """Another store goes on selling, and who reads it sees each feed at once."""
    until = time.monotonic() + float(os.environ.get("ZHANGGUI_HOLD_S", "0"))
    number = 0
    while number < MEANWHILE or time.monotonic() < until:
        command = Commanded(command="push_again", epoch=1, above=number)
        tell(chain, Publication.of(THERE, command))
        number += 1
        assert read(chain, THERE).head == number
        assert read(chain, HERE).head == 0


def _waiting(database: ServerDatabase) -> int:
    """How many transactions wait for a lock that another one holds."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.engine.connect() as connection:
        return int(connection.execute(waiting).scalar_one())


def test_workers_that_take_in_sales_of_the_same_members_agree(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """Several workers, one database: each sale once, and one account as if one had done it all."""
    chain = Chain(on_postgres, tenant)
    numbers, tills = count(1), [Till(f"till-{n:02}") for n in range(8)]
    members = [f"0197c2a0-0000-7000-8000-00000000b{n:03}" for n in range(5)]
    for till in tills:
        for _ in range(15):
            number = next(numbers)
            till.record(a_sale(number, TODAY, member=members[number % 5]))

    def work(till: Till) -> None:
        for start in range(0, 15, 3):
            chain.push(till, till.ops[max(0, start - 2) : start + 3])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, tills))
    for index, member in enumerate(members):
        numbers_of = [n for n in range(1, 121) if n % 5 == index]
        sales = [a_sale(n, TODAY, member=member) for n in numbers_of]
        alone = fold(item(n, TODAY, *sale.effects, member=member) for n, sale in
                     zip(numbers_of, sales, strict=True))  # fmt: skip
        account = chain.account(member)
        account.marks = {}
        assert account == alone
    facts = [each.event for each in read_all(chain) if isinstance(each.event, FactKnown)]
    assert len(facts) == 120


def read_all(chain: Chain) -> list[Positioned]:
    """Everything of the store's stream; a hole would end it."""
    told: list[Positioned] = []
    while (answer := read(chain, HERE, len(told))).events:
        told += answer.events
    assert [each.at for each in told] == list(range(1, len(told) + 1))
    return told
