"""The other side of a finding: which fact of another till it collided with, told to both.

Owns: finding that fact, and naming shop, till, moment, receipt and points of either side among the
values of the finding, so that a manager reads both stories at whichever till he stands. Does not
own: findings (overdraft.py, settlement.py, ...), who is told (news.py), the whole story that head
office keeps (exception_case.py). Only codes, numbers and names of shops: never personal data.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from app.domain.agreement import points_moved
from app.domain.facts import NotAFact, UnknownFact, read_fact
from app.domain.ids import OpId
from app.domain.refund_fact import FirstRefundRecorded, RefundRecorded
from sync.server import tables as t
from sync.server.copied_op import said_id
from sync.server.device import Device, read_device
from sync.server.exception_case import HAVE_OTHER_SIDE, Finding, all_ids
from sync.server.hearing import Heard
from sync.server.rows import find
from sync.server.sender import SERVER_DEVICE
from sync.server.tables import shard_of

_NAMED_IN = {
    "coupon_used_twice": "sales", "occasion_given_twice": "facts", "pass_used_twice": "facts",
}  # fmt: skip
"""Kinds whose finding names all facts that share something, and the value they stand in."""
LOOKED_AT_MAX = 40


@dataclass(frozen=True, slots=True)
class _Side:
    """One fact as a person is told of it. `taken`: points it took from its member."""

    op_id: OpId
    device: str
    day: str
    receipt: str
    at_ms: int | None
    taken: int
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class _Sides:
    """Where sides are looked for: what was known before, and what comes with this push."""

    connection: Connection
    tenant: str
    fresh: Mapping[OpId, _Side]
    refunds: Mapping[OpId, Sequence[OpId]]
    """Those of the push by their sale."""


def with_other_side(
    connection: Connection,
    tenant: str,
    device: str,
    heard: Sequence[Heard],
    found: Sequence[Finding],
) -> list[Finding]:
    """The same findings; each that facts of two devices explain names both as `own_*`, `other_*`.

    Before the facts of this push are written: what is found is what was known before. `heard`: the
    fresh ones, of this device.
    """
    if not any(each.kind in HAVE_OTHER_SIDE for each in found):
        return list(found)
    refunds: dict[OpId, list[OpId]] = {}
    for each in heard:
        if isinstance(each.fact, FirstRefundRecorded | RefundRecorded):
            refunds.setdefault(each.fact.sale, []).append(each.op.op_id)
    fresh = {each.op.op_id: _of_heard(each, device) for each in heard}
    sides = _Sides(connection, tenant, fresh, refunds)
    return [_told(sides, each) if each.kind in HAVE_OTHER_SIDE else each for each in found]


def _told(sides: _Sides, finding: Finding) -> Finding:
    own = _side(sides, finding.op_id)
    for op_id in _candidates(sides, finding):
        other = _side(sides, op_id)
        if other is None or not _is_another(own, other, finding):
            continue
        text = dict(finding.text) | _values(sides, "other_", other, finding)
        if own is not None and own.device != SERVER_DEVICE and other.is_counted:
            text |= _values(sides, "own_", own, finding)
            text |= {"own_op": own.op_id, "other_op": other.op_id}
        return replace(finding, text=tuple(text.items()))
    return finding


def _is_another(own: _Side | None, other: _Side, finding: Finding) -> bool:
    """Whether somebody else wrote it. A copied machine may go by the same name."""
    if other.device == SERVER_DEVICE:
        return False
    return finding.kind == "copied_sale" or own is None or own.device != other.device


def _candidates(sides: _Sides, finding: Finding) -> Iterator[OpId]:
    """Facts that may be the other side, the likeliest first."""
    said = dict(finding.text)
    if finding.kind in _NAMED_IN:
        named = reversed(said[_NAMED_IN[finding.kind]].split())
    elif finding.kind == "copied_sale":
        named = iter([said_id(finding.op_id)])
    elif finding.kind == "piece_refunded_twice":
        yield from sides.refunds.get(said["sale"], ())
        named = iter(_refunds_of(sides, said["sale"], finding.op_id))
    else:
        named = iter(_spending(sides, finding.subject, finding.op_id))
    yield from (each for each in named if each != finding.op_id)


def _refunds_of(sides: _Sides, sale: str, own: OpId) -> list[OpId]:
    link = t.link.c
    asked = (
        select(link.op_id)
        .where(link.tenant_id == sides.tenant, link.shard_key == shard_of(sale), link.sale == sale)
        .where(link.kind.like("refund%"), link.op_id != own)
        .order_by(link.op_id.desc())
        .limit(LOOKED_AT_MAX)
    )
    return list(sides.connection.execute(asked).scalars())


def _spending(sides: _Sides, member: str, own: OpId) -> list[OpId]:
    """What took points from this person under any of his ids, the newest first."""
    row, ids = t.ledger.c, all_ids(sides.connection, sides.tenant, member)
    asked = (
        select(row.op_id)
        .where(row.tenant_id == sides.tenant, row.shard_key.in_([shard_of(each) for each in ids]))
        .where(row.member.in_(ids))
        .where((row.spent != 0) | (row.taken_back != 0), row.op_id != own)
        .order_by(row.op_id.desc())
        .limit(LOOKED_AT_MAX)
    )
    return list(sides.connection.execute(asked).scalars())


# ------------------------------------------------------------------ one side


def _side(sides: _Sides, op_id: OpId) -> _Side | None:
    if op_id in sides.fresh:
        return sides.fresh[op_id]
    keys = [{"shard_key": shard_of(op_id), "op_id": op_id}]
    for row in find(sides.connection, sides.tenant, t.op, keys):
        return _of_row(row)
    return None


def _of_heard(heard: Heard, device: str) -> _Side:
    at_ms = None if heard.clock is None else heard.clock.wall_ms
    moved = points_moved(heard.kind, heard.effects)
    return _Side(
        heard.op.op_id, device, heard.day.isoformat(), heard.code or "", at_ms,
        moved.spent or moved.taken_back, heard.state == "counted",
    )  # fmt: skip


def _of_row(row: Mapping[str, Any]) -> _Side:
    fact = None if row["data"] is None else read_fact(row["data"])
    at_ms, taken = None, 0
    if fact is not None and not isinstance(fact, NotAFact | UnknownFact):
        moved = points_moved(row["kind"], fact.effects)
        at_ms, taken = fact.clock.wall_ms, moved.spent or moved.taken_back
    return _Side(
        row["op_id"], row["device"], row["day"], row["receipt"] or "", at_ms, taken,
        row["state"] == "counted",
    )  # fmt: skip


def _values(sides: _Sides, prefix: str, side: _Side, finding: Finding) -> dict[str, str]:
    told = {"day": side.day, "receipt": side.receipt}
    device = read_device(sides.connection, sides.tenant, side.device)
    if isinstance(device, Device):
        told |= {"store": device.store_name, "till": str(device.till_number)}
    if side.at_ms is not None:
        told["at"] = str(side.at_ms)
    if side.taken and finding.kind == "overdraft":
        told["points"] = str(side.taken)
    return {f"{prefix}{name}": value for name, value in told.items() if value}
