"""Merges and partings as tills ask for them: judged with the push, carried out behind it.

Owns: which requests are refused and why, and doing the others; following what a shop on its own had
done before it was enrolled. Does not own: merging and parting (merge.py, part.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection

from app.domain.facts import MemberJoined, MembersMerged, MembersParted
from app.domain.ids import OpId
from app.domain.merge_fact import MergeRequested, PartRequested
from sync.protocol import Refusal
from sync.server import tables as t
from sync.server.head_office import Office, Said
from sync.server.hearing import Heard
from sync.server.member import has_account
from sync.server.merge import follow_merge, merge_members
from sync.server.part import follow_parting, part_members
from sync.server.rows import find
from sync.server.sender import House, Sender
from sync.server.tables import shard_of


def decide_merges(
    connection: Connection, tenant: str, fresh: Sequence[Heard], refusals: dict[OpId, Refusal]
) -> None:
    """Mark those requests of a push that cannot be done, and say why."""
    joined = {each.member for each in fresh if isinstance(each.fact, MemberJoined)}
    for each in fresh:
        if each.state != "counted" or not isinstance(each.fact, MergeRequested | PartRequested):
            continue
        asked = each.fact
        ids = (asked.member or "", asked.other)
        refusal = _unknown(connection, tenant, [one for one in ids if one not in joined])
        refusal = refusal or _not_active(connection, tenant, ids)
        if refusal is None and isinstance(asked, MergeRequested) and ids[0] == ids[1]:
            refusal = Refusal(code="merge_same", fields={"member": ids[0]})
        if refusal is not None:
            each.state = "rejected"
            refusals[each.op.op_id] = refusal


def _unknown(connection: Connection, tenant: str, ids: Sequence[str]) -> Refusal | None:
    for each in ids:
        if not has_account(connection, tenant, each):
            return Refusal(code="merge_unknown", fields={"member": each})
    return None


def _not_active(connection: Connection, tenant: str, ids: Sequence[str]) -> Refusal | None:
    """Nobody who is frozen or forgotten, under whatever id of his, is merged or parted."""
    keys = [{"shard_key": shard_of(each), "member": each} for each in ids]
    columns = (t.account.c.member, t.account.c.survivor)
    roots = [row["survivor"] for row in find(connection, tenant, t.account, keys, columns=columns)]
    wanted = sorted({*ids, *roots})
    keys = [{"shard_key": shard_of(each), "member": each} for each in wanted]
    for row in find(connection, tenant, t.member, keys):
        if row["status"] != "active":
            return Refusal(code=f"merge_{row['status']}", fields={"member": row["member"]})
    return None


def carry_out_merges(
    connection: Connection, sender: Sender, heard: Iterable[Heard], now_ms: int, house: House
) -> None:
    """After everything else of a push is written: it may hold the joins of both."""
    at = Office(connection, sender.tenant, now_ms, house)
    for each in heard:
        if each.state != "counted":
            continue
        match each.fact:
            case MergeRequested(member=str(member), other=other) as asked:
                merge_members(at, member, other, Said(asked.staff or sender.device, asked.reason))
            case PartRequested(member=str(member), other=other) as asked:
                part_members(at, member, other, Said(asked.staff or sender.device, asked.reason))
            case MembersMerged() as merged:
                follow_merge(at, merged)
            case MembersParted() as parted:
                follow_parting(at, parted)
            case _:
                pass
