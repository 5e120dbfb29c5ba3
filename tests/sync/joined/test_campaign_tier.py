"""A tier to try by a campaign of a chain: given while the line is down, heard of everywhere, once.

Owns: that story over two tills and their server. Does not own: what becomes of trials where members
are one or parted again (tests/sync/server/test_lent_tiers.py), trials by
hand and packs (test_pack.py).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from app.domain.campaign import Audience
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_record import DrawnMember
from app.domain.campaign_template import plan_from
from app.domain.facts import TrialGiven, read_fact
from app.domain.pack import trials_that_count
from app.domain.program import Text, Trial
from app.services.campaign_plan import NoDraft, new_campaign_id
from app.services.campaign_publish import CampaignDrawnUp, CampaignOut, publish_campaign
from app.services.campaign_result import ChainResult, ask_chain_result
from app.services.consent import change_consent
from app.services.scan import scan_code
from tests.real_shop import DAY, MILK
from tests.services.campaign_shop import issue_all, kept
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain, a_chain
from tests.sync.joined.test_campaign import messages
from tests.sync.joined.test_pack import stands

pytestmark = pytest.mark.slow
TASTE = Trial(id="taste", name=Text(zh="金卡体验", en="Gold to try"), tier="gold", days=14)
MESSAGE = CampaignMessage(("sms",), "送您金卡体验 14 天。", "Gold to try for 14 days.")


def trials(counter: Counter, member: str) -> int:
    account = counter.account(member)
    return 0 if account is None else len(account.trials)


def knows_the_cost(counter: Counter, out: CampaignOut) -> bool:
    told = ask_chain_result(shop=counter.real.shop, record=out.record)
    assert isinstance(told, ChainResult), told
    offer = told.result.offer
    return offer.sales == 1 and offer.cost_minor > 0 and told.result.chosen.came == 1


def test_given_while_alone_it_holds_everywhere_later_and_once(tmp_path: Path) -> None:
    with a_chain(tmp_path) as chain:
        first, second = chain.both
        member = chain.member(POORER)
        chain.pull_the_cables()
        out = _published(chain, member)
        campaign = out.record.plan.campaign_id
        assert (out.waits, out.record.state) == (False, "published")
        assert issue_all(first.real, campaign) == 1
        assert stands(first, member) == ("gold", "trial"), "at once, without head office"
        again = first.do(publish_campaign, campaign_id=campaign, drawn=CampaignDrawnUp(1, 0))
        assert again == NoDraft(campaign)
        assert issue_all(first.real, campaign) == 0

        chain.put_them_back()
        second.real.sign_in("王芳")
        second.until(lambda: stands(second, member) == ("gold", "trial"), "the other store")
        assert messages(chain) == [(member, "campaign", campaign, "waiting")]
        second.do(scan_code, text=chain.card(POORER))
        second.sell(MILK)
        second.until_sent()
        first.until(partial(knows_the_cost, first, out), "what gold took off is told")
        account = second.account(member)
        assert account is not None
        assert len(list(trials_that_count(account))) == trials(first, member) == 1
        stored = first.real.store.lane.run(lambda work: work.facts.of_member(member))
        given = [fact for row in stored if isinstance(fact := read_fact(row.data), TrialGiven)]
        assert [(each.campaign, each.why) for each in given] == [(campaign, "campaign")]
        assert chain.cases() == []


def _published(chain: Chain, member: str) -> CampaignOut:
    """By a till that is alone, to one member."""
    first = chain.first
    first.real.sign_in("王芳")
    shop = first.real.shop
    plan = plan_from("try_tier", new_campaign_id(shop=shop), "金卡体验", DAY, trial=TASTE)
    assert plan.audience == Audience()
    kept(first.real, plan, message=MESSAGE)
    first.do(change_consent, member_id=member, purpose="marketing", given=True)
    first.real.store.lane.run(
        lambda work: work.campaigns.draw(plan.campaign_id, [DrawnMember(member, False)])
    )
    drawn = CampaignDrawnUp(1, 0)
    out = first.do(publish_campaign, campaign_id=plan.campaign_id, drawn=drawn)
    assert isinstance(out, CampaignOut), out
    return out
