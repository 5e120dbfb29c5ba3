-- Complaints of nobody's member that are closed: their words are kept for a while, and no longer.
CREATE INDEX complaint_ownerless ON complaint (home, done_ms, case_id)
    WHERE state = 'closed' AND member_id IS NULL;
