-- Complaints: every fact about a case, of this till and of others, and what they add up to.
--
-- Words of customers and staff stand sealed in the bytes; a case says who it is about by the
-- member's id alone. What is kept beside the bytes is made from them and can be made again.

CREATE TABLE complaint_fact (
    op_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    data BLOB NOT NULL CHECK (length(data) <= 65536)
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_fact_case ON complaint_fact (case_id);

CREATE TABLE complaint (
    case_id TEXT PRIMARY KEY,
    number TEXT NOT NULL,
    home TEXT NOT NULL,
    member_id TEXT,
    sale_id TEXT,
    receipt TEXT,
    topic TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('new', 'in_hand', 'waiting', 'resolved', 'closed')),
    assigned TEXT,
    cause TEXT NOT NULL,
    solution TEXT,
    score INTEGER CHECK (score BETWEEN 1 AND 5),
    opened_ms INTEGER NOT NULL,
    done_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_open ON complaint (opened_ms) WHERE state <> 'closed';
CREATE INDEX complaint_done ON complaint (done_ms) WHERE state = 'closed';
CREATE INDEX complaint_member ON complaint (member_id) WHERE member_id IS NOT NULL;
CREATE INDEX complaint_receipt ON complaint (receipt) WHERE receipt IS NOT NULL;
CREATE INDEX complaint_opened ON complaint (opened_ms);

-- What was given for cases, by the fact that says so. `month`: whose budget, empty for none.
CREATE TABLE complaint_given (
    op_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    store TEXT NOT NULL,
    month TEXT NOT NULL,
    form TEXT NOT NULL CHECK (form IN ('points', 'coupon', 'refund', 'tier')),
    amount_minor INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX complaint_given_month ON complaint_given (store, month);

-- The library: what helped before. `told_ms`: of the fact that counts.
CREATE TABLE solution (
    solution_no INTEGER PRIMARY KEY,
    solution_id TEXT NOT NULL UNIQUE,
    op_id TEXT NOT NULL,
    data BLOB NOT NULL CHECK (length(data) <= 65536)
) STRICT;
CREATE VIRTUAL TABLE solution_word USING fts5 (title, rest, tokenize = 'unicode61');

-- Pictures, apart from the facts: they travel by themselves, after everything else. `state`: waiting
-- (to be sent), sent, fetched (of another till, kept here to be looked at again).
CREATE TABLE complaint_photo (
    photo_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    taken_ms INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'fetched')),
    data BLOB NOT NULL CHECK (length(data) <= 1048576)
) STRICT;
CREATE INDEX complaint_photo_case ON complaint_photo (case_id);
CREATE INDEX complaint_photo_waiting ON complaint_photo (taken_ms) WHERE state = 'waiting';
