"""Profiles: the fields of a person as head office holds them, one value of each in force.

Owns: the profile_field table, deciding an edit field by field. Does not own: keys
(member_keys.py), who is a member (member.py). The last one received wins; what lost is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import Connection, update

from app.domain.facts import Fact, MemberJoined, ProfileEditRequested, UnknownFact
from app.domain.ids import OpId
from app.domain.member import PersonalData
from sync.protocol import Refusal
from sync.server.member_keys import KeyRing
from sync.server.rows import find, put
from sync.server.sealing import seal, unseal
from sync.server.tables import profile_field, shard_of

FIELDS = frozenset(PersonalData.__struct_fields__)


@dataclass(frozen=True, slots=True)
class ProfileWrite:
    """New values of a member, out of one op, under one of his keys."""

    member: str
    op_id: OpId
    key_id: str
    values: Mapping[str, Any]


def decide_edit(edit: ProfileEditRequested, ring: KeyRing) -> ProfileWrite | Refusal:
    """What an edit asks for, or why it cannot be done."""
    member = edit.member or ""
    plain = ring.open(member, edit.values)
    if plain is None:
        return Refusal(code="unreadable_values", fields={"values": "key"})
    try:
        values = msgspec.json.decode(plain, type=dict[str, Any])
        msgspec.convert(values, PersonalData)
    except msgspec.DecodeError as error:
        return Refusal(code="wrong_values", fields={"values": str(error)})
    unknown = sorted(set(values) - FIELDS)
    if unknown:
        return Refusal(code="wrong_values", fields=dict.fromkeys(unknown, "unknown"))
    return ProfileWrite(member, edit.op_id, edit.values.key, values)


def joined_with(member: str, op_id: OpId, key_id: str, plain: bytes | None) -> ProfileWrite | None:
    """What a member was entered with; None where nothing can be read."""
    if plain is None:
        return None
    try:
        person = msgspec.json.decode(plain, type=PersonalData)
    except msgspec.DecodeError:
        return None
    values: dict[str, Any] = msgspec.to_builtins(person)
    return ProfileWrite(member, op_id, key_id, values)


def entered_with(fact: Fact | UnknownFact | None, ring: KeyRing) -> ProfileWrite | None:
    """The same of a fact; None where nobody joined by it."""
    if not isinstance(fact, MemberJoined) or fact.profile is None or fact.member is None:
        return None
    plain = ring.open(fact.member, fact.profile)
    return joined_with(fact.member, fact.op_id, fact.profile.key, plain)


def of_person(write: ProfileWrite, ring: KeyRing, survivors: Mapping[str, str]) -> ProfileWrite:
    """The same edit under the survivor and a key of his: of a merged person his values come first,
    and what was said last has to be among them. Under its own where he has no key.
    """
    survivor = survivors.get(write.member, write.member)
    keys = ring.of(survivor)
    if survivor == write.member or not keys:
        return write
    return replace(write, member=survivor, key_id=keys[0].key_id)


def put_joined_profiles(
    connection: Connection, tenant: str, joined: Iterable[MemberJoined], ring: KeyRing, now_ms: int
) -> None:
    """What members were entered with; it never undoes an edit that came before it."""
    writes = []
    for fact in joined:
        write = entered_with(fact, ring)
        if write is not None:
            writes.append((write, False))
    put_profiles(connection, tenant, writes, ring, now_ms)


def put_profiles(
    connection: Connection,
    tenant: str,
    writes: Iterable[tuple[ProfileWrite, bool]],
    ring: KeyRing,
    now_ms: int,
) -> None:
    """Put values in force, in this order. With the second part False only where there is none.

    (What somebody was entered with never undoes an edit that came before it.)
    """
    for write, overrides in writes:
        secret = ring.secret(write.member, write.key_id)
        if secret is None:
            continue
        current = set() if overrides else _fields_there(connection, tenant, write.member)
        if overrides:
            _lose(connection, tenant, write)
        rows = [
            {
                "shard_key": shard_of(write.member),
                "member": write.member,
                "field": name,
                "op_id": write.op_id,
                "state": "lost" if name in current else "current",
                "received_ms": now_ms,
                "key_id": write.key_id,
                "sealed": seal(secret, msgspec.json.encode(value), bound_to=name),
            }
            for name, value in sorted(write.values.items())
        ]
        put(connection, tenant, profile_field, rows, "ignore")


def _fields_there(connection: Connection, tenant: str, member: str) -> set[str]:
    keys = [{"shard_key": shard_of(member), "member": member, "state": "current"}]
    return {row["field"] for row in find(connection, tenant, profile_field, keys)}


def _lose(connection: Connection, tenant: str, write: ProfileWrite) -> None:
    mine = profile_field.c
    connection.execute(
        update(profile_field)
        .where(
            mine.tenant_id == tenant,
            mine.shard_key == shard_of(write.member),
            mine.member == write.member,
            mine.field.in_(sorted(write.values)),
        )
        .values(state="lost")
    )


def profiles(
    connection: Connection, tenant: str, members: Iterable[str], ring: KeyRing
) -> dict[str, bytes]:
    """The profiles in force, as JSON, by member; nothing of who cannot be read."""
    keys = [
        {"shard_key": shard_of(each), "member": each, "state": "current"}
        for each in sorted(set(members))
    ]
    mine = profile_field.c
    columns = (mine.member, mine.field, mine.key_id, mine.sealed)
    values: dict[str, dict[str, msgspec.Raw]] = {}
    for row in find(connection, tenant, profile_field, keys, columns=columns):
        secret = ring.secret(row["member"], row["key_id"])
        plain = None if secret is None else unseal(secret, row["sealed"], bound_to=row["field"])
        if plain is not None:
            values.setdefault(row["member"], {})[row["field"]] = msgspec.Raw(plain)
    return {
        member: msgspec.json.encode(fields, order="deterministic")
        for member, fields in values.items()
    }
