"""Version 15: the list of the chain's members in its two orders, by an index each."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Who bought last, and who joined last."""
    last = ["tenant_id", "last_day", "person"]
    op.create_index("figure_person_by_last", "figure_person", last)
    op.create_index("member_by_newest", "member", ["tenant_id", "received_ms", "member"])
