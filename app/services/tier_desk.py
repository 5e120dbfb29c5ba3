"""The lists of the tier desk: near a tier, due for review, falling, given by hand, asked for.

Owns: reading a page of one list, walking through all members to find who belongs on them, whom to
tell that his tier ends. Does not own: who belongs (app/domain/tier_desk.py), acts (tier_change.py),
one member (tier_member.py), the messages.
The walk goes in small units of work: a sale in between never waits noticeably. What it found is
kept, and judged anew before anybody sees it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.account import MemberAccount
from app.domain.ids import OpId
from app.domain.member import Member
from app.domain.program import Program, Text
from app.domain.tier_change import RequestState, state_of_request, steps_up
from app.domain.tier_desk import DeskList, TierPlace, due_to_be_told, place_of, way_to
from app.domain.tier_fact import TierRequested
from app.domain.tiers import Standing, TierGap, TierNotice, rank_of, standing
from app.services.answers import Refusal
from app.services.authority import is_own_authority
from app.services.desk import allowed, program_in_force, today
from app.services.ports import Lane, UnitOfWork
from app.services.program import read_programs
from app.services.seating import account_of_member, survivor
from app.services.shop import Shop
from app.services.tier_change import may_decide

PAGE = 50
MEMBERS_A_WALK = 250
"""Of one unit of work: some milliseconds."""
LISTS: tuple[DeskList, ...] = ("near", "due", "falling", "by_hand", "lent")
_NOTHING = MemberAccount()


@dataclass(frozen=True, slots=True)
class DeskRow:
    """One member on a list, as he stands today. `percent`, `missing`: of the way to the next."""

    member: Member
    standing: Standing
    tier: Text
    percent: int
    missing: tuple[TierGap, ...]
    place: TierPlace


@dataclass(frozen=True, slots=True)
class DeskCounts:
    """How many stand on each list; `waiting`: requests to be decided."""

    waiting: int
    lists: dict[DeskList, int]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """A part of one list. `walked`: the day all members were looked at last; None = never yet."""

    which: DeskList
    rows: tuple[DeskRow, ...]
    counts: DeskCounts
    walked: date | None
    more: bool
    program: Program


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as this till knows it. `member` None: he is not known here; head office tells who
    it is by his card. `on_way`: not at head office yet; `may`: who is signed in may decide.
    """

    request: TierRequested
    member: Member | None
    tier: Text
    before: Text
    state: RequestState
    age_days: int
    asked_by: str
    on_way: bool
    decided_on_way: bool
    may: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class RequestPage:
    """What waits to be decided, the oldest first."""

    rows: tuple[RequestRow, ...]
    counts: DeskCounts
    program: Program


@dataclass(frozen=True, slots=True)
class Walked:
    """So many were looked at in this part; `done`: all of them, as of today."""

    seen: int
    done: bool


def desk_page(
    *, shop: Shop, work: UnitOfWork, which: DeskList, passed: int = 0
) -> DeskPage | Refusal:
    """A part of one list, each member judged as of now; who left it is taken off.

    Changes: tier lists.
    """
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    program, day = _rules(shop)
    ids = work.tier_desk.page(which, PAGE + 1, passed)
    rows, left = [], {}
    for member_id in ids[:PAGE]:
        row = _row(work, member_id, program, day)
        if row is None or which not in row.place.lists:
            left[member_id] = TierPlace() if row is None else row.place
        else:
            rows.append(row)
    work.tier_desk.put(left)
    _, walked = work.tier_desk.walked()
    counts = _counts(work, day)
    return DeskPage(which, tuple(rows), counts, walked, len(ids) > PAGE, program)


def waiting_requests(*, shop: Shop, work: UnitOfWork) -> RequestPage | Refusal:
    """What somebody asked for and nobody has decided, as far as counts. Changes nothing."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    program, day = _rules(shop)
    rows = tuple(_request_row(shop, work, each, program, day) for each in _open(work, day))
    return RequestPage(rows, _counts(work, day), program)


@dataclass(frozen=True, slots=True)
class WaitingCount:
    """How many requests who is signed in may decide: the number at the room's row."""

    count: int


def count_waiting(*, shop: Shop, work: UnitOfWork) -> WaitingCount | Refusal:
    """How many requests wait for whoever is signed in. Changes nothing."""
    refusal = allowed(shop, "join_member")
    if refusal:
        return refusal
    program, day = _rules(shop)
    rows = (_request_row(shop, work, each, program, day) for each in _open(work, day))
    return WaitingCount(sum(row.may for row in rows))


def walk_on(*, shop: Shop, work: UnitOfWork) -> Walked | Refusal:
    """Look at the next members; again and again until `done`. What a day has seen it sees once.

    Changes: tier lists.
    """
    refusal = allowed(shop, "join_member")
    return refusal or _walk(shop, work, shop.desk.state.programs)


def walk_all(*, shop: Shop, lane: Lane) -> None:
    """The whole walk of a day, unit by unit, as the night does it. Call it off the lane thread."""
    programs = lane.run(lambda work: read_programs(work=work))
    while not lane.run(lambda work: _walk(shop, work, programs)).done:
        pass


def members_to_tell(*, shop: Shop, work: UnitOfWork) -> tuple[tuple[str, TierNotice], ...]:
    """Who is due to be told now that his tier ends: 60 and 30 days ahead, with what would keep it.

    By the lists of the last walk, judged as of now. Once for each `days_ahead` and `last_day`:
    whoever sends the messages keeps which went out.
    """
    program, day = _rules(shop)
    return tuple(_due_notices(work, program, day))


# ------------------------------------------------------------------ reading


def _rules(shop: Shop) -> tuple[Program, date]:
    state = shop.desk.state
    now = shop.now()
    program = program_in_force(state.programs, today(state.program, now))
    return program, today(program, now)


def _person(work: UnitOfWork, member_id: str) -> tuple[Member, MemberAccount] | None:
    member = survivor(work, work.members.get(member_id))
    if member is None or member.status != "active" or member.member_id != member_id:
        return None
    return member, account_of_member(work, member_id)


def _row(work: UnitOfWork, member_id: str, program: Program, day: date) -> DeskRow | None:
    found = _person(work, member_id)
    if found is None:
        return None
    member, account = found
    now = standing(account, program, day)
    percent, missing = way_to(account, program, now, day)
    place = place_of(account, program, day)
    return DeskRow(member, now, program.tiers[now.rank].name, percent, missing, place)


def _open(work: UnitOfWork, day: date) -> list[TierRequested]:
    """Those whose time has not gone by."""
    return [
        each
        for each in work.tier_changes.open_requests()
        if state_of_request(each, None, day) == "waiting"
    ]


def _counts(work: UnitOfWork, day: date) -> DeskCounts:
    return DeskCounts(
        len(_open(work, day)), {which: work.tier_desk.count(which) for which in LISTS}
    )


def _request_row(
    shop: Shop, work: UnitOfWork, request: TierRequested, program: Program, day: date
) -> RequestRow:
    member = survivor(work, work.members.get(request.member or ""))
    staff = shop.desk.state.staff
    asked_by = work.staff.get(request.staff or "")
    own = is_own_authority(work=work)
    decisions = work.tier_changes.decisions(request.op_id)
    return RequestRow(
        request=request,
        member=member,
        tier=tier_name(program, request.tier),
        before=tier_name(program, request.before),
        state=state_of_request(request, None, day),
        age_days=max(0, (day - request.day).days),
        asked_by=asked_by.name if asked_by is not None else "",
        on_way=not own and _is_on_way(work, request.op_id),
        decided_on_way=any(_is_on_way(work, each.op_id) for each in decisions),
        may=not decisions
        and may_decide(shop=shop, request=request, steps=_steps(work, request, program, day)),
        is_own=staff is not None and staff.staff_id == request.staff,
    )


def _steps(work: UnitOfWork, request: TierRequested, program: Program, day: date) -> int:
    found = _person(work, request.member or "")
    if found is None:  # what his rules give him is not known here: as the request says
        return max(1, rank_of(program, request.tier) - rank_of(program, request.before))
    return steps_up(found[1], program, request.tier, day)


def _is_on_way(work: UnitOfWork, op_id: OpId) -> bool:
    sent = work.outbox.get(op_id)
    return sent is not None and sent.state == "pending"


def tier_name(program: Program, tier: str) -> Text:
    """What a tier is called; one these rules do not know by its id."""
    rank = next((at for at, each in enumerate(program.tiers) if each.id == tier), None)
    return Text(zh=tier, en=tier) if rank is None else program.tiers[rank].name


# ------------------------------------------------------------------ walking


def _walk(shop: Shop, work: UnitOfWork, programs: Sequence[Program]) -> Walked:
    now = shop.now()
    program = program_in_force(programs, today(programs[-1], now))
    day = today(program, now)
    after, walked = work.tier_desk.walked()
    if not after and walked == day:
        return Walked(0, True)
    page = work.members.page(after, MEMBERS_A_WALK)
    accounts = work.accounts.get_many([member.member_id for member in page])
    work.tier_desk.put(
        {
            member.member_id: place_of(accounts.get(member.member_id, _NOTHING), program, day)
            if member.status == "active"
            else TierPlace()
            for member in page
        }
    )
    done = len(page) < MEMBERS_A_WALK
    work.tier_desk.put_walked("" if done else page[-1].member_id, day if done else walked)
    return Walked(len(page), done)


def _due_notices(work: UnitOfWork, program: Program, day: date) -> Iterator[tuple[str, TierNotice]]:
    seen: set[str] = set()
    lists: tuple[DeskList, ...] = ("falling", "by_hand", "lent")
    for which in lists:
        passed = 0
        while ids := work.tier_desk.page(which, PAGE, passed):
            passed += len(ids)
            for member_id in ids:
                found = _person(work, member_id)
                notice = None
                if found is not None and member_id not in seen:
                    notice = due_to_be_told(found[1], program, day)
                if notice is not None:
                    seen.add(member_id)
                    yield member_id, notice
