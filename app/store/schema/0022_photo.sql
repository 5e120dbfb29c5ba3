-- Pictures stand beside any record, not beside complaints alone, and travel between tills.
--
-- `about`: the record (a complaint, a request). `holder`: under whose key it travels, the person's
-- or, where who complained is no member, the case's: whoever forgets the holder forgets it.
-- `state`: waiting (to be sent), sent (`told_epoch`: to this life of the server), fetched (of another
-- till, kept here to be looked at again: the longest here go first).
ALTER TABLE complaint_photo RENAME TO photo;
ALTER TABLE photo RENAME COLUMN case_id TO about;
ALTER TABLE photo ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE photo ADD COLUMN told_epoch INTEGER;
UPDATE photo SET holder = coalesce(
    (SELECT member_id FROM complaint WHERE complaint.case_id = photo.about), about
);
DROP INDEX complaint_photo_case;
DROP INDEX complaint_photo_waiting;
CREATE INDEX photo_about ON photo (about);
CREATE INDEX photo_holder ON photo (holder);
CREATE INDEX photo_waiting ON photo (taken_ms) WHERE state = 'waiting';
CREATE INDEX photo_sent ON photo (told_epoch) WHERE state = 'sent';
CREATE INDEX photo_fetched ON photo (taken_ms) WHERE state = 'fetched';
