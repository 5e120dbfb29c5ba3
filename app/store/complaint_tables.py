"""The tables of complaints as SQLAlchemy Core knows them.

Owns: names and types for building statements. Does not own: the schema (schema/*_complaint.sql is
the truth; a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import Integer, LargeBinary, Text

from app.store.tables import named_table

complaint_fact = named_table("complaint_fact", op_id=Text, case_id=Text, data=LargeBinary)

complaint = named_table(
    "complaint",
    case_id=Text,
    number=Text,
    home=Text,
    member_id=Text,
    sale_id=Text,
    receipt=Text,
    topic=Text,
    state=Text,
    assigned=Text,
    cause=Text,
    solution=Text,
    score=Integer,
    opened_ms=Integer,
    done_ms=Integer,
)

complaint_given = named_table(
    "complaint_given",
    op_id=Text,
    case_id=Text,
    store=Text,
    month=Text,
    form=Text,
    amount_minor=Integer,
)

solution = named_table(
    "solution", solution_no=Integer, solution_id=Text, op_id=Text, data=LargeBinary
)

solution_past = named_table("solution_past", op_id=Text, solution_id=Text, data=LargeBinary)
