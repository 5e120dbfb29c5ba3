-- Goods that came back: refunds of sales, returns without a receipt, the one refund that is open,
-- and tries of a terminal to give money back. The facts are the truth; this is for look-up.
--
-- A refund's receipt number comes from the same series as those of sales: (epoch, day, sequence)
-- is unique over both tables together.

CREATE TABLE refund (
    refund_id TEXT PRIMARY KEY REFERENCES fact (op_id) DEFERRABLE INITIALLY DEFERRED,
    receipt_code TEXT NOT NULL UNIQUE,
    epoch INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    sequence INTEGER NOT NULL CHECK (sequence >= 1),
    refunded_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    shift_id TEXT,
    member_id TEXT,
    sale_id TEXT,
    sale_code TEXT NOT NULL,
    worth_minor INTEGER NOT NULL CHECK (worth_minor >= 0),
    kept_back_minor INTEGER NOT NULL CHECK (kept_back_minor >= 0),
    paid_minor INTEGER NOT NULL CHECK (paid_minor >= 0),
    last_piece INTEGER NOT NULL CHECK (last_piece IN (0, 1)),
    exchanged_for TEXT,
    UNIQUE (epoch, business_day, sequence)
) STRICT;
CREATE INDEX refund_sale ON refund (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX refund_done ON refund (refunded_ms);

-- Of one refund, the pieces [first, past) of lines of its sale; none for a return without receipt.
CREATE TABLE refund_piece (
    refund_id TEXT NOT NULL REFERENCES refund (refund_id),
    number INTEGER NOT NULL CHECK (number >= 1),
    line_id TEXT NOT NULL,
    first INTEGER NOT NULL CHECK (first >= 0),
    past INTEGER NOT NULL,
    amount_minor INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (refund_id, number),
    CHECK (past > first)
) STRICT, WITHOUT ROWID;

-- The open refund: whole, in one row, so that a kill leaves the one before or the one after.
CREATE TABLE open_refund (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    data BLOB NOT NULL
) STRICT;

CREATE TABLE refund_attempt (
    attempt_id TEXT PRIMARY KEY,
    refund_id TEXT NOT NULL,
    tender INTEGER NOT NULL CHECK (tender >= 0),
    kind TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    original TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('started', 'approved', 'declined', 'unknown', 'not_found')),
    by_hand INTEGER NOT NULL CHECK (by_hand IN (0, 1)),
    is_set_aside INTEGER NOT NULL CHECK (is_set_aside IN (0, 1)),
    reference TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refund_attempt_refund ON refund_attempt (refund_id);
CREATE INDEX refund_attempt_open ON refund_attempt (state, started_ms)
    WHERE state IN ('started', 'unknown');
