"""The order of complaints: which list a case is on, what is due first, what a panel says at once.

Owns: that. Does not own: what a list shows (complaint_view.py), the clocks
(app/domain/complaint_clock.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.domain.complaint import Case, case_of
from app.domain.complaint_clock import CaseClocks, clocks_of
from app.domain.complaint_row import CaseRow, OpenComplaints
from app.domain.moment import Moment
from app.services.ports import UnitOfWork
from app.services.shop import Shop

Desk = Literal["mine", "store", "overdue", "follow_up", "closed"]
COUNTED: tuple[Desk, ...] = ("mine", "store", "overdue", "follow_up")


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


def told_case(work: UnitOfWork, row: CaseRow, now: Moment) -> ToldCase | None:
    """A case as it stands; None where its opening is not here."""
    case = case_of(work.complaints.facts(row.case_id), now)
    return ToldCase(case, clocks_of(case)) if isinstance(case, Case) else None


def is_on(shop: Shop, told: ToldCase, desk: Desk) -> bool:
    """Whether a case that is not closed belongs to a list."""
    case, me = told.case, shop.desk.state.staff
    if desk == "mine":
        return case.is_open and me is not None and case.assigned == me.staff_id
    if case.opened.store != shop.identity.store_id:
        return False
    follow_up = told.clocks.clock("follow_up")
    match desk:
        case "overdue":
            return case.is_open and told.clocks.mood == "breached"
        case "follow_up":
            return follow_up is not None and follow_up.left_ms <= 0
        case _:
            return case.is_open


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
