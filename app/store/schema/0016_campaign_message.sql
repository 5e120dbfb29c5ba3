-- What the members of a campaign are told, as JSON text; NULL: nobody is told anything.
ALTER TABLE campaign ADD COLUMN message TEXT;
