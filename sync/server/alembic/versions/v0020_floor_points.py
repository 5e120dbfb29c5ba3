"""Version 20: what a till spent by floor limit since it had said everything is one number of it."""

from __future__ import annotations

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, column, func, select, table, update

revision = "0020"
down_revision = "0019"

_WHOLE = BigInteger().with_variant(Integer(), "sqlite")
_PLACE = ("tenant_id", "shard_key", "device", "epoch")
_HEAD = table("device_head", *map(column, _PLACE), column("drained"), column("floor_points"))
_SPENT = table("floor_spent", *map(column, _PLACE), column("dseq"), column("points"))


def upgrade() -> None:
    """The column, and in it what the rows of the members come to so far."""
    op.add_column("device_head", Column("floor_points", _WHOLE, nullable=True))
    points = (
        select(func.coalesce(func.sum(_SPENT.c.points), 0))
        .where(
            *(_SPENT.c[each] == _HEAD.c[each] for each in _PLACE),
            _SPENT.c.dseq > func.coalesce(_HEAD.c.drained, 0),
        )
        .scalar_subquery()
    )
    op.execute(update(_HEAD).values(floor_points=points))
