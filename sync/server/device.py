"""Devices: the tills and channels that may speak to this server.

Owns: devices, their rights, epochs and public keys, revoking.
Does not own: tenants and stores (tenant.py), how a device gets in (enrolment.py), how it proves
who it is (credential.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    RowMapping,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)

from sync.server.rows import ask
from sync.server.tables import raw, shop_table, text, whole
from sync.server.tenant import CHAIN_SHARD, store_table

Right = Literal["push", "pull", "lookup", "reserve", "grant", "digest", "snapshot", "page"]
TILL_RIGHTS: tuple[Right, ...] = get_args(Right)
CHANNEL_RIGHTS: tuple[Right, ...] = ("push", "pull", "lookup", "reserve", "digest")
"""A web shop sells and redeems online; it holds no grants and no copy of the members, and hands
nobody the link of a member's card."""
DeviceKind = Literal["till", "channel"]

device_table = shop_table(
    "device",
    ("device",),
    text("kind"),
    text("store"),
    whole("till_number"),
    text("name"),
    text("rights"),
    raw("public_key"),
    whole("epoch"),
    whole("enrolled_ms"),
    whole("revoked_ms", optional=True),
)
"""Tills and channels. `rights`: words with spaces between. `epoch`: the newest."""

Index(
    "device_at",
    device_table.c.tenant_id,
    device_table.c.shard_key,
    device_table.c.store,
    device_table.c.till_number,
    unique=True,
    sqlite_where=device_table.c.revoked_ms.is_(None),
    postgresql_where=device_table.c.revoked_ms.is_(None),
)
# Before a device has said who it is, its id is all there is to look it up by.
Index("device_by_id", device_table.c.device)


@dataclass(frozen=True, slots=True)
class Device:
    """A till or channel as the server knows it."""

    tenant: str
    device: str
    kind: DeviceKind
    store: str
    store_number: int
    store_name: str
    till_number: int
    name: str
    rights: frozenset[str]
    public_key: bytes
    epoch: int
    """The newest; ops of older epochs may still come."""
    enrolled_ms: int
    revoked_ms: int | None = None
    reads: frozenset[str] = frozenset()
    """Events that came later, which it says it reads (protocol.READS): with each request anew."""

    @property
    def is_revoked(self) -> bool:
        """A revoked device may still push, into quarantine, and nothing else."""
        return self.revoked_ms is not None

    @property
    def streams(self) -> tuple[str, str, str]:
        """What it may pull."""
        return ("chain", f"store:{self.store}", f"device:{self.device}")


@dataclass(frozen=True, slots=True)
class NoSuchDevice:
    """Nobody is enrolled under this id (any more)."""


_OF_ITS_STORE = and_(
    device_table.c.tenant_id == store_table.c.tenant_id,
    device_table.c.shard_key == store_table.c.shard_key,
    device_table.c.store == store_table.c.store,
)
_DEVICES = select(
    device_table,
    store_table.c.number.label("store_number"),
    store_table.c.name.label("store_name"),
).join_from(device_table, store_table, _OF_ITS_STORE)


def row_of(tenant: str, device: str) -> ColumnElement[bool]:
    """The condition that names one device."""
    table = device_table.c
    return and_(table.tenant_id == tenant, table.shard_key == CHAIN_SHARD, table.device == device)


def read_device(connection: Connection, tenant: str, device: str) -> Device | NoSuchDevice:
    """The device as it is now; asked at every request, so that a revocation counts at once."""
    rows = ask(connection, _DEVICE, {"tenant": tenant, "device": device})
    return _device(rows[0]) if rows else NoSuchDevice()


_DEVICE = _DEVICES.where(
    device_table.c.tenant_id == bindparam("tenant", type_=Text),
    device_table.c.shard_key == literal_column(str(CHAIN_SHARD)),
    device_table.c.device == bindparam("device", type_=Text),
)


def devices_called(connection: Connection, device: str) -> Sequence[Device]:
    """All who go by this id: one or none, unless two tenants hold it; a signature decides."""
    rows = connection.execute(_DEVICES.where(device_table.c.device == device)).mappings()
    return [_device(row) for row in rows]


def all_devices(connection: Connection, tenant: str) -> Sequence[Device]:
    """Every device of a tenant, revoked ones too, by store and till number."""
    asked = _DEVICES.where(device_table.c.tenant_id == tenant).order_by(
        store_table.c.number, device_table.c.till_number, device_table.c.enrolled_ms
    )
    return [_device(row) for row in connection.execute(asked).mappings()]


def devices_at(connection: Connection, tenant: str, store: str, till: int) -> Sequence[Device]:
    """Who ever stood at this till number, revoked ones too."""
    asked = _DEVICES.where(
        device_table.c.tenant_id == tenant,
        device_table.c.shard_key == CHAIN_SHARD,
        device_table.c.store == store,
        device_table.c.till_number == till,
    )
    return [_device(row) for row in connection.execute(asked).mappings()]


def revoke(
    connection: Connection, tenant: str, device: str, *, now_ms: int
) -> Device | NoSuchDevice:
    """From now on it only pushes into quarantine. Told twice, the first time stands."""
    connection.execute(
        update(device_table)
        .where(row_of(tenant, device))
        .values(revoked_ms=func.coalesce(device_table.c.revoked_ms, now_ms))
    )
    return read_device(connection, tenant, device)


def _device(row: RowMapping | dict[str, Any]) -> Device:
    return Device(
        tenant=row["tenant_id"],
        device=row["device"],
        kind=cast(DeviceKind, row["kind"]),
        store=row["store"],
        store_number=row["store_number"],
        store_name=row["store_name"],
        till_number=row["till_number"],
        name=row["name"],
        rights=frozenset(row["rights"].split()),
        public_key=bytes(row["public_key"]),
        epoch=row["epoch"],
        enrolled_ms=row["enrolled_ms"],
        revoked_ms=row["revoked_ms"],
    )
