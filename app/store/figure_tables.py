"""The tables of figures as SQLAlchemy Core knows them, beside those of tables.py.

Owns: names and types for building statements. Does not own: the schema (schema/0008_figures.sql is
the truth; a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import Integer, Text

from app.store.tables import named_table

figure_cursor = named_table("figure_cursor", epoch=Integer, dseq=Integer)

figure_due = named_table("figure_due", op_id=Text)

figure_counted = named_table("figure_counted", op_id=Text)

figure_sum = named_table("figure_sum", day=Text, till=Integer, name=Text, amount=Integer)

figure_till = named_table("figure_till", till=Integer, newest_ms=Integer, facts=Integer)

figure_visit = named_table(
    "figure_visit",
    day=Text,
    member_id=Text,
    till=Integer,
    sales=Integer,
    paid_minor=Integer,
    back_minor=Integer,
    returned=Integer,
    joined=Integer,
)

figure_alias = named_table("figure_alias", member_id=Text, person=Text)

figure_person = named_table(
    "figure_person", person=Text, first_day=Text, last_day=Text, contact_day=Text, months=Text
)

figure_cohort = named_table(
    "figure_cohort",
    cohort=Integer,
    month=Integer,
    active=Integer,
    repeated=Integer,
    paid_minor=Integer,
    back_minor=Integer,
)

figure_standing = named_table("figure_standing", only_row=Integer, as_of=Text, data=Text)

figure_refused = named_table("figure_refused", person=Text)

figure_segment = named_table(
    "figure_segment",
    person=Text,
    segment=Text,
    scores=Text,
    is_silent=Integer,
    recency_days=Integer,
    frequency=Integer,
    money_minor=Integer,
    as_of=Text,
)
