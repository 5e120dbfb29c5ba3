"""The server's database: one engine over SQLite (SQLCipher) or PostgreSQL, and its transactions.

Owns: engines, how a transaction begins, repeating one that the database gave up (40001, 40P01,
busy). Does not own: the key and the file (whoever hands in `connect`), tables, statements.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from random import uniform
from types import ModuleType
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

T = TypeVar("T")

ATTEMPTS_MAX = 10
PAUSE_S_FIRST = 0.005
PAUSE_S_MAX = 0.5
GIVEN_UP = frozenset({"40001", "40P01"})
"""The database gave the transaction up in favour of another: nothing of it happened."""
LOCKED = "55P03"
"""Another transaction held a row for longer than anybody should wait."""
_READING, _ONE_BY_ONE = "zhanggui_reading", "zhanggui_one_by_one"


class DatabaseBusy(Exception):
    """Others were first, again and again: come back later. Nothing was written."""


class Overtaken(Exception):
    """Somebody else wrote the same meanwhile: run the transaction again, and see it."""


class OneByOne(Overtaken):
    """Run the transaction again, and take what it brings one by one: `is_one_by_one` tells."""


def is_one_by_one(connection: Connection) -> bool:
    """Whether the same work failed as a whole before."""
    return bool(connection.get_execution_options().get(_ONE_BY_ONE, False))


def is_given_up(error: DBAPIError) -> bool:
    """Whether the same transaction may simply be run again."""
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in GIVEN_UP
    return str(error.orig) in {"database is locked", "database table is locked"}


def sqlite_engine(connect: Callable[[], Any], driver: ModuleType, *, pool_size: int = 8) -> Engine:
    """An engine over connections that the caller opens with its key (autocommit, WAL).

    Writers take their turn at BEGIN IMMEDIATE; readers see the last commit and wait for nobody.
    """
    engine = create_engine(
        "sqlite+pysqlite://",
        module=driver,
        creator=connect,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=pool_size,
        hide_parameters=True,
    )

    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "begin", begin)
    return engine


LOCK_WAIT_S = 15
IDLE_S = 60
_SERVER_OPTIONS = f"-c lock_timeout={LOCK_WAIT_S}s -c idle_in_transaction_session_timeout={IDLE_S}s"
"""Nobody waits for ever behind a worker that stopped in the middle of a transaction, and a worker
that vanished holds nothing for long."""
_CONNECT: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A machine that was unplugged answers no more: TCP alone would wait two hours for it."""


TRUSTED_S = 1.0
"""A connection that was used so short a time ago is still there."""


def postgres_engine(url: str, *, pool_size: int = 8, trusted_s: float = TRUSTED_S) -> Engine:
    """An engine over PostgreSQL; `url` begins with postgresql+psycopg://.

    What the url says of waiting, its query, wins.
    """
    said = make_url(url).query
    own = {name: value for name, value in _CONNECT.items() if name not in said}
    if "options" not in said:
        own["options"] = _SERVER_OPTIONS
    engine = create_engine(
        url,
        connect_args=own,
        pool_size=pool_size,
        max_overflow=pool_size,
        # The one that was used last knows its statements, and its process is awake.
        pool_use_lifo=True,
        isolation_level="READ COMMITTED",
        # Parameters hold names and phone numbers; they must not reach a log with an error.
        hide_parameters=True,
    )
    _ask_the_rested(engine, trusted_s)
    return engine


def _ask_the_rested(engine: Engine, trusted_s: float) -> None:
    """Whether a connection is still there is asked of those that nobody used for a while.

    A busy server would ask before every push, and hear yes. One that broke a moment ago says so at
    the next statement: all others are then given up with it.
    """
    used = "zhanggui_used"

    def rests(_: Any, record: ConnectionPoolEntry) -> None:
        record.info[used] = time.monotonic()

    def is_wanted(connection: DBAPIConnection, record: ConnectionPoolEntry, _: Any) -> None:
        at = record.info.get(used)
        if at is None or time.monotonic() - at < trusted_s:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error

    event.listen(engine, "checkin", rests)
    event.listen(engine, "checkout", is_wanted)


@dataclass(frozen=True, slots=True)
class ServerDatabase:
    """What the server's rooms ask for: work in one transaction."""

    engine: Engine
    pause: Callable[[float], None] = time.sleep

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run it in one transaction and commit; again where the database gave it up.

        `work` may run several times: nothing outside the connection may change in it. Raises
        DatabaseBusy, and whatever the database says otherwise. Where the answer to the commit is
        lost nobody knows whether it happened: the sender asks again and hears what was decided.
        """
        last: DBAPIError | Overtaken | None = None
        engine = self.engine
        for attempt in range(ATTEMPTS_MAX):
            try:
                with engine.begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) == LOCKED:
                    raise DatabaseBusy("another transaction holds on to a row") from error
                if not is_given_up(error):
                    raise
                last = error
            except OneByOne as error:
                last, engine = error, self.engine.execution_options(**{_ONE_BY_ONE: True})
            except Overtaken as error:
                last = error
            # Full jitter: those who met once should not meet again.
            self.pause(uniform(0, min(PAUSE_S_MAX, PAUSE_S_FIRST * 2**attempt)))
        raise DatabaseBusy(f"gave up after {ATTEMPTS_MAX} attempts") from last

    def read(self, work: Callable[[Connection], T], *, exact: bool = False) -> T:
        """Run it in one transaction that writes nothing.

        `exact`: every statement in it sees the same state (on SQLite it always does).
        """
        options: dict[str, Any] = {_READING: True}
        if exact and self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "REPEATABLE READ"
        with self.engine.connect() as connection:
            reading = connection.execution_options(**options)
            with reading.begin():
                return work(reading)

    def close(self) -> None:
        """Give all connections back; who still works with one gives it back when he is done.

        The pool that is given up would keep it open until nobody remembers the pool.
        """
        event.listen(self.engine.pool, "checkin", _done_with)
        self.engine.dispose()


def _done_with(_: Any, record: ConnectionPoolEntry) -> None:
    record.close()
