"""Version 8: which stores hear of a complaint."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0008"
down_revision = "0007"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """The table and the index by which a new till is told of its store's cases."""
    op.create_table(
        "complaint_store",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("case_id", Text(), primary_key=True),
        Column("store", Text(), primary_key=True),
        sqlite_strict=True,
    )
    op.create_index("complaint_by_store", "complaint_store", ["tenant_id", "store", "case_id"])
