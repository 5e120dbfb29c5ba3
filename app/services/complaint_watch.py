"""Watching complaints: a limit that was missed is an exception, once, where the case was opened.

Owns: noticing it. Does not own: the clocks (app/domain/complaint_clock.py), the level that a miss
raises (it follows from the facts alone, at every till), when this is asked (the caretaker).
"""

from __future__ import annotations

from app.domain.exception_case import overdue_case
from app.services.audit_trail import record
from app.services.complaint_glance import told_case
from app.services.ports import UnitOfWork
from app.services.shop import Shop


def note_overdue(*, shop: Shop, work: UnitOfWork) -> int:
    """Raise what was missed since; how many there were. Changes: exceptions, audit."""
    now, raised = shop.now(), 0
    for row in work.complaints.not_closed():
        if row.home != shop.identity.store_id:
            continue
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
