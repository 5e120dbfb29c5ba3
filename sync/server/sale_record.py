"""A sale and its refunds, read back from the facts as kept.

Owns: that reading. Does not own: what it means (app.domain.settlement), taking facts in.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from app.domain.facts import (
    SALE_KINDS,
    AnyRefund,
    Fact,
    FirstRefundRecorded,
    RefundRecorded,
    ReturnRecorded,
    SaleRecorded,
    read_fact,
)
from sync.server import tables as t
from sync.server.rows import find
from sync.server.tables import shard_of

RETURNS = "returns"
"""The stream of what is read on this side only: returns that know their sale by its number alone,
and who joined."""


def sale_of(connection: Connection, tenant: str, sale: str) -> SaleRecorded | None:
    """The sale of this id, where it counts."""
    found = _counted(connection, tenant, [sale])
    fact = found[0] if found else None
    return fact if isinstance(fact, SaleRecorded) else None


def refunds_of(connection: Connection, tenant: str, sale: str) -> list[AnyRefund]:
    """Every refund of a sale that counts."""
    links = find(connection, tenant, t.link, [{"shard_key": shard_of(sale), "sale": sale}])
    facts = _counted(connection, tenant, [link["op_id"] for link in links])
    return [each for each in facts if isinstance(each, FirstRefundRecorded | RefundRecorded)]


def receipt_name(code: str) -> str:
    """What returns are linked to that know their sale by its receipt number alone."""
    return f"receipt:{code}"


def returns_of(connection: Connection, tenant: str, code: str) -> list[ReturnRecorded]:
    """Every return without a receipt that names this number and counts."""
    name = receipt_name(code)
    links = find(connection, tenant, t.link, [{"shard_key": shard_of(name), "sale": name}])
    facts = _counted(connection, tenant, [link["op_id"] for link in links])
    return [each for each in facts if isinstance(each, ReturnRecorded)]


def sales_with(connection: Connection, tenant: str, codes: Iterable[str]) -> set[str]:
    """The sales of these receipt numbers, where they are known."""
    rows = find(connection, tenant, t.op, [{"receipt": each} for each in sorted(set(codes))])
    return {row["op_id"] for row in rows if row["kind"] in SALE_KINDS}


def _counted(connection: Connection, tenant: str, op_ids: list[str]) -> list[Fact]:
    keys = [
        {"shard_key": shard_of(each), "op_id": each, "state": "counted"}
        for each in sorted(set(op_ids))
    ]
    rows = find(connection, tenant, t.op, keys, columns=(t.op.c.data,))
    facts = [read_fact(row["data"]) for row in rows]
    return [each for each in facts if isinstance(each, Fact.__args__)]
