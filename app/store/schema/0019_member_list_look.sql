-- What narrows the list of members stands beside what orders it: whoever looks for few among very
-- many walks through one of these and no further.
DROP INDEX member_listed_visit;
DROP INDEX member_listed_points;
DROP INDEX member_listed_spend;
CREATE INDEX member_listed_visit
    ON member_listed (last_visit, member_no, tier, is_frozen, joined, tags);
CREATE INDEX member_listed_points
    ON member_listed (points, member_no, tier, is_frozen, last_visit, joined, tags);
CREATE INDEX member_listed_spend
    ON member_listed (spend_minor, member_no, tier, is_frozen, last_visit, joined, tags);
