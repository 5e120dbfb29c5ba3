-- Shifts of this till's drawer, the counts saved in them, and which facts belong to which shift.
--
-- Amounts are minor units; `pieces` is JSON [[worth_minor, count], ...]. The Z itself is the fact
-- `z_id`; what stands beside it here is for lists and can be made again from that fact.

CREATE TABLE shift (
    shift_id TEXT PRIMARY KEY REFERENCES fact (op_id) DEFERRABLE INITIALLY DEFERRED,
    business_day TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    owner_id TEXT NOT NULL,
    currency TEXT NOT NULL,
    float_minor INTEGER NOT NULL,
    name TEXT NOT NULL,
    round INTEGER NOT NULL CHECK (round >= 1),
    counting INTEGER NOT NULL CHECK (counting IN (0, 1)),
    z_id TEXT UNIQUE REFERENCES fact (op_id) DEFERRABLE INITIALLY DEFERRED,
    z_number INTEGER UNIQUE CHECK (z_number >= 1),
    closed_ms INTEGER,
    closed_by TEXT,
    sales INTEGER,
    paid_minor INTEGER,
    paid_back_minor INTEGER,
    expected_minor INTEGER,
    counted_minor INTEGER,
    left_minor INTEGER,
    CHECK ((z_id IS NULL) = (z_number IS NULL) AND (z_id IS NULL) = (closed_ms IS NULL)
        AND (z_id IS NULL) = (left_minor IS NULL))
) STRICT, WITHOUT ROWID;
-- One drawer, one open shift: whatever a program does wrong, there is never a second one.
CREATE UNIQUE INDEX shift_open ON shift (z_id IS NULL) WHERE z_id IS NULL;

CREATE TABLE shift_count (
    shift_id TEXT NOT NULL REFERENCES shift (shift_id),
    number INTEGER NOT NULL CHECK (number >= 1),
    round INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    staff_id TEXT NOT NULL,
    pieces TEXT NOT NULL,
    expected_minor INTEGER NOT NULL,
    PRIMARY KEY (shift_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE shift_fact (
    shift_id TEXT NOT NULL,
    op_id TEXT NOT NULL REFERENCES fact (op_id) DEFERRABLE INITIALLY DEFERRED,
    PRIMARY KEY (shift_id, op_id)
) STRICT, WITHOUT ROWID;

-- What the roles of the first version may do with a shift.
UPDATE staff SET permissions = json_insert(permissions, '$[#]', 'take_over_shift', '$[#]', 'x_report')
    WHERE role_id IN ('supervisor', 'manager');
UPDATE staff SET permissions = json_insert(permissions, '$[#]', 'x_report')
    WHERE role_id = 'auditor';
