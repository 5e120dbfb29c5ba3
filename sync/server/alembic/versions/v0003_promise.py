"""Version 3: reservations and grants found by their ids."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """The indexes beside the keys."""
    op.create_index("reservation_by_id", "reservation", ["tenant_id", "reservation"])
    op.create_index("grant_by_id", "grant_given", ["tenant_id", "grant_id"])
