"""Version 5: points spent by floor limit since a till had said everything."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0005"
down_revision = "0004"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """One table, one column."""
    op.add_column("device_head", Column("drained", _WHOLE, nullable=True))
    op.create_table(
        "floor_spent",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("device", Text(), primary_key=True),
        Column("epoch", _WHOLE, primary_key=True, autoincrement=False),
        Column("member", Text(), primary_key=True),
        Column("dseq", _WHOLE, nullable=False),
        Column("points", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
