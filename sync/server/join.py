"""Joining the server: database, secret and acts as one `Server` for the web side.

Owns: which act stands behind which route, bringing the schema up, the tenant of a new server.
Does not own: any of them, listening (commands/server.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.wording import Wording
from sync.server.database import ServerDatabase
from sync.server.migrations import SchemaTooNew, bring_up
from sync.server.secret import ServerSecret, system_chance
from sync.server.tables import feed_counter, server_state
from sync.server.tenant import OtherSecret, Tenant, the_tenant
from sync.server.web.ports import Acts, Server, StreamOf

FIRST_EPOCH = 1


class SystemClock:
    """The clocks of this machine."""

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        """Milliseconds since some moment; never goes back."""
        return time.monotonic_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Ready:
    """A database of today's schema with a tenant, and the secret that fits it."""

    database: ServerDatabase
    secret: ServerSecret
    tenant: Tenant


def make_ready(
    database: ServerDatabase, secret: ServerSecret, *, name: str = ""
) -> Ready | SchemaTooNew | OtherSecret:
    """Bring the schema up and find the tenant; a new server gets one of this `name`."""
    brought = bring_up(database.engine)
    if isinstance(brought, SchemaTooNew):
        return brought
    now_ms = SystemClock().wall_ms()
    tenant = database.write(
        lambda connection: the_tenant(
            connection, secret, name=name, now_ms=now_ms, chance=system_chance
        )
    )
    return tenant if isinstance(tenant, OtherSecret) else Ready(database, secret, tenant)


def server_of(ready: Ready, wording: Callable[[str], Wording]) -> Server:
    """The web side's server over a ready database."""
    return Server(
        database=ready.database,
        secret=ready.secret,
        acts=joined_acts(),
        clock=SystemClock(),
        wording=wording,
    )


def joined_acts() -> Acts:
    """Every act there is. A route without one is not served."""
    return Acts(heads=_heads, server_epoch=_server_epoch)


def _heads(connection: Connection, wanted: Collection[StreamOf]) -> Mapping[StreamOf, int]:
    table = feed_counter.c
    names = {stream for _, stream in wanted}
    tenants = {tenant for tenant, _ in wanted}
    rows = connection.execute(
        select(table.tenant_id, table.stream, table.head).where(
            table.tenant_id.in_(tenants), table.stream.in_(names)
        )
    )
    return {(tenant, stream): head for tenant, stream, head in rows}


def _server_epoch(connection: Connection, tenant: str) -> int:
    table = server_state.c
    said = connection.execute(
        select(table.value).where(table.tenant_id == tenant, table.name == "server_epoch")
    ).scalar()
    return FIRST_EPOCH if said is None else int(said)
