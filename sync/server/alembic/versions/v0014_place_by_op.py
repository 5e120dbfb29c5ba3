"""Version 14: where else a fact stood is looked up by the fact."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """The index: parting two members asks it for their facts alone."""
    op.create_index("place_by_op", "place", ["tenant_id", "op_id"])
