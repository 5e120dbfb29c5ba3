-- How a member wants to hear of the shop: his mail address, and his choice as JSON text. Both stand
-- here in plain as his phone does, and are wiped with it.
ALTER TABLE member ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE member ADD COLUMN messages TEXT;

-- What head office said last of the messages to a member: JSON text, the newest first.
CREATE TABLE message_record (
    member_id TEXT PRIMARY KEY,
    records TEXT NOT NULL,
    asked_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
