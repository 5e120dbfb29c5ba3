"""Version 9: what the chain's facts add up to, and whoever was merged found by an index."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text, text

revision = "0009"
down_revision = "0008"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_MERGED = text("survivor <> member")


def upgrade() -> None:
    """The tables, and the index of merged members."""
    _table("figure_cursor", "device", epochs=True, wholes=("counted",))
    _table("figure_due", "op_id")
    _table("figure_sum", "store", "till", "day", "name", wholes=("amount",))
    op.create_index("figure_sum_by_day", "figure_sum", ["tenant_id", "day"])
    visits = ("sales", "paid_minor", "back_minor", "returned", "joined")
    _table("figure_visit", "member", "day", "store", "till", wholes=visits)
    op.create_index("figure_visit_by_day", "figure_visit", ["tenant_id", "day"])
    _table("figure_alias", "member", texts=("person",))
    days = ("first_day", "last_day", "contact_day")
    _table("figure_person", "person", optional=days, texts=("months",))
    op.create_index("figure_person_by_first", "figure_person", ["tenant_id", "first_day"])
    cells = ("active", "repeated", "paid_minor", "back_minor")
    _table("figure_cohort", "cohort", "month", wholes=cells)
    _table("figure_withdrawal", "member")
    op.create_table(
        "figure_segment",
        *_keys("segment", "page"),
        Column("as_of", Text(), nullable=False),
        Column("members", _WHOLE, nullable=False),
        Column("silent", _WHOLE, nullable=False),
        Column("people", LargeBinary(), nullable=False),
        sqlite_strict=True,
    )
    op.create_index(
        "account_merged",
        "account",
        ["tenant_id", "member"],
        sqlite_where=_MERGED,
        postgresql_where=_MERGED,
    )


def _keys(*names: str) -> list[Column[str] | Column[int]]:
    return [
        Column("tenant_id", Text(), primary_key=True),
        Column("shard_key", _WHOLE, primary_key=True, autoincrement=False),
        *(Column(name, Text(), primary_key=True) for name in names),
    ]


def _table(
    name: str,
    *keys: str,
    epochs: bool = False,
    optional: tuple[str, ...] = (),
    texts: tuple[str, ...] = (),
    wholes: tuple[str, ...] = (),
) -> None:
    last = [Column("epoch", _WHOLE, primary_key=True, autoincrement=False)] if epochs else []
    op.create_table(
        name,
        *_keys(*keys),
        *last,
        *(Column(each, Text(), nullable=True) for each in optional),
        *(Column(each, Text(), nullable=False) for each in texts),
        *(Column(each, _WHOLE, nullable=False) for each in wholes),
        sqlite_strict=True,
    )
