-- What somebody should look at, raised by odd entries of the audit trail.
CREATE TABLE exception_case (
    case_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    subject TEXT NOT NULL,
    story TEXT NOT NULL,
    choice TEXT CHECK (choice IN ('accepted', 'followed_up')),
    closed_by TEXT,
    closed_ms INTEGER,
    note TEXT NOT NULL,
    CHECK ((choice IS NULL) = (closed_by IS NULL) AND (choice IS NULL) = (closed_ms IS NULL))
) STRICT;
CREATE INDEX exception_case_open ON exception_case (at_ms) WHERE choice IS NULL;
