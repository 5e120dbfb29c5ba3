-- Answers to the question after a sale, of this till and of others: one stands for each sale, the
-- one with the smallest id. A sentence stands in the fact alone, sealed.
CREATE TABLE survey_answer (
    sale_id TEXT PRIMARY KEY,
    op_id TEXT NOT NULL,
    store TEXT NOT NULL,
    till INTEGER NOT NULL,
    receipt TEXT NOT NULL,
    member_id TEXT,
    day TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    score INTEGER NOT NULL,
    channel TEXT NOT NULL,
    data BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX survey_answer_by_day ON survey_answer (store, day, score);
CREATE INDEX survey_answer_by_member ON survey_answer (member_id, at_ms) WHERE member_id IS NOT NULL;
