"""The audience of a campaign: walking through all members, counting who is meant and reachable.

Owns: that walk, in units of few members, with a way to stop. Does not own: who is meant
(app/domain/campaign_audience.py), the draw (campaign_publish.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from app.domain.account import MemberAccount
from app.domain.campaign import CampaignPlan
from app.domain.campaign_audience import is_meant, may_be_reached
from app.domain.campaign_tier import may_try
from app.domain.churn import Grade
from app.domain.churn_record import GROUP_GRADES, ChurnLine
from app.domain.figure_record import SegmentLine
from app.domain.member import Member
from app.domain.message import Channel, MessageChoice
from app.domain.segments import SEGMENTS, Segment
from app.domain.trial import NoTrial
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.price_desk import judge
from app.services.shop import Shop

MEMBERS_A_UNIT = 50
"""Few enough that a scan in between never waits noticeably."""
SEGMENT_UNIT = 200
NOTHING_HAPPENED = MemberAccount()
Tell = Callable[[int, int], bool]
"""Hears how many of how many are done; False: nobody wants to wait for the rest."""


def untold(_done: int, _of: int) -> bool:
    """Nobody watches, and it goes on."""
    return True


@dataclass(frozen=True, slots=True)
class AudienceCounted:
    """Who is meant and may be reached, and how many more are meant who did not agree to it."""

    members: tuple[str, ...] = ()
    without_consent: int = 0
    ways: Mapping[str, tuple[Channel, ...]] = field(default_factory=dict)
    """By which ways each of them can be told and wants to be; nobody who has none."""
    left_out: int = 0
    """Meant, too, but they have the tier that is to be tried, or tried it before."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody did not want to wait."""


def count_audience(
    *,
    shop: Shop,
    lane: Lane,
    plan: CampaignPlan,
    chosen: Collection[str] | None = None,
    tell: Tell = untold,
) -> AudienceCounted | Stopped:
    """Everybody a plan goes to. `chosen`: the members of a segment, for such a plan. Off the lane
    thread."""
    of = lane.run(lambda work: work.members.count())
    found: list[str] = []
    ways: dict[str, tuple[Channel, ...]] = {}
    without = left_out = done = 0
    after = ""
    while True:
        unit = lane.run(partial(_unit, shop, plan, chosen, after))
        found += unit.reached
        ways |= unit.ways
        without += unit.without_consent
        left_out += unit.left_out
        done += unit.seen
        after = unit.after
        if not after:
            return AudienceCounted(tuple(found), without, ways, left_out)
        if not tell(done, max(of, done)):
            return Stopped()


def members_of_segment(*, lane: Lane, segment: str) -> frozenset[str]:
    """The members of a segment as the figures named them last; nobody for one they do not know.
    Whoever took his consent back since is left out when the audience is counted. Off the lane."""
    for group, grade in GROUP_GRADES.items():
        if group == segment:
            return _of_grade(lane, grade)
    named: Segment | None = next((each for each in SEGMENTS if each == segment), None)
    found: list[str] = []
    while named is not None:
        page = lane.run(partial(_segment_unit, named, len(found)))
        found += [line.person for line in page]
        if len(page) < SEGMENT_UNIT:
            break
    return frozenset(found)


def _of_grade(lane: Lane, grade: Grade) -> frozenset[str]:
    found: list[str] = []
    while True:
        page = lane.run(partial(_grade_unit, grade, len(found)))
        found += [line.person for line in page]
        if len(page) < SEGMENT_UNIT:
            return frozenset(found)


def _grade_unit(grade: Grade, offset: int, work: UnitOfWork) -> Sequence[ChurnLine]:
    return work.churn.page(grade, offset, SEGMENT_UNIT)


def _segment_unit(segment: Segment, offset: int, work: UnitOfWork) -> Sequence[SegmentLine]:
    return work.segments.page(segment, offset, SEGMENT_UNIT)


@dataclass(slots=True)
class _Unit:
    """The next few: who is reached and how, how many are not to be, were seen, where to go on."""

    reached: list[str] = field(default_factory=list)
    ways: dict[str, tuple[Channel, ...]] = field(default_factory=dict)
    without_consent: int = 0
    left_out: int = 0
    seen: int = 0
    after: str = ""


def _unit(
    shop: Shop, plan: CampaignPlan, chosen: Collection[str] | None, after: str, work: UnitOfWork
) -> _Unit:
    program = shop.desk.state.program
    day = today(program, shop.now())
    page = work.members.page(after, MEMBERS_A_UNIT)
    accounts = work.accounts.get_many([member.member_id for member in page])
    unit = _Unit(seen=len(page), after="" if len(page) < MEMBERS_A_UNIT else page[-1].member_id)
    for member in page:
        account = accounts.get(member.member_id, NOTHING_HAPPENED)
        if member.status != "active" or (chosen is not None and member.member_id not in chosen):
            continue
        view = judge(member, account, program, day)
        if not is_meant(member, view, plan, program, day):
            continue
        if not plan.is_rule and isinstance(may_try(plan, program, view, day), NoTrial):
            unit.left_out += 1
            continue
        if not may_be_reached(account, plan.audience):
            unit.without_consent += 1
            continue
        unit.reached.append(member.member_id)
        if ways := _ways(member):
            unit.ways[member.member_id] = ways
    return unit


def _ways(member: Member) -> tuple[Channel, ...]:
    """By which he can be told, in his own order."""
    person = member.person
    there: Mapping[Channel, str] = {"sms": person.phone or "", "email": person.email}
    choice = person.messages or MessageChoice()
    return tuple(each for each in choice.channels if there[each]) if choice.most != 0 else ()
