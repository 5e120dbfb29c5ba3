"""Publishing: what the owner puts in force - programs, products, staff - and the keys of passes.

Owns: writing the program, catalogue and staff tables and the pass keys, and telling the streams.
Does not own: reading and checking files (sync/commands/publish.py), judging by programs
(published.py). What is as it was is not told again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from sqlalchemy import Connection, select

from app.domain.member_pass import KEY_NUMBER_MAX
from app.domain.program import Program
from sync.protocol import (
    CatalogueChanged,
    CatalogueItem,
    Event,
    PassKey,
    PassKeysChanged,
    ProgramPublished,
    StaffChanged,
    StaffCleared,
    decoded,
    encoded,
)
from sync.server import tables as t
from sync.server.feed import CHAIN, Publication, publish, store_stream
from sync.server.rows import find, put
from sync.server.sealing import seal, unseal
from sync.server.sender import House
from sync.server.tables import shard_of

ITEMS_AN_EVENT = 100
_PASS_KEYS = "pass_keys"
PASS_KEY_DAYS = 30
"""So long a key is in force. A till that has heard nothing for longer takes a pass for a card."""
OVERLAP_DAYS = 10
"""Before its end the next one is told, so that every till knows it when passes begin to use it."""
DAY_MS = 86_400_000


# ------------------------------------------------------------------ programs


@dataclass(frozen=True, slots=True)
class Published:
    """It stands and every till will hear of it; `told` false: it stood already, as it is."""

    told: bool = True


@dataclass(frozen=True, slots=True)
class OtherProgram:
    """Under this id and version another text was published: sales name it, so it stays."""

    version: str


def publish_program(
    connection: Connection, tenant: str, program: Program, toml: str, now_ms: int
) -> Published | OtherProgram:
    """Put a checked program in force on its day. Run it by ServerDatabase.write."""
    key = {
        "shard_key": shard_of(program.id), "program_id": program.id, "version": program.version,
    }  # fmt: skip
    known = find(connection, tenant, t.program, [key], lock=True)
    if known:
        return Published(told=False) if known[0]["toml"] == toml else OtherProgram(program.version)
    row = key | {
        "announced": program.announced.isoformat(),
        "effective": program.effective.isoformat(),
        "toml": toml,
        "published_ms": now_ms,
    }
    put(connection, tenant, t.program, [row], "new")
    publish(connection, tenant, [Publication.of(CHAIN, _program_event(row))])
    return Published()


def _program_event(row: Any) -> ProgramPublished:
    return ProgramPublished(
        id=row["program_id"],
        version=row["version"],
        announced=date.fromisoformat(row["announced"]),
        effective=date.fromisoformat(row["effective"]),
        toml=row["toml"],
    )


# ------------------------------------------------------------------ products and staff


def publish_catalogue(
    connection: Connection, tenant: str, items: Sequence[CatalogueItem], now_ms: int
) -> int:
    """Tell all tills of products that are new or other than before; how many."""
    keys = [{"shard_key": shard_of(each.sku), "sku": each.sku} for each in items]
    known = {row["sku"]: row["item"] for row in find(connection, tenant, t.catalogue, keys)}
    changed = [each for each in items if known.get(each.sku) != encoded(each)]
    rows = [
        {
            "shard_key": shard_of(each.sku),
            "sku": each.sku,
            "item": encoded(each),
            "changed_ms": now_ms,
        }
        for each in changed
    ]
    put(connection, tenant, t.catalogue, rows, "replace")
    events = _catalogue_events(changed)
    publish(connection, tenant, [Publication.of(CHAIN, each) for each in events])
    return len(changed)


def _catalogue_events(items: Iterable[CatalogueItem]) -> list[CatalogueChanged]:
    return [CatalogueChanged(items=part) for part in _parts(list(items))]


def _parts(items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(items), ITEMS_AN_EVENT):
        yield tuple(items[start : start + ITEMS_AN_EVENT])


def publish_staff(
    connection: Connection, tenant: str, store: str, staff: Sequence[StaffCleared], now_ms: int
) -> int:
    """Who is cleared for one store, told to that store alone; how many are new or changed."""
    keys = [{"shard_key": shard_of(each.staff), "staff": each.staff, "store": store}
            for each in staff]  # fmt: skip
    known = {row["staff"]: row["record"] for row in find(connection, tenant, t.staff, keys)}
    changed = [each for each in staff if known.get(each.staff) != encoded(each)]
    rows = [
        {
            "shard_key": shard_of(each.staff),
            "staff": each.staff,
            "store": store,
            "record": encoded(each),
            "changed_ms": now_ms,
        }
        for each in changed
    ]
    put(connection, tenant, t.staff, rows, "replace")
    events = [StaffChanged(staff=part) for part in _parts(changed)]
    publish(connection, tenant, [Publication.of(store_stream(store), each) for each in events])
    return len(changed)


# ------------------------------------------------------------------ pass keys


class HeldPassKey(Struct, frozen=True, kw_only=True):
    """A pass key as the server keeps it: the private part under the server's own key."""

    key_id: str
    """Its number in decimal digits: what passes name it by (app.domain.member_pass)."""
    public: bytes
    sealed: bytes
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What passes are signed with now."""

    key_id: str
    private: Ed25519PrivateKey


def turn_pass_keys(connection: Connection, tenant: str, now_ms: int, house: House) -> int:
    """Make the next key in time and drop what has ended; how many were made.

    Two overlap: the new one is told days before the old one ends. Run it again and again.
    """
    if _is_in_order(_held(connection, tenant), now_ms):
        return 0
    # Nothing can be locked that is not there: of several workers one makes the first.
    first = {"shard_key": shard_of(_PASS_KEYS), "name": _PASS_KEYS, "value": "[]"}
    put(connection, tenant, t.server_state, [first], "ignore")
    held = _held(connection, tenant, lock=True)
    if _is_in_order(held, now_ms):
        return 0
    alive = [each for each in held if each.until_ms > now_ms]
    made = 0
    if not _is_covered(held, now_ms):
        alive.append(_new_key(tenant, _next_number(held), now_ms, house))
        made = 1
    row = {
        "shard_key": shard_of(_PASS_KEYS), "name": _PASS_KEYS,
        "value": msgspec.json.encode(alive).decode(),
    }  # fmt: skip
    put(connection, tenant, t.server_state, [row], "replace")
    publish(connection, tenant, [Publication.of(CHAIN, _keys_event(alive))])
    return made


def _is_in_order(held: Sequence[HeldPassKey], now_ms: int) -> bool:
    """Whether none is to be made and none to be dropped."""
    return _is_covered(held, now_ms) and all(each.until_ms > now_ms for each in held)


def _is_covered(held: Iterable[HeldPassKey], now_ms: int) -> bool:
    """Whether the newest lasts long enough for tills to hear of the next in time."""
    return max((each.until_ms for each in held), default=0) > now_ms + OVERLAP_DAYS * DAY_MS


def _next_number(held: Iterable[HeldPassKey]) -> int:
    """A pass names its key by a number of two bytes: one above the highest, then from 1 again.

    Keys live for months, so a number comes again only long after nobody knows its first key.
    """
    return max((int(each.key_id) for each in held), default=0) % KEY_NUMBER_MAX + 1


def _new_key(tenant: str, number: int, now_ms: int, house: House) -> HeldPassKey:
    private, key_id = Ed25519PrivateKey.generate(), str(number)
    return HeldPassKey(
        key_id=key_id,
        public=private.public_key().public_bytes_raw(),
        sealed=seal(house.server_key, private.private_bytes_raw(), bound_to=f"{tenant}\0{key_id}"),
        from_ms=now_ms,
        until_ms=now_ms + (PASS_KEY_DAYS + OVERLAP_DAYS) * DAY_MS,
    )


def signing_key(
    connection: Connection, tenant: str, now_ms: int, house: House
) -> SigningKey | None:
    """The key to sign with: the oldest in force, which every till has heard of; None before the
    first was made."""
    for each in sorted(_held(connection, tenant), key=lambda key: key.from_ms):
        binding = f"{tenant}\0{each.key_id}"
        private = unseal(house.server_key, each.sealed, bound_to=binding)
        if each.until_ms > now_ms and private is not None:
            return SigningKey(each.key_id, Ed25519PrivateKey.from_private_bytes(private))
    return None


def _held(connection: Connection, tenant: str, *, lock: bool = False) -> list[HeldPassKey]:
    key = {"shard_key": shard_of(_PASS_KEYS), "name": _PASS_KEYS}
    rows = find(connection, tenant, t.server_state, [key], lock=lock)
    return msgspec.json.decode(rows[0]["value"], type=list[HeldPassKey]) if rows else []


def _keys_event(held: Iterable[HeldPassKey]) -> PassKeysChanged:
    return PassKeysChanged(
        keys=tuple(
            PassKey(
                key_id=each.key_id,
                public=each.public,
                from_ms=each.from_ms,
                until_ms=each.until_ms,
            )
            for each in held
        )
    )


# ------------------------------------------------------------------ for snapshots


def published_events(connection: Connection, tenant: str) -> Iterator[Event]:
    """Everything of the chain stream as it is now."""
    mine = t.program.c
    programs = select(t.program).where(mine.tenant_id == tenant).order_by(mine.published_ms)
    for row in connection.execute(programs).mappings():
        yield _program_event(row)
    items = connection.execute(
        select(t.catalogue.c.item)
        .where(t.catalogue.c.tenant_id == tenant)
        .order_by(t.catalogue.c.sku)
    ).scalars()
    yield from _catalogue_events(decoded(item, CatalogueItem) for item in items)
    held = _held(connection, tenant)
    if held:
        yield _keys_event(held)


def staff_events(connection: Connection, tenant: str, store: str) -> Iterator[Event]:
    """Who is cleared for a store."""
    records = connection.execute(
        select(t.staff.c.record).where(t.staff.c.tenant_id == tenant, t.staff.c.store == store)
    ).scalars()
    staff = [decoded(record, StaffCleared) for record in records]
    yield from (StaffChanged(staff=part) for part in _parts(staff))
