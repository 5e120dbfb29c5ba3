"""What is done about a complaint: assign, answer, wait, settle, ask how it went, close, reopen.

Owns: one function for each, what it needs to be said, and its trail. Does not own: opening a case
(complaint.py), giving something (compensation.py), whether a step fits (app/domain/complaint.py).

Whoever may handle complaints acts on cases that stand with everybody and on those assigned to him;
a case that stands with a senior needs the right to lead, or the yes of somebody who has it. A note,
a picture and a call for somebody above need no more than the right to handle.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

from app.domain.complaint import Case, State, is_higher
from app.domain.complaint_fact import (
    Answered,
    Assigned,
    Back,
    CauseFound,
    Channel,
    Closed,
    Escalated,
    FollowedUp,
    Noted,
    Prioritised,
    Reopened,
    Resolved,
    Score,
    Step,
    Told,
    Waiting,
    WaitReason,
)
from app.domain.complaint_rules import Priority
from app.domain.ids import OpId
from app.domain.rights import Act
from app.services.approval import ClearanceRefusal, Cleared
from app.services.audit_trail import record
from app.services.complaint import NotAChoice, TextRefused, text_refused
from app.services.complaint_step import CaseForgotten as CaseForgotten  # noqa: PLC0414 - screens take it from here
from app.services.complaint_step import (
    NoSuchComplaint,
    act_needed,
    cleared_for,
    is_forgotten,
    read_case,
    step_fact,
    write_case_fact,
)
from app.services.open_approval import Approval, Then
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class ComplaintChanged:
    """Done; read its view for how it stands."""

    case_id: OpId


@dataclass(frozen=True, slots=True)
class StepUnfit:
    """Not as the case stands now: somebody was quicker, or something comes first.

    `unanswered`: the customer waits for a first word; `too_old`: it was closed so long ago that a
    new complaint begins instead.
    """

    state: State
    unanswered: bool = False
    too_old: bool = False


@dataclass(frozen=True, slots=True)
class NoSuchColleague:
    """Nobody by this id works here (any more)."""

    staff_id: str


@dataclass(frozen=True, slots=True)
class DayPassed:
    """The day to ask how it went lies behind today."""

    day: date


ComplaintAnswer: TypeAlias = (
    ComplaintChanged
    | StepUnfit
    | NoSuchComplaint
    | TextRefused
    | NotAChoice
    | NoSuchColleague
    | DayPassed
    | CaseForgotten
    | ClearanceRefusal
)


def assign_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, staff_id: str, approval: Approval | None = None
) -> ComplaintAnswer:
    """Give it to a colleague, or take it. Changes: facts, complaints, audit."""
    person = work.staff.get(staff_id)
    if person is None or not person.active:
        return NoSuchColleague(staff_id)
    me = shop.desk.state.staff
    takes_it = me is not None and me.staff_id == staff_id
    then = partial(assign_complaint, case_id=case_id, staff_id=staff_id)
    act: Act = "complaint_handle" if takes_it else "complaint_lead"
    return _do(shop, work, case_id, Assigned(to=staff_id), then, approval, least=act)


def answer_complaint(
    *,
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    text: str,
    channel: Channel = "phone",
    approval: Approval | None = None,
) -> ComplaintAnswer:
    """The customer heard from the shop: what was said. Changes: facts, complaints, audit."""
    then = partial(answer_complaint, case_id=case_id, text=text, channel=channel)
    refused = text_refused("text", text)
    return refused or _do(shop, work, case_id, Answered(channel=channel), then, approval, text)


def wait_for_customer(
    *,
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    reason: WaitReason,
    text: str = "",
    approval: Approval | None = None,
) -> ComplaintAnswer:
    """It is the customer's turn: the clocks stand. Changes: facts, complaints, audit."""
    then = partial(wait_for_customer, case_id=case_id, reason=reason, text=text)
    refused = text_refused("note", text, may_be_empty=True)
    return refused or _do(shop, work, case_id, Waiting(reason=reason), then, approval, text)


def customer_is_back(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, text: str = "", approval: Approval | None = None
) -> ComplaintAnswer:
    """He did his part: the clocks go on. Changes: facts, complaints, audit."""
    then = partial(customer_is_back, case_id=case_id, text=text)
    refused = text_refused("note", text, may_be_empty=True)
    return refused or _do(shop, work, case_id, Back(), then, approval, text)


@dataclass(frozen=True, slots=True)
class Result:
    """How a case was settled: what was done, why it had happened, how the customer was told."""

    text: str
    cause: str
    told: Told
    follow_up: date | None = None
    solution: str | None = None


def resolve_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, result: Result, approval: Approval | None = None
) -> ComplaintAnswer:
    """It is settled. Changes: facts, complaints, audit."""
    then = partial(resolve_complaint, case_id=case_id, result=result)
    refused = text_refused("text", result.text) or _unknown_cause(shop, result.cause)
    if refused is not None:
        return refused
    today = shop.now().local(shop.desk.state.program.timezone).date()
    if result.follow_up is not None and result.follow_up < today:
        return DayPassed(result.follow_up)
    step = Resolved(
        cause=result.cause,
        told=result.told,
        follow_up=result.follow_up,
        solution=result.solution,
    )
    return _do(shop, work, case_id, step, then, approval, result.text)


def follow_up_complaint(
    *,
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    score: Score | None,
    text: str = "",
    approval: Approval | None = None,
) -> ComplaintAnswer:
    """The customer was asked how it went, 1 to 5; None = not reached, ask again.

    Changes: facts, complaints, audit.
    """
    then = partial(follow_up_complaint, case_id=case_id, score=score, text=text)
    refused = text_refused("note", text, may_be_empty=True)
    return refused or _do(shop, work, case_id, FollowedUp(score=score), then, approval, text)


def close_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, approval: Approval | None = None
) -> ComplaintAnswer:
    """Nothing is left to do. Changes: facts, complaints, audit."""
    then = partial(close_complaint, case_id=case_id)
    return _do(shop, work, case_id, Closed(), then, approval)


def reopen_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, text: str, approval: Approval | None = None
) -> ComplaintAnswer:
    """It was not done after all: why. Changes: facts, complaints, audit."""
    then = partial(reopen_complaint, case_id=case_id, text=text)
    refused = text_refused("text", text)
    return refused or _do(shop, work, case_id, Reopened(), then, approval, text)


def escalate_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, text: str = "", approval: Approval | None = None
) -> ComplaintAnswer:
    """Somebody above has to look. Changes: facts, complaints, audit."""
    then = partial(escalate_complaint, case_id=case_id, text=text)
    refused = text_refused("note", text, may_be_empty=True)
    return refused or _do(
        shop, work, case_id, Escalated(), then, approval, text, for_everybody=True
    )


def prioritise_complaint(
    *,
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    priority: Priority,
    approval: Approval | None = None,
) -> ComplaintAnswer:
    """It is more urgent than it looked, never less. Changes: facts, complaints, audit."""
    then = partial(prioritise_complaint, case_id=case_id, priority=priority)
    return _do(shop, work, case_id, Prioritised(priority=priority), then, approval)


def note_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, text: str, approval: Approval | None = None
) -> ComplaintAnswer:
    """A few words for colleagues. Changes: facts, complaints, audit."""
    then = partial(note_complaint, case_id=case_id, text=text)
    refused = text_refused("note", text)
    return refused or _do(shop, work, case_id, Noted(), then, approval, text, for_everybody=True)


def name_cause(
    *, shop: Shop, work: UnitOfWork, case_id: OpId, cause: str, approval: Approval | None = None
) -> ComplaintAnswer:
    """Why it happened, also before it is settled or after. Changes: facts, complaints, audit."""
    then = partial(name_cause, case_id=case_id, cause=cause)
    refused = _unknown_cause(shop, cause)
    return refused or _do(shop, work, case_id, CauseFound(cause=cause), then, approval)


def _unknown_cause(shop: Shop, cause: str) -> NotAChoice | None:
    causes = shop.desk.state.program.complaints.causes
    return None if any(one.id == cause for one in causes) else NotAChoice("cause", cause)


def unfit(case: Case, step: type[Step]) -> StepUnfit | None:
    """Why such a step does not fit the case as it stands; None = it does."""
    if case.may(step):
        return None
    too_old = step is Reopened and case.is_too_old
    return StepUnfit(case.state, unanswered=step is Waiting and not case.answered, too_old=too_old)


def _do(  # noqa: PLR0913 - the act with all that approval.clearance asks of it
    shop: Shop,
    work: UnitOfWork,
    case_id: OpId,
    step: Step,
    then: Then | Callable[..., object],
    approval: Approval | None,
    text: str = "",
    *,
    least: Act = "complaint_handle",
    for_everybody: bool = False,
) -> ComplaintAnswer:
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    if isinstance(step, Noted) and is_forgotten(work, case):
        return CaseForgotten(case_id)
    refused = unfit(case, type(step))
    if isinstance(step, Prioritised) and not is_higher(step.priority, case.priority):
        refused = StepUnfit(case.state)
    if refused is not None:
        return refused
    act = least if for_everybody or least != "complaint_handle" else act_needed(shop, case)
    cleared = cleared_for(shop, work, act, case_id, then, approval, case.opened.number)
    if not isinstance(cleared, Cleared):
        return cleared
    fact = step_fact(shop, work, case, step, text)
    write_case_fact(shop, work, fact)
    details = {"step": str(step.__struct_config__.tag), "approved_by": cleared.approved_by}
    record(
        shop=shop, work=work, now=fact.clock, act="complaint_stepped", subject=case_id,
        details={name: value for name, value in details.items() if value},
    )  # fmt: skip
    return ComplaintChanged(case_id)
