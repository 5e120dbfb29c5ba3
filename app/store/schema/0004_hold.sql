-- Held sales: the basket whole, and what its customer was told. Those that ended stay known, so that
-- a second try to take one back can be told who has it.
CREATE TABLE held_sale (
    hold_id TEXT PRIMARY KEY,
    held_ms INTEGER NOT NULL,
    business_day TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces >= 0),
    note TEXT NOT NULL,
    seen BLOB NOT NULL,
    data BLOB NOT NULL,
    outcome TEXT CHECK (outcome IN ('recalled', 'voided')),
    ended_by TEXT,
    ended_ms INTEGER,
    CHECK ((outcome IS NULL) = (ended_by IS NULL) AND (outcome IS NULL) = (ended_ms IS NULL))
) STRICT;
CREATE INDEX held_sale_open ON held_sale (held_ms) WHERE outcome IS NULL;
