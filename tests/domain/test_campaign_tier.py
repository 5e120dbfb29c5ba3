"""A tier to try by a campaign: who may, when it begins, for how many, what past sales say of it.

Owns: those cases. Does not own: who may try a tier at all (test_trial.py), giving it
(tests/services/test_campaign_tier.py).
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec import structs

from app.domain import campaign_template as tp
from app.domain import program as pg
from app.domain.account import Crossing, MemberAccount, TierGrant, TriedTier
from app.domain.campaign import Audience, CampaignPlan, Terms
from app.domain.campaign_check import PlanProblem, PlanWarning, check_plan, warnings_of
from app.domain.campaign_lent import lent_cost
from app.domain.campaign_message import CampaignMessage, check_message
from app.domain.campaign_tier import invited, may_try, starting, tiers_to_try, trial_of_plan
from app.domain.campaign_trial import Trial, TrialSums
from app.domain.control_group import draw_control
from app.domain.trial import NoTrial, TrialStart
from app.domain.view import AccountView
from tests.domain.campaign_samples import TODAY
from tests.domain.heart_builders import MEMBER, a_program, op, words
from tests.domain.pack_samples import PACKS, TASTE
from tests.domain.pricing_shop import line, member, program
from tests.domain.test_repricing import sold

TRY_GOLD = starting(
    CampaignPlan(
        campaign_id="g7",
        template="try_tier",
        title="金卡体验周",
        starts=TODAY,
        ends=TODAY,
        terms=Terms(kind="tier_trial", tier="gold", days=14),
        control_percent=10,
        uses=100,
    ),
    TODAY,
)


def trying(**changes: Any) -> CampaignPlan:
    """The sample with another trial."""
    return structs.replace(TRY_GOLD, terms=structs.replace(TRY_GOLD.terms, **changes))


def seen(tier: str, *occasions: str) -> AccountView:
    had = frozenset(occasions)
    return AccountView(member_id=MEMBER, tier=tier, joined=TODAY, occasions=had)


def test_it_lasts_as_long_as_what_is_tried_and_goes_to_who_never_had_it() -> None:
    assert (TRY_GOLD.delivery, TRY_GOLD.is_rule, TRY_GOLD.is_drawn) == ("tier_trial", False, True)
    assert (TRY_GOLD.starts, TRY_GOLD.ends) == (TODAY, date(2026, 12, 4))
    trial = trial_of_plan(TRY_GOLD)
    assert (trial.id, trial.tier, trial.days) == ("camp-g7", "gold", 14)
    start = may_try(TRY_GOLD, PACKS, seen("silver"), TODAY)
    assert start == TrialStart(trial, date(2026, 12, 4), "silver")
    assert may_try(TRY_GOLD, PACKS, seen("gold"), TODAY) == NoTrial("not_above")
    assert may_try(TRY_GOLD, PACKS, seen("regular", "trial:gold"), TODAY) == NoTrial("had_it")
    assert may_try(trying(tier=None), PACKS, seen("regular"), TODAY) == NoTrial("not_above")


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"tier": "diamond"}, PlanProblem("tried", "no_tier_to_try", "diamond", "silver, gold")),
        ({"tier": "regular"}, PlanProblem("tried", "no_tier_to_try", "regular", "silver, gold")),
        ({"tier": None}, PlanProblem("tried", "no_tier_to_try", "—", "silver, gold")),
        ({"days": 93}, PlanProblem("trial_days", "tried_too_long", "93", "92")),
    ],
)
def test_what_could_not_be_tried_is_said(terms: dict[str, Any], problem: PlanProblem) -> None:
    assert check_plan(starting(trying(**terms), TODAY), a_program(), TODAY) == (problem,)
    alone = a_program(tiers=a_program().tiers[:1])
    [nothing, *_] = check_plan(TRY_GOLD, alone, TODAY)
    assert nothing == PlanProblem("tried", "no_tier_to_try", "gold", "—")


def test_a_sound_one_needs_somebody_who_may_and_warns_of_too_few_to_compare() -> None:
    assert check_plan(TRY_GOLD, PACKS, TODAY, 40) == ()
    [nobody] = check_plan(TRY_GOLD, PACKS, TODAY, 0)
    assert nobody == PlanProblem("audience", "nobody_may_try")
    assert warnings_of(TRY_GOLD, PACKS, 40) == (PlanWarning("control_small", "4"),)
    told = CampaignMessage(("sms",), "送您金卡体验", "Gold to try")
    assert check_message(told, TRY_GOLD, can_send=True) == ()


def test_so_many_are_drawn_that_no_more_than_asked_for_get_it() -> None:
    members = [f"m{number:03}" for number in range(500)]
    drawn = invited(TRY_GOLD, members)
    control = draw_control(TRY_GOLD.campaign_id, drawn, TRY_GOLD.control_percent)
    assert (len(drawn), len(drawn) - len(control)) == (111, 100)
    assert drawn != set(members[:111]), "by lot, not by who joined first"
    assert drawn == invited(TRY_GOLD, members[::-1])
    assert invited(TRY_GOLD, members[:50]) == set(members[:50])
    assert invited(structs.replace(TRY_GOLD, uses=None), members) == members
    alone = structs.replace(TRY_GOLD, control_percent=0, uses=1)
    assert len(invited(alone, members)) == 1
    assert invited(alone, []) == frozenset()


def test_the_template_offers_what_may_be_tried_by_hand_first() -> None:
    offered = tiers_to_try(PACKS)
    assert [(each.tier, each.days) for each in offered] == [("gold", 30), ("silver", 30)]
    assert [each.id for each in tiers_to_try(a_program())] == ["silver", "gold"]
    made = tp.plan_from("try_tier", "h8", "等级体验", TODAY, trial=TASTE)
    assert (made.terms, made.uses, made.control_percent, made.budget) == (
        Terms(kind="tier_trial", tier="gold", days=30), 100, 10, None,
    )  # fmt: skip
    assert (made.ends, made.audience) == (date(2026, 12, 20), Audience())
    assert tp.plan_from("try_tier", "i9", "等级体验", TODAY).terms.tier is None


# ------------------------------------------------------------------ on past sales

SHOP = program()
MILK = line("2", "59.00", "2", sku="milk")
WALK_IN = sold(SHOP, (MILK,))
REGULAR, SILVER, GOLD = (
    sold(SHOP, (MILK,), member(tier)) for tier in ("regular", "silver", "gold")
)


def tried(over: CampaignPlan, *facts: Any, **more: Any) -> TrialSums:
    trial = Trial(over, **more)
    for fact in facts:
        trial.add(fact, SHOP)
    return trial.sums


def test_past_sales_are_priced_at_the_tier_that_would_be_tried() -> None:
    his = REGULAR.member
    assert his is not None
    sums = tried(TRY_GOLD, WALK_IN, REGULAR, SILVER, audience={his})
    assert (sums.sales, sums.members, sums.unread) == (3, 1, 0)
    assert sums.cost_minor == (REGULAR.total_minor - GOLD.total_minor) + (
        SILVER.total_minor - GOLD.total_minor
    )
    assert sums.points == 2 * GOLD.points_earned - REGULAR.points_earned - SILVER.points_earned


LONG = date(2190, 1, 1).toordinal()


def test_what_it_cost_means_what_the_trial_meant() -> None:
    his = MemberAccount(trials={op(0): TriedTier("gold", 1, LONG)})
    nothing_yet = lent_cost(GOLD, SHOP, his, "gold")
    assert nothing_yet == tried(TRY_GOLD, REGULAR, audience={"m1"}).cost_minor
    silver = structs.replace(his, grants={op(9): TierGrant("silver", 1, LONG)})
    cost = lent_cost(GOLD, SHOP, silver, "gold")
    assert cost == tried(TRY_GOLD, SILVER, audience={"m1"}).cost_minor < nothing_yet
    gold = structs.replace(his, grants={op(9): TierGrant("gold", 1, LONG)})
    assert lent_cost(GOLD, SHOP, gold, "gold") == 0, "his own by then"
    up = Crossing("gold", 1, 1, LONG)
    for sale, left in ((op(0), 0), (GOLD.op_id, nothing_yet), (op(2), nothing_yet)):
        reached = structs.replace(his, crossings={sale: (up,)})
        assert lent_cost(GOLD, SHOP, reached, "gold") == left, "reached before this sale, or not"
    assert lent_cost(GOLD, None, his, "gold") == lent_cost(WALK_IN, SHOP, his, "gold") == 0
    assert lent_cost(SILVER, SHOP, his, "gold") == 0


def test_who_is_not_drawn_or_stands_there_already_costs_nothing() -> None:
    his = GOLD.member
    assert his is not None
    assert tried(TRY_GOLD, REGULAR) == TrialSums(sales=1)
    assert tried(TRY_GOLD, GOLD, audience={his}) == TrialSums(sales=1)
    assert tried(trying(tier="diamond"), REGULAR, audience={his}) == TrialSums(unread=1)
    same = pg.Tier(id="bronze", name=words("铜卡"))
    shop = program(tiers=(SHOP.tiers[0], same))
    trial = Trial(trying(tier="bronze"), {his})
    trial.add(sold(shop, (MILK,), member("regular")), shop)
    assert trial.sums == TrialSums(sales=1), "a tier without a benefit"
