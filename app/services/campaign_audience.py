"""The audience of a campaign: walking through all members, counting who is meant and reachable.

Owns: that walk, in units of few members, with a way to stop. Does not own: who is meant
(app/domain/campaign_audience.py), the draw (campaign_publish.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from app.domain.account import MemberAccount
from app.domain.campaign import CampaignPlan
from app.domain.campaign_audience import is_meant, may_be_reached
from app.domain.figure_record import SegmentLine
from app.domain.segments import SEGMENTS, Segment
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
    without = done = 0
    after = ""
    while True:
        part, excluded, seen, after = lane.run(partial(_unit, shop, plan, chosen, after))
        found += part
        without += excluded
        done += seen
        if not after:
            return AudienceCounted(tuple(found), without)
        if not tell(done, max(of, done)):
            return Stopped()


def members_of_segment(*, lane: Lane, segment: str) -> frozenset[str]:
    """The members of a segment as the figures named them last; nobody for one they do not know.
    Whoever took his consent back since is left out when the audience is counted. Off the lane."""
    named: Segment | None = next((each for each in SEGMENTS if each == segment), None)
    found: list[str] = []
    while named is not None:
        page = lane.run(partial(_segment_unit, named, len(found)))
        found += [line.person for line in page]
        if len(page) < SEGMENT_UNIT:
            break
    return frozenset(found)


def _segment_unit(segment: Segment, offset: int, work: UnitOfWork) -> Sequence[SegmentLine]:
    return work.segments.page(segment, offset, SEGMENT_UNIT)


def _unit(
    shop: Shop, plan: CampaignPlan, chosen: Collection[str] | None, after: str, work: UnitOfWork
) -> tuple[list[str], int, int, str]:
    """The next few: reached, meant but not to be reached, how many were seen, where to go on."""
    program = shop.desk.state.program
    day = today(program, shop.now())
    page = work.members.page(after, MEMBERS_A_UNIT)
    accounts = work.accounts.get_many([member.member_id for member in page])
    reached, without = [], 0
    for member in page:
        account = accounts.get(member.member_id, NOTHING_HAPPENED)
        if member.status != "active" or (chosen is not None and member.member_id not in chosen):
            continue
        view = judge(member, account, program, day)
        if not is_meant(member, view, plan, program, day):
            continue
        if may_be_reached(account, plan.audience):
            reached.append(member.member_id)
        else:
            without += 1
    is_last = len(page) < MEMBERS_A_UNIT
    return reached, without, len(page), "" if is_last else page[-1].member_id
