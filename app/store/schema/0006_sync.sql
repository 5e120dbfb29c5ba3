-- Sync: what was sent and answered, what head office told, and who this till is towards it.
--
-- Times are milliseconds since 1970, days ISO text, lists and tables JSON text. Accounts and facts
-- are opaque bytes made by app/domain. Nothing here is ever deleted because it was answered.

-- Where a fact stands now on the wire (its newest place), and what became of it. `state`:
-- pending (not answered for good), acknowledged (counted as it was), adjusted (counted; the account
-- differs from the receipt), quarantined (waiting for head office), set_aside (a request that was
-- refused: a person decides), given_up (that person did: `let_go` says so also while the fact is
-- pushed once more, for a server that lost it).
CREATE TABLE sent_fact (
    op_id TEXT PRIMARY KEY REFERENCES fact (op_id),
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL CHECK (dseq >= 1),
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'acknowledged', 'adjusted', 'quarantined', 'set_aside', 'given_up')),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    outcome TEXT CHECK (outcome IN
        ('accepted', 'accepted_adjusted', 'quarantined', 'rejected')),
    code TEXT,
    text TEXT,
    fields TEXT,
    adjustments TEXT,
    day TEXT,
    answered_ms INTEGER,
    let_go INTEGER NOT NULL DEFAULT 0 CHECK (let_go IN (0, 1)),
    CHECK ((outcome IS NULL) = (answered_ms IS NULL) AND (outcome IS NULL) = (adjustments IS NULL)),
    CHECK (state = 'pending' OR outcome IS NOT NULL),
    CHECK ((code IS NULL) = (text IS NULL) AND (code IS NULL) = (fields IS NULL)),
    CHECK (state NOT IN ('set_aside', 'given_up') OR outcome = 'rejected'),
    CHECK (state <> 'quarantined' OR outcome = 'quarantined')
) STRICT, WITHOUT ROWID;
-- No program before this one ever sent anything: whatever it says, nothing was answered.
INSERT INTO sent_fact (op_id, epoch, dseq, state)
    SELECT outbox.op_id, fact.epoch, fact.dseq, 'pending' FROM outbox JOIN fact USING (op_id);
DROP TABLE outbox;
ALTER TABLE sent_fact RENAME TO outbox;
CREATE INDEX outbox_pending ON outbox (epoch, dseq) WHERE state = 'pending';
CREATE INDEX outbox_noted ON outbox (state, answered_ms)
    WHERE state IN ('adjusted', 'quarantined', 'set_aside');

-- Every further place a fact was given, for a push under a new epoch: the bytes stay, the chain is
-- new. Its first place stands with the fact. The epochs here never hold facts of their own.
CREATE TABLE fact_place (
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL CHECK (dseq >= 1),
    op_id TEXT NOT NULL REFERENCES fact (op_id),
    chain_hash BLOB NOT NULL CHECK (length(chain_hash) = 32),
    PRIMARY KEY (epoch, dseq)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_place_fact ON fact_place (op_id);

-- From this place on the chain of an epoch is, for the server, another till's: a cloned file.
CREATE TABLE forked_chain (
    epoch INTEGER PRIMARY KEY,
    from_dseq INTEGER NOT NULL CHECK (from_dseq >= 1)
) STRICT;

-- Epochs of a time when this till had another device id: its machine was a copy of another one's, or
-- stood under another number. What the server folded of them then is marked by that id.
CREATE TABLE former_device (
    epoch INTEGER NOT NULL,
    device TEXT NOT NULL,
    PRIMARY KEY (epoch, device)
) STRICT, WITHOUT ROWID;

-- Who this till is towards its server. No row: never enrolled, the shop is its own authority.
-- `key_id` names the device's own key in the keychain; NULL: it has to enrol again (after a restore).
-- `renews_as`: pending facts of older epochs are being given places in this one. `server_epoch`: 0
-- once it enrolled again, until it is known what that server has of this till.
CREATE TABLE enrolment (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    server_url TEXT NOT NULL,
    key_id TEXT,
    enrolled_ms INTEGER NOT NULL,
    rights TEXT NOT NULL,
    public_url TEXT,
    server_epoch INTEGER,
    renews_as INTEGER CHECK (renews_as >= 1)
) STRICT;

-- How far this till has listened.
CREATE TABLE stream (
    name TEXT PRIMARY KEY,
    cursor INTEGER NOT NULL CHECK (cursor >= 0),
    head INTEGER NOT NULL CHECK (head >= 0),
    heard_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- When all the server had to tell was known here last, and its time, by the monotonic clock of one
-- start of this machine: so a program that is started again while nobody answers knows both.
CREATE TABLE last_contact (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    boot_id TEXT NOT NULL,
    heard_monotonic_ms INTEGER NOT NULL,
    offset_ms INTEGER,
    offset_monotonic_ms INTEGER,
    offset_server_ms INTEGER,
    CHECK ((offset_ms IS NULL) = (offset_monotonic_ms IS NULL)),
    CHECK ((offset_ms IS NULL) = (offset_server_ms IS NULL))
) STRICT;

-- How the link changed lately, and why: for whoever is called because of it.
CREATE TABLE link_change (
    number INTEGER PRIMARY KEY,
    at_ms INTEGER NOT NULL,
    wire TEXT NOT NULL,
    reason TEXT NOT NULL
) STRICT;

-- Accounts as the server folded them; `days`: confirmed business dates that effects may name.
-- `promises`: what of an account is kept for one till, whichever it is; the account still holds it.
-- The account table holds what is shown: this, and this till's own facts no mark in it covers.
CREATE TABLE confirmed_account (
    member_id TEXT PRIMARY KEY,
    server_epoch INTEGER NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 0),
    data BLOB NOT NULL,
    days TEXT NOT NULL,
    promises TEXT NOT NULL DEFAULT '[]'
) STRICT;

-- Sales and refunds of other tills of this store. What stands beside the bytes is for look-up.
CREATE TABLE known_fact (
    op_id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'return')),
    device TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    dseq INTEGER NOT NULL CHECK (dseq >= 1),
    business_day TEXT NOT NULL,
    wall_ms INTEGER NOT NULL,
    receipt_code TEXT NOT NULL,
    sale_id TEXT,
    member_id TEXT,
    data BLOB NOT NULL CHECK (length(data) <= 65536),
    CHECK (kind = 'refund' OR sale_id IS NULL),
    CHECK (kind <> 'refund' OR sale_id IS NOT NULL)
) STRICT;
CREATE INDEX known_fact_receipt ON known_fact (receipt_code);
CREATE INDEX known_fact_sale ON known_fact (sale_id) WHERE sale_id IS NOT NULL;
CREATE INDEX known_fact_member ON known_fact (member_id, wall_ms) WHERE member_id IS NOT NULL;
CREATE INDEX known_fact_day ON known_fact (business_day, wall_ms);

-- A part of a balance that belongs to this till alone, to spend offline.
CREATE TABLE point_grant (
    grant_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    buckets TEXT NOT NULL,
    coupons TEXT NOT NULL,
    entitlements TEXT NOT NULL,
    ends_ms INTEGER NOT NULL,
    ended TEXT CHECK (ended IN ('released', 'written_off', 'lost'))
) STRICT, WITHOUT ROWID;
CREATE INDEX point_grant_member ON point_grant (member_id) WHERE ended IS NULL;

-- What is kept online for one sale. Kept before it is asked for: a lost answer is asked again.
-- `available`, `uses_left`, `gone`: what a refusal said of points, uses and coupons. `own`: what this till was
-- promised already and need not be left alone.
CREATE TABLE reservation (
    reservation_id TEXT PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('asked', 'held', 'refused', 'posted', 'voided')),
    member_id TEXT,
    points INTEGER NOT NULL CHECK (points >= 0),
    coupons TEXT NOT NULL,
    entitlements TEXT NOT NULL,
    sale_id TEXT,
    pieces TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    ends_ms INTEGER,
    available INTEGER,
    uses_left TEXT NOT NULL DEFAULT '{}',
    gone TEXT NOT NULL DEFAULT '{}',
    own TEXT NOT NULL DEFAULT '[]',
    CHECK (state IN ('asked', 'refused', 'voided') OR ends_ms IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_open ON reservation (asked_ms) WHERE state IN ('asked', 'held');
CREATE INDEX reservation_sale ON reservation (sale_id, asked_ms) WHERE sale_id IS NOT NULL;

-- Keys that signed passes are checked with.
CREATE TABLE pass_key (
    key_id TEXT PRIMARY KEY,
    public BLOB NOT NULL CHECK (length(public) = 32),
    from_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL CHECK (until_ms > from_ms)
) STRICT, WITHOUT ROWID;

-- Whether the server counted a business day of one epoch as this till does; nothing is adopted.
CREATE TABLE agreement (
    epoch INTEGER NOT NULL,
    day TEXT NOT NULL,
    dseq INTEGER NOT NULL CHECK (dseq >= 1),
    is_equal INTEGER NOT NULL CHECK (is_equal IN (0, 1)),
    compared_ms INTEGER NOT NULL,
    PRIMARY KEY (epoch, day)
) STRICT, WITHOUT ROWID;

-- What members spent here while the server was not asked: counted against grants and floor limits.
-- `buckets`: points of the grant by expiry month; the monotonic time is since `boot_id`. A benefit
-- that is ticked off has a row of its own, by the id of its fact.
CREATE TABLE offline_spend (
    sale_id TEXT PRIMARY KEY,
    member_id TEXT NOT NULL,
    grant_id TEXT,
    buckets TEXT NOT NULL,
    floor_points INTEGER NOT NULL CHECK (floor_points >= 0),
    boot_id TEXT NOT NULL,
    monotonic_ms INTEGER NOT NULL,
    floor_coupons INTEGER NOT NULL DEFAULT 0 CHECK (floor_coupons >= 0),
    floor_uses INTEGER NOT NULL DEFAULT 0 CHECK (floor_uses >= 0),
    granted_uses TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID;
CREATE INDEX offline_spend_grant ON offline_spend (grant_id) WHERE grant_id IS NOT NULL;
CREATE INDEX offline_spend_time ON offline_spend (boot_id, monotonic_ms);

-- Signed passes this till has accepted: each works once here.
CREATE TABLE accepted_pass (
    member_id TEXT NOT NULL,
    issued_ms INTEGER NOT NULL,
    accepted_ms INTEGER NOT NULL,
    PRIMARY KEY (member_id, issued_ms)
) STRICT, WITHOUT ROWID;

-- A chain tells a till a million members at once. What finds a member by his phone stands among his
-- readings: an index whose entries come in any order costs a page of the file for each of them.
-- Of the members seen last only those who came one by one are looked through (`seen`): of very many
-- at once the last few.
UPDATE member SET readings = ltrim(readings || ' #' || substr(phone, -4) || phone)
    WHERE phone IS NOT NULL;
INSERT INTO member_reading (reading, member_no)
    SELECT '#' || substr(phone, -4) || phone, member_no FROM member WHERE phone IS NOT NULL;
DROP INDEX member_phone;
DROP INDEX member_last4;
DROP INDEX member_visited;
ALTER TABLE member DROP COLUMN phone_last4;
ALTER TABLE member ADD COLUMN seen TEXT;
UPDATE member SET seen = last_visit;
CREATE INDEX member_seen ON member (seen, name, readings) WHERE seen IS NOT NULL;

-- The index of words puts its parts together by 64 pages at a time, in whichever transaction comes
-- then: of whole pages that was a tenth of a second, which the next sale waited for.
INSERT INTO member_word (member_word, rank) VALUES ('pgsz', 1000);

-- Members who stand in the tables and are not found yet: their card, readings and coupons follow,
-- sorted, with those of many others. Whoever is touched before is finished first.
CREATE TABLE unindexed_member (
    member_no INTEGER PRIMARY KEY REFERENCES member (member_no)
) STRICT;

-- The ids of keys are made where members join, at random, and asked for by nobody.
CREATE TABLE key_of_member (
    member_id TEXT PRIMARY KEY,
    key_id TEXT NOT NULL,
    secret BLOB CHECK (length(secret) = 32)
) STRICT, WITHOUT ROWID;
INSERT INTO key_of_member (member_id, key_id, secret)
    SELECT member_id, key_id, secret FROM member_key;
DROP TABLE member_key;
ALTER TABLE key_of_member RENAME TO member_key;
