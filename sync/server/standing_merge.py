"""Standing merges: who is one person with whom, by the facts alone.

Owns: reading the merges that nobody took back. Does not own: merging and parting (merge.py,
part.py), whose account an id leads to by them (app.domain.merging), the rows that say the same
(folding.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from app.domain.facts import MembersMerged, MembersParted, read_fact
from sync.server import tables as t
from sync.server.rows import find

MERGED = str(MembersMerged.__struct_config__.tag)
PARTED = str(MembersParted.__struct_config__.tag)
COUNTED = "counted"
"""Of a till: a shop on its own, before it was enrolled."""
_COLUMNS = (t.op.c.op_id, t.op.c.data, t.op.c.received_ms)


@dataclass(frozen=True, slots=True)
class Standing:
    """A merge that nobody took back, and when it was written."""

    fact: MembersMerged
    received_ms: int


def standing_merges(connection: Connection, tenant: str) -> list[Standing]:
    """In the order in which they were written; everybody's. It walks through all facts: for a
    rebuild, which does that anyway."""
    rows = connection.execute(
        select(t.op.c.data, t.op.c.received_ms)
        .where(
            t.op.c.tenant_id == tenant,
            t.op.c.kind.in_((MERGED, PARTED)),
            t.op.c.state == COUNTED,
        )
        .order_by(t.op.c.received_ms, t.op.c.op_id)
    ).all()
    return _standing([(read_fact(row.data), row.received_ms) for row in rows])


def standing_merges_of(connection: Connection, tenant: str, ids: Iterable[str]) -> list[Standing]:
    """Those of a person by all his ids, in the order in which they were written, and maybe of who
    was one with him once. By the index, for all who push wait for it.

    Everybody whom such a fact names is asked for, too: what took a merge back may stand under the
    id of somebody who is another by now.
    """
    found: list[dict[str, Any]] = []
    asked, new = set[str](), {*ids}
    while new:
        keys = [
            {"member": each, "kind": kind, "state": COUNTED}
            for each in sorted(new)
            for kind in (MERGED, PARTED)
        ]
        rows = find(connection, tenant, t.op, keys, columns=_COLUMNS)
        asked |= new
        new = {each for row in rows for each in _named(read_fact(row["data"]))} - asked
        found += rows
    found.sort(key=lambda row: (row["received_ms"], row["op_id"]))
    return _standing([(read_fact(row["data"]), row["received_ms"]) for row in found])


def _named(fact: object) -> tuple[str, ...]:
    if isinstance(fact, MembersMerged):
        return (fact.into,)
    return (fact.parted_from,) if isinstance(fact, MembersParted) else ()


def _standing(facts: Sequence[tuple[object, int]]) -> list[Standing]:
    undone = {fact.merge for fact, _ in facts if isinstance(fact, MembersParted)}
    return [
        Standing(fact, received_ms)
        for fact, received_ms in facts
        if isinstance(fact, MembersMerged) and fact.op_id not in undone
    ]
