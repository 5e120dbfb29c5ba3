"""The steps that all services of complaints share: who may, reading a case, writing a fact of it.

Owns: those. Does not own: what a person asks for (complaint.py, complaint_act.py, compensation.py),
lists and views (complaint_view.py), what facts mean (app/domain/complaint.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import msgspec

from app.domain.complaint import Case, CaseEvent, case_of
from app.domain.complaint_clock import clocks_of
from app.domain.complaint_fact import CaseFact, CaseWords, ComplaintStepped, Step
from app.domain.complaint_rules import SENIOR_LEVEL
from app.domain.fact_parts import Sealed
from app.domain.ids import OpId
from app.domain.moment import Moment
from app.domain.money import ZERO
from app.domain.rights import Act, Forbidden, LimitMissing, judge_act
from app.services.answers import SignInFirst
from app.services.approval import ActForbidden, ClearanceRefusal, Cleared, clearance
from app.services.complaint_glance import ToldCase
from app.services.fact_origin import origin
from app.services.fact_writer import fact_day, write_fact
from app.services.open_approval import Approval, Then, Wanted
from app.services.ports import UnitOfWork
from app.services.shop import Shop

Desk = Literal["mine", "store", "overdue", "follow_up", "closed"]
COUNTED: tuple[Desk, ...] = ("mine", "store", "overdue", "follow_up")


LookRefused: TypeAlias = SignInFirst | ActForbidden | LimitMissing


def may_look(shop: Shop) -> LookRefused | None:
    """Why whoever is at the till may not read complaints; None = he may."""
    state = shop.desk.state
    if state.staff is None or state.locked:
        return SignInFirst()
    judged = judge_act(state.rights, state.staff.role.role_id, "complaint_handle", 0)
    if isinstance(judged, LimitMissing):
        return judged
    # Whoever needs a yes to act may look: he calls the colleague who says it.
    return ActForbidden("complaint_handle") if isinstance(judged, Forbidden) else None


def act_needed(shop: Shop, case: Case) -> Act:
    """The right that somebody needs to act on this case as it stands."""
    me = shop.desk.state.staff
    is_mine = me is not None and case.assigned == me.staff_id
    stands_above = clocks_of(case).level >= SENIOR_LEVEL
    return "complaint_lead" if stands_above and not is_mine else "complaint_handle"


def words_of(work: UnitOfWork, case: Case) -> CaseWords | None:
    """The customer's words; None where he was erased."""
    plain = work.member_keys.unseal(key_holder(case), case.opened.words)
    return None if plain is None else msgspec.json.decode(plain, type=CaseWords)


def step_words(work: UnitOfWork, case: Case, event: CaseEvent) -> str | None:
    """What was written with a step; None: nothing, or it was erased."""
    sealed = event.fact.words if isinstance(event.fact, ComplaintStepped) else None
    plain = None if sealed is None else work.member_keys.unseal(key_holder(case), sealed)
    return None if plain is None else msgspec.json.decode(plain, type=str)


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


@dataclass(frozen=True, slots=True)
class CaseForgotten:
    """Who complained was erased: no words and no pictures of it are kept any more."""

    case_id: OpId


@dataclass(frozen=True, slots=True)
class NoSuchComplaint:
    """This till knows no such case."""

    case_id: OpId


def cleared_for(
    shop: Shop,
    work: UnitOfWork,
    act: Act,
    subject: str,
    then: Then,
    approval: Approval | None,
    about: str = "",
) -> Cleared | ClearanceRefusal:
    """Whether who is signed in may handle (or lead) cases."""
    wanted = Wanted(act=act, asked=0, effect=ZERO, subject=subject, about=about)
    return clearance(shop=shop, work=work, wanted=wanted, then=then, approval=approval)


def read_case(work: UnitOfWork, case_id: OpId, now: Moment) -> Case | NoSuchComplaint:
    """A case folded from its facts, as it stands at this moment."""
    found = case_of(work.complaints.facts(case_id), now)
    return found if isinstance(found, Case) else NoSuchComplaint(case_id)


def key_holder(case: Case) -> str:
    """Under whose key its words are sealed: the member's, else its own."""
    return case.opened.member or case.case_id


def step_fact(
    shop: Shop, work: UnitOfWork, case: Case, step: Step, text: str = ""
) -> ComplaintStepped:
    """The fact of something done about a case, its words sealed."""
    now = shop.now()
    day, _ = fact_day(work, shop.desk.state.program, now, shop.desk.state.last_moment)
    words = text.strip()
    return ComplaintStepped(
        **origin(shop=shop, now=now, day=day, member=case.opened.member),
        case=case.case_id,
        home=case.opened.store,
        after=case.last,
        step=step,
        words=_sealed(work, case, words) if words else None,
    )


def is_forgotten(work: UnitOfWork, case: Case) -> bool:
    """Whether who complained was erased: nothing is kept of him any more."""
    return work.erasures.is_forgotten(key_holder(case))


def _sealed(work: UnitOfWork, case: Case, words: str) -> Sealed | None:
    """None where the person was erased: nothing is written about him any more."""
    if is_forgotten(work, case):
        return None
    return work.member_keys.seal(key_holder(case), msgspec.json.encode(words))


def write_case_fact(shop: Shop, work: UnitOfWork, fact: CaseFact) -> None:
    """Into the chain, the outbox and the case."""
    write_fact(shop=shop, work=work, fact=fact)
    work.complaints.take(fact)
