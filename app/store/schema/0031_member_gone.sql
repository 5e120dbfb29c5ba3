-- How many members there are is said beside lists in which nobody stands who was forgotten, or who is
-- one with somebody else.
CREATE INDEX member_gone ON member (status) WHERE status IN ('erased', 'merged');
