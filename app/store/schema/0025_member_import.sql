-- An import of members that was begun, until all of its rows are in: it goes on after a restart.
--
-- `data`: rows as JSON, a few in each part; a part goes in the same transaction in which its members
-- come. What is wrong in the file is kept without what stands there.
CREATE TABLE member_import (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    name TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    total INTEGER NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('kept', 'running', 'stopped', 'done')),
    known INTEGER NOT NULL
) STRICT;
CREATE TABLE member_import_part (
    place INTEGER PRIMARY KEY,
    rows INTEGER NOT NULL,
    data BLOB NOT NULL
) STRICT;
CREATE TABLE member_import_fault (
    row_no INTEGER NOT NULL,
    column_name TEXT NOT NULL,
    problem TEXT NOT NULL,
    other_row INTEGER,
    PRIMARY KEY (row_no, column_name, problem)
) STRICT, WITHOUT ROWID;
