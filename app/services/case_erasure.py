"""Erasing who complained and is no member: by the case, whose words stand under a key of its own.

Owns: who may ask for it and what stands against it, asking head office or (in a shop of its own)
deciding. Does not own: members (erasure.py), when the time of keeping is over (retention.py), the
case (complaint*.py): its story stays, without words, name, number and pictures.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.complaint import Case
from app.domain.erasure import Erasure
from app.domain.erasure_fact import CaseErasureRequested, PersonErased
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.services.answers import Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.complaint_step import NoSuchComplaint, read_case
from app.services.desk import allowed
from app.services.erasure import (
    REASON_LENGTH_MAX,
    AlreadyAsked,
    ErasureAsked,
    ErasureHindered,
    ErasureHolds,
    ReasonNeeded,
    hold,
    is_due_again,
    may_be_asked,
    this_till,
)
from app.services.fact_origin import calendar_origin, origin
from app.services.fact_writer import fact_day, write_fact
from app.services.ports import UnitOfWork
from app.services.shop import Shop


@dataclass(frozen=True, slots=True)
class CaseOfMember:
    """Its words are the member's: they go with him, and not without."""

    member_id: str


CaseErasureAnswer = (
    ErasureAsked | ErasureHolds | ErasureHindered | AlreadyAsked | ReasonNeeded | CaseOfMember
    | NoSuchComplaint | Refusal
)  # fmt: skip


def erase_case(*, shop: Shop, work: UnitOfWork, case_id: OpId, reason: str) -> CaseErasureAnswer:
    """Forget who complained in this case: here at once where the shop is its own authority, else by
    head office. Needs the right. Changes: facts, complaints, erasures, audit.
    """
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    if case.opened.member is not None:
        return CaseOfMember(case.opened.member)
    standing = work.erasures.get(case_id)
    if standing is not None and not may_be_asked(work=work, member_id=case_id):
        return AlreadyAsked(standing)
    if not reason.strip():
        return ReasonNeeded()
    if case.is_open:
        return ErasureHindered(("open_case",))
    return _begin(shop, work, case, reason.strip()[:REASON_LENGTH_MAX])


def erase_case_by_calendar(*, shop: Shop, work: UnitOfWork, case_id: OpId) -> bool:
    """Forget who complained in a case whose time of keeping is over; False where it is open again,
    or somebody asked for it already. What head office refused is asked again after a while.
    Changes as `erase_case`."""
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint) or case.opened.member is not None or case.is_open:
        return False
    if not is_due_again(work=work, member_id=case_id, now_ms=shop.now().wall_ms):
        return False
    _begin(shop, work, case, "")
    return True


def _begin(shop: Shop, work: UnitOfWork, case: Case, reason: str) -> ErasureAsked | ErasureHolds:
    """Without a reason: by the calendar, which nobody is signed in for."""
    now, state = shop.now(), shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    begun = (origin if reason else calendar_origin)(shop=shop, now=now, day=day)
    if is_own_authority(work=work):
        fact = PersonErased(
            **begun, ids=(case.case_id,), reason=reason or "retention",
            tills=(this_till(shop=shop),),
        )  # fmt: skip
        write_fact(shop=shop, work=work, fact=fact)
        return hold(shop=shop, work=work, fact=fact)
    asked = CaseErasureRequested(**begun, case=case.case_id, reason=reason)
    write_fact(shop=shop, work=work, fact=asked)
    return _asked(shop, work, asked, now)


def _asked(shop: Shop, work: UnitOfWork, fact: CaseErasureRequested, now: Moment) -> ErasureAsked:
    kept = Erasure(
        fact.case, "asked", asked_ms=now.wall_ms, asked_by=fact.staff or "",
        request_id=fact.op_id,
    )  # fmt: skip
    work.erasures.ask(kept)
    record(shop=shop, work=work, now=now, act="erasure_asked", subject=fact.case)
    return ErasureAsked(kept, 0)
