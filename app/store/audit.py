"""The audit trail, each entry chained to the one before.

Owns: the audit table. Does not own: the chain's arithmetic (app/domain/audit.py), who may read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, insert, or_, select

from app.domain.audit import AUDIT_GENESIS, AuditEntry, ChainedAuditEntry, audit_hash
from app.domain.audit_search import AuditCriteria
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
_THESE = (
    select(audit)
    .where(audit.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(audit.c.number.desc())
)
_COUNT = (
    select(func.count())
    .select_from(audit)
    .where(audit.c.action == bindparam("done"), audit.c.subject == bindparam("to"))
)

_FIRST_OF = (
    select(audit)
    .where(
        audit.c.staff_id == bindparam("who"),
        audit.c.action == bindparam("done"),
        func.instr(audit.c.details, bindparam("naming")) > 0,
    )
    .order_by(audit.c.number)
    .limit(1)
)
_ABOUT = (
    select(audit)
    .where(
        audit.c.subject == bindparam("to"),
        audit.c.action.in_(bindparam("these", expanding=True)),
    )
    .order_by(audit.c.number)
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
        return [_entry(row) for row in self._execute(_AFTER, {"after": after, "most": limit})]

    def count(self, action: str, subject: str) -> int:
        """How often this was done to that."""
        found: int = self._execute(_COUNT, {"done": action, "to": subject}).scalar_one()
        return found

    def first_of(self, staff_id: str, action: str, naming: str = "") -> ChainedAuditEntry | None:
        """The first time somebody did this; `naming`: with this detail, by name or value."""
        wanted = {"who": staff_id, "done": action, "naming": f'"{naming}"' if naming else "["}
        row = self._execute(_FIRST_OF, wanted).first()
        return None if row is None else _entry(row)

    def about(self, subject: str, actions: Sequence[str]) -> Sequence[ChainedAuditEntry]:
        """What was done to that, in order."""
        found = self._execute(_ABOUT, {"to": subject, "these": tuple(actions)})
        return [_entry(row) for row in found]

    def last_number(self) -> int:
        """0 = there is no entry."""
        last = self._first(_LAST)
        return 0 if last is None else int(last[0])

    def matching(self, criteria: AuditCriteria, low: int, high: int) -> Sequence[int]:
        """The numbers from `low` to `high` that fit, newest first."""
        found = self._execute(_numbers_of(criteria), {"low": low, "high": high})
        return found.scalars().all()

    def by_numbers(self, numbers: Sequence[int]) -> Sequence[ChainedAuditEntry]:
        """Newest first; a missing one is left out."""
        return [_entry(row) for row in self._execute(_THESE, {"numbers": tuple(numbers)})]


def _numbers_of(criteria: AuditCriteria) -> Select[tuple[int]]:
    """Bounded by numbers: a look at a part of a long trail never holds the lane for long."""
    column = audit.c
    between = column.number.between(bindparam("low"), bindparam("high"))
    wanted: list[ColumnElement[bool]] = [between]
    if criteria.since_ms is not None:
        wanted.append(column.at_ms >= criteria.since_ms)
    if criteria.until_ms is not None:
        wanted.append(column.at_ms < criteria.until_ms)
    if criteria.acts is not None:
        wanted.append(column.action.in_(sorted(criteria.acts)))
    if criteria.staff_id:
        named = func.instr(column.details, criteria.staff_id) > 0
        wanted.append(or_(column.staff_id == criteria.staff_id, named))
    # Ids stand whole between the quotes of the details: a part of another one is no match.
    either: list[ColumnElement[bool]] = [
        func.instr(column.details, f'"{each}"') > 0 for each in criteria.named
    ]
    if criteria.about:
        either.append(column.subject.in_(criteria.about))
    if either:
        wanted.append(or_(*either))
    return select(column.number).where(*wanted).order_by(column.number.desc())


def _entry(row: Row[Any]) -> ChainedAuditEntry:
    details = msgspec.json.decode(row.details, type=tuple[tuple[str, str], ...])
    entry = AuditEntry(row.at_ms, row.staff_id, row.action, row.subject, details)
    return ChainedAuditEntry(row.number, entry, row.hash)
