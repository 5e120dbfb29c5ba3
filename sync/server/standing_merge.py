"""Standing merges: who is one person with whom, by the facts alone.

Owns: reading the merges that nobody took back. Does not own: merging and parting (merge.py,
part.py), whose account an id leads to by them (app.domain.merging), the rows that say the same
(folding.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from app.domain.facts import MembersMerged, MembersParted, read_fact
from sync.server import tables as t

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
            t.op.c.state == "counted",  # of a till: a shop on its own, before it was enrolled
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
