"""Transactions of the server: repeated where the database gave them up, once where it did not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.sqlcipher import SqlCipherConnection, dbapi
from sync.server import tables as t
from sync.server.database import (
    ATTEMPTS_MAX,
    DatabaseBusy,
    ServerDatabase,
    postgres_engine,
    sqlite_engine,
)
from sync.server.migrations import bring_up
from sync.server.plain_row import plain_rows

# Raised by PostgreSQL itself, in the middle of a transaction that has written.
_ABORT = "DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '{}'; END $$"


def _state(tenant: str, name: str) -> dict[str, object]:
    return {"tenant_id": tenant, "shard_key": 0, "name": name, "value": "1"}


def _count(database: ServerDatabase, tenant: str) -> int:
    counted = select(func.count()).where(t.server_state.c.tenant_id == tenant)
    return database.read(lambda connection: connection.execute(counted).scalar_one())


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_what_was_given_up_is_done_again_and_stands_once(
    on_postgres: ServerDatabase, tenant: str, code: str
) -> None:
    pauses: list[float] = []
    calls = []

    def work(connection: Connection) -> str:
        calls.append(1)
        connection.execute(insert(t.server_state), _state(tenant, "a"))
        if len(calls) < 4:
            connection.execute(text(_ABORT.format(code)))
        return "done"

    assert ServerDatabase(on_postgres.engine, pauses.append).write(work) == "done"
    assert (len(calls), len(pauses)) == (4, 3)
    assert _count(on_postgres, tenant) == 1


def test_who_never_gets_through_is_told_so_and_wrote_nothing(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    calls = []

    def work(connection: Connection) -> None:
        calls.append(1)
        connection.execute(insert(t.server_state), _state(tenant, "a"))
        connection.execute(text(_ABORT.format("40001")))

    with pytest.raises(DatabaseBusy):
        ServerDatabase(on_postgres.engine, lambda _: None).write(work)
    assert len(calls) == ATTEMPTS_MAX
    assert _count(on_postgres, tenant) == 0


def test_our_own_mistake_is_not_done_again(database: ServerDatabase, tenant: str) -> None:
    calls = []

    def work(connection: Connection) -> None:
        calls.append(1)
        connection.execute(insert(t.server_state), _state(tenant, "a"))
        connection.execute(insert(t.server_state), _state(tenant, "a"))

    with pytest.raises(IntegrityError):
        database.write(work)
    assert len(calls) == 1
    assert _count(database, tenant) == 0


def test_a_locked_file_is_waited_for(tmp_path: Path) -> None:
    file, key = tmp_path / "server.db", new_key()

    def connect() -> SqlCipherConnection:
        connection = connect_writer(file, key)
        connection.execute("PRAGMA busy_timeout=1")
        return connection

    engine = sqlite_engine(connect, dbapi)
    bring_up(engine)
    holder = engine.connect()
    holder.begin()
    pauses: list[float] = []

    def wait(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 2:
            holder.rollback()

    waiting = ServerDatabase(engine, wait)
    waiting.write(lambda connection: connection.execute(insert(t.server_state), _state("r", "a")))
    holder.close()
    assert len(pauses) == 2
    assert _count(waiting, "r") == 1
    waiting.close()


def test_a_reader_writes_nothing_and_waits_for_no_writer(
    database: ServerDatabase, tenant: str
) -> None:
    def write_and_look(connection: Connection) -> int:
        connection.execute(insert(t.server_state), _state(tenant, "a"))
        return _count(database, tenant)

    assert database.write(write_and_look) == 0
    assert _count(database, tenant) == 1


def test_an_error_does_not_tell_what_was_written(database: ServerDatabase, tenant: str) -> None:
    def work(connection: Connection) -> None:
        row = _state(tenant, "phone") | {"value": "13800138000"}
        connection.execute(insert(t.server_state), row)
        connection.execute(text("SELECT nothing FROM nowhere WHERE value = :value"), row)

    with pytest.raises(DBAPIError) as raised:
        database.write(work)
    assert "13800138000" not in str(raised.value)


def _setting(database: ServerDatabase, name: str) -> str:
    return database.read(
        lambda connection: str(connection.execute(text(f"SHOW {name}")).scalar_one())
    )


def test_nobody_holds_a_row_or_waits_for_one_without_end(on_postgres: ServerDatabase) -> None:
    waits = {
        name: _setting(on_postgres, name)
        for name in ("lock_timeout", "idle_in_transaction_session_timeout")
    }
    assert waits == {"lock_timeout": "15s", "idle_in_transaction_session_timeout": "1min"}


def test_what_the_owner_says_of_waiting_in_the_address_wins(on_postgres: ServerDatabase) -> None:
    url = on_postgres.engine.url.update_query_dict({"options": "-c lock_timeout=2s"})
    own = ServerDatabase(postgres_engine(url.render_as_string(hide_password=False)))
    try:
        assert _setting(own, "lock_timeout") == "2s"
    finally:
        own.close()


def test_who_waited_too_long_for_a_row_is_told_to_come_back(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    calls = []

    def work(connection: Connection) -> None:
        calls.append(1)
        connection.execute(text(_ABORT.format("55P03")))

    with pytest.raises(DatabaseBusy):
        ServerDatabase(on_postgres.engine, lambda _: None).write(work)
    assert len(calls) == 1, "he has waited long enough"


def _its_process(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_broke_while_nobody_used_it_is_made_anew(
    on_postgres: ServerDatabase,
) -> None:
    url = on_postgres.engine.url.render_as_string(hide_password=False)
    own = ServerDatabase(postgres_engine(url, trusted_s=0))
    try:
        first = own.read(_its_process)
        assert own.read(_its_process) == first
        ended = text("SELECT pg_terminate_backend(:process, 5000)")
        on_postgres.read(lambda connection: connection.execute(ended, {"process": first}).all())
        assert own.read(_its_process) != first
    finally:
        own.close()


def test_a_plain_question_that_fails_tells_nothing_of_whom_it_was_about(
    database: ServerDatabase,
) -> None:
    words = "SELECT nothing FROM nowhere WHERE value = :value"
    if database.engine.dialect.name == "postgresql":
        words = words.replace(":value", "%(value)s")
    with pytest.raises(DBAPIError) as raised:
        database.read(lambda connection: plain_rows(connection, words, {"value": "13800138000"}))
    assert "13800138000" not in str(raised.value)


def test_a_connection_that_breaks_under_a_plain_question_is_let_go(
    on_postgres: ServerDatabase,
) -> None:
    url = on_postgres.engine.url.render_as_string(hide_password=False)
    own = ServerDatabase(postgres_engine(url))
    ended = text("SELECT pg_terminate_backend(:process, 5000)")

    def break_off(connection: Connection) -> None:
        process = _its_process(connection)
        on_postgres.read(lambda other: other.execute(ended, {"process": process}).all())
        with pytest.raises(DBAPIError) as raised:
            plain_rows(connection, "SELECT 1", {})
        assert raised.value.connection_invalidated
        assert connection.invalidated
        raise _Left

    try:
        with pytest.raises(_Left):
            own.read(break_off)
        assert own.read(_its_process) > 0
    finally:
        own.close()


class _Left(Exception):
    """The test's own way out."""


def test_a_connection_in_use_while_the_database_is_closed_is_closed_after_its_work(
    brought_up: Callable[[str], ServerDatabase],
) -> None:
    """A request of the last moment; left open it would cost PostgreSQL one of its hundred."""
    own = brought_up("postgresql")
    with own.engine.connect() as connection:
        used = connection.connection.driver_connection
        assert used is not None
        own.close()
        assert _its_process(connection)
        assert not used.closed
    assert used.closed
