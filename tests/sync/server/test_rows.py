"""Rows in bulk: found by the index of their key on either database, never by reading the table."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rows import Asked, _by_keys, find, put


def row(name: str, value: str = "1") -> dict[str, object]:
    return {"shard_key": 0, "name": name, "value": value}


@pytest.mark.parametrize(
    ("table", "keys", "index"),
    [
        ("op", ("op_id", "shard_key"), "sqlite_autoindex_op_1 (tenant_id=? AND shard_key=?"),
        ("account", ("member", "shard_key"), "(tenant_id=? AND shard_key=? AND member=?)"),
        ("ledger", ("member", "shard_key"), "(tenant_id=? AND shard_key=? AND member=?)"),
        ("op", ("member",), "op_by_member (tenant_id=? AND member=?)"),
        ("card", ("member",), "card_by_member (tenant_id=? AND member=?)"),
    ],
)
def test_the_embedded_file_looks_rows_up_by_their_key(
    on_sqlite: ServerDatabase, table: str, keys: tuple[str, ...], index: str
) -> None:
    words = _by_keys(Asked(table, keys, (keys[0],), lock=False, least=None))
    with on_sqlite.engine.connect() as connection:
        said = {"rows": "[]", "tenant": "renmin"}
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", said).all()
    assert index in plan[1].detail, plan


def test_rows_are_put_new_left_or_replaced(database: ServerDatabase, tenant: str) -> None:
    def work(connection: Connection) -> list[int]:
        states = t.server_state
        return [
            put(connection, tenant, states, [row("a"), row("b")], "new"),
            put(connection, tenant, states, [row("b", "2"), row("c", "3")], "ignore"),
            put(connection, tenant, states, [row("a", "4"), row("d", "5")], "replace"),
            put(connection, tenant, states, [], "new"),
        ]

    assert database.write(work) == [2, 1, 2, 0]
    keys = [{"shard_key": 0, "name": name} for name in ("a", "b", "c", "d", "nobody")]
    found = database.read(lambda connection: find(connection, tenant, t.server_state, keys))
    assert {each["name"]: each["value"] for each in found} == {
        "a": "4", "b": "1", "c": "3", "d": "5",
    }  # fmt: skip


def test_what_somebody_typed_stays_what_it_is(database: ServerDatabase, tenant: str) -> None:
    name = '\'; DROP TABLE op; -- 人民路 "x" \\ %s :tenant'
    database.write(lambda connection: put(connection, tenant, t.server_state, [row(name)], "new"))
    keys = [{"shard_key": 0, "name": name}]
    [found] = database.read(lambda connection: find(connection, tenant, t.server_state, keys))
    assert found["name"] == name
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM op")).scalar_one() >= 0


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([None, None], id="no bytes at all"),
        pytest.param([b"", None], id="empty is not nothing"),
        pytest.param([bytes(range(256)), None, b"", b"\\x00", b"{}"], id="every byte there is"),
    ],
)
def test_bytes_come_back_as_they_were(
    database: ServerDatabase, tenant: str, events: list[bytes | None]
) -> None:
    rows = [
        {"shard_key": 1, "stream": "chain", "at": at, "kind": "event", "ref": "", "event": event}
        for at, event in enumerate(events, 1)
    ]
    stream = f"{tenant}-{len(events)}"
    assert database.write(lambda c: put(c, stream, t.feed, rows, "new")) == len(rows)
    keys = [{"shard_key": 1, "stream": "chain", "at": row["at"]} for row in rows]
    found = database.read(lambda c: find(c, stream, t.feed, keys))
    assert {each["at"]: each["event"] for each in found} == dict(enumerate(events, 1))
