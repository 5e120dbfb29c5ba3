"""The audit trail, each entry chained to the one before.

Owns: the audit table. Does not own: the chain's arithmetic (app/domain/audit.py), who may read it.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy import bindparam, func, insert, select

from app.domain.audit import AUDIT_GENESIS, AuditEntry, ChainedAuditEntry, audit_hash
from app.store.changes import Changes
from app.store.repository import Prepared, Repository
from app.store.tables import audit

_LAST = Prepared(select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1))
_ADD = Prepared(insert(audit))
_AFTER = (
    select(audit)
    .where(audit.c.number > bindparam("after"))
    .order_by(audit.c.number)
    .limit(bindparam("most"))
)
_COUNT = (
    select(func.count())
    .select_from(audit)
    .where(audit.c.action == bindparam("done"), audit.c.subject == bindparam("to"))
)


class AuditRepository(Repository):
    """Appended to, never changed."""

    def append(self, entry: AuditEntry) -> ChainedAuditEntry:
        """Chained by audit.audit_hash to the entry before."""
        last = self._first(_LAST)
        number, previous = (1, AUDIT_GENESIS) if last is None else (last[0] + 1, last[1])
        chained = ChainedAuditEntry(number, entry, audit_hash(previous, number, entry))
        row = {
            "number": number,
            "at_ms": entry.at_ms,
            "staff_id": entry.staff_id,
            "action": entry.action,
            "subject": entry.subject,
            "details": msgspec.json.encode(entry.details).decode(),
            "hash": chained.hash,
        }
        self._write(_ADD, row)
        self._changed(Changes(audit=True))
        return chained

    def entries(self, after: int = 0, limit: int = 1000) -> Sequence[ChainedAuditEntry]:
        """In order, behind entry number `after`."""
        rows = self._execute(_AFTER, {"after": after, "most": limit})
        return [
            ChainedAuditEntry(
                row.number,
                AuditEntry(
                    row.at_ms,
                    row.staff_id,
                    row.action,
                    row.subject,
                    msgspec.json.decode(row.details, type=tuple[tuple[str, str], ...]),
                ),
                row.hash,
            )
            for row in rows
        ]

    def count(self, action: str, subject: str) -> int:
        """How often this was done to that."""
        found: int = self._execute(_COUNT, {"done": action, "to": subject}).scalar_one()
        return found
