"""Standing merges: who is one person with whom, by the facts alone.

Owns: reading the merges that nobody took back, and whose account each id leads to by them. Does not
own: merging and parting (merge.py, part.py), the account rows that say the same (folding.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.facts import MembersMerged, MembersParted, read_fact
from sync.server import tables as t
from sync.server.sender import SERVER_DEVICE

MERGED = str(MembersMerged.__struct_config__.tag)
PARTED = str(MembersParted.__struct_config__.tag)


@dataclass(frozen=True, slots=True)
class Standing:
    """A merge that nobody took back, and when it was written."""

    fact: MembersMerged
    received_ms: int


def standing_merges(connection: Connection, tenant: str) -> list[Standing]:
    """In the order in which they were written."""
    rows = connection.execute(
        select(t.op.c.data, t.op.c.received_ms)
        .where(
            t.op.c.tenant_id == tenant,
            t.op.c.kind.in_((MERGED, PARTED)),
            t.op.c.device == SERVER_DEVICE,
        )
        .order_by(t.op.c.received_ms, t.op.c.op_id)
    ).all()
    facts = [(read_fact(row.data), row.received_ms) for row in rows]
    undone = {fact.merge for fact, _ in facts if isinstance(fact, MembersParted)}
    return [
        Standing(fact, received_ms)
        for fact, received_ms in facts
        if isinstance(fact, MembersMerged) and fact.op_id not in undone
    ]


def survivors_by(merges: Iterable[MembersMerged]) -> dict[str, str]:
    """Whose account each merged id leads to: of those who are one the smallest."""
    survivors: dict[str, str] = {}

    def root(member: str) -> str:
        while member in survivors:
            member = survivors[member]
        return member

    for fact in merges:
        kept, *gone = sorted({root(fact.member or ""), root(fact.into)})
        survivors |= dict.fromkeys(gone, kept)
    return {member: root(member) for member in survivors}
