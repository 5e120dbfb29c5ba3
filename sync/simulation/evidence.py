"""Evidence: what stands in a server's tables, for whoever checks it.

Owns: reading them. Does not own: what must stand there (invariant.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol, TypeVar

from app.domain.facts import Fact, NotAFact, UnknownFact, read_fact
from sync.server import tables as t
from sync.server.device import Device, read_device
from sync.server.rebuild import verify
from sync.server.rows import find
from sync.server.tables import shard_of

T = TypeVar("T")


class Readable(Protocol):
    """Who has tables that may be looked into."""

    @property
    def tenant(self) -> str: ...

    def read(self, work: Callable[[Any], T]) -> T:
        """In one transaction."""


def account(server: Readable, member: str) -> bytes | None:
    """The bytes of an account; None: there is none."""
    rows = server.read(
        lambda connection: find(
            connection,
            server.tenant,
            t.account,
            [{"shard_key": shard_of(member), "member": member}],
        )
    )
    return bytes(rows[0]["data"]) if rows else None


def ledger(server: Readable, member: str) -> list[dict[str, Any]]:
    """The ledger's lines of a member."""
    keys = [{"shard_key": shard_of(member), "member": member}]
    return server.read(lambda connection: find(connection, server.tenant, t.ledger, keys))


def faults_in_itself(server: Readable) -> tuple[Any, ...]:
    """What `server verify` says."""
    return server.read(lambda connection: verify(connection, server.tenant)).differences


def facts(server: Readable, op_ids: list[str]) -> list[Fact]:
    """As kept."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    rows = server.read(lambda connection: find(connection, server.tenant, t.op, keys))
    found = [read_fact(row["data"]) for row in rows if row["data"] is not None]
    return [each for each in found if not isinstance(each, NotAFact | UnknownFact)]


def pushed_by(server: Readable, op_ids: list[str]) -> dict[str, str]:
    """The devices that brought these facts, with their stores."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    rows = server.read(lambda connection: find(connection, server.tenant, t.op, keys))
    devices = sorted({row["device"] for row in rows})
    found = server.read(
        lambda connection: [read_device(connection, server.tenant, each) for each in devices]
    )
    return {each.device: each.store for each in found if isinstance(each, Device)}


def days(server: Readable, op_ids: list[str]) -> dict[str, date]:
    """The business dates they count on."""
    keys = [{"shard_key": shard_of(each), "op_id": each} for each in op_ids]
    rows = server.read(lambda connection: find(connection, server.tenant, t.op, keys))
    return {row["op_id"]: date.fromisoformat(row["day"]) for row in rows}
