"""Version 4: reservations and grants found by their ids, working sets by store, snapshots."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0004"
down_revision = "0003"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """The indexes beside the keys, and the table of snapshots."""
    op.create_index("reservation_by_id", "reservation", ["tenant_id", "reservation"])
    op.create_index("grant_by_id", "grant_given", ["tenant_id", "grant_id"])
    op.create_index("member_by_store", "member_store", ["tenant_id", "store", "member"])
    op.create_table(
        "snapshot",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("device", Text(), primary_key=True),
        Column("snapshot", Text(), primary_key=True),
        Column("store", Text(), nullable=False),
        Column("state", Text(), nullable=False),
        Column("public", LargeBinary(), nullable=False),
        Column("asked_ms", _WHOLE, nullable=False),
        Column("claimed_ms", _WHOLE, nullable=False),
        Column("made", LargeBinary(), nullable=True),
        sqlite_strict=True,
    )
