"""Complaints as a desk shows them: lists in the order they are due, and one case with its story.

Owns: filters, the order, masking, reading sealed words for whoever may handle complaints, what may
be done next. Does not own: clocks (app/domain/complaint_clock.py), the order of lists
(complaint_order.py), acts (complaint_act.py), sentences (ui). Looking changes nothing. Words of an
erased person are None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.complaint import Case, CaseEvent, State
from app.domain.complaint_clock import CaseClock, Mood, clocks_of
from app.domain.complaint_fact import (
    Answered,
    Assigned,
    Back,
    CaseWords,
    CauseFound,
    Closed,
    Compensated,
    ComplaintOpened,
    Escalated,
    FollowedUp,
    Noted,
    PhotoAdded,
    Prioritised,
    Reopened,
    Resolved,
    Step,
    Waiting,
)
from app.domain.complaint_row import CaseRow
from app.domain.complaint_rules import ComplaintChoice, Priority
from app.domain.ids import OpId
from app.domain.member import Member, masked_name, masked_phone
from app.domain.offer import Text
from app.domain.rights import Act
from app.domain.solution import Solution
from app.services.compensation import Room, room_for
from app.services.complaint_glance import ToldCase, told_case
from app.services.complaint_step import (
    COUNTED,
    NoSuchComplaint,
    act_needed,
    is_on,
    may_look,
    read_case,
    step_words,
    words_of,
)
from app.services.complaint_step import Desk as Desk  # noqa: PLC0414 - screens take it from here
from app.services.complaint_step import LookRefused as LookRefused  # noqa: PLC0414 - as above
from app.services.desk import allowed
from app.services.ports import UnitOfWork
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop

PAGE = 100
SUGGESTED = 3
_EVER = 2**62
STEPS: Mapping[str, type[Step]] = {
    "assign": Assigned, "answer": Answered, "wait": Waiting, "back": Back,
    "compensate": Compensated, "resolve": Resolved, "follow_up": FollowedUp, "close": Closed,
    "reopen": Reopened, "escalate": Escalated, "prioritise": Prioritised, "cause": CauseFound,
    "note": Noted, "photo": PhotoAdded,
}  # fmt: skip
"""The acts by the names that facts have for them. "forget" (services/case_erasure.py) is none."""
OF_HIM = frozenset({"note", "photo"})
"""What is said of a person alone."""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list. `due`: the running clock that strikes first; None = none runs."""

    case_id: OpId
    number: str
    topic: str
    topic_words: Text
    state: State
    priority: Priority
    level: int
    mood: Mood
    due: CaseClock | None
    missed: int
    """How many limits were missed so far."""
    who: str
    """Masked: the member's name and phone, else the contact; empty: a receipt alone."""
    is_member: bool
    tier: str | None
    receipt: str
    home: str
    assigned: str
    """The colleague's name; his id where this till does not know him; empty: nobody."""
    opened_ms: int
    begins: str
    """The first words of the customer; empty where they were erased."""
    reopened: int
    doubted: bool
    """Some clock was wrong: the times are as far as they can be known."""


@dataclass(frozen=True, slots=True)
class CaseCounts:
    """How many there are of each list; all of this store but `mine`."""

    mine: int
    store: int
    overdue: int
    follow_up: int


@dataclass(frozen=True, slots=True)
class CaseList:
    """One list, what is due first at its top, and how many the others hold."""

    lines: tuple[CaseLine, ...]
    counts: CaseCounts
    there_are_more: bool = False


@dataclass(frozen=True, slots=True)
class StoryEntry:
    """One thing that happened. `act`: open, or a name of STEPS; `fits` False: it came too late to
    change anything. `text` None: no words, or erased."""

    op_id: OpId
    act: str
    at_ms: int
    staff: str
    store: str
    text: str | None
    step: Step | None
    fits: bool
    to: str = ""
    """The colleague it was given to, by name."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case, whole."""

    line: CaseLine
    clocks: tuple[CaseClock, ...]
    story: tuple[StoryEntry, ...]
    text: str | None
    wanted: str
    name: str
    contact: str
    """As it was given, not masked: whoever handles the case calls him."""
    member_id: str | None
    sale_id: OpId | None
    lines: tuple[str, ...]
    """Of the receipt."""
    cause: str
    score: int | None
    may: frozenset[str]
    """Which acts fit the case as it stands (names of STEPS); rights are asked by each act."""
    needs: Act
    """The right an act on it takes now."""
    room: Room
    photos: tuple[str, ...]
    suggested: tuple[Solution, ...]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintChoices:
    """What can be chosen at intake and at the end, by the program in force."""

    topics: tuple[ComplaintChoice, ...]
    causes: tuple[ComplaintChoice, ...]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case can be given to."""

    staff_id: str
    name: str


def colleagues_for_complaints(
    *, shop: Shop, work: UnitOfWork
) -> tuple[Colleague, ...] | LookRefused:
    """Who works here and may have cases: oneself first, then by name. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    me = shop.desk.state.staff
    mine = me.staff_id if me is not None else ""
    people = [each for each in work.staff.all_staff() if each.active]
    people.sort(key=lambda each: (each.staff_id != mine, each.name, each.staff_id))
    return tuple(Colleague(each.staff_id, each.name) for each in people)


def complaint_choices(*, shop: Shop, work: UnitOfWork) -> ComplaintChoices:
    """Topics and causes in their order. Changes nothing."""
    del work
    rules = shop.desk.state.program.complaints
    return ComplaintChoices(rules.topics, rules.causes)


def list_complaints(
    *, shop: Shop, work: UnitOfWork, desk: Desk = "store", before_ms: int | None = None
) -> CaseList | LookRefused:
    """One list of cases, what is due first at the top. Changes nothing.

    mine: assigned to whoever is signed in, of any store. store: open here. overdue: a clock of it
    has struck. follow_up: settled, and the customer is to be asked now. closed: newest first,
    `before_ms` pages on.
    """
    refused = may_look(shop)
    if refused is not None:
        return refused
    now, me = shop.now(), shop.desk.state.staff
    mine = work.complaints.of_desk(shop.identity.store_id, "" if me is None else me.staff_id)
    told = [told_case(work=work, row=row, now=now) for row in mine]
    known = [each for each in told if each is not None]
    by_desk = {name: [each for each in known if is_on(shop, each, name)] for name in COUNTED}
    counts = CaseCounts(**{name: len(found) for name, found in by_desk.items()})
    if desk == "closed":
        rows = work.complaints.closed(_EVER if before_ms is None else before_ms, PAGE + 1)
        told = [told_case(work=work, row=row, now=now) for row in rows[:PAGE]]
        lines = [_line(shop, work, each) for each in told if each is not None]
        return CaseList(tuple(lines), counts, len(rows) > PAGE)
    found = sorted(by_desk[desk], key=ToldCase.order)
    return CaseList(tuple(_line(shop, work, each) for each in found), counts)


def read_complaint(
    *, shop: Shop, work: UnitOfWork, case_id: OpId
) -> CaseView | NoSuchComplaint | LookRefused:
    """One case with its story, its clocks and what may be done. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    case = read_case(work, case_id, shop.now())
    if isinstance(case, NoSuchComplaint):
        return case
    told = ToldCase(case, clocks_of(case))
    words = words_of(work, case)
    opened = case.opened
    asked = "" if words is None else words.text
    return CaseView(
        line=_line(shop, work, told),
        clocks=told.clocks.clocks,
        story=tuple(_entry(work, case, each, words) for each in case.events),
        text=None if words is None else words.text,
        wanted="" if words is None else words.wanted,
        name="" if words is None else words.name,
        contact="" if words is None else words.contact,
        member_id=opened.member,
        sale_id=opened.sale,
        lines=opened.lines,
        cause=case.cause,
        score=case.score,
        may=_may(shop, case, words),
        needs=act_needed(shop, case),
        room=room_for(shop=shop, work=work, case=case),
        photos=tuple(each.photo for each in case.photos),
        suggested=tuple(work.solutions.search(asked, SUGGESTED)),
        erased=words is None,
    )


def _may(shop: Shop, case: Case, words: CaseWords | None) -> frozenset[str]:
    """The steps that fit; of whoever was forgotten nothing more is written down."""
    found = {name for name, step in STEPS.items() if case.may(step)}
    if words is None:
        return frozenset(found - OF_HIM)
    settles = not case.is_open and case.opened.member is None
    if settles and allowed(shop, "manage_settings") is None:
        found.add("forget")
    return frozenset(found)


def _entry(work: UnitOfWork, case: Case, event: CaseEvent, words: CaseWords | None) -> StoryEntry:
    fact, step = event.fact, event.step
    text = None if words is None else words.text
    if not isinstance(fact, ComplaintOpened):
        text = step_words(work, case, event)
    return StoryEntry(
        op_id=event.op_id,
        act="open" if step is None else str(step.__struct_config__.tag),
        at_ms=event.at_ms,
        staff=_colleague(work, fact.staff or ""),
        store=fact.store,
        text=text,
        step=step,
        fits=event.fits,
        to=_colleague(work, step.to) if isinstance(step, Assigned) else "",
    )


def _colleague(work: UnitOfWork, staff_id: str) -> str:
    person = work.staff.get(staff_id) if staff_id else None
    return staff_id if person is None else person.name


BEGINS_MAX = 40


def _line(shop: Shop, work: UnitOfWork, told: ToldCase) -> CaseLine:
    case, clocks = told.case, told.clocks
    opened, words = case.opened, words_of(work, case)
    member = survivor(work, work.members.get(opened.member)) if opened.member else None
    return CaseLine(
        case_id=case.case_id,
        number=opened.number,
        topic=opened.topic,
        topic_words=_topic(shop, opened.topic),
        state=case.state,
        priority=case.priority,
        level=clocks.level,
        mood=clocks.mood,
        due=clocks.next_due,
        missed=clocks.missed,
        who=_who(member, words),
        is_member=opened.member is not None,
        tier=opened.tier,
        receipt=opened.receipt or "",
        home=opened.store,
        assigned=_colleague(work, case.assigned or ""),
        opened_ms=case.opened_ms,
        begins="" if words is None else " ".join(words.text.split())[:BEGINS_MAX],
        reopened=case.reopened,
        doubted=case.doubted,
    )


def _who(member: Member | None, words: CaseWords | None) -> str:
    if member is not None and member.status != "erased":
        phone = masked_phone(member.person.phone) if member.person.phone else ""
        return f"{masked_name(member.person.name)} {phone}".strip()
    if words is None:
        return ""
    contact = words.contact
    shown = masked_phone(contact) if contact else ""
    return f"{masked_name(words.name)} {shown}".strip()


def _topic(shop: Shop, topic: str) -> Text:
    """Its words by the program in force; one it has no more goes by its id."""
    choices = shop.desk.state.program.complaints.topics
    found = next((each.name for each in choices if each.id == topic), None)
    return found or Text(zh=topic, en=topic)


def complaints_of_member(
    *, shop: Shop, work: UnitOfWork, member_ids: Sequence[str]
) -> tuple[CaseLine, ...] | LookRefused:
    """Everything about one member, newest first: for his page. Changes nothing."""
    refused = may_look(shop)
    if refused is not None:
        return refused
    return case_lines(shop=shop, work=work, rows=work.complaints.of_members(member_ids))


def case_lines(*, shop: Shop, work: UnitOfWork, rows: Iterable[CaseRow]) -> tuple[CaseLine, ...]:
    """Found cases as lines of a list, in the order they were found. Changes nothing."""
    now = shop.now()
    told = [told_case(work=work, row=row, now=now) for row in rows]
    return tuple(_line(shop, work, each) for each in told if each is not None)


def complaints_of_person(
    *, shop: Shop, work: UnitOfWork, member_id: str
) -> tuple[CaseLine, ...] | LookRefused:
    """As complaints_of_member, under every id he ever had. Changes nothing."""
    ids = tuple(account_of_member(work, member_id).includes)
    return complaints_of_member(shop=shop, work=work, member_ids=ids)
