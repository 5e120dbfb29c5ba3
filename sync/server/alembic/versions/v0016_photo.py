"""Version 16: pictures beside records, sealed, in parts."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0016"
down_revision = "0015"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """The pictures, their parts, and the index by which old ones are found."""
    op.create_table(
        "photo",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("holder", Text(), primary_key=True),
        Column("photo", Text(), primary_key=True),
        Column("about", Text(), nullable=False),
        Column("device", Text(), nullable=False),
        Column("key_id", Text(), nullable=False),
        Column("size", _WHOLE, nullable=False),
        Column("sha256", LargeBinary(), nullable=False),
        Column("have", _WHOLE, nullable=False),
        Column("begun_ms", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("photo_by_age", "photo", ["tenant_id", "begun_ms"])
    op.create_table(
        "photo_part",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("holder", Text(), primary_key=True),
        Column("photo", Text(), primary_key=True),
        Column("at", _WHOLE, primary_key=True, autoincrement=False),
        Column("data", LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
