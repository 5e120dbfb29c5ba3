"""A campaign of a chain: published at one till, in force at both, its coupon good at the other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import requests

from app.domain.campaign import Audience, CampaignPlan
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_poster import PosterLink
from app.domain.campaign_record import CampaignRecord, DrawnMember
from app.domain.campaign_result import CampaignResult
from app.domain.campaign_template import plan_from
from app.domain.phone_page import NoPages
from app.domain.server_answer import NoAnswer
from app.services.answers import NotAllowed
from app.services.campaign_plan import new_campaign_id
from app.services.campaign_poster import NoPoster, ask_poster
from app.services.campaign_publish import (
    CampaignDrawnUp,
    CampaignOut,
    NotRunning,
    issue_next,
    publish_campaign,
)
from app.services.campaign_result import ChainResult, ask_chain_result, read_result
from app.services.consent import change_consent
from app.services.joining import Joined, NewMember, join_member
from app.services.opening import refresh_desk
from sync.server.message import all_messages
from sync.server.tenant import set_public_url
from tests.real_shop import DAY, MILK, NEW_PHONE
from tests.services.campaign_shop import issue_all, kept, win_back
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import MEMBER, Chain, a_chain

MESSAGE = CampaignMessage(("sms", "email"), "好久不见！满50减10。", "We miss you! ¥10 off ¥50.")
pytestmark = pytest.mark.slow


def has_offer(counter: Counter, offer_id: str) -> bool:
    programs = counter.real.store.lane.run(lambda work: work.programs.all_programs())
    return any(offer_id in each.toml for each in programs)


def messages(chain: Chain) -> list[tuple[str, str, str, str]]:
    """Who is told of what, and how far it is."""
    ready = chain.office.ready
    rows = ready.database.read(lambda c: all_messages(c, ready.tenant.tenant))
    return [(row["member"], row["kind"], row["campaign"], row["state"]) for row in rows]


def chain_knows(counter: Counter, record: CampaignRecord) -> bool:
    """What head office tells of the whole chain: one of one came, with the coupon."""
    told = ask_chain_result(shop=counter.real.shop, record=record)
    assert isinstance(told, ChainResult), told
    found = told.result
    assert (found.chosen.members, found.control.members) == (1, 0)
    offer = (found.offer.sales, found.offer.coupons_given, found.offer.coupons_used)
    return found.chosen.came == 1 and (*offer, found.offer.cost_minor) == (1, 1, 1, 1_000)


def holds_coupon(counter: Counter, chain: Chain, offer_id: str) -> bool:
    account = counter.real.store.lane.run(lambda work: work.accounts.get(chain.member()))
    confirmed = counter.real.store.lane.run(lambda work: work.confirmed.account(chain.member()))
    known = [each for each in (account, confirmed) if each is not None]
    return any(coupon.offer == offer_id for each in known for coupon in each.coupons.values())


def test_published_at_one_till_while_offline_it_is_in_force_at_both_later(tmp_path: Path) -> None:
    with a_chain(tmp_path) as chain:
        first, second = chain.both
        chain.pull_the_cables()
        first.real.sign_in("王芳")
        plan = win_back(first.real, audience=Audience(who="chosen"), control_percent=0, budget=None)
        kept(first.real, plan, message=MESSAGE)
        first.do(change_consent, member_id=chain.member(), purpose="marketing", given=True)
        first.real.store.lane.run(
            lambda work: work.campaigns.draw(plan.campaign_id, [DrawnMember(chain.member(), False)])
        )
        out = first.do(publish_campaign, campaign_id=plan.campaign_id, drawn=CampaignDrawnUp(1, 0))
        assert isinstance(out, CampaignOut), out
        assert (out.waits, out.record.state) == (True, "waiting")
        assert first.do(issue_next, campaign_id=plan.campaign_id) == NotRunning(plan.campaign_id)

        chain.put_them_back()
        for counter in chain.both:
            counter.until(partial(has_offer, counter, plan.offer_id), "the campaign came")
            counter.do(refresh_desk)
        assert issue_all(first.real, plan.campaign_id) == 1
        first.until_sent()
        assert messages(chain) == [(chain.member(), "win_back", plan.campaign_id, "waiting")]
        second.until(
            partial(holds_coupon, second, chain, plan.offer_id), "the coupon came"
        )  # fmt: skip
        second.real.sign_in("王芳")
        second.sell(chain.card(MEMBER), MILK)
        given = second.real.store.lane.run(lambda work: work.campaigns.offer_sums(plan.offer_id))
        assert (given.sales, given.coupons_used, given.cost_minor) == (1, 1, 1_000)
        second.until_sent()
        first.until(partial(chain_knows, first, out.record), "head office counted the sale")
        here = read_result(shop=first.real.shop, lane=first.real.store.lane, record=out.record)
        assert isinstance(here, CampaignResult)
        assert (here.offer.sales, here.chosen.members) == (0, 1), "it was sold at the other till"
        first.line.switch(on=False)
        assert ask_chain_result(shop=first.real.shop, record=out.record) == NoAnswer()


def claimed(counter: Counter, member: str, plan: CampaignPlan) -> bool:
    """Whether his coupon is known there."""
    account = counter.real.store.lane.run(lambda work: work.confirmed.account(member))
    return account is not None and any(
        coupon.offer == plan.offer_id for coupon in account.coupons.values()
    )


def test_a_member_claims_by_the_poster_and_his_till_hears_of_it(tmp_path: Path) -> None:
    with a_chain(tmp_path) as chain:
        first = chain.first
        first.real.sign_in("王芳")
        new = NewMember(phone=NEW_PHONE, consents=frozenset({"membership"}), put_on_basket=False)
        joined = first.do(join_member, new=new)
        assert isinstance(joined, Joined), joined
        plan = plan_from("scan_to_claim", new_campaign_id(shop=first.real.shop), "扫码领券", DAY)
        kept(first.real, plan)
        out = first.do(publish_campaign, campaign_id=plan.campaign_id)
        assert isinstance(out, CampaignOut), out
        ready, shop = chain.office.ready, first.real.shop
        tenant = ready.tenant.tenant
        first.until(partial(has_offer, first, plan.offer_id), "the campaign came back")
        assert ask_poster(shop=shop, record=out.record) == NoPages()
        ready.database.write(lambda c: set_public_url(c, tenant, chain.office.url))
        given = ask_poster(shop=shop, record=out.record)
        assert isinstance(given, PosterLink), given
        for _ in range(2):
            page = requests.post(given.url, data={"phone": NEW_PHONE}, timeout=60)
            assert page.status_code == 200, page.text
        first.until(partial(claimed, first, joined.member_id, plan), "the coupon came")
        told = ask_chain_result(shop=shop, record=out.record)
        assert isinstance(told, ChainResult)
        assert (told.result.chosen.members, told.result.offer.coupons_given) == (1, 1)
        over = replace(out.record, state="ended")
        assert ask_poster(shop=shop, record=over) == NoPoster(plan.campaign_id)
        first.real.sign_in()
        assert ask_poster(shop=shop, record=out.record) == NotAllowed("manage_program")
