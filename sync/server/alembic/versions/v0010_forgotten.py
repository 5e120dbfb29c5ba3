"""Version 10: whoever was forgotten before there was a list of them stands in it too."""

from __future__ import annotations

import json
from collections import defaultdict

from alembic import op
from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    LargeBinary,
    Text,
    column,
    insert,
    table,
    text,
)

from sync.server.tables import shard_of

revision = "0010"
down_revision = "0009"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_erasure = table(
    "erasure",
    *(column(name, Text()) for name in ("tenant_id", "member", "op_id", "stores")),
    column("ids", LargeBinary()),
    column("shard_key", _WHOLE),
    column("erased_ms", _WHOLE),
)
_ERASED = text(
    """
    SELECT m.tenant_id, m.member, coalesce(nullif(a.survivor, ''), m.member), m.received_ms
    FROM member m LEFT JOIN account a ON a.tenant_id = m.tenant_id
        AND a.shard_key = m.shard_key AND a.member = m.member
    WHERE m.status = 'erased'
    """
)
_LISTED = text("SELECT tenant_id, ids FROM erasure")
ROWS_AT_A_TIME = 500


def upgrade() -> None:
    """Under the survivor of his ids, as of when he was last heard; no till reports of him."""
    connection = op.get_bind()
    listed = _listed(connection)
    people: dict[tuple[str, str], list[str]] = defaultdict(list)
    since: dict[tuple[str, str], int] = {}
    for tenant, member, survivor, received_ms in connection.execute(_ERASED):
        if (tenant, member) in listed or (tenant, survivor) in listed:
            continue
        people[tenant, survivor].append(member)
        since[tenant, survivor] = max(received_ms, since.get((tenant, survivor), 0))
    rows = [
        {
            "tenant_id": tenant, "shard_key": shard_of(survivor), "member": survivor,
            "op_id": "", "ids": json.dumps(sorted({survivor, *ids})).encode(), "stores": "",
            "erased_ms": since[tenant, survivor],
        }
        for (tenant, survivor), ids in sorted(people.items())
    ]  # fmt: skip
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        connection.execute(insert(_erasure), rows[start : start + ROWS_AT_A_TIME])


def _listed(connection: Connection) -> set[tuple[str, str]]:
    """Tenant and id of everybody an erasure tells of."""
    rows = connection.execute(_LISTED)
    return {(tenant, one) for tenant, ids in rows for one in json.loads(ids)}
