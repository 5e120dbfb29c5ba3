-- Who has a tier only for a time, by a membership pack or to try: its last day, for the tier desk.
ALTER TABLE tier_place ADD COLUMN lent TEXT;
CREATE INDEX tier_place_lent ON tier_place (lent, member_id) WHERE lent IS NOT NULL;
-- The lists are made anew by the next walk; today's may have passed already.
DELETE FROM tier_walk;
