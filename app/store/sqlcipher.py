"""The one place that imports SQLCipher's driver, with the little of it that we use as types.

Owns: the module handed to SQLAlchemy and the shape of its connections.
Does not own: how a connection is opened (database.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

# A compiled module without type information (mypy is told so in pyproject.toml).
import sqlcipher3.dbapi2 as dbapi

__all__ = ["Row", "SqlCipherConnection", "SqlCipherCursor", "connect_raw", "dbapi"]

# WORKAROUND sqlcipher3 0.6: a bound None or bytes is asked for an adapter and for two attributes
# it has not, and each miss raises and catches an error: a whole microsecond a value, of which a
# member's row has five. Adapters that give the value back end the search at its first step.
dbapi.register_adapter(type(None), {}.get)
dbapi.register_adapter(bytes, bytes)

Row = tuple[Any, ...]
Parameters = Sequence[object] | Mapping[str, object]


class SqlCipherCursor(Protocol):
    """What a statement answers."""

    def fetchone(self) -> Row | None: ...
    def fetchall(self) -> list[Row]: ...
    @property
    def rowcount(self) -> int: ...


class SqlCipherConnection(Protocol):
    """A DBAPI connection, of which only this much is used directly."""

    def execute(
        self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ..., /
    ) -> SqlCipherCursor: ...
    def executemany(self, sql: str, rows: Any, /) -> SqlCipherCursor: ...
    def close(self) -> None: ...
    def backup(
        self,
        target: SqlCipherConnection,
        *,
        pages: int = ...,
        progress: Callable[[int, int, int], None] | None = ...,
    ) -> None: ...
    def set_progress_handler(self, handler: Callable[[], int], steps: int, /) -> None: ...
    @property
    def in_transaction(self) -> bool: ...


def connect_raw(address: str) -> SqlCipherConnection:
    """An unkeyed connection in autocommit mode: transactions are begun by our own statements."""
    connection: SqlCipherConnection = dbapi.connect(
        address, isolation_level=None, check_same_thread=False, uri=True, timeout=5.0
    )
    return connection
