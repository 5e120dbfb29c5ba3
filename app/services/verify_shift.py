"""Verifying shifts: that every Z is the sum of its facts, and that lists agree with both.

Owns: those checks, fed with the facts in the order of the chain. Does not own: the chain
(verify.py), adding up (app/domain/shift_report.py), the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from app.domain.facts import Fact, ShiftClosed
from app.domain.shift import ClosedShift
from app.domain.shift_report import shift_of
from app.domain.shift_sums import ShiftReport
from app.services.ports import Lane, UnitOfWork
from app.services.shift_report import report_of_shift


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the store says of a closed shift."""

    report: ShiftReport
    listed: int
    """Facts in the list of the shift, of all epochs."""
    row: ClosedShift | None


@dataclass(slots=True)
class ShiftCheck:
    """Hears the facts in order and answers what does not agree: (code, where)."""

    lane: Lane
    facts: Counter[str] = field(default_factory=Counter)
    """How many facts of the chain named each shift that is not closed yet."""
    last_number: int = 0
    zs: int = 0

    def hear(self, fact: Fact) -> Iterator[tuple[str, str]]:
        """One fact of the chain."""
        shift_id = shift_of(fact)
        if shift_id is not None:
            self.facts[shift_id] += 1
        if isinstance(fact, ShiftClosed):
            yield from self._closed(fact)

    def end(self) -> Iterator[tuple[str, str]]:
        """After the last fact: only the open shift may have facts without a Z."""
        current = self.lane.run(lambda work: work.shifts.current())
        for shift_id in self.facts:
            if current is None or shift_id != current.shift_id:
                yield "shift.late", shift_id
        rows = self.lane.run(lambda work: len(work.shifts.closed(1_000_000)))
        if rows < self.zs:
            yield "z.count", f"{rows} rows, {self.zs} facts"

    def _closed(self, fact: ShiftClosed) -> Iterator[tuple[str, str]]:
        self.zs += 1
        named = str(fact.number)
        if self.last_number and fact.number != self.last_number + 1:
            yield "z.number", named
        self.last_number = fact.number
        kept = self.lane.run(partial(_kept, shift_id=fact.shift))
        if kept.report != fact.report:
            yield "z.differs", named
        if kept.listed != self.facts.pop(fact.shift):
            yield "shift.facts", fact.shift
        if not _same(fact, kept.row):
            yield "z.row_differs", named


def _kept(work: UnitOfWork, shift_id: str) -> _Kept:
    listed = len(work.facts.of_shift(shift_id))
    return _Kept(
        report_of_shift(work=work, shift_id=shift_id), listed, work.shifts.closed_by_id(shift_id)
    )


def _same(fact: ShiftClosed, row: ClosedShift | None) -> bool:
    report, end = fact.report, fact.end
    return row is not None and (
        row.z_id == fact.op_id
        and row.number == fact.number
        and row.business_day == fact.shift_day
        and row.sales == report.sales.count
        and row.paid.minor == report.sales.paid_minor
        and row.paid_back.minor == report.refunds.paid_minor
        and row.expected.minor == report.cash.expected_minor
        and row.counted.minor == end.counted_minor
        and row.left.minor == end.left_minor
    )
