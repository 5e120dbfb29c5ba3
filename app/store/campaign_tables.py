"""The tables of campaigns as SQLAlchemy Core knows them, beside those of tables.py.

Owns: names and types for building statements. Does not own: the schema (the campaign step of
schema/*.sql is the truth; a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import Integer, Text

from app.store.tables import named_table

campaign = named_table(
    "campaign",
    campaign_id=Text,
    state=Text,
    plan=Text,
    words=Text,
    made_ms=Integer,
    made_by=Text,
    reached=Integer,
    control=Integer,
    trial=Text,
    published_ms=Integer,
    ended_ms=Integer,
    message=Text,
)

campaign_member = named_table(
    "campaign_member", campaign_id=Text, member_id=Text, control=Integer, done=Integer
)
