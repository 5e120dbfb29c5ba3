"""Trials: real sales priced with and without an offer, by the rules the till has."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from app.domain.campaign import Audience, CampaignPlan, Terms
from app.domain.campaign_trial import Trial, TrialSums
from app.domain.facts import SaleRecorded
from app.domain.program import AmountOff
from tests.domain.campaign_samples import DOUBLE, HALF, REBATE, SAVE, WIN_BACK, plan
from tests.domain.pricing_shop import TODAY, flat, line, member, offer, program
from tests.domain.test_repricing import sold

SHOP = program()
TEA, MILK = line("1", "40.00"), line("2", "59.00", "2", sku="milk")
WALK_IN = sold(SHOP, (TEA, MILK))
SMALL = sold(SHOP, (TEA,))
GOLD = sold(SHOP, (TEA, MILK), member("gold"))
REGULAR = sold(SHOP, (MILK,), member("regular"))


def tried(over: CampaignPlan, *facts: SaleRecorded, **more: Any) -> TrialSums:
    trial = Trial(over, **more)
    for fact in facts:
        trial.add(fact, SHOP)
    return trial.sums


def anybody(base: CampaignPlan, **changes: Any) -> CampaignPlan:
    return plan(base, audience=Audience(who="everybody"), budget=None, **changes)


def test_ten_off_fifty_costs_ten_where_fifty_is_reached() -> None:
    sums = tried(anybody(SAVE), WALK_IN, SMALL, GOLD)
    assert sums == TrialSums(sales=3, touched=2, members=1, cost_minor=2_000, points=-15)


def test_members_only_leaves_walk_ins_as_they_were() -> None:
    sums = tried(SAVE, WALK_IN, GOLD)
    assert (sums.sales, sums.touched, sums.cost_minor) == (2, 1, 1_000)


def test_an_offer_that_only_takes_the_place_of_another_costs_the_difference() -> None:
    own = structs.replace(offer("own-8", AmountOff(amount="8")), group="order")
    shop = program(offers=(own,))
    fact = sold(shop, (MILK,))
    trial = Trial(anybody(SAVE, exclusive=True))
    trial.add(fact, shop)
    assert (trial.sums.touched, trial.sums.cost_minor) == (1, 200)


def test_a_coupon_is_used_once_and_only_by_who_would_hold_one() -> None:
    gold = GOLD.member
    assert gold is not None
    assert tried(WIN_BACK, GOLD, GOLD, WALK_IN).touched == 0
    sums = tried(WIN_BACK, GOLD, GOLD, WALK_IN, audience={gold})
    assert (sums.sales, sums.touched, sums.members, sums.cost_minor) == (3, 1, 1, 1_000)


def test_its_own_days_do_not_matter_but_its_days_of_the_month_do() -> None:
    later = {"starts": SAVE.starts + timedelta(days=30), "ends": SAVE.ends + timedelta(days=30)}
    assert tried(plan(SAVE, **later), GOLD).touched == 1
    assert TODAY.day == 20
    assert tried(plan(DOUBLE, **later), GOLD).points == 209
    assert tried(plan(DOUBLE, month_days=(1,)), GOLD).touched == 0


def test_a_budget_ends_the_giving_in_a_trial_as_at_the_till() -> None:
    once = anybody(SAVE, uses=1)
    assert tried(once, WALK_IN, WALK_IN) == TrialSums(
        sales=2, touched=1, cost_minor=1_000, budget_used=True
    )
    small = plan(anybody(SAVE), budget="10")
    assert tried(small, WALK_IN, WALK_IN).budget_used


def test_nth_at_half_price_reaches_its_category_only() -> None:
    assert tried(plan(HALF, categories=("food",)), WALK_IN).cost_minor == 2_950
    assert tried(HALF, WALK_IN).touched == 0


def test_a_rebate_comes_when_the_spend_reaches_its_sum_and_once() -> None:
    once = REBATE.terms
    assert tried(REBATE, REGULAR, REGULAR, WALK_IN).touched == 0
    sums = tried(REBATE, *[REGULAR] * 5)
    assert (sums.sales, sums.touched, sums.points, sums.cost_minor) == (5, 1, once.points, 0)
    gold_only = plan(REBATE, audience=Audience(who="tier", tier="gold"))
    assert tried(gold_only, *[REGULAR] * 5).touched == 0
    assert tried(gold_only, *[GOLD] * 3).touched == 1
    unseen = structs.replace(GOLD, seen=None)
    assert tried(gold_only, *[unseen] * 3).touched == 0
    nobody_said = plan(REBATE, audience=Audience(who="tier"))
    assert tried(nobody_said, *[GOLD] * 3).touched == 1


def test_sales_by_rules_that_are_gone_are_counted_as_unread() -> None:
    trial = Trial(plan(SAVE, audience=Audience(who="tier", tier="gold")))
    trial.add(GOLD, None)
    trial.add(sold(flat(), (MILK,)), flat())
    assert trial.sums == TrialSums(unread=2)


def test_points_spent_on_the_bill_are_a_way_to_pay_no_cost_of_the_offer() -> None:
    rich = sold(SHOP, (MILK,), member("regular", points=9_000), redeem_points="max")
    sums = tried(SAVE, rich)
    assert sums.cost_minor == 1_000


@pytest.mark.parametrize("terms", [Terms(kind="percent_off", rate="0.1", cap="5")])
def test_a_percentage_stops_at_its_cap(terms: Terms) -> None:
    assert tried(anybody(SAVE, terms=terms), WALK_IN).cost_minor == 500


def test_a_member_who_is_not_in_the_fact_prices_as_a_walk_in() -> None:
    fact = structs.replace(GOLD, seen=None)
    assert replace(TrialSums(), sales=1) == tried(plan(WIN_BACK), fact)
