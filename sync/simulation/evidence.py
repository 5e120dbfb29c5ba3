"""Evidence: what stands in a server's tables, for whoever checks it.

Owns: reading them. Does not own: what must stand there (invariant.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol, TypeVar

import msgspec

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
    rows = plain(server, _ACCOUNT, (server.tenant, shard_of(member), member))
    return bytes(rows[0][0]) if rows else None


_ACCOUNT = "SELECT data FROM account WHERE tenant_id = ? AND shard_key = ? AND member = ?"
_OF_LEDGER = (
    "op_id", "device", "earned", "spent", "given_back", "taken_back", "adjusted",
)  # fmt: skip
_LEDGER = (
    "SELECT op_id, device, earned, spent, given_back, taken_back, adjusted FROM ledger"
    " WHERE tenant_id = ? AND shard_key = ? AND member = ?"
)


def plain(server: Readable, words: str, said: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the driver itself answers: whoever checks asks after every commit."""

    def ask(connection: Any) -> list[tuple[Any, ...]]:
        driver = connection.connection.dbapi_connection
        found: list[tuple[Any, ...]] = driver.execute(words, said).fetchall()
        return found

    return server.read(ask)


def ledger(server: Readable, member: str) -> list[dict[str, Any]]:
    """The ledger's lines of a member."""
    rows = plain(server, _LEDGER, (server.tenant, shard_of(member), member))
    return [dict(zip(_OF_LEDGER, row, strict=True)) for row in rows]


_HEADS = "SELECT stream, head FROM feed_counter WHERE tenant_id = ?"
_PLACES = (
    "SELECT kind, ref FROM feed"
    " WHERE tenant_id = ? AND shard_key = ? AND stream = ? AND at > ? ORDER BY at"
)


def heads(server: Readable) -> dict[str, int]:
    """How far every stream goes."""
    return dict(plain(server, _HEADS, (server.tenant,)))


def places(server: Readable, stream: str, after: int) -> list[tuple[Any, ...]]:
    """What was published behind a place: kind and reference, in order."""
    return plain(server, _PLACES, (server.tenant, shard_of(stream), stream, after))


_PROPOSALS = (
    "SELECT subject, story, state FROM exception_case"
    " WHERE tenant_id = ? AND kind = 'phone_taken' ORDER BY subject, case_id"
)


def proposals(server: Readable, *, is_open: bool = False) -> list[tuple[str, str]]:
    """Members with one number, as somebody is told of them; `is_open`: who is not one yet."""
    rows = plain(server, _PROPOSALS, (server.tenant,))
    return [
        (subject, msgspec.json.decode(story)["said"]["holder"])
        for subject, story, state in rows
        if not is_open or state == "open"
    ]


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
