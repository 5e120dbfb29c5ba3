-- The first schema. Released: never edited again; what comes later is a step of its own.
--
-- Money is in whole minor units, quantities in thousandths, days are ISO text (2026-11-21), times
-- are milliseconds since 1970 (UTC), rates are decimal text, lists are JSON text.
-- Folded accounts and facts are opaque bytes made by app/domain; what stands beside them is for
-- look-up only and can be made again from the facts.

CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Which till this is: exactly one row once the set-up is through its second step.
CREATE TABLE device (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    tenant TEXT NOT NULL,
    store_id TEXT NOT NULL,
    store_number INTEGER NOT NULL,
    till_number INTEGER NOT NULL,
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch >= 0)
) STRICT;

CREATE TABLE staff (
    staff_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role_id TEXT NOT NULL,
    permissions TEXT NOT NULL,
    pin_hash TEXT,
    badge_code TEXT,
    member_ids TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX staff_badge ON staff (badge_code) WHERE badge_code IS NOT NULL;

CREATE TABLE sign_in (
    staff_id TEXT PRIMARY KEY REFERENCES staff (staff_id),
    failures INTEGER NOT NULL,
    wait_until_ms INTEGER NOT NULL,
    locked INTEGER NOT NULL CHECK (locked IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE program (
    program_id TEXT NOT NULL,
    version TEXT NOT NULL,
    announced TEXT NOT NULL,
    effective TEXT NOT NULL,
    toml TEXT NOT NULL,
    PRIMARY KEY (program_id, version)
) STRICT;

CREATE TABLE offer_use (
    offer_id TEXT PRIMARY KEY,
    uses INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member_offer_use (
    member_id TEXT NOT NULL,
    offer_id TEXT NOT NULL,
    uses INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    PRIMARY KEY (member_id, offer_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
    product_no INTEGER PRIMARY KEY,
    sku TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    unit_price_minor INTEGER CHECK (unit_price_minor >= 0),
    member_price_minor INTEGER CHECK (member_price_minor >= 0),
    tax_rate TEXT,
    unit TEXT NOT NULL,
    weighed INTEGER NOT NULL CHECK (weighed IN (0, 1)),
    scale_code TEXT,
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT;
CREATE UNIQUE INDEX product_scale ON product (scale_code) WHERE scale_code IS NOT NULL;

CREATE TABLE product_code (
    code TEXT PRIMARY KEY,
    product_no INTEGER NOT NULL REFERENCES product (product_no),
    place INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX product_code_product ON product_code (product_no);

-- Pinyin and initials, from each syllable of the name on: "cnn" also finds 蒙牛纯牛奶.
CREATE TABLE product_reading (
    reading TEXT NOT NULL,
    from_start INTEGER NOT NULL CHECK (from_start IN (0, 1)),
    product_no INTEGER NOT NULL REFERENCES product (product_no),
    PRIMARY KEY (reading, product_no)
) STRICT, WITHOUT ROWID;
CREATE INDEX product_reading_product ON product_reading (product_no);

CREATE VIRTUAL TABLE product_word USING fts5 (words, tokenize = 'unicode61', columnsize = 0);
INSERT INTO product_word (product_word, rank) VALUES ('secure-delete', 1);

CREATE TABLE member (
    member_no INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL UNIQUE,
    card_code TEXT NOT NULL,
    joined TEXT NOT NULL,
    phone TEXT,
    phone_last4 TEXT GENERATED ALWAYS AS (substr(phone, -4)) VIRTUAL,
    name TEXT NOT NULL,
    birthday TEXT,
    note TEXT NOT NULL,
    salutation TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'frozen', 'merged', 'erased')),
    merged_into TEXT,
    phone_verified INTEGER NOT NULL CHECK (phone_verified IN (0, 1)),
    home_store TEXT NOT NULL,
    referrer_id TEXT,
    tags TEXT NOT NULL,
    account_manager TEXT NOT NULL,
    last_visit TEXT,
    readings TEXT NOT NULL
) STRICT;
CREATE INDEX member_phone ON member (phone) WHERE phone IS NOT NULL;
CREATE INDEX member_last4 ON member (phone_last4, home_store, last_visit, phone)
    WHERE phone IS NOT NULL;
-- Holds all that a search among the members seen last needs, so that it reads a few pages.
CREATE INDEX member_visited ON member (last_visit, name, readings) WHERE last_visit IS NOT NULL;

CREATE TABLE member_card (
    card_code TEXT PRIMARY KEY,
    member_id TEXT NOT NULL REFERENCES member (member_id),
    in_use INTEGER NOT NULL CHECK (in_use IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX member_card_member ON member_card (member_id);

CREATE TABLE member_reading (
    reading TEXT NOT NULL,
    member_no INTEGER NOT NULL REFERENCES member (member_no),
    PRIMARY KEY (reading, member_no)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE member_word USING fts5 (words, tokenize = 'unicode61', columnsize = 0);
INSERT INTO member_word (member_word, rank) VALUES ('secure-delete', 1);

-- One key per member. A destroyed key leaves its row, so that no second key is ever made.
CREATE TABLE member_key (
    member_id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL UNIQUE,
    secret BLOB CHECK (length(secret) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE account (
    member_id TEXT PRIMARY KEY,
    data BLOB NOT NULL
) STRICT;

CREATE TABLE coupon_owner (
    coupon_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
    op_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL CHECK (dseq >= 1),
    chain_hash BLOB NOT NULL CHECK (length(chain_hash) = 32),
    business_day TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    offset_ms INTEGER,
    data BLOB NOT NULL CHECK (length(data) <= 65536),
    PRIMARY KEY (epoch, dseq)
) STRICT;

CREATE TABLE fact_member (
    member_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL,
    PRIMARY KEY (member_id, epoch, dseq),
    FOREIGN KEY (epoch, dseq) REFERENCES fact (epoch, dseq)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    op_id TEXT PRIMARY KEY REFERENCES fact (op_id),
    state TEXT NOT NULL CHECK (state IN ('pending', 'acknowledged', 'set_aside'))
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_pending ON outbox (op_id) WHERE state = 'pending';

-- A sale never stands without its fact; the fact may be appended later in the same transaction.
CREATE TABLE sale (
    sale_id TEXT PRIMARY KEY REFERENCES fact (op_id) DEFERRABLE INITIALLY DEFERRED,
    receipt_code TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    sold_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    shift_id TEXT,
    member_id TEXT,
    identified_by TEXT CHECK (identified_by IN ('pass', 'card', 'phone', 'name')),
    program_id TEXT NOT NULL,
    program_version TEXT NOT NULL,
    total_minor INTEGER NOT NULL,
    list_total_minor INTEGER NOT NULL,
    tax_minor INTEGER NOT NULL,
    round_off_minor INTEGER NOT NULL,
    due_minor INTEGER NOT NULL,
    points_earned INTEGER NOT NULL,
    points_redeemed INTEGER NOT NULL,
    line_count INTEGER NOT NULL,
    UNIQUE (epoch, business_day, sequence)
) STRICT;
CREATE INDEX sale_sold ON sale (sold_ms);
CREATE INDEX sale_member ON sale (member_id, sold_ms) WHERE member_id IS NOT NULL;

CREATE TABLE sale_line (
    sale_id TEXT NOT NULL REFERENCES sale (sale_id),
    number INTEGER NOT NULL CHECK (number >= 1),
    line_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    name TEXT NOT NULL,
    quantity_thousandths INTEGER NOT NULL CHECK (quantity_thousandths >= 0),
    list_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    tax_minor INTEGER NOT NULL,
    points_earned INTEGER NOT NULL,
    points_spent INTEGER NOT NULL,
    gift_of TEXT,
    PRIMARY KEY (sale_id, number)
) STRICT, WITHOUT ROWID;

-- line_number is NULL for an adjustment of the whole order; by_line holds [[line_id, minor], ...].
CREATE TABLE sale_adjustment (
    sale_id TEXT NOT NULL REFERENCES sale (sale_id),
    number INTEGER NOT NULL CHECK (number >= 1),
    line_number INTEGER,
    rule TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    by_line TEXT NOT NULL,
    coupon_id TEXT,
    chosen_by_hand INTEGER NOT NULL CHECK (chosen_by_hand IN (0, 1)),
    PRIMARY KEY (sale_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_tender (
    sale_id TEXT NOT NULL REFERENCES sale (sale_id),
    number INTEGER NOT NULL CHECK (number >= 1),
    kind TEXT NOT NULL CHECK (kind IN ('cash', 'card', 'mobile', 'other')),
    amount_minor INTEGER NOT NULL,
    received_minor INTEGER NOT NULL,
    change_minor INTEGER NOT NULL,
    attempt_id TEXT,
    reference TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (sale_id, number)
) STRICT, WITHOUT ROWID;

-- The open basket: whole, in one row, so that a kill leaves the one before or the one after.
CREATE TABLE basket (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    data BLOB NOT NULL
) STRICT;

CREATE TABLE payment_attempt (
    attempt_id TEXT PRIMARY KEY,
    basket_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL,
    started_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('started', 'approved', 'declined', 'unknown', 'not_found')),
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    reference TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX payment_attempt_basket ON payment_attempt (basket_id);
CREATE INDEX payment_attempt_open ON payment_attempt (state, started_ms)
    WHERE state IN ('started', 'unknown');

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    details TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
-- "How often was this receipt printed?" is asked on the lane, while somebody waits at the till.
CREATE INDEX audit_subject ON audit (subject, action);

CREATE TABLE not_applied (
    sale_id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX not_applied_day ON not_applied (day);
