"""Watching complaints: a limit that was missed is an exception, once, where the case was opened.

Owns: noticing it. Does not own: the clocks (app/domain/complaint_clock.py), the level that a miss
raises (it follows from the facts alone, at every till), when this is asked (the caretaker).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from app.domain.complaint_row import CaseRow
from app.domain.exception_case import overdue_case
from app.services.audit_trail import record
from app.services.complaint_glance import told_case
from app.services.ports import Lane, UnitOfWork
from app.services.shop import Shop

CASES_A_UNIT = 10


def note_overdue(*, shop: Shop, lane: Lane) -> int:
    """Raise what was missed since; how many there were. A few cases in each unit of work. Off the
    lane thread. Changes: exceptions, audit."""
    raised, after = 0, (-1, "")
    while True:
        part, count = lane.run(partial(_some, shop, after))
        raised += count
        if len(part) < CASES_A_UNIT:
            return raised
        after = (part[-1].opened_ms, part[-1].case_id)


def _some(shop: Shop, after: tuple[int, str], work: UnitOfWork) -> tuple[Sequence[CaseRow], int]:
    rows = work.complaints.not_closed(CASES_A_UNIT, after)
    return rows, sum(_noted(shop, work, row) for row in rows)


def _noted(shop: Shop, work: UnitOfWork, row: CaseRow) -> int:
    if row.home != shop.identity.store_id:
        return 0
    now, raised = shop.now(), 0
    told = told_case(work=work, row=row, now=now)
    for clock in () if told is None else told.clocks.clocks:
        if clock.missed == 0 or work.exceptions.get(overdue_case(row.case_id, clock.name)):
            continue
        details = {"clock": clock.name, "complaint": row.number}
        record(
            shop=shop, work=work, now=now, act="complaint_overdue", subject=row.case_id,
            details=details, staff_id=row.assigned or "",
        )  # fmt: skip
        raised += 1
    return raised
