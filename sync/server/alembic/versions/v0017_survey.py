"""Version 17: answers about purchases, one for each sale."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

revision = "0017"
down_revision = "0016"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    """The table; nobody has answered before."""
    op.create_table(
        "survey_answer",
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        Column("sale", Text(), primary_key=True),
        Column("op_id", Text(), nullable=False),
        Column("store", Text(), nullable=False),
        Column("till", _WHOLE, nullable=False),
        Column("day", Text(), nullable=False),
        Column("score", _WHOLE, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("survey_answer_by_day", "survey_answer", ["tenant_id", "day"])
    op.create_index("survey_answer_by_store", "survey_answer", ["tenant_id", "store", "day"])
