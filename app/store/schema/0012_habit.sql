-- What members usually take here, and what lies together in baskets: made from sales behind the
-- scenes, and could be made from them again. Weights are in 1/1024. Days are numbers (1 is the first of
-- January of the year 1): a member's habits are read while somebody stands before the till.
CREATE TABLE habit_visits (
    member_id TEXT PRIMARY KEY,
    visits INTEGER NOT NULL CHECK (visits >= 1),
    weight INTEGER NOT NULL CHECK (weight >= 0),
    last_day INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE habit (
    member_id TEXT NOT NULL,
    sku TEXT NOT NULL,
    times INTEGER NOT NULL CHECK (times >= 1),
    weight INTEGER NOT NULL CHECK (weight >= 0),
    first_visit INTEGER NOT NULL,
    last_visit INTEGER NOT NULL,
    first_day INTEGER NOT NULL,
    last_day INTEGER NOT NULL,
    PRIMARY KEY (member_id, sku)
) STRICT, WITHOUT ROWID;

-- `together`: in how many baskets it lay beside which others, a few of them.
CREATE TABLE habit_product (
    sku TEXT PRIMARY KEY,
    baskets INTEGER NOT NULL CHECK (baskets >= 0),
    times INTEGER NOT NULL CHECK (times >= 0),
    buyers INTEGER NOT NULL CHECK (buyers >= 0),
    together TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Up to which fact of this till its sales were looked at.
CREATE TABLE habit_progress (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL
) STRICT;

-- Sales of other tills of this store that were not looked at yet: they arrive in any order.
CREATE TABLE habit_waiting (
    op_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO habit_waiting (op_id) SELECT op_id FROM known_fact WHERE kind = 'sale';
