"""Photos at head office: taken in parts from the till that took them, handed to whoever may look.

Owns: the photo and photo_part tables, who may bring and who may fetch one. Does not own: what names
a picture (facts of complaints and tier requests), keys (member_keys.py: nothing here can be read
without its holder's), forgetting a person (erase.py asks for it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Index, delete, select

from app.domain.complaint_fact import ComplaintOpened
from app.domain.facts import read_fact
from app.domain.tier_fact import OnPhotos, TierGrantedOnPhotos, TierRequestedOnPhotos
from sync.protocol import (
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
    Refusal,
)
from sync.server import tables as t
from sync.server.complaint import CASE_DAYS_TOLD, complaint_store
from sync.server.device import Device
from sync.server.erasure_request import Cases
from sync.server.member_keys import erased_of
from sync.server.rows import find, put
from sync.server.server_epoch import server_epoch
from sync.server.tables import raw, shard_of, shop_table, text, whole

photo = shop_table(
    "photo",
    ("holder", "photo"),
    text("about"),
    text("device"),
    text("key_id"),
    whole("size"),
    raw("sha256"),
    whole("have"),
    whole("begun_ms"),
    Index("photo_by_age", "tenant_id", "begun_ms"),
)
"""Pictures, whole where `have` is `size`. `holder`: under whose key (`key_id`) it is sealed;
`about`: what it stands beside. `size` and `sha256` are of the sealed bytes."""

photo_part = shop_table("photo_part", ("holder", "photo", "at"), raw("data"))
"""Their bytes, from `at` on."""

_ON_PHOTOS = frozenset(
    str(kind.__struct_config__.tag) for kind in (TierRequestedOnPhotos, TierGrantedOnPhotos)
)
SEALING_ADDS = 28
"""A nonce before the picture, a tag behind it."""
OLD_AT_ONCE = 50
_DAY_MS = 86_400_000


def keep_part(connection: Connection, device: Device, asked: PhotoPart, now_ms: int) -> PhotoKept:
    """Take a part of a picture: Acts.photo."""
    kept = _take(connection, device, asked, now_ms)
    have, refusal = (0, kept) if isinstance(kept, Refusal) else (kept, None)
    epoch = server_epoch(connection, device.tenant)
    return PhotoKept(
        photo=asked.photo, have=have, refusal=refusal, server_epoch=epoch, server_ms=now_ms
    )


def give_photo(
    connection: Connection, device: Device, asked: PhotoWanted, now_ms: int
) -> PhotoGiven:
    """Hand out a part of a picture: Acts.photo_wanted."""
    given = _given(connection, device, asked)
    if isinstance(given, str):
        return PhotoGiven(photo=asked.photo, refusal=Refusal(code=given), server_ms=now_ms)
    row, data = given
    return PhotoGiven(
        photo=asked.photo, key=row["key_id"], size=row["size"], sha256=row["sha256"], data=data,
        server_ms=now_ms,
    )  # fmt: skip


def drop_photos(connection: Connection, tenant: str, holder: str) -> None:
    """Nothing of the pictures of this member (or case) stays."""
    for table in (photo_part, photo):
        mine = table.c
        connection.execute(
            delete(table).where(
                mine.tenant_id == tenant, mine.shard_key == shard_of(holder), mine.holder == holder
            )
        )


def drop_old_photos(connection: Connection, tenant: str, now_ms: int) -> int:
    """What no till is told of any more goes, a few at a time; how many went."""
    mine = photo.c
    old = connection.execute(
        select(mine.holder, mine.photo)
        .where(mine.tenant_id == tenant, mine.begun_ms < now_ms - CASE_DAYS_TOLD * _DAY_MS)
        .limit(OLD_AT_ONCE)
    ).all()
    for holder, name in old:
        _drop(connection, tenant, {"holder": holder, "photo": name})
    return len(old)


# ------------------------------------------------------------------ taking one


@dataclass(frozen=True, slots=True)
class _Named:
    """A picture as the fact says that names it."""

    holder: str
    size: int


def _take(connection: Connection, device: Device, asked: PhotoPart, now_ms: int) -> int | Refusal:
    """How much of it is there now, or why it is not taken."""
    tenant, key = device.tenant, _key(asked.holder, asked.photo)
    if erased_of(connection, tenant, {asked.holder}):
        return Refusal(code="erased")
    rows = find(connection, tenant, photo, [key], lock=True)
    if rows and rows[0]["have"] == rows[0]["size"]:
        return int(rows[0]["have"])
    if not rows or rows[0]["sha256"] != asked.sha256:
        refusal = _why_not(connection, tenant, asked)
        if refusal is not None:
            return refusal
        _begin(connection, device, asked, now_ms)
        rows = [{"have": 0}]
    have = int(rows[0]["have"])
    if asked.start != have or not asked.data:
        return have
    if have + len(asked.data) > asked.size:
        return Refusal(code="wrong_size")
    put(connection, tenant, photo_part, [{**key, "at": have, "data": asked.data}], "replace")
    have += len(asked.data)
    if have == asked.size and _hash(connection, tenant, key) != asked.sha256:
        _drop(connection, tenant, key)
        return Refusal(code="wrong_hash")
    row = find(connection, tenant, photo, [key])[0]
    put(connection, tenant, photo, [_without_tenant({**row, "have": have})], "replace")
    return have


def _why_not(connection: Connection, tenant: str, asked: PhotoPart) -> Refusal | None:
    named = _named(connection, tenant, asked.about, asked.photo)
    if named is None or named.holder != asked.holder:
        return Refusal(code="unknown_photo")
    return None if named.size + SEALING_ADDS == asked.size else Refusal(code="wrong_size")


def _begin(connection: Connection, device: Device, asked: PhotoPart, now_ms: int) -> None:
    key = _key(asked.holder, asked.photo)
    _drop(connection, device.tenant, key)
    row = {
        **key, "about": asked.about, "device": device.device, "key_id": asked.key,
        "size": asked.size, "sha256": asked.sha256, "have": 0, "begun_ms": now_ms,
    }  # fmt: skip
    put(connection, device.tenant, photo, [row], "replace")


def _named(connection: Connection, tenant: str, about: str, name: str) -> _Named | None:
    """What the record says of this picture; None: nothing, or the fact did not come yet."""
    key = {"shard_key": shard_of(about), "op_id": about, "state": "counted"}
    rows = find(connection, tenant, t.op, [key], columns=(t.op.c.data,))
    fact = read_fact(rows[0]["data"]) if rows else None
    if isinstance(fact, OnPhotos):
        known = {each.photo: each.size for each in fact.photos}
        return _Named(fact.member or "", known[name]) if name in known else None
    if not isinstance(fact, ComplaintOpened):
        return None
    case = Cases(connection, tenant).read(about)
    sizes = {each.photo: each.size for each in case.photos} if case is not None else {}
    return _Named(fact.member or about, sizes[name]) if name in sizes else None


# ------------------------------------------------------------------ handing one out


def _given(
    connection: Connection, device: Device, asked: PhotoWanted
) -> tuple[Mapping[str, Any], bytes] | str:
    tenant, key = device.tenant, _key(asked.holder, asked.photo)
    if not _may_look(connection, device, asked.about):
        return "not_for_you"
    if erased_of(connection, tenant, {asked.holder}):
        return "erased"
    rows = find(connection, tenant, photo, [key])
    if not rows or rows[0]["about"] != asked.about or rows[0]["have"] != rows[0]["size"]:
        return "not_here"
    parts = find(connection, tenant, photo_part, [{**key, "at": asked.start}])
    return (rows[0], parts[0]["data"]) if parts else "not_here"


def _may_look(connection: Connection, device: Device, about: str) -> bool:
    """Whether this till's store hears of the record; of tiers by hand everybody does."""
    asked = {"shard_key": shard_of(about), "op_id": about, "state": "counted"}
    if any(row["kind"] in _ON_PHOTOS for row in find(connection, device.tenant, t.op, [asked])):
        return True
    key = {"shard_key": shard_of(about), "case_id": about, "store": device.store}
    return bool(find(connection, device.tenant, complaint_store, [key]))


# ------------------------------------------------------------------ rows


def _key(holder: str, name: str) -> dict[str, object]:
    return {"shard_key": shard_of(holder), "holder": holder, "photo": name}


def _drop(connection: Connection, tenant: str, key: Mapping[str, Any]) -> None:
    for table in (photo_part, photo):
        mine = table.c
        connection.execute(
            delete(table).where(
                mine.tenant_id == tenant,
                mine.shard_key == shard_of(key["holder"]),
                mine.holder == key["holder"],
                mine.photo == key["photo"],
            )
        )


def _hash(connection: Connection, tenant: str, key: Mapping[str, Any]) -> bytes:
    whole_one = sha256()
    for part in _parts(connection, tenant, key):
        whole_one.update(part)
    return whole_one.digest()


def _parts(connection: Connection, tenant: str, key: Mapping[str, Any]) -> Iterator[bytes]:
    rows = find(connection, tenant, photo_part, [key])
    for row in sorted(rows, key=lambda each: int(each["at"])):
        yield row["data"]


def _without_tenant(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "tenant_id"}
