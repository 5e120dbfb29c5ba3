"""Exceptions at the manager's desk: what somebody should look at, and what was decided.

Owns: the list and closing a case, with the right and a trail. Does not own: what raises one
(app/domain/exception_case.py; every odd entry of the trail does, see audit_trail.record).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.audit import AuditEntry
from app.domain.exception_case import (
    CaseEnd,
    Choice,
    ExceptionCase,
    closed,
    points_at_stake,
)
from app.domain.money import Money
from app.domain.note import clean_note
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.member_panel import points_worth
from app.services.ports import UnitOfWork
from app.services.shop import Shop
from app.services.sync_state import (
    GivenUp,
    NotRefused,
    ReasonMissing,
    TriedAgain,
    give_up_refused,
    retry_refused,
)
from app.services.trail_context import (
    CouponThen,
    ShiftThen,
    coupon_of,
    member_of,
    people_in,
    receipt_of,
    shift_at,
)


@dataclass(frozen=True, slots=True)
class OpenCases:
    """What is open (or decided), newest first; `staff`: names of everybody they name, by id;
    `coupons`: what the cases about one name, by case."""

    cases: tuple[ExceptionCase, ...]
    staff: dict[str, str]
    coupons: dict[str, CouponThen]
    worth: dict[str, Money]
    """What the points pay for that nobody had, by case."""


@dataclass(frozen=True, slots=True)
class CaseStory:
    """One case with what belongs to it: as much as an entry of the trail has.

    `member`: masked; `receipt`: the printed number; `shift`: in which it happened.
    """

    case: ExceptionCase
    staff: dict[str, str]
    member: str
    receipt: str
    shift: ShiftThen | None
    coupon: CouponThen | None = None
    worth: Money | None = None


@dataclass(frozen=True, slots=True)
class CaseClosed:
    """Decided; it is off the list and stays known."""

    case: ExceptionCase


@dataclass(frozen=True, slots=True)
class NoSuchCase:
    """No case by this id."""

    case_id: str


@dataclass(frozen=True, slots=True)
class OwnCase:
    """It concerns whoever is signed in: a colleague has to look at it."""


def open_cases(*, shop: Shop, work: UnitOfWork, limit: int = 100) -> OpenCases | Refusal:
    """What somebody should look at. Needs the right to see the trail."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    return _listed(shop, work, tuple(work.exceptions.open_cases(limit)))


def decided_cases(*, shop: Shop, work: UnitOfWork, limit: int = 100) -> OpenCases | Refusal:
    """What was decided and how, the latest decision first. Needs the same right."""
    refusal = allowed(shop, "see_audit")
    return refusal or _listed(shop, work, tuple(work.exceptions.decided(limit)))


def case_story(*, shop: Shop, work: UnitOfWork, case_id: str) -> CaseStory | NoSuchCase | Refusal:
    """One case with its people, member, receipt and shift. Needs the same right."""
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    case = work.exceptions.get(case_id)
    if case is None:
        return NoSuchCase(case_id)
    entry = _entry(case)
    shift = shift_at(work=work, at_ms=case.at_ms)
    listed = _listed(shop, work, (case,))
    return CaseStory(
        case,
        listed.staff,
        member_of(work=work, entry=entry),
        receipt_of(work=work, entry=entry),
        shift,
        listed.coupons.get(case_id),
        listed.worth.get(case_id),
    )


def _listed(shop: Shop, work: UnitOfWork, cases: tuple[ExceptionCase, ...]) -> OpenCases:
    names = people_in(work=work, entries=(_entry(case) for case in cases))
    for case in cases:
        person = work.staff.get(case.end.by) if case.end is not None else None
        if person is not None:
            names[person.staff_id] = person.name
    programs = shop.desk.state.programs
    named = {
        case.case_id: coupon_of(work=work, entry=_entry(case), programs=programs) for case in cases
    }
    program = shop.desk.state.program
    worth = {
        case.case_id: points_worth(program, points)
        for case in cases
        if (points := points_at_stake(case))
    }
    coupons = {place: found for place, found in named.items() if found}
    return OpenCases(cases, names, coupons, worth)


def _entry(case: ExceptionCase) -> AuditEntry:
    """The case as the entry of the trail that raised it."""
    return AuditEntry(case.at_ms, case.staff_id, "", case.subject, case.story)


@dataclass(frozen=True, slots=True)
class CaseCount:
    """How many are open: the quiet number at the bell."""

    count: int


def count_open_cases(*, shop: Shop, work: UnitOfWork) -> CaseCount | Refusal:
    """How many wait to be looked at. Needs the right to see the trail. Changes nothing."""
    refusal = allowed(shop, "see_audit")
    return refusal or CaseCount(work.exceptions.count_open())


def close_case(
    *, shop: Shop, work: UnitOfWork, case_id: str, choice: Choice, note: str = ""
) -> CaseClosed | NoSuchCase | OwnCase | ReasonMissing | Refusal:
    """Say what was decided about a case; nobody decides his own. Changes: exceptions, audit.

    A decided case stays as it was decided. Of a refused request the decision is the act: accepted
    lets it go (the note says why), followed up sends it again; whoever asked may do either.
    """
    refusal = allowed(shop, "see_audit")
    if refusal:
        return refusal
    case = work.exceptions.get(case_id)
    if case is None:
        return NoSuchCase(case_id)
    if case.end is not None:
        return CaseClosed(case)
    staff, now = shop.desk.state.staff, shop.now()
    by = staff.staff_id if staff is not None else ""
    if case.staff_id == by and case.kind != "request_rejected":
        return OwnCase()
    if case.kind == "request_rejected":
        refused = _act_on_request(shop, work, case.subject, choice, note)
        if refused is not None:
            return refused
        case = work.exceptions.get(case_id) or case
    decided = closed(case, CaseEnd(choice, by, now.wall_ms, clean_note(note)))
    work.exceptions.put(decided)
    details = {"choice": choice, "kind": case.kind}
    record(shop=shop, work=work, now=now, act="exception_closed", subject=case_id, details=details)
    return CaseClosed(decided)


def _act_on_request(
    shop: Shop, work: UnitOfWork, op_id: str, choice: Choice, note: str
) -> ReasonMissing | Refusal | None:
    """None: it was done, or somebody did it elsewhere before."""
    if choice == "accepted":
        done = give_up_refused(shop=shop, work=work, op_id=op_id, reason=note)
        return None if isinstance(done, GivenUp | NotRefused) else done
    again = retry_refused(shop=shop, work=work, op_id=op_id)
    return None if isinstance(again, TriedAgain | NotRefused) else again
