"""What all repositories share: the connection of their unit of work, and saying what changed.

Owns: that, running prepared statements, and two stored forms of many tables (days, lists).
Does not own: any table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain
from operator import itemgetter
from typing import Any, Protocol

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Executable,
    Select,
    Table,
    Text,
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

_VALUES = re.compile(r"VALUES (\([^()]*\))")

Parameters = dict[str, Any] | Sequence[Mapping[str, Any]]


class Transaction(Protocol):
    """As much of a unit of work as a repository sees."""

    @property
    def connection(self) -> Connection: ...
    @property
    def driver(self) -> SqlCipherConnection: ...
    def changed(self, changes: Changes) -> None: ...
    def forget_traces(self) -> None: ...
    @property
    def is_waited_for(self) -> Callable[[], bool]: ...


class Prepared:
    """A statement that a sale runs, compiled once and run by the driver itself.

    WORKAROUND SQLAlchemy 2.0: an insert with ON CONFLICT is left out of its statement cache, and
    running any statement through its engine costs more than the row; a sale runs a dozen. Values
    are bound by place: the driver looks a name up anew for every value of every row.
    """

    def __init__(self, statement: UpdateBase | Select[Any] | TextClause) -> None:
        compiled = statement.compile(dialect=sqlite.dialect(paramstyle="qmark"))
        self.sql = str(compiled)
        names = tuple(compiled.positiontup or ())
        self.values: Callable[[Mapping[str, Any]], Row] = (
            itemgetter(*names)
            if len(names) > 1  # of one name it gives the bare value
            else lambda named: tuple([named[name] for name in names])
        )
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}

    def run(
        self, driver: SqlCipherConnection, parameters: Parameters | None = None
    ) -> SqlCipherCursor:
        """Run it with one row of named values, or with a list of them."""
        if parameters is None:
            return driver.execute(self.sql, self.values(self._fixed))
        if isinstance(parameters, dict):
            return driver.execute(self.sql, self._row(parameters))
        rows = parameters if not self._fixed else [{**self._fixed, **row} for row in parameters]
        return driver.executemany(self.sql, list(map(self.values, rows)))

    def _row(self, given: Mapping[str, Any]) -> Row:
        return self.values({**self._fixed, **given} if self._fixed else given)


class ManyRows:
    """An INSERT with one VALUES (?, ...) that writes hundreds of rows by one statement.

    While a statement runs the driver lends the interpreter to others. Row by row it asks for it
    back as often, and each time waits for whoever computes meanwhile.
    """

    SIZES = (500, 250, 50, 10)

    def __init__(self, statement: str | Prepared) -> None:
        sql = statement if isinstance(statement, str) else statement.sql
        before, values, after = _VALUES.split(sql)
        self._one = sql
        self._many = [
            (size, f"{before}VALUES {', '.join([values] * size)}{after}") for size in self.SIZES
        ]

    def run(self, driver: SqlCipherConnection, rows: Sequence[Sequence[object]]) -> None:
        """Insert them all, values in the order of the statement."""
        start, count = 0, len(rows)
        for size, sql in self._many:
            while count - start >= size:
                part = rows[start : start + size]
                driver.execute(sql, list(chain.from_iterable(part)))
                start += size
        if start < count:
            driver.executemany(self._one, rows[start:])


def one_of(column: ColumnElement[Any], keys: str) -> ColumnElement[bool]:
    """A condition: the value is in the list bound as `keys`, by `list_text`.

    One statement for any number of them: with a place for each it is written anew for every number.
    """
    texts = func.json_each(bindparam(keys, type_=Text)).table_valued("value")
    return column.in_(select(texts.c.value))


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

    def _all(self, question: Prepared, parameters: Parameters | None = None) -> list[Row]:
        """All rows that a prepared question answers, as plain values in their order."""
        return question.run(self._transaction.driver, parameters).fetchall()

    def _first(self, question: Prepared, parameters: Parameters | None = None) -> Row | None:
        """The first row that a prepared question answers, as plain values in their order."""
        return question.run(self._transaction.driver, parameters).fetchone()

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
