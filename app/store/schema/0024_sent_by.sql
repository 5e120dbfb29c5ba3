-- Whom a member sent is asked on his page; most members were sent by nobody.
CREATE INDEX member_by_referrer ON member (referrer_id) WHERE referrer_id IS NOT NULL;
