"""What all repositories share: the connection of their unit of work, and saying what changed.

Owns: that, and the two stored forms used in many tables (days, JSON lists).
Does not own: any table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import msgspec
from sqlalchemy import Connection, CursorResult, Executable, TextClause, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.sql.dml import ReturningInsert

from app.store.changes import Changes

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]]


class Transaction(Protocol):
    """As much of a unit of work as a repository sees."""

    @property
    def connection(self) -> Connection: ...
    def changed(self, changes: Changes) -> None: ...
    def forget_traces(self) -> None: ...


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

    def _changed(self, changes: Changes) -> None:
        self._transaction.changed(changes)


def compiled_once(statement: Insert | ReturningInsert[Any]) -> TextClause:
    """The statement as text, compiled here and now.

    WORKAROUND SQLAlchemy 2.0: an SQLite insert with ON CONFLICT is left out of the statement
    cache and compiled at every execution, a third of a scan's time; text is cached.
    """
    return text(str(statement.compile(dialect=sqlite.dialect(paramstyle="named"))))


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
