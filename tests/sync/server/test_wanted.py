"""Rows of several tables asked for in one go: the same rows as one after the other, some held."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Connection

from sync.server import tables as t
from sync.server.chain_head import lock_heads
from sync.server.database import ServerDatabase
from sync.server.rows import find, put
from sync.server.tables import shard_of
from sync.server.wanted import Wanted, find_all
from tests.domain.heart_builders import a_sale, op
from tests.sync.server.test_chain_audit import TODAY
from tests.sync.server.tills import Chain, Till, statements_of

NOTHING = Wanted(t.staff, [])


def state(name: str) -> dict[str, Any]:
    return {"shard_key": 0, "name": name, "value": f"value of {name}"}


def place(at: int) -> dict[str, Any]:
    return {
        "shard_key": 1,
        "stream": "chain",
        "at": at,
        "kind": "event",
        "ref": "",
        "event": b"\0x",
    }


@pytest.fixture
def filled(database: ServerDatabase, tenant: str) -> ServerDatabase:
    def work(connection: Connection) -> None:
        put(connection, tenant, t.server_state, [state(name) for name in "abc"], "new")
        put(connection, tenant, t.feed, [place(at) for at in (1, 2)], "new")

    database.write(work)
    return database


def test_each_question_is_answered_as_if_it_were_the_only_one(
    filled: ServerDatabase, tenant: str
) -> None:
    states = [{"shard_key": 0, "name": name} for name in ("c", "nobody", "a")]
    places = [{"shard_key": 1, "stream": "chain"}]

    def work(connection: Connection) -> None:
        found = find_all(
            connection,
            tenant,
            Wanted(t.server_state, states, lock=True),
            NOTHING,
            Wanted(t.feed, places),
            Wanted(t.feed, places, (t.feed.c.at,)),
        )
        assert [sorted(each["value"] for each in found[0]), found[1]] == [
            ["value of a", "value of c"], [],
        ]  # fmt: skip
        assert sorted(found[2], key=lambda row: row["at"]) == sorted(
            find(connection, tenant, t.feed, places), key=lambda row: row["at"]
        )
        assert sorted(row["at"] for row in found[3]) == [1, 2]
        assert {name for row in found[3] for name in row} == {"at"}

    filled.write(work)


def test_several_questions_are_one_statement_and_none_is_none(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    one = Wanted(t.feed, [{"shard_key": 1, "stream": "chain"}])
    with statements_of(on_postgres) as said:
        assert on_postgres.read(lambda c: find_all(c, tenant, one, NOTHING, one)) == [[], [], []]
        assert on_postgres.read(lambda c: find_all(c, tenant, NOTHING)) == [[]]
    assert len(said) == 1


def test_who_waited_for_the_heads_sees_what_was_written_meanwhile(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """Two pushes of one till at once: what the first brought is known to the second, though it
    asked before the first was done.
    """
    chain, till = Chain(on_postgres, tenant), Till("till-02")
    till.record(a_sale(1, TODAY))
    chain.push(till)
    key = {"shard_key": shard_of(op(2)), "op_id": op(2)}
    mine = {"shard_key": shard_of(till.device), "device": till.device, "epoch": 1}

    def second(connection: Connection) -> tuple[int, list[str]]:
        known = Wanted(t.op, [key])
        found = lock_heads(connection, tenant, till.device, {1}, known)
        return found.heads[1].dseq, [row["op_id"] for row in found.along]

    def first(connection: Connection) -> Future[tuple[int, list[str]]]:
        lock_heads(connection, tenant, till.device, {1}, NOTHING)
        waiting = pool.submit(on_postgres.write, second)
        sleep(0.5)
        [row] = find(connection, tenant, t.op, [{"shard_key": shard_of(op(1)), "op_id": op(1)}])
        [head] = find(connection, tenant, t.device_head, [mine])
        for table, known in ((t.op, row | key), (t.device_head, head | {"dseq": 2})):
            del known["tenant_id"]
            put(connection, tenant, table, [known], "replace")
        return waiting

    with ThreadPoolExecutor(1) as pool:
        assert on_postgres.write(first).result(60) == (2, [op(2)])
