"""A sale and its refunds, read back from the facts as kept.

Owns: that reading. Does not own: what it means (app.domain.settlement), taking facts in.
"""

from __future__ import annotations

from sqlalchemy import Connection

from app.domain.facts import (
    AnyRefund,
    Fact,
    FirstRefundRecorded,
    RefundRecorded,
    SaleRecorded,
    read_fact,
)
from sync.server import tables as t
from sync.server.rows import find
from sync.server.tables import shard_of


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


def _counted(connection: Connection, tenant: str, op_ids: list[str]) -> list[Fact]:
    keys = [
        {"shard_key": shard_of(each), "op_id": each, "state": "counted"}
        for each in sorted(set(op_ids))
    ]
    rows = find(connection, tenant, t.op, keys, columns=(t.op.c.data,))
    facts = [read_fact(row["data"]) for row in rows]
    return [each for each in facts if isinstance(each, Fact.__args__)]
