"""Version 19: what a day of the whole chain is made of is looked up by the day."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """The index; PostgreSQL keeps only which days lie in which part of the table."""
    op.create_index("place_by_day", "place", ["tenant_id", "day"], postgresql_using="brin")
