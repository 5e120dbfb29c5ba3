-- Campaigns: drafts of this till, and those that were published here. What was published also stands
-- in facts; the plan, its words and its trial are JSON text.
CREATE TABLE campaign (
    campaign_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('draft', 'waiting', 'published', 'ended')),
    plan TEXT NOT NULL,
    words TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    reached INTEGER NOT NULL CHECK (reached >= 0),
    control INTEGER NOT NULL CHECK (control >= 0),
    trial TEXT,
    published_ms INTEGER,
    ended_ms INTEGER
) STRICT, WITHOUT ROWID;

-- Who belongs to a campaign, and in which group. `done`: the draw stands in a fact, and whoever was
-- chosen holds his coupon.
CREATE TABLE campaign_member (
    campaign_id TEXT NOT NULL REFERENCES campaign (campaign_id),
    member_id TEXT NOT NULL,
    control INTEGER NOT NULL CHECK (control IN (0, 1)),
    done INTEGER NOT NULL CHECK (done IN (0, 1)),
    PRIMARY KEY (campaign_id, member_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX campaign_member_waiting ON campaign_member (campaign_id, member_id) WHERE done = 0;

-- What campaigns gave is asked for by their offer, of all the sales there ever were.
CREATE INDEX sale_adjustment_campaign ON sale_adjustment (rule, sale_id)
    WHERE rule >= 'camp-' AND rule < 'camp.';
