"""Version 7: messages to members, waiting and sent."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

revision = "0007"
down_revision = "0006"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """The table and the index by which the next ones are found."""
    op.create_table(
        "message",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("member", Text(), primary_key=True),
        Column("message", Text(), primary_key=True),
        Column("kind", Text(), nullable=False),
        Column("campaign", Text(), nullable=True),
        Column("variables", LargeBinary(), nullable=True),
        Column("state", Text(), nullable=False),
        Column("why", Text(), nullable=False),
        Column("made_ms", _WHOLE, nullable=False),
        Column("due_ms", _WHOLE, nullable=False),
        Column("ends_ms", _WHOLE, nullable=False),
        Column("tries", _WHOLE, nullable=False),
        Column("channel", Text(), nullable=True),
        Column("language", Text(), nullable=True),
        Column("claim", Text(), nullable=True),
        Column("claimed_ms", _WHOLE, nullable=True),
        Column("batch", Text(), nullable=True),
        Column("sent_ms", _WHOLE, nullable=True),
        sqlite_strict=True,
    )
    op.create_index("message_by_due", "message", ["tenant_id", "state", "due_ms"])
    op.create_index("message_by_campaign", "message", ["tenant_id", "campaign"])
