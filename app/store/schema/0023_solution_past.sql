-- Every wording an entry of the library ever had: what it said before stands beside what it says now.
CREATE TABLE solution_past (
    op_id TEXT PRIMARY KEY,
    solution_id TEXT NOT NULL,
    data BLOB NOT NULL CHECK (length(data) <= 65536)
) STRICT, WITHOUT ROWID;
CREATE INDEX solution_past_entry ON solution_past (solution_id);
INSERT INTO solution_past SELECT op_id, solution_id, data FROM solution;
