"""The tables of sync as SQLAlchemy Core knows them, beside those of tables.py.

Owns: names and types for building statements. Does not own: the schema (schema/0006_sync.sql is
the truth; a test compares the two), the outbox's own row (tables.py: each fact has one).
"""

from __future__ import annotations

from sqlalchemy import Integer, LargeBinary, Text

from app.store.tables import named_table

fact_place = named_table(
    "fact_place", epoch=Integer, dseq=Integer, op_id=Text, chain_hash=LargeBinary
)

forked_chain = named_table("forked_chain", epoch=Integer, from_dseq=Integer)

former_device = named_table("former_device", epoch=Integer, device=Text)

enrolment = named_table(
    "enrolment",
    only_row=Integer,
    server_url=Text,
    key_id=Text,
    enrolled_ms=Integer,
    rights=Text,
    public_url=Text,
    server_epoch=Integer,
    renews_as=Integer,
)

stream = named_table("stream", name=Text, cursor=Integer, head=Integer, heard_ms=Integer)

last_contact = named_table(
    "last_contact",
    only_row=Integer,
    boot_id=Text,
    heard_monotonic_ms=Integer,
    offset_ms=Integer,
    offset_monotonic_ms=Integer,
    offset_server_ms=Integer,
)

link_change = named_table("link_change", number=Integer, at_ms=Integer, wire=Text, reason=Text)

confirmed_account = named_table(
    "confirmed_account",
    member_id=Text,
    server_epoch=Integer,
    version=Integer,
    data=LargeBinary,
    days=Text,
    promises=Text,
)

known_fact = named_table(
    "known_fact",
    op_id=Text,
    kind=Text,
    device=Text,
    epoch=Integer,
    dseq=Integer,
    business_day=Text,
    wall_ms=Integer,
    receipt_code=Text,
    sale_id=Text,
    member_id=Text,
    data=LargeBinary,
)

point_grant = named_table(
    "point_grant",
    grant_id=Text,
    member_id=Text,
    buckets=Text,
    coupons=Text,
    entitlements=Text,
    ends_ms=Integer,
    ended=Text,
)

reservation = named_table(
    "reservation",
    reservation_id=Text,
    state=Text,
    member_id=Text,
    points=Integer,
    coupons=Text,
    entitlements=Text,
    sale_id=Text,
    pieces=Text,
    asked_ms=Integer,
    ends_ms=Integer,
    available=Integer,
    uses_left=Text,
    gone=Text,
    own=Text,
)

pass_key = named_table(
    "pass_key", key_id=Text, public=LargeBinary, from_ms=Integer, until_ms=Integer
)

agreement = named_table(
    "agreement", epoch=Integer, day=Text, dseq=Integer, is_equal=Integer, compared_ms=Integer
)

offline_spend = named_table(
    "offline_spend",
    sale_id=Text,
    member_id=Text,
    grant_id=Text,
    buckets=Text,
    floor_points=Integer,
    boot_id=Text,
    monotonic_ms=Integer,
    floor_coupons=Integer,
    floor_uses=Integer,
    granted_uses=Text,
)

accepted_pass = named_table("accepted_pass", member_id=Text, issued_ms=Integer, accepted_ms=Integer)

erasure = named_table(
    "erasure",
    member_id=Text,
    state=Text,
    ids=Text,
    asked_ms=Integer,
    asked_by=Text,
    request_id=Text,
    erasure_id=Text,
    held_ms=Integer,
    was_known=Integer,
    tills=Text,
)

erasure_report = named_table(
    "erasure_report", erasure_id=Text, device=Text, done_ms=Integer, was_known=Integer
)

forgotten = named_table("forgotten", member_id=Text, erasure=Text)
member_alias = named_table("member_alias", alias=Text, survivor=Text)
forgotten_claim = named_table("forgotten_claim", claim=Text, member_id=Text)
retired_claim_key = named_table("retired_claim_key", secret=Text)
