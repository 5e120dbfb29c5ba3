"""Keys of complaints: a case without a member is sealed under a key of its own, which goes along.

Owns: adding it to the facts that tills hear. Does not own: keeping keys (member_keys.py), the keys
of members (they come with the member), streams (feed.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection

from sync.protocol import FactKnown, SealedFactKnown
from sync.server.member_keys import key_ring
from sync.server.sender import House

SEALED = str(SealedFactKnown.__struct_config__.tag)
"""Only who says that he reads it (protocol.READS) is told so; others hear the bare fact."""
_BEGINS = b'{"kind":"complaint_'


def with_keys(
    connection: Connection, tenant: str, facts: Mapping[str, FactKnown], house: House
) -> dict[str, FactKnown | SealedFactKnown]:
    """Facts of cases without a member with the key their words are sealed under."""
    holders = {
        op_id: holder
        for op_id, fact in facts.items()
        if fact.data.startswith(_BEGINS) and (holder := _key_holder(fact.data))
    }
    if not holders:
        return dict(facts)
    ring = key_ring(connection, tenant, holders.values(), house)
    return {
        op_id: fact
        if op_id not in holders
        else SealedFactKnown(fact=fact, keys=ring.of(holders[op_id]))
        for op_id, fact in facts.items()
    }


class _Named(msgspec.Struct):
    op_id: str
    case: str | None = None
    member: str | None = None


_NAMED = msgspec.json.Decoder(_Named)


def _key_holder(data: bytes) -> str | None:
    """The case itself; None where its member's key serves."""
    named = _NAMED.decode(data)
    return None if named.member is not None else named.case or named.op_id
