"""The server epoch: raised when a server was restored, so that every till begins anew.

Owns: that row, and what a database says of its copies. Does not own: what a till does about it
(sync/core.py), copying.
"""

from __future__ import annotations

from sqlalchemy import Connection, Text, bindparam, delete, literal_column, select

from sync.server.rows import ask, find, put
from sync.server.tables import server_state, shard_of
from sync.server.wanted import Wanted

FIRST_EPOCH = 1
_NAME = "server_epoch"


def server_epoch(connection: Connection, tenant: str) -> int:
    """The epoch in force; the first where it was never raised."""
    rows = ask(connection, _EPOCH, {"tenant": tenant})
    return epoch_of(rows[0]["value"] if rows else None)


_EPOCH = select(server_state.c.value).where(
    server_state.c.tenant_id == bindparam("tenant", type_=Text),
    server_state.c.shard_key == literal_column(str(shard_of(_NAME))),
    server_state.c.name == literal_column(f"'{_NAME}'"),
)
EPOCH_TOO = _EPOCH.scalar_subquery().label(_NAME)
"""The same beside the columns of another question about the tenant; `epoch_of` reads it."""


EPOCH_WANTED = Wanted(
    server_state, ({"shard_key": shard_of(_NAME), "name": _NAME},), (server_state.c.value,)
)
"""The same beside other rows."""


def epoch_of(value: str | None) -> int:
    """The epoch that was raised to this."""
    return FIRST_EPOCH if value is None else int(value)


def raise_epoch(connection: Connection, tenant: str, now_ms: int = 0) -> int:
    """Begin a new epoch, after a restore and before anybody is answered. The new one.

    With the moment: a later restore of the same copy begins yet another one.
    """
    epoch = max(server_epoch(connection, tenant) + 1, now_ms // 1000)
    row = {"shard_key": shard_of(_NAME), "name": _NAME, "value": str(epoch)}
    put(connection, tenant, server_state, [row], "replace")
    return epoch


# ------------------------------------------------------------------ copies

_COPY = "copy"


def mark_as_copy(connection: Connection, tenant: str) -> None:
    """Of a backup: whoever opens it is a server out of the past."""
    row = {"shard_key": shard_of(_COPY), "name": _COPY, "value": "1"}
    put(connection, tenant, server_state, [row], "replace")


def begin_after_copy(connection: Connection, tenant: str, now_ms: int) -> bool:
    """Begin a new epoch where this database was brought back from a copy; whether it was."""
    mine = server_state.c
    gone = connection.execute(
        delete(server_state).where(
            mine.tenant_id == tenant, mine.shard_key == shard_of(_COPY), mine.name == _COPY
        )
    ).rowcount
    if gone:
        raise_epoch(connection, tenant, now_ms)
    return gone > 0


# ------------------------------------------------------------------ where copies lie

_FOLDER = "backup_folder"


def keep_backup_folder(connection: Connection, tenant: str, folder: str) -> None:
    """Where the last copy was made."""
    row = {"shard_key": shard_of(_FOLDER), "name": _FOLDER, "value": folder}
    put(connection, tenant, server_state, [row], "replace")


def backup_folder(connection: Connection, tenant: str) -> str | None:
    """Where copies lie; None before the first."""
    key = {"shard_key": shard_of(_FOLDER), "name": _FOLDER}
    rows = find(connection, tenant, server_state, [key])
    return rows[0]["value"] if rows else None
