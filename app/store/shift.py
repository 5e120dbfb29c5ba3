"""Shifts of the drawer: the open one with its saved counts, and the closed ones by Z number.

Owns: the shift and shift_count tables. Does not own: a Z (a fact), what a shift adds up to
(app/domain/shift_report.py). A closed shift has no way back: nothing here changes one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, func, insert, select, update

from app.domain.cash_count import CashCount
from app.domain.money import Money
from app.domain.shift import ClosedShift, SavedCount, Shift
from app.store.changes import Changes
from app.store.errors import StoreBug
from app.store.repository import Repository
from app.store.tables import shift, shift_count

_OPEN = select(shift).where(shift.c.z_id.is_(None))
_CLOSED = select(shift).where(shift.c.z_id.is_not(None)).order_by(shift.c.z_number.desc())
_LATEST = _CLOSED.limit(bindparam("most"))
_BEFORE = _LATEST.where(shift.c.z_number < bindparam("before"))
_NUMBERED = _CLOSED.where(shift.c.z_number == bindparam("number"))
_BY_ID = _CLOSED.where(shift.c.shift_id == bindparam("key"))
_LAST_NUMBER = select(func.max(shift.c.z_number))
_COUNTS = (
    select(shift_count)
    .where(shift_count.c.shift_id == bindparam("key"))
    .order_by(shift_count.c.number)
)
_BEGIN = insert(shift)
_ADD_COUNT = insert(shift_count)
_STILL_OPEN = and_(shift.c.shift_id == bindparam("key"), shift.c.z_id.is_(None))
_STATE = (
    update(shift)
    .where(_STILL_OPEN)
    .values(
        owner_id=bindparam("new_owner"),
        round=bindparam("new_round"),
        counting=bindparam("new_counting"),
    )
)
_CLOSING = (
    "z_id", "z_number", "closed_ms", "closed_by", "sales", "paid_minor", "paid_back_minor",
    "expected_minor", "counted_minor", "left_minor",
)  # fmt: skip
_CLOSE = (
    update(shift)
    .where(_STILL_OPEN)
    .values({name: bindparam(f"new_{name}") for name in _CLOSING} | {"counting": 0})
)


class ShiftRepository(Repository):
    """One open shift at most; closed ones are for reading only."""

    def current(self) -> Shift | None:
        """The open shift of this till's drawer with all its counts."""
        row = self._execute(_OPEN).mappings().first()
        if row is None:
            return None
        counts = self._execute(_COUNTS, {"key": row["shift_id"]}).mappings()
        return _shift(row, tuple(_count(each) for each in counts))

    def begin(self, new: Shift) -> None:
        """Its fact is appended in the same transaction. StoreBug where one is open."""
        self._execute(_BEGIN, _row(new))
        self._changed(Changes(shifts=True))

    def put_state(self, changed: Shift) -> None:
        """Keep whose it is now and where its counting stands. StoreBug for a closed one."""
        state = {
            "key": changed.shift_id,
            "new_owner": changed.owner_id,
            "new_round": changed.round,
            "new_counting": int(changed.is_counting),
        }
        if self._execute(_STATE, state).rowcount != 1:
            raise StoreBug("only an open shift changes")
        self._changed(Changes(shifts=True))

    def add_count(self, shift_id: str, saved: SavedCount) -> None:
        """A count is kept for good: no other one takes its place."""
        row = {
            "shift_id": shift_id,
            "number": saved.number,
            "round": saved.round,
            "at_ms": saved.at_ms,
            "staff_id": saved.staff_id,
            "pieces": msgspec.json.encode(saved.count.pieces).decode(),
            "expected_minor": saved.expected.minor,
        }
        self._execute(_ADD_COUNT, row)
        self._changed(Changes(shifts=True))

    def close(self, done: ClosedShift) -> None:
        """Close it for ever. StoreBug where it is closed or its number was given before."""
        if self._execute(_CLOSE, _closing(done)).rowcount != 1:
            raise StoreBug("only an open shift is closed")
        self._changed(Changes(shifts=True))

    def next_number(self) -> int:
        """1 + the highest number of any Z here."""
        return int(self._execute(_LAST_NUMBER).scalar() or 0) + 1

    def closed(self, limit: int = 50, before: int | None = None) -> Sequence[ClosedShift]:
        """Newest first; `before`: only Zs with lower numbers."""
        asked = {"most": limit} if before is None else {"most": limit, "before": before}
        rows = self._execute(_LATEST if before is None else _BEFORE, asked).mappings()
        return [_closed(row) for row in rows]

    def by_number(self, number: int) -> ClosedShift | None:
        row = self._execute(_NUMBERED, {"number": number}).mappings().first()
        return None if row is None else _closed(row)

    def closed_by_id(self, shift_id: str) -> ClosedShift | None:
        row = self._execute(_BY_ID, {"key": shift_id}).mappings().first()
        return None if row is None else _closed(row)


def _row(new: Shift) -> dict[str, object]:
    return {
        "shift_id": new.shift_id,
        "business_day": new.business_day.isoformat(),
        "opened_ms": new.opened_ms,
        "opened_by": new.opened_by,
        "owner_id": new.owner_id,
        "currency": new.currency,
        "float_minor": new.cash_float.minor,
        "name": new.name,
        "round": new.round,
        "counting": int(new.is_counting),
    }


def _closing(done: ClosedShift) -> dict[str, object]:
    return {
        "key": done.shift_id,
        "new_z_id": done.z_id,
        "new_z_number": done.number,
        "new_closed_ms": done.closed_ms,
        "new_closed_by": done.closed_by,
        "new_sales": done.sales,
        "new_paid_minor": done.paid.minor,
        "new_paid_back_minor": done.paid_back.minor,
        "new_expected_minor": done.expected.minor,
        "new_counted_minor": done.counted.minor,
        "new_left_minor": done.left.minor,
    }


def _shift(row: Mapping[Any, Any], counts: tuple[SavedCount, ...]) -> Shift:
    return Shift(
        shift_id=row["shift_id"],
        business_day=date.fromisoformat(row["business_day"]),
        opened_ms=row["opened_ms"],
        opened_by=row["opened_by"],
        owner_id=row["owner_id"],
        currency=row["currency"],
        cash_float=Money(row["float_minor"]),
        name=row["name"],
        round=row["round"],
        is_counting=bool(row["counting"]),
        counts=counts,
    )


def _count(row: Mapping[Any, Any]) -> SavedCount:
    pieces = msgspec.json.decode(row["pieces"], type=tuple[tuple[int, int], ...])
    return SavedCount(
        number=row["number"],
        round=row["round"],
        at_ms=row["at_ms"],
        staff_id=row["staff_id"],
        count=CashCount(pieces),
        expected=Money(row["expected_minor"]),
    )


def _closed(row: Mapping[Any, Any]) -> ClosedShift:
    return ClosedShift(
        shift_id=row["shift_id"],
        z_id=row["z_id"],
        number=row["z_number"],
        business_day=date.fromisoformat(row["business_day"]),
        opened_ms=row["opened_ms"],
        closed_ms=row["closed_ms"],
        closed_by=row["closed_by"],
        sales=row["sales"],
        paid=Money(row["paid_minor"]),
        paid_back=Money(row["paid_back_minor"]),
        expected=Money(row["expected_minor"]),
        counted=Money(row["counted_minor"]),
        left=Money(row["left_minor"]),
    )
