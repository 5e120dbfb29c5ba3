"""The audience of a campaign: walking through all members, counting who is meant and reachable.

Owns: that walk, in units of few members, with a way to stop. Does not own: who is meant
(app/domain/campaign_audience.py), the draw (campaign_publish.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from app.domain.account import MemberAccount
from app.domain.campaign import CampaignPlan
from app.domain.campaign_audience import is_meant, may_be_reached
from app.services.desk import today
from app.services.ports import Lane, UnitOfWork
from app.services.price_desk import judge
from app.services.shop import Shop

MEMBERS_A_UNIT = 50
"""Few enough that a scan in between never waits noticeably."""
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
