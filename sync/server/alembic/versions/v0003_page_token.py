"""Version 3: links to pages on customers' phones."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0003"
down_revision = "0002"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the index beside its key."""
    op.create_table(
        "page_token",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("token_hash", Text(), primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("store", Text(), nullable=False),
        Column("member", Text(), nullable=True),
        Column("made_ms", _WHOLE, nullable=False),
        Column("ends_ms", _WHOLE, nullable=False),
        Column("used_ms", _WHOLE, nullable=True),
        Column("used_with", Text(), nullable=True),
        Column("tries", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("page_token_by_member", "page_token", ["tenant_id", "member"])
