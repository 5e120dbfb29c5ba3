"""Keys of members' personal data: taken from tills, kept wrapped, handed to tills.

Owns: the member_key table. Does not own: the cipher (sealing.py), what is sealed (member.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from app.domain.facts import Sealed
from sync.protocol import MemberKey
from sync.server.rows import find, put
from sync.server.sealing import seal, unseal
from sync.server.sender import House
from sync.server.tables import erasure, member, member_key, shard_of

SECRET_LENGTH = 32


def keep_keys(connection: Connection, tenant: str, keys: Sequence[MemberKey], house: House) -> None:
    """Keep keys that are not known yet. The first one under an id stands; a destroyed one too.

    Of somebody who was erased none is kept, whatever comes late; nor of a complaint that was.
    """
    gone = erased_of(connection, tenant, {key.member for key in keys})
    rows = {
        (key.member, key.key_id): {
            "shard_key": shard_of(key.member),
            "member": key.member,
            "key_id": key.key_id,
            "wrapped": None
            if key.member in gone
            else seal(
                house.server_key, key.secret, bound_to=_binding(tenant, key.member, key.key_id)
            ),
        }
        for key in keys
        if len(key.secret) == SECRET_LENGTH
    }
    put(connection, tenant, member_key, [row for _, row in sorted(rows.items())], "ignore")


def erased_of(connection: Connection, tenant: str, members: Iterable[str]) -> set[str]:
    """Which of these members (or complaints of nobody's member) were forgotten."""
    keys = [
        {"shard_key": shard_of(each), "member": each, "status": "erased"}
        for each in sorted(set(members))
    ]
    rows = find(connection, tenant, member, keys, columns=(member.c.member,))
    asked = [{name: key[name] for name in ("shard_key", "member")} for key in keys]
    listed = find(connection, tenant, erasure, asked, columns=(erasure.c.member,))
    return {row["member"] for row in (*rows, *listed)}


def _binding(tenant: str, member: str, key_id: str) -> str:
    return f"{tenant}\0{member}\0{key_id}"


@dataclass(frozen=True)
class KeyRing:
    """The keys of some members, unwrapped for one piece of work."""

    keys: tuple[MemberKey, ...]

    def secret(self, member: str, key_id: str) -> bytes | None:
        """None where it was destroyed or never came."""
        found = (key.secret for key in self.of(member) if key.key_id == key_id)
        return next(found, None)

    def of(self, member: str) -> tuple[MemberKey, ...]:
        """All keys of one member."""
        return tuple(self._by_member.get(member, ()))

    @cached_property
    def _by_member(self) -> dict[str, list[MemberKey]]:
        """A till pulls a hundred members at once: nobody looks through all keys for each."""
        found: dict[str, list[MemberKey]] = {}
        for key in self.keys:
            found.setdefault(key.member, []).append(key)
        return found

    def open(self, member: str, sealed: Sealed) -> bytes | None:
        """What a till sealed in a fact; None where it cannot be read any more."""
        secret = self.secret(member, sealed.key)
        if secret is None:
            return None
        return unseal(secret, sealed.nonce + sealed.ciphertext, bound_to=sealed.key)


def key_ring(connection: Connection, tenant: str, members: Iterable[str], house: House) -> KeyRing:
    """The keys of these members that were not destroyed."""
    wanted = [{"shard_key": shard_of(each), "member": each} for each in sorted(set(members))]
    columns = (member_key.c.member, member_key.c.key_id, member_key.c.wrapped)
    keys = []
    for row in find(connection, tenant, member_key, wanted, columns=columns):
        if row["wrapped"] is None:
            continue
        binding = _binding(tenant, row["member"], row["key_id"])
        secret = unseal(house.server_key, row["wrapped"], bound_to=binding)
        if secret is not None:
            keys.append(MemberKey(member=row["member"], key_id=row["key_id"], secret=secret))
    return KeyRing(tuple(sorted(keys, key=lambda key: (key.member, key.key_id))))
