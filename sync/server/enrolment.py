"""Enrolment: how a till or channel gets in, by a code that works once.

Owns: making and checking codes, which id, epoch and rights a device gets, replacing a machine.
Does not own: what a device is (device.py), proving it later (credential.py), guessing limits
(web/rate.py: a code has 60 bits and lives for a short time besides).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    RowMapping,
    and_,
    delete,
    insert,
    select,
    update,
)

from sync.protocol import EPOCH_MAX, Enrol, Enrolled
from sync.server.chain_head import chain_parts, last_epoch
from sync.server.device import (
    CHANNEL_RIGHTS,
    TILL_RIGHTS,
    Device,
    DeviceKind,
    NoSuchDevice,
    device_table,
    devices_at,
    devices_called,
    read_device,
    revoke,
    row_of,
)
from sync.server.secret import SECRET_BYTES, Chance, ServerSecret
from sync.server.tables import raw, shop_table, text, whole
from sync.server.tenant import CHAIN_SHARD, claim_secret, new_id, read_tenant, store_table

CODE_SIGNS = 12
CODE_GROUP = 4
CODE_HOURS = 24
SERVER_ITSELF = "server"
"""The device of facts that the server writes; nobody else may be called so."""
KEPT_DAYS = 30
"""A used or lapsed code is kept that long, so that the owner sees what became of it."""
TILL_NUMBER_MAX = 36**2 - 1

# Crockford's base 32: no I, L, O and U, so that nothing is misread from a slip of paper.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans("OIL", "011", " -")
_PURPOSE = "enrolment code"

code_table = shop_table(
    "enrolment_code",
    ("code_hash",),
    text("kind"),
    text("store"),
    whole("till_number"),
    whole("replaces"),
    whole("made_ms"),
    whole("ends_ms"),
    whole("used_ms", optional=True),
    text("used_by", optional=True),
    raw("used_key", optional=True),
)
"""Codes that were given; `replaces` is 0 or 1."""

# A code is all a new till has: it is looked up by its keyed hash, before its tenant is known.
Index("code_by_hash", code_table.c.code_hash)


@dataclass(frozen=True, slots=True)
class Place:
    """What a code lets in, and where."""

    tenant: str
    store: str
    till_number: int
    kind: DeviceKind = "till"
    replaces: bool = False
    """The machine that stands there now is revoked by the new one."""


@dataclass(frozen=True, slots=True)
class CodeUnknown:
    """Never given, mistyped, used by another, or too old: which of them is not said."""


@dataclass(frozen=True, slots=True)
class TillTaken:
    """Another machine stands at this till number, and the code does not replace it."""

    store_number: int
    till_number: int


@dataclass(frozen=True, slots=True)
class NumberWornOut:
    """This till number had every epoch that a receipt code can name: take another number."""

    store_number: int
    till_number: int


@dataclass(frozen=True, slots=True)
class NotAKey:
    """The public key or the claim secret is not one. `field` of Enrol."""

    field: str


EnrolRefused = CodeUnknown | TillTaken | NumberWornOut | NotAKey


def make_code(
    connection: Connection,
    secret: ServerSecret,
    place: Place,
    *,
    now_ms: int,
    chance: Chance,
    hours: int = CODE_HOURS,
) -> str:
    """A code for one device, to be read out or typed; only its keyed hash is kept."""
    if not 1 <= place.till_number <= TILL_NUMBER_MAX:
        raise ValueError(f"tills are numbered from 1 to {TILL_NUMBER_MAX}")
    bits = int.from_bytes(chance(8), "big")
    code = "".join(_SIGNS[bits >> 5 * at & 31] for at in range(CODE_SIGNS))
    connection.execute(
        delete(code_table).where(code_table.c.ends_ms < now_ms - _ms(24 * KEPT_DAYS))
    )
    connection.execute(
        insert(code_table).values(
            tenant_id=place.tenant,
            shard_key=CHAIN_SHARD,
            code_hash=_hashed(secret, code),
            kind=place.kind,
            store=place.store,
            till_number=place.till_number,
            replaces=int(place.replaces),
            made_ms=now_ms,
            ends_ms=now_ms + _ms(hours),
        )
    )
    groups = range(0, CODE_SIGNS, CODE_GROUP)
    return "-".join(code[at : at + CODE_GROUP] for at in groups)


def enrol(
    connection: Connection,
    secret: ServerSecret,
    asked: Enrol,
    *,
    server_epoch: Callable[[str], int],
    now_ms: int,
    chance: Chance,
) -> Enrolled | EnrolRefused:
    """Let a device in. Sent again with the same code and key while the code lives, the same
    answer comes: the first one may have been lost on its way. `server_epoch`: of a tenant."""
    if (wrong := _not_a_key(asked)) is not None:
        return wrong
    code = _found(connection, secret, asked.code, now_ms)
    if code is None:
        return CodeUnknown()
    place = Place(
        code["tenant_id"], code["store"], code["till_number"], code["kind"], bool(code["replaces"])
    )
    device: Device | EnrolRefused
    if code["used_ms"] is not None:
        device = _let_in_before(connection, code, asked.public_key)
    else:
        device = _let_in(connection, place, asked, now_ms=now_ms, chance=chance)
        if isinstance(device, Device):
            _use(connection, code, device, now_ms)
    if not isinstance(device, Device):
        return device
    kept = claim_secret(
        connection, secret, device.tenant, brought=asked.claim_secret, chance=chance
    )
    tenant = read_tenant(connection, device.tenant)
    return Enrolled(
        **_who(device),
        claim_secret=kept,
        public_url=tenant.public_url,
        server_ms=now_ms,
        server_epoch=server_epoch(device.tenant),
        chains=chain_parts(connection, device.tenant, asked.device, asked.pending),
    )


class _Who(TypedDict):
    tenant: str
    device: str
    epoch: int
    store: str
    store_number: int
    till_number: int
    store_name: str
    rights: tuple[str, ...]


def _who(device: Device) -> _Who:
    return {
        "tenant": device.tenant,
        "device": device.device,
        "epoch": device.epoch,
        "store": device.store,
        "store_number": device.store_number,
        "till_number": device.till_number,
        "store_name": device.store_name,
        "rights": tuple(sorted(device.rights)),
    }


def _not_a_key(asked: Enrol) -> NotAKey | None:
    try:
        Ed25519PublicKey.from_public_bytes(asked.public_key)
    except (ValueError, UnsupportedAlgorithm):
        return NotAKey("public_key")
    if asked.claim_secret is not None and len(asked.claim_secret) != SECRET_BYTES:
        return NotAKey("claim_secret")
    return None


def _found(
    connection: Connection, secret: ServerSecret, typed: str, now_ms: int
) -> RowMapping | None:
    hashed = _hashed(secret, typed.upper().translate(_MISREAD))
    # Locked, so that of two machines with one code the second waits, and then sees it used.
    asked = (
        select(code_table)
        .where(code_table.c.code_hash == hashed, code_table.c.ends_ms > now_ms)
        .with_for_update()
    )
    return connection.execute(asked).mappings().first()


def _hashed(secret: ServerSecret, code: str) -> str:
    return secret.mac(_PURPOSE, code.encode()).hex()


def _let_in_before(
    connection: Connection, code: RowMapping, public_key: bytes
) -> Device | CodeUnknown:
    """The device that used this code, if it is the one that asks again."""
    if bytes(code["used_key"]) != public_key:
        return CodeUnknown()
    device = read_device(connection, code["tenant_id"], code["used_by"])
    if isinstance(device, NoSuchDevice) or device.public_key != public_key or device.is_revoked:
        return CodeUnknown()
    return device


def _let_in(
    connection: Connection, place: Place, asked: Enrol, *, now_ms: int, chance: Chance
) -> Device | TillTaken | NumberWornOut:
    _lock_store(connection, place)
    there = devices_at(connection, place.tenant, place.store, place.till_number)
    device = _id_for(connection, place, asked, there) or new_id(now_ms, chance)
    others = [one for one in there if one.device != device and not one.is_revoked]
    if others and not place.replaces:
        return TillTaken(others[0].store_number, place.till_number)
    epoch = _epoch_for(connection, place, asked, device, there)
    if epoch > EPOCH_MAX:
        return NumberWornOut(there[0].store_number, place.till_number)
    for other in others:
        revoke(connection, place.tenant, other.device, now_ms=now_ms)
    _write(connection, place, asked, device=device, epoch=epoch, now_ms=now_ms)
    written = read_device(connection, place.tenant, device)
    assert isinstance(written, Device), "it was written in this transaction"
    return written


def _lock_store(connection: Connection, place: Place) -> None:
    """Two machines with two codes for one till number come one after the other."""
    table = store_table.c
    connection.execute(
        select(table.store)
        .where(
            table.tenant_id == place.tenant,
            table.shard_key == CHAIN_SHARD,
            table.store == place.store,
        )
        .with_for_update()
    )


def _id_for(
    connection: Connection, place: Place, asked: Enrol, there: Sequence[Device]
) -> str | None:
    """The id a till gave itself, where no other machine has it."""
    if asked.device == SERVER_ITSELF:
        return None
    known = devices_called(connection, asked.device)
    if not known or any(one.device == asked.device for one in there):
        return asked.device
    same = [one for one in known if one.tenant == place.tenant]
    return asked.device if any(one.public_key == asked.public_key for one in same) else None


def _epoch_for(
    connection: Connection, place: Place, asked: Enrol, device: str, there: Sequence[Device]
) -> int:
    """Above everything this device or this till number ever had: receipt numbers carry the epoch,
    and no two receipts of a chain may have one number.

    A device that is known gets one more between: in the epoch below the new one it says again what
    was pending, in a chain that holds nothing else. Whatever machine had the place before may have
    used every epoch up to the one it was given, whether it pushed in it or not.
    """
    own = read_device(connection, place.tenant, device)
    before = [own.epoch] if isinstance(own, Device) else []
    pushed = last_epoch(connection, place.tenant, device)
    before += [] if pushed is None else [pushed]
    others = [one.epoch for one in there if one.device != device]
    return max([asked.epoch, *(epoch + 1 for epoch in others), *(epoch + 2 for epoch in before)])


def _write(
    connection: Connection, place: Place, asked: Enrol, *, device: str, epoch: int, now_ms: int
) -> None:
    rights = TILL_RIGHTS if place.kind == "till" else CHANNEL_RIGHTS
    values = {
        "kind": place.kind,
        "store": place.store,
        "till_number": place.till_number,
        "name": asked.name,
        "rights": " ".join(rights),
        "public_key": asked.public_key,
        "epoch": epoch,
        "enrolled_ms": now_ms,
        "revoked_ms": None,
    }
    changed = connection.execute(
        update(device_table).where(row_of(place.tenant, device)).values(values)
    )
    if not changed.rowcount:
        key = {"tenant_id": place.tenant, "shard_key": CHAIN_SHARD, "device": device}
        connection.execute(insert(device_table).values(key | values))


def _use(connection: Connection, code: RowMapping, device: Device, now_ms: int) -> None:
    used = connection.execute(
        update(code_table)
        .where(_is_code(code), code_table.c.used_ms.is_(None))
        .values(used_ms=now_ms, used_by=device.device, used_key=device.public_key)
    )
    assert used.rowcount == 1, "the row was locked while it was unused"


def _is_code(code: RowMapping) -> ColumnElement[bool]:
    table = code_table.c
    return and_(
        table.tenant_id == code["tenant_id"],
        table.shard_key == code["shard_key"],
        table.code_hash == code["code_hash"],
    )


def _ms(hours: int) -> int:
    return hours * 3_600_000
