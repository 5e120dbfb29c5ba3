"""Campaigns from the segment to the result, in a shop that is its own authority."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from functools import partial

import pytest

from app.domain.campaign import Audience, Terms
from app.domain.campaign_fact import (
    CampaignDrawn,
    CampaignPublished,
)
from app.domain.campaign_message import CampaignMessage
from app.domain.campaign_record import TrialDone
from app.domain.campaign_result import DAYS_TO_COME, CampaignResult
from app.domain.facts import read_fact
from app.services.answers import NotAllowed, SignInFirst
from app.services.campaign_audience import Stopped, count_audience
from app.services.campaign_plan import (
    CampaignList,
    DraftDropped,
    NoDraft,
    drop_draft,
    keep_draft,
    list_campaigns,
)
from app.services.campaign_publish import (
    CampaignIsOver,
    CampaignOut,
    NotRunning,
    NotSound,
    RulesRefuse,
    draw_up,
    end_campaign,
    issue_next,
    publish_campaign,
)
from app.services.campaign_result import read_result
from app.services.campaign_trial import keep_trial, try_campaign
from app.services.checkout import SaleDone
from app.services.consent import change_consent
from app.services.erasure import erase_by_calendar
from app.services.payment import pay_cash
from app.services.program import ProgramAdded, add_program
from app.services.scan import scan_code
from app.services.staff import sign_out
from tests.real_shop import DAY, MILK, OIL, PROGRAM, RealShop, copy_shop
from tests.services.campaign_shop import (
    WORDS,
    add_sleepers,
    issue_all,
    kept,
    made_again,
    publish,
    reached,
    win_back,
)
from tests.services.conftest import trail


@pytest.fixture
def manager(shop: RealShop) -> RealShop:
    """王芳 is at the till: campaigns are the manager's."""
    shop.do(sign_out)
    shop.sign_in("王芳")
    return shop


def buy(shop: RealShop, *codes: str, card: str | None = None) -> SaleDone:
    if card is not None:
        shop.do(scan_code, text=card)
    for code in codes:
        shop.do(scan_code, text=code)
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone), done
    return done


def test_a_dormant_win_back_from_segment_to_result(manager: RealShop) -> None:
    sleepers = add_sleepers(manager)
    plan = win_back(manager, control_percent=34)
    audience = reached(manager, plan)
    assert set(audience.members) == set(sleepers[:6])
    assert audience.without_consent == 2

    out = publish(manager, plan)
    assert (out.waits, out.record.state) == (False, "published")
    assert (out.record.reached, out.record.control) == (4, 2)
    assert manager.shop.desk.state.program.version == "2026.1+1"
    assert issue_all(manager, plan.campaign_id) == 6

    chosen, control = drawn_of(manager)
    assert set(chosen) | set(control) == set(sleepers[:6])
    by_id = {member: name for name, member in manager.members.items()}
    done = buy(manager, MILK, card=manager.cards[by_id[chosen[0]]])
    assert done.receipt.total_minor == 4_900
    buy(manager, MILK, card=manager.cards[by_id[control[0]]])

    result = read_result(shop=manager.shop, lane=manager.store.lane, record=out.record)
    assert isinstance(result, CampaignResult)
    assert (result.chosen.members, result.chosen.came) == (4, 1)
    assert (result.control.members, result.control.came) == (2, 1)
    assert (result.offer.coupons_given, result.offer.coupons_used) == (4, 1)
    assert (result.offer.cost_minor, result.offer.takings_minor) == (1_000, 4_900)
    assert (result.verdict, result.days) == ("too_early", 1)
    manager.clock.go_on(milliseconds=DAYS_TO_COME * 86_400_000)
    result = read_result(shop=manager.shop, lane=manager.store.lane, record=out.record)
    assert isinstance(result, CampaignResult)
    assert (result.verdict, result.days) == ("too_few", 1 + DAYS_TO_COME)
    assert "campaign_published" in trail(manager)


def drawn_of(shop: RealShop) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Both groups as the facts name them."""
    stored = shop.store.lane.run(lambda work: work.facts.all_facts())
    facts = [read_fact(each.data) for each in stored]
    drawn = [each for each in facts if isinstance(each, CampaignDrawn)]
    assert sum(isinstance(each, CampaignPublished) for each in facts) == 1
    chosen = tuple(member for each in drawn for member in each.chosen)
    return chosen, tuple(member for each in drawn for member in each.control)


def test_issuing_that_was_broken_off_goes_on_and_gives_nobody_two(manager: RealShop) -> None:
    names = tuple(f"会员{number}" for number in range(25))
    sleepers = add_sleepers(manager, names, agreed=25)
    plan = win_back(manager, control_percent=0)
    publish(manager, plan)
    first = manager.do(issue_next, campaign_id=plan.campaign_id)
    assert (first.done, first.left) == (20, 5)
    assert issue_all(manager, plan.campaign_id) == 5
    accounts = manager.store.lane.run(lambda work: work.accounts.get_many(sleepers))
    held = [
        sum(coupon.offer == plan.offer_id for coupon in account.coupons.values())
        for account in accounts.values()
    ]
    assert held == [1] * 25


def test_who_left_or_took_his_consent_back_since_the_draw_gets_nothing(manager: RealShop) -> None:
    """Of both groups, and the result says how many it does not count."""
    sleepers = add_sleepers(manager)[:6]
    plan = win_back(manager, control_percent=34)
    out = publish(manager, plan)
    drawn = manager.store.lane.run(lambda work: work.campaigns.waiting(plan.campaign_id, 9))
    kept_out = [each.member_id for each in drawn if each.is_control]
    asked = [each.member_id for each in drawn if not each.is_control]
    for member in (asked[0], kept_out[0]):
        manager.do(change_consent, member_id=member, purpose="marketing", given=False)
    manager.do(change_consent, member_id=asked[1], purpose="profiling", given=True)
    manager.do(change_consent, member_id=asked[1], purpose="profiling", given=False)
    assert manager.do(erase_by_calendar, member_id=asked[2], unseen_since=DAY)
    assert issue_all(manager, plan.campaign_id) == 6
    assert drawn_of(manager) == ((asked[3],), (kept_out[1],))
    accounts = manager.store.lane.run(lambda work: work.accounts.get_many(sleepers))
    held = {
        member for member, account in accounts.items()
        if any(coupon.offer == plan.offer_id for coupon in account.coupons.values())
    }  # fmt: skip
    assert held == {asked[3]}
    result = read_result(shop=manager.shop, lane=manager.store.lane, record=out.record)
    assert isinstance(result, CampaignResult)
    assert (result.chosen.members, result.control.members, result.gone) == (1, 1, 4)


def test_only_head_office_tells_members_of_it(manager: RealShop) -> None:
    add_sleepers(manager)
    plan, message = win_back(manager), CampaignMessage(("sms",), "好久不见！", "We miss you!")
    draft = manager.do(keep_draft, plan=plan, words=WORDS, message=message)
    assert draft.record.message == message
    assert [each.code for each in draft.problems] == ["nobody_sends"]
    answer = manager.do(publish_campaign, campaign_id=plan.campaign_id)
    assert answer == NotSound(draft.problems)
    assert not manager.do(list_campaigns).can_send
    counted = reached(manager, plan)
    assert set(counted.ways) == set(counted.members)
    assert set(counted.ways.values()) == {("sms",)}


def test_what_is_out_is_not_drawn_anew(manager: RealShop) -> None:
    add_sleepers(manager)
    plan = win_back(manager, control_percent=0)
    publish(manager, plan)
    again = partial(
        draw_up, shop=manager.shop, lane=manager.store.lane, campaign_id=plan.campaign_id,
        members=(), control_percent=0,
    )  # fmt: skip
    assert again() == NoDraft(plan.campaign_id)
    left = manager.store.lane.run(lambda work: work.campaigns.count_waiting(plan.campaign_id))
    assert left == 6
    manager.do(sign_out)
    assert again() == SignInFirst()


def test_a_trial_prices_the_shops_own_sales(manager: RealShop) -> None:
    for codes in ((MILK,), (OIL,), (MILK, OIL)):
        buy(manager, *codes)
    plan = win_back(manager, audience=Audience(who="everybody"), control_percent=0,
                    uses_per_member=None)  # fmt: skip
    kept(manager, plan)
    seen: list[tuple[int, int]] = []

    def tell(done: int, of: int) -> bool:
        seen.append((done, of))
        return True

    done = try_campaign(shop=manager.shop, lane=manager.store.lane, plan=plan, tell=tell)
    assert isinstance(done, TrialDone)
    assert (done.sums.sales, done.sums.touched, done.sums.cost_minor) == (3, 3, 3_000)
    assert (done.first_day, done.last_day) == (DAY - timedelta(days=28), DAY)
    assert seen == [(3, 3)]
    record = manager.do(keep_trial, campaign_id=plan.campaign_id, done=done)
    assert record.trial == done
    changed = kept(manager, win_back(manager, campaign_id=plan.campaign_id)).record
    assert changed.trial is None, "it was of another plan"


def test_nobody_has_to_wait_for_a_trial_or_a_count(manager: RealShop) -> None:
    buy(manager, MILK)
    add_sleepers(manager, tuple(f"会员{number}" for number in range(60)), agreed=0)
    plan, lane = win_back(manager), manager.store.lane
    stop = lambda _done, _of: False  # noqa: E731 - one word said twice
    assert isinstance(try_campaign(shop=manager.shop, lane=lane, plan=plan, tell=stop), Stopped)
    assert isinstance(count_audience(shop=manager.shop, lane=lane, plan=plan, tell=stop), Stopped)


def test_spend_and_save_is_priced_at_once_and_ended_at_once(manager: RealShop) -> None:
    plan = win_back(manager, audience=Audience(who="everybody"), uses=10, control_percent=0,
                    uses_per_member=None)  # fmt: skip
    publish(manager, plan)
    assert buy(manager, MILK).receipt.total_minor == 4_900
    over = manager.do(end_campaign, campaign_id=plan.campaign_id)
    assert isinstance(over, CampaignIsOver)
    assert buy(manager, MILK).receipt.total_minor == 5_900
    assert manager.do(end_campaign, campaign_id=plan.campaign_id) == NotRunning(plan.campaign_id)
    listed = manager.do(list_campaigns)
    assert isinstance(listed, CampaignList)
    assert [each.state for each in listed.campaigns] == ["ended"]
    assert listed.categories == ("dairy", "fruit", "home", "oil")
    result = read_result(shop=manager.shop, lane=manager.store.lane, record=over.record)
    assert isinstance(result, CampaignResult)
    assert (result.verdict, result.offer.sales, result.offer.cost_minor) == ("no_control", 1, 1_000)


def test_a_coupon_that_was_given_stays_good_when_its_campaign_is_ended(manager: RealShop) -> None:
    sleepers = add_sleepers(manager, ("赵一",), agreed=1)
    plan = win_back(manager, control_percent=0)
    publish(manager, plan)
    issue_all(manager, plan.campaign_id)
    manager.do(end_campaign, campaign_id=plan.campaign_id)
    assert sleepers
    done = buy(manager, MILK, card=manager.cards["赵一"])
    assert done.receipt.total_minor == 4_900


def test_what_is_not_sound_is_not_published(manager: RealShop) -> None:
    plan = win_back(manager, threshold="5")
    draft = kept(manager, plan)
    assert [each.code for each in draft.problems] == ["off_above_threshold"]
    answer = manager.do(publish_campaign, campaign_id=plan.campaign_id)
    assert isinstance(answer, NotSound)
    assert manager.shop.desk.state.program.version == "2026.1"
    assert manager.do(publish_campaign, campaign_id="nothing") == NoDraft("nothing")
    assert manager.do(issue_next, campaign_id=plan.campaign_id) == NotRunning(plan.campaign_id)


def test_rules_that_nobody_could_explain_are_refused_with_their_reason(manager: RealShop) -> None:
    """More offers on the same goods than the search can weigh: the program's own check says so."""
    manager.shop = dataclasses.replace(
        manager.shop, stopwatch=lambda: 0
    )  # however slow the machine
    made = [
        win_back(manager, audience=Audience(who="everybody"), control_percent=0, threshold=None,
                 uses_per_member=None, terms=Terms(kind="nth_discount", rate="0.5"),
                 categories=("dairy",))
        for _ in range(10)
    ]  # fmt: skip
    answers = []
    for plan in made:
        kept(manager, plan)
        answers.append(manager.do(publish_campaign, campaign_id=plan.campaign_id))
    assert isinstance(answers[0], CampaignOut)
    refused = answers[-1]
    assert isinstance(refused, RulesRefuse)
    assert refused.problems[0].path.startswith("offers")


def test_drafts_are_kept_and_thrown_away(manager: RealShop) -> None:
    plan = win_back(manager)
    kept(manager, plan)
    assert manager.do(drop_draft, campaign_id=plan.campaign_id) == DraftDropped(plan.campaign_id)
    assert manager.do(drop_draft, campaign_id=plan.campaign_id) == NoDraft(plan.campaign_id)
    out = win_back(manager, audience=Audience(who="members"), control_percent=0)
    publish(manager, out)
    assert manager.do(drop_draft, campaign_id=out.campaign_id) == NoDraft(out.campaign_id)
    assert manager.do(keep_draft, plan=out, words=WORDS) == NoDraft(out.campaign_id)
    done = try_campaign(shop=manager.shop, lane=manager.store.lane, plan=out)
    assert isinstance(done, TrialDone)
    assert manager.do(keep_trial, campaign_id=out.campaign_id, done=done) is None


def test_campaigns_are_the_managers(shop: RealShop) -> None:
    no = NotAllowed("manage_program")
    assert shop.do(list_campaigns) == no
    assert shop.do(keep_draft, plan=win_back(shop), words=WORDS) == no
    for service in (publish_campaign, end_campaign, drop_draft, issue_next):
        assert shop.do(service, campaign_id="a1") == no
    drawn = draw_up(
        shop=shop.shop, lane=shop.store.lane, campaign_id="a1", members=(), control_percent=0
    )
    assert drawn == no


def test_a_new_version_of_the_rules_has_the_running_campaigns(manager: RealShop) -> None:
    plan = win_back(manager, audience=Audience(who="everybody"), control_percent=0,
                    uses_per_member=None, ends=DAY + timedelta(days=60))  # fmt: skip
    publish(manager, plan)
    toml = PROGRAM.replace('"2026.1"', '"2027.1"').replace("2025-10-01", "2026-11-21")
    toml = toml.replace("effective = 2025-11-01", "effective = 2027-01-01")
    assert isinstance(manager.do(add_program, toml=toml), ProgramAdded)
    publish(manager, win_back(manager, audience=Audience(who="members"), control_percent=0,
                              ends=DAY + timedelta(days=90)))  # fmt: skip
    kept_versions = manager.store.lane.run(lambda work: work.programs.all_programs())
    assert [each.version for each in kept_versions] == [
        "2026.1", "2026.1+1", "2026.1+2", "2027.1", "2027.1+1", "2027.1+2",
    ]  # fmt: skip
    manager.do(end_campaign, campaign_id=plan.campaign_id)
    newest = manager.store.lane.run(lambda work: work.programs.all_programs())[-1]
    assert newest.version == "2027.1+3"
    assert plan.offer_id not in newest.toml


def test_facts_make_the_campaign_again_where_a_till_is_restored(
    manager: RealShop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    add_sleepers(manager)
    plan = win_back(manager, control_percent=34)
    automatic = win_back(manager, audience=Audience(who="everybody"), control_percent=0,
                         uses_per_member=None)  # fmt: skip
    publish(manager, plan)
    publish(manager, automatic)
    issue_all(manager, plan.campaign_id)
    manager.do(end_campaign, campaign_id=automatic.campaign_id)
    facts = manager.store.lane.run(lambda work: work.facts.all_facts())

    old = copy_shop(tmp_path_factory.mktemp("old"))
    for stored in facts:
        fact = read_fact(stored.data)
        old.store.lane.run(partial(made_again, fact))
    campaigns = old.store.lane.run(lambda work: work.campaigns.all_campaigns())
    assert {each.plan.campaign_id: each.state for each in campaigns} == {
        plan.campaign_id: "published", automatic.campaign_id: "ended"
    }  # fmt: skip
    left = old.store.lane.run(lambda work: work.campaigns.count_waiting(plan.campaign_id))
    assert left == 0
    versions = old.store.lane.run(lambda work: work.programs.all_programs())
    assert [each.version for each in versions] == ["2026.1", "2026.1+1", "2026.1+2", "2026.1+3"]
    assert (plan.offer_id in versions[-1].toml, automatic.offer_id in versions[-1].toml) == (
        True, False,
    )  # fmt: skip
    old.close()
