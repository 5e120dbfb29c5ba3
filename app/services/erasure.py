"""Erasing a person: asked for at the desk, done on every till, proved.

Owns: what goes and what stays before anybody says yes, what stands against it, asking head office
or (in a shop of its own) deciding, this till's own report, the proof.
Does not own: wiping (a repository), head office's decision (sync/server/erase.py), words (ui).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from app.domain.consent import withdraw
from app.domain.erasure import Erasure, Obstacle, Proof, TillReport, proof_of
from app.domain.erasure_fact import (
    ErasureDone,
    ErasureRequested,
    KeepingEnded,
    PersonErased,
    ReportingTill,
)
from app.domain.member import Member, PersonalData
from app.domain.moment import Moment
from app.services.answers import MemberUnknown, Refusal
from app.services.audit_trail import record
from app.services.authority import is_own_authority
from app.services.desk import allowed, program_in_force, today
from app.services.fact_origin import FactOrigin, calendar_origin, origin
from app.services.fact_writer import fact_day, write_fact
from app.services.person import Person, judged_today, person_behind, person_of
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.shop import Shop

Goes = Literal[
    "name",
    "phone",
    "email",
    "birthday",
    "note",
    "salutation",
    "tags",
    "account_manager",
    "consents",
]
REASON_LENGTH_MAX = 200
ASKED_AGAIN_MS = 30 * 86_400_000


_OPEN = frozenset({"new", "in_hand", "waiting"})
"""A complaint somebody still has to settle; one that is settled goes with him."""


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What happens if somebody says yes.

    `goes`: what there is of the person. `visits`: purchases that stay for the tax office, without
    him. `points`, `coupons`: what he loses. `waiting`: facts about him that this till has not sent
    yet; the request goes behind them.
    """

    member: Member
    goes: tuple[Goes, ...]
    visits: int
    points: int
    coupons: int
    obstacles: tuple[Obstacle, ...]
    waiting: int
    decided_here: bool
    """This shop has no head office: it holds at once."""


@dataclass(frozen=True, slots=True)
class ErasureAsked:
    """On its way to head office, behind `waiting` facts about him; nothing is wiped yet."""

    erasure: Erasure
    waiting: int


@dataclass(frozen=True, slots=True)
class ErasureHolds:
    """This shop decides for itself: it is done."""

    proof: Proof


@dataclass(frozen=True, slots=True)
class ErasureHindered:
    """Something about him has to be finished first; nothing changed."""

    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class AlreadyAsked:
    """Somebody asked for it before, or it holds."""

    erasure: Erasure


@dataclass(frozen=True, slots=True)
class ReasonNeeded:
    """Nobody is forgotten without a word why: the trail has to say it."""


@dataclass(frozen=True, slots=True)
class ErasureStanding:
    """One erasure as the desk shows it. `refused`: why head office said no, by its code. `case`:
    the number of the complaint where it is that of nobody's member."""

    proof: Proof
    member: Member | None
    refused: str | None = None
    case: str = ""


EraseAnswer = (
    ErasureAsked | ErasureHolds | ErasureHindered | AlreadyAsked | ReasonNeeded | MemberUnknown
    | Refusal
)  # fmt: skip


def preview_erasure(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> ErasurePreview | MemberUnknown | Refusal:
    """What goes, what stays and what stands against it. Changes nothing."""
    person = person_of(shop=shop, work=work, member_id=member_id)
    if not isinstance(person, Person):
        return person
    if person.member.status == "erased":
        return MemberUnknown(member_id)
    seen, _ = judged_today(shop=shop, work=work, person=person)
    return ErasurePreview(
        member=person.member,
        goes=_goes(person),
        visits=seen.visits,
        points=sum(bucket.points.count for bucket in seen.buckets) + seen.held_points,
        coupons=len(seen.coupons),
        obstacles=_obstacles(work, person.ids),
        waiting=_waiting(work, person.ids),
        decided_here=is_own_authority(work=work),
    )


def ask_erasure(*, shop: Shop, work: UnitOfWork, member_id: str, reason: str) -> EraseAnswer:
    """Forget this member: here at once where the shop is its own authority, else by head office.

    Needs the right. Changes: members, facts, erasures, audit.
    """
    person = person_of(shop=shop, work=work, member_id=member_id)
    if not isinstance(person, Person):
        return person
    member = person.member
    standing = work.erasures.get(member.member_id)
    if standing is not None and _refused(work, standing) is None:
        return AlreadyAsked(standing)
    if member.status == "erased":
        return MemberUnknown(member_id)
    if not reason.strip():
        return ReasonNeeded()
    obstacles = _obstacles(work, person.ids)
    if obstacles:
        return ErasureHindered(obstacles)
    return _begin(shop, work, person, _Why(reason.strip()[:REASON_LENGTH_MAX]))


def erase_by_calendar(*, shop: Shop, work: UnitOfWork, member_id: str, unseen_since: date) -> bool:
    """Forget a member whose time of keeping is over; False where something has to be finished
    first, or it was asked for already. Changes as `ask_erasure`.

    What head office refused is asked again after a while: somebody has closed a complaint, or he
    was not there again.
    """
    person = person_behind(work=work, member_id=member_id)
    if isinstance(person, MemberUnknown) or person.member.status == "erased":
        return False
    if not is_due_again(work=work, member_id=person.ids[0], now_ms=shop.now().wall_ms):
        return False
    if _obstacles(work, person.ids):
        return False
    _begin(shop, work, person, _Why("retention", unseen_since))
    return True


def may_be_asked(*, work: UnitOfWork, member_id: str) -> bool:
    """Whether forgetting him (or who complained in this case) was not asked for, nor holds; or
    head office refused it."""
    standing = work.erasures.get(member_id)
    if standing is None:
        return not work.erasures.is_forgotten(member_id)
    return _refused(work, standing) is not None


def is_due_again(*, work: UnitOfWork, member_id: str, now_ms: int) -> bool:
    """Whether the calendar may ask: nobody asked before, or head office refused it long ago."""
    if not may_be_asked(work=work, member_id=member_id):
        return False
    standing = work.erasures.get(member_id)
    return standing is None or now_ms - (standing.asked_ms or 0) >= ASKED_AGAIN_MS


@dataclass(frozen=True, slots=True)
class _Why:
    """The reason; of what nobody asked for, since when he was not seen."""

    reason: str
    unseen_since: date | None = None


def _begin(shop: Shop, work: UnitOfWork, person: Person, why: _Why) -> ErasureAsked | ErasureHolds:
    if is_own_authority(work=work):
        return _decide(shop, work, person, why)
    return _request(shop, work, person.member, why, _waiting(work, person.ids))


def _origin(shop: Shop, work: UnitOfWork, member: Member, now: Moment, why: _Why) -> FactOrigin:
    state = shop.desk.state
    day, _ = fact_day(work, state.program, now, state.last_moment)
    make = origin if why.unseen_since is None else calendar_origin
    return make(shop=shop, now=now, day=day, member=member.member_id)


def erasures(
    *, shop: Shop, work: UnitOfWork, limit: int = 100
) -> tuple[ErasureStanding, ...] | Refusal:
    """Those asked for here or told of, newest first, each with who has reported."""
    refusal = allowed(shop, "manage_settings")
    if refusal:
        return refusal
    return tuple(_standing(work, each) for each in work.erasures.latest(limit))


def erasure_standing(*, work: UnitOfWork, member_id: str) -> ErasureStanding | None:
    """How far forgetting this member has come; None: nobody asked for it."""
    found = work.erasures.get(member_id)
    return None if found is None else _standing(work, found)


def report_erasures(*, shop: Shop, lane: Lane) -> int:
    """Tell head office of everybody who is forgotten here by now; how many. Off the lane.

    Only when nothing of him stands in the log of the file either: else with the next look.

    Changes: facts, erasures, audit.
    """
    lane.run(_end_traces)
    return lane.run(lambda work: _report_all(shop, work))


def _end_traces(work: UnitOfWork) -> None:
    if work.erasures.to_report():
        work.forget_traces()


def _report_all(shop: Shop, work: UnitOfWork) -> int:
    wiped = () if work.holds_traces else work.erasures.to_report()
    for erasure in wiped:
        _report(shop, work, erasure, shop.now())
    work.erasures.end_claims()
    return len(wiped)


# ------------------------------------------------------------------ what there is


def _goes(found: Person) -> tuple[Goes, ...]:
    member, account = found.whole, found.account
    there: dict[Goes, object] = {
        "name": member.person.name,
        "phone": member.person.phone,
        "email": member.person.email,
        "birthday": member.person.birthday,
        "note": member.person.note,
        "salutation": member.person.salutation,
        "tags": member.tags,
        "account_manager": member.account_manager,
        "consents": set(account.consents) - account.withdrawn,
    }
    return tuple(name for name, value in there.items() if value)


def _obstacles(work: UnitOfWork, ids: Sequence[str]) -> tuple[Obstacle, ...]:
    found: list[Obstacle] = []
    rung_up = work.baskets.load()
    how = None if rung_up is None else rung_up.member
    if how is not None and how.member_id in ids:
        found.append("in_basket")
    held = (each.basket.member for each in work.holds.open_holds())
    if any(how is not None and how.member_id in ids for how in held):
        found.append("on_hold")
    if any(case.state in _OPEN for case in work.complaints.of_members(ids)):
        found.append("open_case")
    return tuple(found)


def _waiting(work: UnitOfWork, ids: Sequence[str]) -> int:
    """Facts about him that nobody but this till has."""
    if is_own_authority(work=work):
        return 0
    facts = (each.op_id for member_id in ids for each in work.facts.of_member(member_id))
    sent = (work.outbox.get(op_id) for op_id in facts)
    return sum(each is not None and each.state == "pending" for each in sent)


def _refused(work: UnitOfWork, erasure: Erasure) -> str | None:
    """Why head office said no to the request; None: it did not."""
    if erasure.state != "asked" or erasure.request_id is None:
        return None
    sent = work.outbox.get(erasure.request_id)
    return None if sent is None or sent.rejection is None else sent.rejection.code


def _standing(work: UnitOfWork, erasure: Erasure) -> ErasureStanding:
    reports = () if erasure.erasure_id is None else work.erasures.reports(erasure.erasure_id)
    member = work.members.get(erasure.member_id)
    case = None if member is not None else work.complaints.get(erasure.member_id)
    return ErasureStanding(
        proof_of(erasure, reports), member, _refused(work, erasure),
        "" if case is None else case.number,
    )  # fmt: skip


# ------------------------------------------------------------------ doing it


def this_till(*, shop: Shop) -> ReportingTill:
    """Who reports where a shop decides for itself."""
    identity, name = shop.identity, shop.desk.state.settings.store_name
    return ReportingTill(identity.device, name, identity.store_number, identity.till_number)


def _request(shop: Shop, work: UnitOfWork, member: Member, why: _Why, waiting: int) -> ErasureAsked:
    now = shop.now()
    begun = _origin(shop, work, member, now, why)
    fact = (
        ErasureRequested(**begun, reason=why.reason)
        if why.unseen_since is None
        else KeepingEnded(**begun, unseen_since=why.unseen_since)
    )
    write_fact(shop=shop, work=work, fact=fact)
    asked = Erasure(
        member.member_id, "asked", asked_ms=now.wall_ms, asked_by=fact.staff or "",
        request_id=fact.op_id,
    )  # fmt: skip
    work.erasures.ask(asked)
    record(shop=shop, work=work, now=now, act="erasure_asked", subject=member.member_id)
    return ErasureAsked(asked, waiting)


def _decide(shop: Shop, work: UnitOfWork, person: Person, why: _Why) -> ErasureHolds:
    member, account = person.member, person.account
    now = shop.now()
    standing = {consent.purpose for consent in account.consents.values()}
    ended = withdraw(account, standing)
    fact = PersonErased(
        **_origin(shop, work, member, now, why),
        effects=() if ended is None else (ended,),
        ids=person.ids, reason=why.reason, tills=(this_till(shop=shop),),
    )  # fmt: skip
    write_fact(shop=shop, work=work, fact=fact, account=account)
    return hold(shop=shop, work=work, fact=fact)


def hold(*, shop: Shop, work: UnitOfWork, fact: PersonErased) -> ErasureHolds:
    """What this shop decided, and wrote, is done and said."""
    subject = fact.member or fact.ids[0]
    work.erasures.take(fact)
    record(shop=shop, work=work, now=fact.clock, act="erasure_asked", subject=subject)
    taken = work.erasures.get(subject)
    assert taken is not None, "it was taken a moment ago"
    _report(shop, work, taken, fact.clock)
    return ErasureHolds(_standing(work, taken).proof)


def _report(shop: Shop, work: UnitOfWork, erasure: Erasure, now: Moment) -> None:
    """This till has forgotten him: nothing of him stands in any table, nor keys to old facts."""
    left = [work.members.get(each) for each in erasure.ids]
    assert all(each is None or each.person == PersonalData() for each in left), "it was wiped"
    assert erasure.erasure_id is not None, "it holds"
    programs = read_programs(work=work)
    day, _ = fact_day(work, program_in_force(programs, today(programs[-1], now)), now)
    fact = ErasureDone(
        **calendar_origin(shop=shop, now=now, day=day), erasure=erasure.erasure_id,
        ids=erasure.ids, was_known=erasure.was_known,
    )  # fmt: skip
    write_fact(shop=shop, work=work, fact=fact)
    work.erasures.reported(erasure)
    work.erasures.report(
        TillReport(erasure.erasure_id, shop.identity.device, now.wall_ms, erasure.was_known)
    )
    record(
        shop=shop, work=work, now=now, act="member_erased", staff_id="", subject=erasure.member_id
    )
