-- Ids that stand for somebody else, and under which nobody is kept here: a receipt of another store may
-- name one, and what is written under it is the survivor's. Of whom there is a row, it says so itself.
CREATE TABLE member_alias (
    alias TEXT PRIMARY KEY,
    survivor TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX member_alias_survivor ON member_alias (survivor);
