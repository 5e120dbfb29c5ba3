"""Wanted: rows of several tables, asked for in one go.

Owns: putting the questions together where a statement costs more than the few rows it brings. Does
not own: one question (rows.py), who asks what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import msgspec
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Table,
    literal_column,
    select,
    union_all,
)

from sync.server.plain_row import plain_rows
from sync.server.rows import Asked, Row, find, in_order, looked_up
from sync.server.tables import METADATA

Found = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows of one table whose columns match one of `keys`, as `find` has them."""

    table: Table
    keys: Sequence[Row]
    columns: Sequence[Column[Any]] = ()
    lock: bool = False

    def asked(self, mark: str) -> Asked:
        """Its shape, with keys: there are none in a question for nothing."""
        chosen = tuple(each.name for each in self.columns or self.table.columns)
        return Asked(
            self.table.name, tuple(sorted(self.keys[0])), chosen, lock=self.lock, mark=mark
        )


def find_all(connection: Connection, tenant: str, *wanted: Wanted) -> list[Found]:
    """Rows of several tables, of each as `find` answers; what is to be held is named first.

    PostgreSQL gets one statement. It sees one state of everything but the rows that it holds: those
    are as they are then.
    """
    if connection.dialect.name == "postgresql":
        found = iter(_at_once(connection, tenant, [each for each in wanted if each.keys]))
        return [next(found) if each.keys else [] for each in wanted]
    return [
        find(connection, tenant, one.table, one.keys, columns=one.columns, lock=one.lock)
        for one in wanted
    ]


def _at_once(connection: Connection, tenant: str, wanted: Sequence[Wanted]) -> list[Found]:
    found: list[Found] = [[] for _ in wanted]
    if not wanted:
        return found
    said: dict[str, Any] = {"tenant": tenant}
    for number, each in enumerate(wanted):
        keys = in_order(each.table, each.keys) if each.lock else each.keys
        said[f"rows_{number}"] = msgspec.json.encode(keys).decode()
    asked = tuple(each.asked(f"_{number}") for number, each in enumerate(wanted))
    parts = _parts(asked)
    for row in plain_rows(connection, _words(connection.dialect, asked), said):
        number = row[0]
        values = row[1:][parts[number]]
        found[number].append(dict(zip(asked[number].chosen, values, strict=True)))
    return found


def _parts(asked: Sequence[Asked]) -> list[slice]:
    """Which columns of an answer are those of each question."""
    ends = list(accumulate(len(each.chosen) for each in asked))
    return [slice(start, end) for start, end in pairwise((0, *ends))]


@cache
def _words(dialect: Dialect, asked: tuple[Asked, ...]) -> str:
    """One question after the other, each with its number and with columns of its own."""
    columns = [METADATA.tables[each.table].c[name] for each in asked for name in each.chosen]
    nothing: list[ColumnElement[Any]] = [
        literal_column(f"NULL::{each.type.compile(dialect)}") for each in columns
    ]
    parts = []
    for number, (each, part) in enumerate(zip(asked, _parts(asked), strict=True)):
        joined, found = looked_up(each)
        own = list(nothing)
        own[part] = [found.c[name] for name in each.chosen]
        parts.append(select(literal_column(str(number)), *own).select_from(joined))
    return str(union_all(*parts).compile(dialect=dialect))
