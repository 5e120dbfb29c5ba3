"""The server epoch: raised when a server was restored, so that every till begins anew.

Owns: that one row. Does not own: what a till does about it (sync/core.py), backups.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from sync.server.rows import put
from sync.server.tables import server_state, shard_of

FIRST_EPOCH = 1
_NAME = "server_epoch"


def server_epoch(connection: Connection, tenant: str) -> int:
    """The epoch in force; the first where it was never raised."""
    value = connection.execute(
        select(server_state.c.value).where(
            server_state.c.tenant_id == tenant,
            server_state.c.shard_key == shard_of(_NAME),
            server_state.c.name == _NAME,
        )
    ).scalar_one_or_none()
    return FIRST_EPOCH if value is None else int(value)


def raise_epoch(connection: Connection, tenant: str) -> int:
    """Begin a new epoch, after a restore and before anybody is answered. The new one."""
    epoch = server_epoch(connection, tenant) + 1
    row = {"shard_key": shard_of(_NAME), "name": _NAME, "value": str(epoch)}
    put(connection, tenant, server_state, [row], "replace")
    return epoch
