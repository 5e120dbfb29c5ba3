"""The tables as SQLAlchemy Core knows them.

Owns: names and types for building statements. Does not own: the schema (schema/*.sql is the
truth; a test compares the two).
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData()


def named_table(name: str, /, **columns: type[Text | Integer | LargeBinary]) -> Table:
    """A table as its schema step has it."""
    return Table(name, metadata, *(Column(column, kind) for column, kind in columns.items()))


setting = named_table("setting", name=Text, value=Text)

device = named_table(
    "device",
    only_row=Integer,
    tenant=Text,
    store_id=Text,
    store_number=Integer,
    till_number=Integer,
    device=Text,
    epoch=Integer,
)

staff = named_table(
    "staff",
    staff_id=Text,
    name=Text,
    role_id=Text,
    permissions=Text,
    pin_hash=Text,
    badge_code=Text,
    member_ids=Text,
    active=Integer,
)

sign_in = named_table(
    "sign_in", staff_id=Text, failures=Integer, wait_until_ms=Integer, locked=Integer
)

program = named_table(
    "program", program_id=Text, version=Text, announced=Text, effective=Text, toml=Text
)

offer_use = named_table("offer_use", offer_id=Text, uses=Integer, amount_minor=Integer)

member_offer_use = named_table(
    "member_offer_use", member_id=Text, offer_id=Text, uses=Integer, amount_minor=Integer
)

product = named_table(
    "product",
    product_no=Integer,
    sku=Text,
    name=Text,
    category=Text,
    unit_price_minor=Integer,
    member_price_minor=Integer,
    tax_rate=Text,
    unit=Text,
    weighed=Integer,
    scale_code=Text,
    active=Integer,
)

product_code = named_table("product_code", code=Text, product_no=Integer, place=Integer)

product_reading = named_table(
    "product_reading", reading=Text, from_start=Integer, product_no=Integer
)

member = named_table(
    "member",
    member_no=Integer,
    member_id=Text,
    card_code=Text,
    joined=Text,
    phone=Text,
    name=Text,
    birthday=Text,
    note=Text,
    salutation=Text,
    status=Text,
    merged_into=Text,
    phone_verified=Integer,
    home_store=Text,
    referrer_id=Text,
    tags=Text,
    account_manager=Text,
    last_visit=Text,
    readings=Text,
    seen=Text,
    email=Text,
    messages=Text,
)

message_record = named_table("message_record", member_id=Text, records=Text, asked_ms=Integer)

unindexed_member = named_table("unindexed_member", member_no=Integer)

member_card = named_table("member_card", card_code=Text, member_id=Text, in_use=Integer)

member_reading = named_table("member_reading", reading=Text, member_no=Integer)

member_key = named_table("member_key", member_id=Text, key_id=Text, secret=LargeBinary)

account = named_table("account", member_id=Text, data=LargeBinary)

coupon_owner = named_table("coupon_owner", coupon_id=Text, member_id=Text)

fact = named_table(
    "fact",
    op_id=Text,
    kind=Text,
    epoch=Integer,
    dseq=Integer,
    chain_hash=LargeBinary,
    business_day=Text,
    wall_ms=Integer,
    monotonic_ms=Integer,
    boot_id=Text,
    offset_ms=Integer,
    data=LargeBinary,
)

fact_member = named_table("fact_member", member_id=Text, epoch=Integer, dseq=Integer)

outbox = named_table(
    "outbox",
    op_id=Text,
    epoch=Integer,
    dseq=Integer,
    state=Text,
    attempts=Integer,
    outcome=Text,
    code=Text,
    text=Text,
    fields=Text,
    adjustments=Text,
    day=Text,
    answered_ms=Integer,
    let_go=Integer,
)

sale = named_table(
    "sale",
    sale_id=Text,
    receipt_code=Text,
    epoch=Integer,
    business_day=Text,
    sequence=Integer,
    sold_ms=Integer,
    staff_id=Text,
    shift_id=Text,
    member_id=Text,
    identified_by=Text,
    program_id=Text,
    program_version=Text,
    total_minor=Integer,
    list_total_minor=Integer,
    tax_minor=Integer,
    round_off_minor=Integer,
    due_minor=Integer,
    points_earned=Integer,
    points_redeemed=Integer,
    line_count=Integer,
)

sale_line = named_table(
    "sale_line",
    sale_id=Text,
    number=Integer,
    line_id=Text,
    sku=Text,
    name=Text,
    quantity_thousandths=Integer,
    list_minor=Integer,
    net_minor=Integer,
    tax_minor=Integer,
    points_earned=Integer,
    points_spent=Integer,
    gift_of=Text,
)

sale_adjustment = named_table(
    "sale_adjustment",
    sale_id=Text,
    number=Integer,
    line_number=Integer,
    rule=Text,
    version=Text,
    kind=Text,
    amount_minor=Integer,
    by_line=Text,
    coupon_id=Text,
    chosen_by_hand=Integer,
)

sale_tender = named_table(
    "sale_tender",
    sale_id=Text,
    number=Integer,
    kind=Text,
    amount_minor=Integer,
    received_minor=Integer,
    change_minor=Integer,
    attempt_id=Text,
    reference=Text,
    detail=Text,
)

basket = named_table("basket", slot=Integer, data=LargeBinary)

payment_attempt = named_table(
    "payment_attempt",
    attempt_id=Text,
    basket_id=Text,
    kind=Text,
    amount_minor=Integer,
    started_ms=Integer,
    staff_id=Text,
    state=Text,
    by_hand=Integer,
    reference=Text,
    detail=Text,
)

audit = named_table(
    "audit",
    number=Integer,
    at_ms=Integer,
    staff_id=Text,
    action=Text,
    subject=Text,
    details=Text,
    hash=LargeBinary,
)

held_sale = named_table(
    "held_sale",
    hold_id=Text,
    held_ms=Integer,
    business_day=Text,
    staff_id=Text,
    pieces=Integer,
    note=Text,
    seen=LargeBinary,
    data=LargeBinary,
    outcome=Text,
    ended_by=Text,
    ended_ms=Integer,
)

exception_case = named_table(
    "exception_case",
    case_id=Text,
    kind=Text,
    at_ms=Integer,
    staff_id=Text,
    subject=Text,
    story=Text,
    choice=Text,
    closed_by=Text,
    closed_ms=Integer,
    note=Text,
)

not_applied = named_table("not_applied", sale_id=Text, day=Text, data=Text)

shift = named_table(
    "shift",
    shift_id=Text,
    business_day=Text,
    opened_ms=Integer,
    opened_by=Text,
    owner_id=Text,
    currency=Text,
    float_minor=Integer,
    name=Text,
    round=Integer,
    counting=Integer,
    z_id=Text,
    z_number=Integer,
    closed_ms=Integer,
    closed_by=Text,
    sales=Integer,
    paid_minor=Integer,
    paid_back_minor=Integer,
    expected_minor=Integer,
    counted_minor=Integer,
    left_minor=Integer,
)

shift_count = named_table(
    "shift_count",
    shift_id=Text,
    number=Integer,
    round=Integer,
    at_ms=Integer,
    staff_id=Text,
    pieces=Text,
    expected_minor=Integer,
)

shift_fact = named_table("shift_fact", shift_id=Text, op_id=Text)

refund = named_table(
    "refund",
    refund_id=Text,
    receipt_code=Text,
    epoch=Integer,
    business_day=Text,
    sequence=Integer,
    refunded_ms=Integer,
    staff_id=Text,
    shift_id=Text,
    member_id=Text,
    sale_id=Text,
    sale_code=Text,
    worth_minor=Integer,
    kept_back_minor=Integer,
    paid_minor=Integer,
    last_piece=Integer,
    exchanged_for=Text,
)

refund_piece = named_table(
    "refund_piece",
    refund_id=Text,
    number=Integer,
    line_id=Text,
    first=Integer,
    past=Integer,
    amount_minor=Integer,
    reason=Text,
)

open_refund = named_table("open_refund", slot=Integer, data=LargeBinary)

refund_attempt = named_table(
    "refund_attempt",
    attempt_id=Text,
    refund_id=Text,
    tender=Integer,
    kind=Text,
    amount_minor=Integer,
    original=Text,
    started_ms=Integer,
    staff_id=Text,
    state=Text,
    by_hand=Integer,
    is_set_aside=Integer,
    reference=Text,
    detail=Text,
)

member_listed = named_table(
    "member_listed",
    member_no=Integer,
    member_id=Text,
    joined=Text,
    last_visit=Text,
    is_frozen=Integer,
    tier=Text,
    points=Integer,
    spend_minor=Integer,
    tags=Text,
    judged=Text,
)

member_list_choice = named_table("member_list_choice", staff_id=Text, data=Text)
