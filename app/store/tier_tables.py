"""The tables of tiers as SQLAlchemy Core knows them, beside those of tables.py.

Owns: names and types for building statements. Does not own: the schema (schema/0011_tier.sql is the
truth; a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import Integer, LargeBinary, Text

from app.store.tables import named_table

tier_fact = named_table(
    "tier_fact",
    op_id=Text,
    kind=Text,
    member_id=Text,
    request_id=Text,
    day=Text,
    wall_ms=Integer,
    is_counted=Integer,
    is_open=Integer,
    data=LargeBinary,
)

tier_place = named_table(
    "tier_place", member_id=Text, near=Integer, due=Text, falls=Integer, by_hand=Text, lent=Text
)

tier_walk = named_table("tier_walk", only_row=Integer, after=Text, day=Text)
