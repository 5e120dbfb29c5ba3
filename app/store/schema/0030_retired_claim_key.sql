-- A shop that joins a chain hashes numbers under the chain's key from then on. What it noted before of
-- whom it forgot was hashed under its own, which stays to ask with.
CREATE TABLE retired_claim_key (
    secret TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Whose it was, so that it goes when every till has forgotten him. None: it stays for good, as nobody
-- but this file may be able to tell by that number.
ALTER TABLE forgotten_claim ADD COLUMN member_id TEXT;
