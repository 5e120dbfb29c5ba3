"""A campaign that lets its members try a tier, in a shop that is its own authority.

Owns: counting, giving, ending, the result, over a real store. Does not own: campaigns of offers
(test_campaign_publish.py), a trial by hand (test_trial.py), till and head office together
(tests/sync/joined/test_campaign_tier.py).
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.campaign import CampaignPlan
from app.domain.campaign_record import TrialDone
from app.domain.campaign_result import CampaignResult
from app.domain.campaign_template import plan_from
from app.domain.campaign_tier import tiers_to_try
from app.domain.facts import TrialGiven, read_fact
from app.services.campaign_plan import NoDraft, new_campaign_id
from app.services.campaign_publish import (
    CampaignIsOver,
    CampaignOut,
    NotRunning,
    end_campaign,
    issue_next,
    publish_campaign,
)
from app.services.campaign_result import read_result
from app.services.campaign_trial import try_campaign
from app.services.consent import change_consent
from app.services.scan import scan_code
from app.services.tier_desk import desk_page
from app.services.tier_member import tier_of_member
from app.services.trial import TrialRefused, TrialStarted, give_trial
from tests.real_shop import DAY, MILK, RealShop, copy_shop
from tests.services.campaign_shop import (
    NAMES,
    add_sleepers,
    issue_all,
    made_again,
    publish,
    reached,
)
from tests.services.conftest import use_program
from tests.services.refunds import DAY_MS, verified
from tests.services.test_campaign_publish import buy
from tests.services.test_trial import TRIALS

AGREED = 6


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    """Eight members, six of whom let themselves be written to; one of these tried gold before."""
    use_program(shop, TRIALS)
    shop.sign_in("王芳")
    sleepers = add_sleepers(shop)
    tried = shop.do(give_trial, member_id=sleepers[0], trial_id="gold-taste")
    assert isinstance(tried, TrialStarted), tried
    return shop


def try_gold(shop: RealShop, **changes: Any) -> CampaignPlan:
    """The template as it is, for this shop, and what a test says otherwise."""
    trial = tiers_to_try(shop.shop.desk.state.program)[0]
    campaign = new_campaign_id(shop=shop.shop)
    plan = plan_from("try_tier", campaign, "金卡体验周", DAY, trial=trial)
    return replace(plan, **changes)


def given(shop: RealShop) -> list[TrialGiven]:
    """The trials that campaigns gave."""
    stored = shop.store.lane.run(lambda work: work.facts.all_facts(limit=10_000))
    facts = [read_fact(each.data) for each in stored]
    return [each for each in facts if isinstance(each, TrialGiven) and each.why == "campaign"]


def test_members_try_gold_each_once_and_it_is_told_what_came_of_it(manager: RealShop) -> None:
    plan = try_gold(manager, control_percent=20)
    counted = reached(manager, plan)
    sleepers = [manager.members[name] for name in NAMES]
    assert set(counted.members) == set(sleepers[1:AGREED])
    assert counted.left_out == 2, "one has gold, and one tried it before"
    for early in NAMES[1:AGREED]:
        buy(manager, MILK, card=manager.cards[early])
    manager.clock.go_on(milliseconds=60_000)
    out = publish(manager, plan)
    assert (out.waits, out.record.state) == (False, "published")
    assert manager.shop.desk.state.program.version == "2026.2", "the rules are as they were"
    assert issue_all(manager, plan.campaign_id) == len(counted.members)
    facts = given(manager)
    assert len(facts) == out.record.reached == len(counted.members) - out.record.control
    fact = facts[0]
    assert (fact.trial, fact.tier, fact.campaign, fact.last_day) == (
        plan.offer_id, "gold", plan.campaign_id, date(2026, 12, 4),
    )  # fmt: skip
    assert fact.member is not None
    seen = manager.do(tier_of_member, member_id=fact.member)
    assert (seen.standing.tier, seen.standing.source, seen.trials) == ("gold", "trial", ())
    assert seen.events[0].reason_type == "campaign"
    assert fact.member in {r.member.member_id for r in manager.do(desk_page, which="lent").rows}
    again = manager.do(publish_campaign, campaign_id=plan.campaign_id)
    assert again == NoDraft(plan.campaign_id)
    assert manager.do(give_trial, member_id=fact.member, trial_id="gold-taste") == TrialRefused(
        "had_it"
    )

    [name] = [each for each in NAMES if manager.members[each] == fact.member]
    card = manager.cards[name]
    assert manager.do(scan_code, text=card).state.member.lent_ends == date(2026, 12, 4)
    paid = buy(manager, MILK).receipt.total_minor
    assert paid < 5_900
    result = read_result(shop=manager.shop, lane=manager.store.lane, record=out.record)
    assert isinstance(result, CampaignResult)
    offer = result.offer
    assert (offer.sales, offer.cost_minor, offer.takings_minor) == (1, 5_900 - paid, paid)
    groups = (result.chosen.came, result.chosen.takings_minor, result.control.came)
    assert (offer.coupons_given, *groups) == (len(facts), 1, paid, 0), "not what was sold before"
    manager.clock.go_on(milliseconds=14 * DAY_MS)
    assert manager.do(scan_code, text=card).state.member.tier_id == "regular", "it just ended"
    assert verified(manager) == []


def test_who_reached_it_or_tried_it_since_the_draw_is_in_neither_group(manager: RealShop) -> None:
    plan = try_gold(manager, control_percent=34)
    out = publish(manager, plan)
    drawn = manager.store.lane.run(lambda work: work.campaigns.waiting(plan.campaign_id, 99))
    kept_out = [each.member_id for each in drawn if each.is_control]
    asked = [each.member_id for each in drawn if not each.is_control]
    assert (len(asked), len(kept_out)) == (4, 1)
    for member in (asked[0], kept_out[0]):
        tried = manager.do(give_trial, member_id=member, trial_id="gold-taste")
        assert isinstance(tried, TrialStarted)
    manager.do(change_consent, member_id=asked[1], purpose="marketing", given=False)
    assert issue_all(manager, plan.campaign_id) == 5
    assert {each.member for each in given(manager)} == set(asked[2:])
    result = read_result(shop=manager.shop, lane=manager.store.lane, record=out.record)
    assert isinstance(result, CampaignResult)
    assert (result.chosen.members, result.control.members, result.gone) == (2, 0, 3)


def test_it_is_tried_on_as_many_days_of_sales_as_it_lasts(manager: RealShop) -> None:
    name = NAMES[1]
    full = buy(manager, MILK, card=manager.cards[name]).receipt.total_minor
    plan = try_gold(manager, control_percent=0)
    done = try_campaign(
        shop=manager.shop, lane=manager.store.lane, plan=plan, audience={manager.members[name]}
    )
    assert isinstance(done, TrialDone)
    assert (done.last_day - done.first_day).days == 14
    assert (done.sums.touched, done.sums.members) == (1, 1)
    assert 0 < done.sums.cost_minor < full


def test_ended_nobody_else_gets_it_and_what_is_left_after_its_days_is_left(
    manager: RealShop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ended = try_gold(manager)
    publish(manager, ended)
    over = manager.do(end_campaign, campaign_id=ended.campaign_id)
    assert isinstance(over, CampaignIsOver), over
    issue_all(manager, ended.campaign_id)
    assert given(manager) == []
    late = try_gold(manager)
    out = publish(manager, late)
    assert isinstance(out, CampaignOut)
    manager.clock.go_on(milliseconds=20 * DAY_MS)
    issue_all(manager, late.campaign_id)
    assert given(manager) == []
    assert manager.do(issue_next, campaign_id="nothing") == NotRunning("nothing")
    old = copy_shop(tmp_path_factory.mktemp("old"))
    for stored in manager.store.lane.run(lambda work: work.facts.all_facts(limit=10_000)):
        old.store.lane.run(partial(made_again, read_fact(stored.data)))
    campaigns = old.store.lane.run(lambda work: work.campaigns.all_campaigns())
    assert {each.plan.campaign_id: each.state for each in campaigns} == {
        ended.campaign_id: "ended", late.campaign_id: "published",
    }  # fmt: skip
    versions = old.store.lane.run(lambda work: work.programs.all_programs())
    assert [each.version for each in versions] == ["2026.1"], "no rule came of it"
    old.close()
