"""Version 6: who was forgotten, and which tills said that they have done it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0006"
down_revision = "0005"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "erasure",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("member", Text(), primary_key=True),
        Column("op_id", Text(), nullable=False),
        Column("ids", LargeBinary(), nullable=False),
        Column("stores", Text(), nullable=False),
        Column("erased_ms", _WHOLE, nullable=False),
        Column("listed_ms", _WHOLE, nullable=True),
        Column("cleaned_ms", _WHOLE, nullable=True),
        sqlite_strict=True,
    )
    op.create_index("erasure_by_op", "erasure", ["tenant_id", "op_id"])
    op.create_table(
        "erasure_report",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("erasure", Text(), primary_key=True),
        Column("device", Text(), primary_key=True),
        Column("done_ms", _WHOLE, nullable=False),
        Column("was_known", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
