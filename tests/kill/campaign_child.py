"""The till that gets killed while it issues the coupons of a campaign, or lets members try a tier.

Owns: publishing one of each to the members of the kill shop, and issuing them step by step, each
said after it was answered. Does not own: any check (test_kill_campaign.py), how a till is opened
(shop.py).
"""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

from app.domain.campaign import CampaignPlan, OfferWords
from app.domain.campaign_template import plan_from
from app.domain.program import Text, Trial
from app.services.campaign_plan import DraftKept, keep_draft, new_campaign_id
from app.services.campaign_publish import (
    CampaignDrawnUp,
    CampaignOut,
    CouponsIssued,
    draw_up,
    issue_next,
    publish_campaign,
)
from app.services.joining import Joined, NewMember, join_member
from app.services.ports import Ids
from tests.kill.child import Cashier
from tests.kill.shop import OpenTill, Place, keys_in_files, open_as_till, sign_in

MEMBERS = 70
CONTROL = 7


def publish(folder: Path, pipe: Connection) -> None:
    """Members who agreed to everything join, and two campaigns go out to them: a coupon, and gold
    for a time. None is issued."""
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as till:
        sign_in(till)
        cashier = Cashier(till, Random(1), pipe)
        members = [_join(cashier, number) for number in range(MEMBERS)]
        gold = Trial(id="gold", name=Text(zh="金卡", en="Gold"), tier="gold")
        zone = till.shop.desk.state.program.timezone
        now = till.shop.now().local(zone).date()  # where the shop is it may be tomorrow already
        coupon = plan_from(
            "win_back", new_campaign_id(shop=till.shop), "唤醒沉睡会员", now + timedelta(days=1)
        )
        taste = plan_from("try_tier", new_campaign_id(shop=till.shop), "金卡体验", now, trial=gold)
        for plan in (coupon, taste):
            _publish(till, cashier, plan, members)
        cashier.say(coupon=coupon.campaign_id, trial=taste.campaign_id)


def _publish(till: OpenTill, cashier: Cashier, plan: CampaignPlan, members: list[str]) -> None:
    words = OfferWords("满50减10", "¥10 off ¥50")
    assert isinstance(cashier.do(keep_draft, plan=plan, words=words), DraftKept)
    drawn = draw_up(
        shop=till.shop, lane=till.store.lane, campaign_id=plan.campaign_id,
        members=members, control_percent=10,
    )  # fmt: skip
    assert drawn == CampaignDrawnUp(MEMBERS - CONTROL, CONTROL)
    out = cashier.do(publish_campaign, campaign_id=plan.campaign_id, drawn=drawn)
    assert isinstance(out, CampaignOut), out


def _join(cashier: Cashier, number: int) -> str:
    new = NewMember(
        name=f"会员{number}", consents=frozenset({"membership", "marketing"}), put_on_basket=False
    )
    joined = cashier.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    return joined.member_id


@dataclass(slots=True)
class _DyingIds:
    """Ids of a till that is killed while it draws the n-th coupon, or writes the n-th fact: in the
    middle of a unit."""

    inner: Ids
    left: int
    facts: int

    def op_id(self, wall_ms: int) -> str:
        self.facts -= 1
        if self.facts == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.inner.op_id(wall_ms)

    def code_bits(self) -> int:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self.inner.code_bits()


@dataclass(frozen=True, slots=True)
class KilledAt:
    """While so many coupons are drawn, as soon as so many units are committed, or while so many
    facts are written (0: it is not)."""

    coupons: int = 0
    units: int = 0
    facts: int = 0


def issue(folder: Path, campaign: str, at: KilledAt, pipe: Connection) -> None:
    """Until none is left, or it is killed."""
    units = at.units
    keys_in_files()
    with open_as_till(Place(folder), Random(1)) as opened:
        shop = replace(opened.shop, ids=_DyingIds(opened.shop.ids, at.coupons, at.facts))
        till = replace(opened, shop=shop)
        sign_in(till)
        cashier = Cashier(till, Random(1), pipe)
        while True:
            step = cashier.do(issue_next, campaign_id=campaign)
            assert isinstance(step, CouponsIssued), step
            cashier.say(done=step.done, left=step.left)
            units -= 1
            if units == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            if not step.left:
                return
