"""The other side of a finding: which fact of another till it collided with, told to this one.

Owns: finding that fact, and naming its shop, till, moment, receipt and points among the values of
the finding, so that a manager reads both stories without asking anybody. Does not own: findings
(overdraft.py, settlement.py, ...), the whole story that head office keeps (exception_case.py).
Only codes, numbers and names of shops: never personal data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from app.domain.facts import NotAFact, UnknownFact, read_fact
from app.domain.ids import OpId
from sync.server import tables as t
from sync.server.device import Device, read_device
from sync.server.exception_case import Finding, all_ids
from sync.server.rows import find
from sync.server.sender import SERVER_DEVICE
from sync.server.tables import shard_of

_NAMED_IN = {
    "coupon_used_twice": "sales", "occasion_given_twice": "facts", "pass_used_twice": "facts",
}  # fmt: skip
"""Kinds whose finding names all facts that share something, and the value they stand in."""
LOOKED_AT_MAX = 40


def with_other_side(
    connection: Connection, tenant: str, device: str, found: Sequence[Finding]
) -> list[Finding]:
    """The same findings; each that a fact of another device explains names that one as `other_*`.

    Before the facts of this push are written: what is found is what was known before.
    """
    return [_told(connection, tenant, device, each) for each in found]


def _told(connection: Connection, tenant: str, device: str, finding: Finding) -> Finding:
    for op_id in _candidates(connection, tenant, finding):
        row = _op(connection, tenant, op_id)
        if row is not None and row["device"] not in (device, SERVER_DEVICE):
            other = _values(connection, tenant, row, finding)
            return replace(finding, text=(*finding.text, *other))
    return finding


def _candidates(connection: Connection, tenant: str, finding: Finding) -> list[OpId]:
    """Facts that may be the other side, the likeliest first."""
    said = dict(finding.text)
    if finding.kind in _NAMED_IN:
        named = said[_NAMED_IN[finding.kind]].split()
        return [each for each in reversed(named) if each != finding.op_id]
    if finding.kind == "piece_refunded_twice":
        return _refunds_of(connection, tenant, said["sale"], finding.op_id)
    if finding.kind == "overdraft":
        return _spending(connection, tenant, finding.subject, finding.op_id)
    return []


def _refunds_of(connection: Connection, tenant: str, sale: str, own: OpId) -> list[OpId]:
    link = t.link.c
    asked = (
        select(link.op_id)
        .where(link.tenant_id == tenant, link.shard_key == shard_of(sale), link.sale == sale)
        .where(link.kind.like("refund%"), link.op_id != own)
        .order_by(link.op_id.desc())
        .limit(LOOKED_AT_MAX)
    )
    return list(connection.execute(asked).scalars())


def _spending(connection: Connection, tenant: str, member: str, own: OpId) -> list[OpId]:
    """What took points from this person under any of his ids, the newest first."""
    row, ids = t.ledger.c, all_ids(connection, tenant, member)
    asked = (
        select(row.op_id)
        .where(row.tenant_id == tenant, row.shard_key.in_([shard_of(each) for each in ids]))
        .where(row.member.in_(ids))
        .where((row.spent != 0) | (row.taken_back != 0), row.op_id != own)
        .order_by(row.op_id.desc())
        .limit(LOOKED_AT_MAX)
    )
    return list(connection.execute(asked).scalars())


def _op(connection: Connection, tenant: str, op_id: OpId) -> dict[str, Any] | None:
    rows = find(connection, tenant, t.op, [{"shard_key": shard_of(op_id), "op_id": op_id}])
    return rows[0] if rows else None


def _values(
    connection: Connection, tenant: str, row: dict[str, Any], finding: Finding
) -> tuple[tuple[str, str], ...]:
    told = {"other_day": row["day"], "other_receipt": row["receipt"] or ""}
    device = read_device(connection, tenant, row["device"])
    if isinstance(device, Device):
        told |= {"other_store": device.store_name, "other_till": str(device.till_number)}
    fact = None if row["data"] is None else read_fact(row["data"])
    if fact is not None and not isinstance(fact, NotAFact | UnknownFact):
        told["other_at"] = str(fact.clock.wall_ms)
    points = _points_taken(connection, tenant, row["op_id"], finding)
    if points:
        told["other_points"] = str(points)
    return tuple((name, value) for name, value in told.items() if value)


def _points_taken(connection: Connection, tenant: str, op_id: OpId, finding: Finding) -> int:
    if finding.kind != "overdraft":
        return 0
    ids = all_ids(connection, tenant, finding.subject)
    keys = [{"shard_key": shard_of(each), "member": each, "op_id": op_id} for each in ids]
    rows = find(connection, tenant, t.ledger, keys)
    return int(rows[0]["spent"] or rows[0]["taken_back"]) if rows else 0
