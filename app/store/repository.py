"""What all repositories share: the connection of their unit of work, and saying what changed.

Owns: that, running prepared statements, and two stored forms of many tables (days, lists).
Does not own: any table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Select,
    Table,
    TextClause,
    UpdateBase,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert, insert

from app.store.changes import Changes
from app.store.sqlcipher import Row, SqlCipherConnection, SqlCipherCursor

Parameters = dict[str, Any] | Sequence[Mapping[str, Any]]


class Transaction(Protocol):
    """As much of a unit of work as a repository sees."""

    @property
    def connection(self) -> Connection: ...
    @property
    def driver(self) -> SqlCipherConnection: ...
    def changed(self, changes: Changes) -> None: ...
    def forget_traces(self) -> None: ...


class Prepared:
    """A statement that a sale runs, compiled once and run by the driver itself.

    WORKAROUND SQLAlchemy 2.0: an insert with ON CONFLICT is left out of its statement cache, and
    running any statement through its engine costs more than the row; a sale runs a dozen. Values
    are bound by place: the driver looks a name up anew for every value of every row.
    """

    def __init__(self, statement: UpdateBase | Select[Any] | TextClause) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
        self.sql = str(compiled)
        self._names = tuple(compiled.positiontup or ())
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def run(
        self, driver: SqlCipherConnection, parameters: Parameters | None = None
    ) -> SqlCipherCursor:
        """Run it with one row of named values, or with a list of them."""
        if parameters is None:
            return driver.execute(self.sql, self._values(self._fixed))
        if isinstance(parameters, dict):
            return driver.execute(self.sql, self._row(parameters))
        return driver.executemany(self.sql, [self._row(row) for row in parameters])

    def _row(self, given: Mapping[str, Any]) -> Row:
        return self._values({**self._fixed, **given} if self._fixed else given)

    def _values(self, named: Mapping[str, Any]) -> Row:
        return tuple([named[name] for name in self._names])


def one_of(column: ColumnElement[Any], keys: str) -> ColumnElement[bool]:
    """A condition for Prepared: the value is in the list bound as `keys` (by `keys_text`)."""
    wanted = func.json_each(bindparam(keys)).table_valued("value")
    return column.in_(select(wanted.c.value))


def keys_text(keys: Iterable[str]) -> str:
    """A list of keys as one parameter: however many, the statement is the same."""
    return msgspec.json.encode(list(keys)).decode()


def put_row(table: Table, *keys: str, without: Sequence[str] = ()) -> Insert:
    """Insert a row or, where one has these keys, replace the rest of it."""
    names = [column.name for column in table.columns if column.name not in without]
    row = insert(table).values({name: bindparam(name) for name in names})
    rest = {name: row.excluded[name] for name in names if name not in keys}
    return row.on_conflict_do_update(keys, set_=rest)


class Repository:
    """A noun's statements within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def _execute(
        self, statement: Executable, parameters: Parameters | None = None
    ) -> CursorResult[Any]:
        result = self._transaction.connection.execute(statement, parameters)
        assert isinstance(result, CursorResult)
        return result

    def _write(self, statement: Prepared, parameters: Parameters | None = None) -> SqlCipherCursor:
        return statement.run(self._transaction.driver, parameters)

    def _first(self, question: Prepared, parameters: Parameters | None = None) -> Row | None:
        """The first row that a prepared question answers, as plain values in their order."""
        return question.run(self._transaction.driver, parameters).fetchone()

    def _all(self, question: Prepared, parameters: Parameters | None = None) -> list[Row]:
        """Every row of the answer, likewise."""
        return question.run(self._transaction.driver, parameters).fetchall()

    def _changed(self, changes: Changes) -> None:
        self._transaction.changed(changes)


def day_text(day: date | None) -> str | None:
    """A day as stored: ISO, so that text order is time order."""
    return None if day is None else day.isoformat()


def day_of(stored: str | None) -> date | None:
    """A stored day read back."""
    return None if stored is None else date.fromisoformat(stored)


def list_text(items: Sequence[Any] | frozenset[str]) -> str:
    """A list as JSON text; sets in order, so that equal means equal."""
    ordered = sorted(items) if isinstance(items, frozenset) else items
    return msgspec.json.encode(ordered).decode()


def texts_of(stored: str) -> tuple[str, ...]:
    """A stored list of texts read back."""
    return msgspec.json.decode(stored, type=tuple[str, ...])
