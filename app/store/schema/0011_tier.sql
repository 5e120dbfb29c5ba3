-- Requests for a tier, decisions about them, tiers given by hand and undone, reviews: of this till
-- and of the others. `is_counted`: the authority took it; of a till alone its own.
-- `is_open` is of requests: nobody has decided, as far as counts.
CREATE TABLE tier_fact (
    op_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('request', 'decision', 'grant', 'undone', 'review')),
    member_id TEXT NOT NULL,
    request_id TEXT,
    day TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    is_counted INTEGER NOT NULL CHECK (is_counted IN (0, 1)),
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    data BLOB NOT NULL CHECK (length(data) <= 65536),
    CHECK (is_open = 0 OR kind = 'request'),
    CHECK (kind <> 'decision' OR request_id IS NOT NULL)
) STRICT;
CREATE INDEX tier_fact_member ON tier_fact (member_id, wall_ms);
CREATE INDEX tier_fact_request ON tier_fact (request_id) WHERE request_id IS NOT NULL;
CREATE INDEX tier_fact_open ON tier_fact (wall_ms) WHERE is_open = 1;

-- Who stands on a list of the tier desk, as the last walk through all members found; judged anew
-- before it is shown.
CREATE TABLE tier_place (
    member_id TEXT PRIMARY KEY,
    near INTEGER,
    due TEXT,
    falls INTEGER NOT NULL CHECK (falls IN (0, 1)),
    by_hand TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX tier_place_near ON tier_place (near DESC, member_id) WHERE near IS NOT NULL;
CREATE INDEX tier_place_due ON tier_place (due, member_id) WHERE due IS NOT NULL;
CREATE INDEX tier_place_falls ON tier_place (due, member_id) WHERE falls = 1;
CREATE INDEX tier_place_by_hand ON tier_place (by_hand, member_id) WHERE by_hand IS NOT NULL;

-- How far that walk came: `after` the last member looked at, `day` the last one that was walked.
CREATE TABLE tier_walk (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    after TEXT NOT NULL,
    day TEXT
) STRICT;
