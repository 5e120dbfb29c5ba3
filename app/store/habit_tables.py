"""The tables of habits, as SQLAlchemy Core knows them.

Owns: names and types for building statements. Does not own: the schema (schema/0012_habit.sql),
the other tables (tables.py).
"""

from __future__ import annotations

from sqlalchemy import Integer, Text

from app.store.tables import named_table

habit_visits = named_table(
    "habit_visits", member_id=Text, visits=Integer, weight=Integer, last_day=Integer
)

habit = named_table(
    "habit",
    member_id=Text,
    sku=Text,
    times=Integer,
    weight=Integer,
    first_visit=Integer,
    last_visit=Integer,
    first_day=Integer,
    last_day=Integer,
)

habit_product = named_table(
    "habit_product", sku=Text, baskets=Integer, times=Integer, buyers=Integer, together=Text
)

habit_progress = named_table("habit_progress", only_row=Integer, epoch=Integer, dseq=Integer)

habit_waiting = named_table("habit_waiting", op_id=Text)
