-- What facts add up to, so that a month is read and not counted: sums by day and till, what each
-- member did on each day, what each person's life comes to, cohorts, segments. Everything here can
-- be made again from the facts, but for what other tills sold that this one has forgotten since.
-- Counted behind the scenes, never with a sale.

-- How far this till's own facts are counted.
CREATE TABLE figure_cursor (
    epoch INTEGER PRIMARY KEY,
    dseq INTEGER NOT NULL
) STRICT;

-- Facts of other tills that wait to be counted, and those that were: each counts once, however
-- often it is told and whatever is forgotten meanwhile.
CREATE TABLE figure_due (
    op_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE figure_counted (
    op_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO figure_due (op_id) SELECT op_id FROM known_fact;
CREATE TRIGGER known_fact_is_due AFTER INSERT ON known_fact BEGIN
    INSERT INTO figure_due (op_id) SELECT new.op_id
        WHERE NOT EXISTS (SELECT 1 FROM figure_counted c WHERE c.op_id = new.op_id)
            AND NOT EXISTS (SELECT 1 FROM figure_due d WHERE d.op_id = new.op_id);
END;

CREATE TABLE figure_sum (
    day TEXT NOT NULL,
    till INTEGER NOT NULL,
    name TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (day, till, name)
) STRICT, WITHOUT ROWID;

-- The newest moment that is counted of each till.
CREATE TABLE figure_till (
    till INTEGER PRIMARY KEY,
    newest_ms INTEGER NOT NULL,
    facts INTEGER NOT NULL
) STRICT;

CREATE TABLE figure_visit (
    day TEXT NOT NULL,
    member_id TEXT NOT NULL,
    till INTEGER NOT NULL,
    sales INTEGER NOT NULL,
    paid_minor INTEGER NOT NULL,
    back_minor INTEGER NOT NULL,
    returned INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    PRIMARY KEY (day, member_id, till)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_visit_member ON figure_visit (member_id);

-- One row a person: his ids are himself and whoever was merged into him.
CREATE TABLE figure_alias (
    member_id TEXT PRIMARY KEY,
    person TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_alias_person ON figure_alias (person);
CREATE TABLE figure_person (
    person TEXT PRIMARY KEY,
    first_day TEXT,
    last_day TEXT,
    contact_day TEXT,
    months TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_person_first ON figure_person (first_day, person) WHERE first_day IS NOT NULL;

CREATE TABLE figure_cohort (
    cohort INTEGER NOT NULL,
    month INTEGER NOT NULL,
    active INTEGER NOT NULL,
    repeated INTEGER NOT NULL,
    paid_minor INTEGER NOT NULL,
    back_minor INTEGER NOT NULL,
    PRIMARY KEY (cohort, month)
) STRICT, WITHOUT ROWID;

-- All accounts as they stood when they were last gone through, and who was left out of segments.
CREATE TABLE figure_standing (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    as_of TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;
CREATE TABLE figure_refused (
    person TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE figure_segment (
    person TEXT PRIMARY KEY,
    segment TEXT NOT NULL,
    scores TEXT NOT NULL,
    is_silent INTEGER NOT NULL CHECK (is_silent IN (0, 1)),
    recency_days INTEGER NOT NULL,
    frequency INTEGER NOT NULL,
    money_minor INTEGER NOT NULL,
    as_of TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_segment_name ON figure_segment (segment, money_minor DESC, person);

-- Whoever was merged into another: few among many.
CREATE INDEX member_merged ON member (merged_into, member_id) WHERE merged_into IS NOT NULL;
