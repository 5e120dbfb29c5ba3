"""Exceptions at the manager's desk: what somebody should look at, and what was decided.

Owns: the list and closing a case, with the right and a trail. Does not own: what raises one
(app/domain/exception_case.py; every odd entry of the trail does, see audit_trail.record).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.exception_case import CaseEnd, Choice, ExceptionCase, closed
from app.domain.note import clean_note
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class OpenCases:
    """What is open, newest first; `staff`: the names of whom the cases concern, by id."""

    cases: tuple[ExceptionCase, ...]
    staff: dict[str, str]


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
    cases = tuple(work.exceptions.open_cases(limit))
    people = {case.staff_id: work.staff.get(case.staff_id) for case in cases if case.staff_id}
    names = {staff_id: person.name for staff_id, person in people.items() if person is not None}
    return OpenCases(cases, names)


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
) -> CaseClosed | NoSuchCase | OwnCase | Refusal:
    """Say what was decided about a case; nobody decides his own. Changes: exceptions, audit.

    A decided case stays as it was decided.
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
    if case.staff_id == by:
        return OwnCase()
    decided = closed(case, CaseEnd(choice, by, now.wall_ms, clean_note(note)))
    work.exceptions.put(decided)
    details = {"choice": choice, "kind": case.kind}
    record(shop=shop, work=work, now=now, act="exception_closed", subject=case_id, details=details)
    return CaseClosed(decided)
