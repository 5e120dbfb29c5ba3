-- By which number somebody was found whom this till knew and forgot, as a keyed hash and beside no id:
-- a list of an earlier system must not bring him back.
CREATE TABLE forgotten_claim (
    claim TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
