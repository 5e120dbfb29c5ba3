"""Exceptions, open and decided.

Owns: the exception_case table. Does not own: what raises one (app/domain/exception_case.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, select

from app.domain.exception_case import CaseEnd, ExceptionCase, ExceptionKind
from app.store.changes import Changes
from app.store.repository import Prepared, Repository, put_row
from app.store.tables import exception_case as table

_PUT = Prepared(put_row(table, "case_id"))
_GET = select(table).where(table.c.case_id == bindparam("key"))
_OPEN = (
    select(table)
    .where(table.c.choice.is_(None))
    .order_by(table.c.at_ms.desc(), table.c.case_id)
    .limit(bindparam("most"))
)
_DECIDED = (
    select(table)
    .where(table.c.choice.is_not(None))
    .order_by(table.c.closed_ms.desc(), table.c.case_id)
    .limit(bindparam("most"))
)
_OF_KIND = select(table).where(table.c.choice.is_(None), table.c.kind == bindparam("of"))
_COUNT = select(func.count()).select_from(table).where(table.c.choice.is_(None))


class ExceptionRepository(Repository):
    """What somebody should look at."""

    def put(self, case: ExceptionCase) -> None:
        """Add it or replace it (by its id)."""
        self._write(_PUT, _row(case))
        self._changed(Changes(exceptions=True))

    def get(self, case_id: str) -> ExceptionCase | None:
        row = self._execute(_GET, {"key": case_id}).mappings().first()
        return None if row is None else _case(row)

    def open_cases(self, limit: int = 100) -> Sequence[ExceptionCase]:
        """Newest first."""
        return [_case(row) for row in self._execute(_OPEN, {"most": limit}).mappings()]

    def open_of(self, kind: ExceptionKind) -> Sequence[ExceptionCase]:
        """Everything of one kind that nobody decided yet."""
        return [_case(row) for row in self._execute(_OF_KIND, {"of": kind}).mappings()]

    def decided(self, limit: int = 100) -> Sequence[ExceptionCase]:
        """The latest decision first."""
        return [_case(row) for row in self._execute(_DECIDED, {"most": limit}).mappings()]

    def count_open(self) -> int:
        found: int = self._execute(_COUNT).scalar_one()
        return found


def _row(case: ExceptionCase) -> dict[str, object]:
    return {
        "case_id": case.case_id,
        "kind": case.kind,
        "at_ms": case.at_ms,
        "staff_id": case.staff_id,
        "subject": case.subject,
        "story": msgspec.json.encode(case.story).decode(),
        "choice": case.end.choice if case.end else None,
        "closed_by": case.end.by if case.end else None,
        "closed_ms": case.end.at_ms if case.end else None,
        "note": case.end.note if case.end else "",
    }


def _case(row: Mapping[Any, Any]) -> ExceptionCase:
    end = None
    if row["choice"] is not None:
        end = CaseEnd(row["choice"], row["closed_by"], row["closed_ms"], row["note"])
    return ExceptionCase(
        case_id=row["case_id"],
        kind=row["kind"],
        at_ms=row["at_ms"],
        staff_id=row["staff_id"],
        subject=row["subject"],
        story=msgspec.json.decode(row["story"], type=tuple[tuple[str, str], ...]),
        end=end,
    )
