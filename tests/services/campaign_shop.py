"""A shop with members who have not come for long, for the tests of campaigns.

Owns: those members, a campaign for them, what a restore makes of it. Does not own: the shop
(tests/real_shop.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec.structs import replace

from app.domain.campaign import CampaignPlan, OfferWords
from app.domain.campaign_fact import (
    CampaignAnnounced,
    CampaignDrawn,
    CampaignEnded,
    CampaignPublished,
)
from app.domain.campaign_template import plan_from
from app.domain.member import PersonalData
from app.services.campaign_audience import AudienceCounted, count_audience
from app.services.campaign_plan import DraftKept, keep_draft, new_campaign_id
from app.services.campaign_publish import (
    CampaignDrawnUp,
    CampaignOut,
    CouponsIssued,
    draw_up,
    issue_next,
    publish_campaign,
)
from app.services.campaign_replay import (
    campaign_announced,
    campaign_drawn,
    campaign_ended,
    campaign_published,
)
from app.services.consent import change_consent
from app.store.unit_of_work import UnitOfWork
from tests.real_shop import DAY, RealShop, add_member

WORDS = OfferWords("满50减10", "¥10 off ¥50")
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八")


def add_sleepers(shop: RealShop, names: tuple[str, ...] = NAMES, *, agreed: int = 6) -> list[str]:
    """Members whose last visit was in June; the first `agreed` let themselves be written to."""
    for number, name in enumerate(names):
        person = PersonalData(phone=f"+86137000010{number:02}", name=name)
        add_member(shop, person, last_visit=date(2026, 6, 1))
    ids = [shop.members[name] for name in names]
    for member in ids[:agreed]:
        shop.do(change_consent, member_id=member, purpose="marketing", given=True)
    return ids


def win_back(shop: RealShop, **changes: Any) -> CampaignPlan:
    """The template as it is, for this shop, and what a test says otherwise."""
    plan = plan_from("win_back", new_campaign_id(shop=shop.shop), "唤醒沉睡会员", DAY)
    return replace(plan, **changes)


def kept(shop: RealShop, plan: CampaignPlan, **more: Any) -> DraftKept:
    answer = shop.do(keep_draft, plan=plan, words=WORDS, **more)
    assert isinstance(answer, DraftKept), answer
    return answer


def reached(shop: RealShop, plan: CampaignPlan) -> AudienceCounted:
    counted = count_audience(shop=shop.shop, lane=shop.store.lane, plan=plan)
    assert isinstance(counted, AudienceCounted)
    return counted


def publish(shop: RealShop, plan: CampaignPlan) -> CampaignOut:
    """Keep, count, draw, publish: what the wizard does."""
    kept(shop, plan)
    drawn = None
    if plan.is_drawn:
        fixed = draw_up(
            shop=shop.shop, lane=shop.store.lane, campaign_id=plan.campaign_id,
            members=reached(shop, plan).members, control_percent=plan.control_percent,
        )  # fmt: skip
        assert isinstance(fixed, CampaignDrawnUp), fixed
        drawn = fixed
    out = shop.do(publish_campaign, campaign_id=plan.campaign_id, drawn=drawn)
    assert isinstance(out, CampaignOut), out
    return out


def issue_all(shop: RealShop, campaign_id: str) -> int:
    """All coupons of a campaign; how many members were done."""
    done = 0
    while True:
        step = shop.do(issue_next, campaign_id=campaign_id)
        assert isinstance(step, CouponsIssued), step
        done += step.done
        if not step.left:
            return done


def made_again(fact: object, work: UnitOfWork) -> None:
    """What a restore makes of the facts of campaigns, twice: it may have been broken off."""
    for _ in range(2):
        match fact:
            case CampaignPublished():
                campaign_published(work=work, fact=fact)
            case CampaignDrawn():
                campaign_drawn(work=work, fact=fact)
            case CampaignEnded():
                campaign_ended(work=work, fact=fact)
            case CampaignAnnounced():
                campaign_announced(work=work, fact=fact)
            case _:
                pass  # not about campaigns
