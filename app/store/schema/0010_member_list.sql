-- The list of members at the desk: what it is ordered and narrowed by. Judging an account takes its
-- time, so each is judged once for a day and a program, beside the work of the till. `judged`: by
-- which; empty: something changed since. Nothing here that could not be made anew from the rest.
CREATE TABLE member_listed (
    member_no INTEGER PRIMARY KEY,
    member_id TEXT NOT NULL,
    joined TEXT NOT NULL,
    last_visit TEXT NOT NULL,
    is_frozen INTEGER NOT NULL CHECK (is_frozen IN (0, 1)),
    tier TEXT NOT NULL,
    points INTEGER NOT NULL,
    spend_minor INTEGER NOT NULL,
    tags TEXT NOT NULL,
    judged TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX member_listed_member ON member_listed (member_id);
CREATE INDEX member_listed_visit ON member_listed (last_visit);
CREATE INDEX member_listed_points ON member_listed (points);
CREATE INDEX member_listed_spend ON member_listed (spend_minor);
CREATE INDEX member_listed_tags ON member_listed (tags) WHERE tags <> '[]';

-- Whoever writes a member or his account need not know of the list.
CREATE TRIGGER member_listed_account AFTER UPDATE ON account BEGIN
    UPDATE member_listed SET judged = '' WHERE member_id = NEW.member_id;
END;
CREATE TRIGGER member_listed_new_account AFTER INSERT ON account BEGIN
    UPDATE member_listed SET judged = '' WHERE member_id = NEW.member_id;
END;
CREATE TRIGGER member_listed_changed AFTER UPDATE ON member
    WHEN NEW.status IN ('active', 'frozen') BEGIN
    UPDATE member_listed SET judged = '' WHERE member_no = NEW.member_no;
END;
CREATE TRIGGER member_listed_gone AFTER UPDATE ON member
    WHEN NEW.status NOT IN ('active', 'frozen') BEGIN
    DELETE FROM member_listed WHERE member_no = NEW.member_no;
END;

-- What each colleague chose to see last, and in which order.
CREATE TABLE member_list_choice (
    staff_id TEXT PRIMARY KEY,
    data TEXT NOT NULL
) STRICT, WITHOUT ROWID;
