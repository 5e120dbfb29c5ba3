"""Plain rows: a statement in the driver's own words, handed to the driver, and its answer as it is.

Owns: going past SQLAlchemy, which would make an object of every statement and work out name and
type of every column anew each time: half of what a small push cost. Does not own: the words
(rows.py), whose columns are known by their place and need no type; transactions, and what becomes
of a connection that broke (SQLAlchemy all the same).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

T = TypeVar("T")


def plain_rows(connection: Connection, words: str, said: Any) -> list[tuple[Any, ...]]:
    """All rows of a question. Raises what exec_driver_sql raises."""
    return _said(connection, words, said, lambda cursor: list(cursor.fetchall()))


def rows_changed(connection: Connection, words: str, said: Any) -> int:
    """How many rows a statement wrote. Raises what exec_driver_sql raises."""
    return _said(connection, words, said, lambda cursor: int(cursor.rowcount))


def _said(connection: Connection, words: str, said: Any, take: Callable[[Any], T]) -> T:
    for listener in connection.engine.dispatch.before_cursor_execute:
        # Whoever listens hears this, too, and may say something else instead.
        words, said = listener(connection, None, words, said, None, False) or (words, said)
    if not connection.in_transaction():
        connection.begin()
    cursor = connection.connection.cursor()
    try:
        cursor.execute(words, said)
        return take(cursor)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says_it(connection, cursor, error, words) from error
    finally:
        cursor.close()


def _as_sqlalchemy_says_it(
    connection: Connection, cursor: Any, error: Any, words: str
) -> BaseException:
    """The same error under SQLAlchemy's name, without what was asked for: names and numbers of
    people must not reach a log."""
    dialect = connection.dialect
    is_broken = dialect.is_disconnect(error, connection.connection, cursor)
    if is_broken:
        # Asked itself, it finds the break, and lets go of all connections that are as old.
        with suppress(DBAPIError):
            connection.exec_driver_sql("SELECT 1")
    said: BaseException = DBAPIError.instance(
        words,
        {},
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=is_broken,
        dialect=dialect,
    )
    return said
