"""Open complaints of a member: what a panel says at once.

Owns: that. Does not own: what a list shows (complaint_view.py), the clocks
(app/domain/complaint_clock.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.complaint_row import OpenComplaints
from app.domain.moment import Moment
from app.services.complaint_step import ToldCase, told_case
from app.services.ports import UnitOfWork


def open_of_member(
    *, work: UnitOfWork, member_ids: Iterable[str], now: Moment
) -> OpenComplaints | None:
    """Open cases of a member under all his ids; None = there are none. Changes nothing."""
    rows = work.complaints.of_members(member_ids)
    is_open = [row for row in rows if row.state not in ("resolved", "closed")]
    told = [each for row in is_open if (each := told_case(work, row, now)) is not None]
    if not told:
        return None
    first = min(told, key=ToldCase.order)
    due = first.clocks.next_due
    return OpenComplaints(
        len(told), first.case.case_id, first.case.opened.number, first.clocks.mood,
        None if due is None else due.name, None if due is None else due.due_ms,
    )  # fmt: skip
