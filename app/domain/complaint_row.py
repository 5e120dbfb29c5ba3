"""What of a case is looked for and counted, without folding it.

Owns: that record and how it follows from a case. Does not own: the case (complaint.py), where the
record is kept (app/store/complaint.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.complaint import Case, State
from app.domain.complaint_clock import ClockName, Mood
from app.domain.complaint_fact import Form
from app.domain.ids import OpId


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as lists know it. `done_ms`: when it was closed, or settled last."""

    case_id: OpId
    number: str
    home: str
    member_id: str | None
    sale_id: str | None
    receipt: str | None
    topic: str
    state: State
    assigned: str | None
    cause: str
    solution: str | None
    score: int | None
    opened_ms: int
    done_ms: int | None


@dataclass(frozen=True, slots=True)
class GivenRow:
    """What was given for a case by one act, and whose month's budget it came from."""

    op_id: OpId
    case_id: OpId
    store: str
    month: str
    form: Form
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CauseCount:
    """So many cases of one topic had this cause, in a span of time."""

    topic: str
    cause: str
    cases: int
    given_minor: int
    score_sum: int
    scored: int


@dataclass(frozen=True, slots=True)
class OpenComplaints:
    """What the member's panel says: so many are open; the one that is due first."""

    count: int
    first: OpId
    number: str
    mood: Mood
    clock: ClockName | None
    due_ms: int | None


def row_of(case: Case) -> CaseRow:
    """The record of a case as it stands."""
    opened, resolved = case.opened, case.resolved
    return CaseRow(
        case_id=opened.op_id,
        number=opened.number,
        home=opened.store,
        member_id=opened.member,
        sale_id=opened.sale,
        receipt=opened.receipt,
        topic=opened.topic,
        state=case.state,
        assigned=case.assigned,
        cause=case.cause,
        solution=None if resolved is None else resolved.solution,
        score=case.score,
        opened_ms=case.opened_ms,
        done_ms=case.resolved_ms if case.closed_ms is None else case.closed_ms,
    )
