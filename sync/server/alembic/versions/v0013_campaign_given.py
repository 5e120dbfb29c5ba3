"""Version 13: coupons and takings of what campaigns gave, of the sales before they were counted."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from alembic import op
from sqlalchemy import Connection, LargeBinary, bindparam, text

revision = "0013"
down_revision = "0012"

_KEPT = text("SELECT tenant_id, name FROM server_state WHERE name LIKE 'given\\:%'")
_WITH_SIGN = {
    "sqlite": "instr(data, :sign) > 0",
    "postgresql": "position(CAST(:sign AS bytea) IN data) > 0",
}
_SALES = """
SELECT tenant_id, op_id, data FROM op
WHERE kind LIKE 'sale_recorded.%' AND state = 'counted' AND op_id NOT LIKE '%+%' AND
"""
"""Without the copies of copied machines: those are counted nowhere."""
_WAITING = text(
    """
    SELECT f.tenant_id, f.ref FROM feed f LEFT JOIN consumer c ON c.tenant_id = f.tenant_id
        AND c.shard_key = f.shard_key AND c.stream = f.stream AND c.name = 'price_check'
    WHERE f.kind = 'fact' AND (f.stream LIKE 'store\\:%' OR f.stream = 'returns')
        AND f.at > coalesce(c.position, 0)
    """
)
_PUT = text("UPDATE server_state SET value = :value WHERE tenant_id = :tenant AND name = :name")
_SIGN = "camp-"
ROWS_AT_A_TIME = 500


def upgrade() -> None:
    """Each added up anew from the sales that were looked at; the others add themselves later."""
    connection = op.get_bind()
    kept = {(tenant, name) for tenant, name in connection.execute(_KEPT)}
    if not kept:
        return
    waiting = {(tenant, ref) for tenant, ref in connection.execute(_WAITING)}
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for tenant, op_id, data in _sales(connection):
        if (tenant, op_id) not in waiting:
            for offer, one in _given(json.loads(bytes(data))):
                held = sums[tenant, f"given:{offer}"]
                held[:] = [before + more for before, more in zip(held, one, strict=True)]
    rows = [
        {"tenant": tenant, "name": name, "value": json.dumps(sums[tenant, name])}
        for tenant, name in sorted(kept)
    ]
    connection.execute(_PUT, rows)


def _sales(connection: Connection) -> Iterator[Any]:
    """Those that name a campaign, a few at a time: a chain has more than memory holds."""
    words = text(_SALES + _WITH_SIGN[connection.dialect.name])
    words = words.bindparams(bindparam("sign", type_=LargeBinary))
    said, few = {"sign": f'"{_SIGN}'.encode()}, {"yield_per": ROWS_AT_A_TIME}
    yield from connection.execute(words, said, execution_options=few)


def _given(sale: dict[str, Any]) -> Iterator[tuple[str, tuple[int, int, int, int]]]:
    """Of each offer in a sale: one sale, how much off, how many coupons, what the sale brought."""
    changes = list(sale.get("adjustments", ()))
    for line in sale["lines"]:
        changes += line.get("adj", ())
    for offer in {each["rule"] for each in changes if each["rule"].startswith(_SIGN)}:
        mine = [each for each in changes if each["rule"] == offer]
        cost = -sum(each["amount"] for each in mine)
        coupons = {each["coupon"] for each in mine if each.get("coupon") is not None}
        yield offer, (1, cost, len(coupons), sale["total_minor"])
