-- Forgetting people: what was asked here, what holds, and which tills said that they have done it.
--
-- Nothing here says anything of a person: ids, times, and tills.

CREATE TABLE erasure (
    member_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('asked', 'told', 'done')),
    ids TEXT NOT NULL,
    asked_ms INTEGER,
    asked_by TEXT NOT NULL,
    request_id TEXT,
    erasure_id TEXT,
    held_ms INTEGER,
    was_known INTEGER NOT NULL CHECK (was_known IN (0, 1)),
    tills TEXT NOT NULL,
    CHECK (state <> 'asked' OR request_id IS NOT NULL),
    CHECK (state = 'asked' OR erasure_id IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX erasure_open ON erasure (state) WHERE state <> 'done';
CREATE UNIQUE INDEX erasure_fact ON erasure (erasure_id) WHERE erasure_id IS NOT NULL;

-- A report may come before what it reports about: tills hear of both in any order.
CREATE TABLE erasure_report (
    erasure_id TEXT NOT NULL,
    device TEXT NOT NULL,
    done_ms INTEGER NOT NULL,
    was_known INTEGER NOT NULL CHECK (was_known IN (0, 1)),
    PRIMARY KEY (erasure_id, device)
) STRICT, WITHOUT ROWID;
