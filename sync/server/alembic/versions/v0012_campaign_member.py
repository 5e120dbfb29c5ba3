"""Version 12: who belongs to a campaign, of those too that were drawn before there was a list."""

from __future__ import annotations

import json

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text, column, insert, table, text

from sync.server.tables import shard_of

revision = "0012"
down_revision = "0011"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_member = table(
    "campaign_member",
    *(column(name, Text()) for name in ("tenant_id", "campaign", "member")),
    column("shard_key", _WHOLE),
    column("is_control", _WHOLE),
)
_DRAWN = text(
    "SELECT tenant_id, data FROM op WHERE kind = 'campaign_drawn.1' AND state = 'counted'"
)  # fmt: skip
ROWS_AT_A_TIME = 500


def upgrade() -> None:
    """The table; every draw is in it once."""
    op.create_table(
        "campaign_member",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("campaign", Text(), primary_key=True),
        Column("member", Text(), primary_key=True),
        Column("is_control", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    connection = op.get_bind()
    rows: dict[tuple[str, str, str], dict[str, object]] = {}
    for tenant, data in connection.execute(_DRAWN):
        said = json.loads(bytes(data))
        for is_control, name in ((0, "chosen"), (1, "control")):
            for member in said.get(name, ()):
                campaign = said["campaign"]
                rows.setdefault(
                    (tenant, campaign, member),
                    {
                        "tenant_id": tenant, "shard_key": shard_of(campaign),
                        "campaign": campaign, "member": member, "is_control": is_control,
                    },
                )  # fmt: skip
    found = list(rows.values())
    for at in range(0, len(found), ROWS_AT_A_TIME):
        connection.execute(insert(_member), found[at : at + ROWS_AT_A_TIME])
