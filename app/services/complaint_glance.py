"""Open complaints of a member: what a panel says at once.

Owns: that. Does not own: what a list shows (complaint_view.py), the clocks
(app/domain/complaint_clock.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.complaint import Case, case_of
from app.domain.complaint_clock import CaseClocks, clocks_of
from app.domain.complaint_row import CaseRow, OpenComplaints
from app.domain.moment import Moment
from app.services.ports import UnitOfWork


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case with its clocks."""

    case: Case
    clocks: CaseClocks

    def order(self) -> tuple[bool, int, int, str]:
        """What strikes first; what stands still last, oldest first."""
        due = self.clocks.next_due
        at_ms = 0 if due is None or due.due_ms is None else due.due_ms
        return due is None, at_ms, self.case.opened_ms, self.case.case_id


def told_case(*, work: UnitOfWork, row: CaseRow, now: Moment) -> ToldCase | None:
    """A case as it stands; None where its opening is not here."""
    case = case_of(work.complaints.facts(row.case_id), now)
    return ToldCase(case, clocks_of(case)) if isinstance(case, Case) else None


def open_of_member(
    *, work: UnitOfWork, member_ids: Iterable[str], now: Moment
) -> OpenComplaints | None:
    """Open cases of a member under all his ids; None = there are none. Changes nothing."""
    rows = work.complaints.of_members(member_ids)
    is_open = [row for row in rows if row.state not in ("resolved", "closed")]
    told = [each for row in is_open if (each := told_case(work=work, row=row, now=now)) is not None]
    if not told:
        return None
    first = min(told, key=ToldCase.order)
    due = first.clocks.next_due
    return OpenComplaints(
        len(told), first.case.case_id, first.case.opened.number, first.clocks.mood,
        None if due is None else due.name, None if due is None else due.due_ms,
    )  # fmt: skip
