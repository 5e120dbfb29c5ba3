-- "Has this colleague ever done that?" is asked when his page is opened, of a trail of years.
CREATE INDEX audit_person ON audit (staff_id, action);
