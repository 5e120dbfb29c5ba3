"""Tables of the chain's figures: what its facts add up to.

Owns: those tables. Does not own: how they came to be (alembic/), counting (figure_count.py),
reading them (figures.py). Everything in them can be made again from the facts. Days are ISO texts,
months the number of `Month.index` as text.
"""

from __future__ import annotations

from sqlalchemy import Index

from sync.server.tables import account, raw, shop_table, text, whole

figure_cursor = shop_table("figure_cursor", ("device", "epoch"), whole("counted"))
"""How far each chain is counted. The row of no device is held by whoever counts."""

figure_due = shop_table("figure_due", ("op_id",))
"""Facts that could not be read when their place was passed: a newer program will."""

figure_sum = shop_table(
    "figure_sum",
    ("store", "till", "day", "name"),
    whole("amount"),
    Index("figure_sum_by_day", "tenant_id", "day"),
)

figure_visit = shop_table(
    "figure_visit",
    ("member", "day", "store", "till"),
    whole("sales"),
    whole("paid_minor"),
    whole("back_minor"),
    whole("returned"),
    whole("joined"),
    Index(
        "figure_visit_by_day",
        *("tenant_id", "day", "store", "till", "member", "sales", "paid_minor", "back_minor"),
    ),
)
"""The index by day carries what is summed: a month is read from it, not from rows by member."""

figure_alias = shop_table("figure_alias", ("member",), text("person"))

figure_person = shop_table(
    "figure_person",
    ("person",),
    text("first_day", optional=True),
    text("last_day", optional=True),
    text("contact_day", optional=True),
    text("months"),
    Index("figure_person_by_first", "tenant_id", "first_day"),
    Index("figure_person_by_last", "tenant_id", "last_day", "person"),
)

figure_cohort = shop_table(
    "figure_cohort",
    ("cohort", "month"),
    whole("active"),
    whole("repeated"),
    whole("paid_minor"),
    whole("back_minor"),
)

figure_withdrawal = shop_table("figure_withdrawal", ("member",))
"""Whoever ended a consent once: of these it is asked whether he is left out of segments."""

figure_segment = shop_table(
    "figure_segment",
    ("segment", "page"),
    text("as_of"),
    whole("members"),
    whole("silent"),
    raw("people"),
)
"""Segments in pages of many members, those with the most money first: a million rows would take
longer to write than to judge. `people`: segments.SegmentPerson of each."""

Index(
    "account_merged",
    account.c.tenant_id,
    account.c.member,
    sqlite_where=account.c.survivor != account.c.member,
    postgresql_where=account.c.survivor != account.c.member,
)
