-- What a member likes, beside his tags and who looks after him: from now on all of these stand in
-- his profile, sealed in facts as his name does.
ALTER TABLE member ADD COLUMN preferences TEXT NOT NULL DEFAULT '';
