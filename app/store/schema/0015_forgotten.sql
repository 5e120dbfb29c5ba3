-- Everybody who was forgotten, under every id: what the list beside the backups is made of, and where
-- an erasure is found by any of its ids. `erasure`: the member_id of its row there; NULL where no row
-- tells of it: he was forgotten before there were any, or head office told of him as erased.
CREATE TABLE forgotten (
    member_id TEXT PRIMARY KEY,
    erasure TEXT
) STRICT, WITHOUT ROWID;

INSERT INTO forgotten (member_id, erasure)
    SELECT value, erasure.member_id FROM erasure, json_each(erasure.ids)
    WHERE state <> 'asked' GROUP BY value;
INSERT OR IGNORE INTO forgotten (member_id) SELECT member_id FROM member WHERE status = 'erased';
-- Of a merged person only the key says it, where his older id was never told by itself.
INSERT OR IGNORE INTO forgotten (member_id) SELECT member_id FROM member_key WHERE secret IS NULL;
