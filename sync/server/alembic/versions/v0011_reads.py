"""Version 11: what the till that asked for a snapshot reads."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, Text

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """One column; who asked before is told in the shapes of before."""
    op.add_column("snapshot", Column("reads", Text(), nullable=False, server_default=""))
