"""Campaign plans: the offer they become, what is wrong with them, what their owner should know."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from app.domain.campaign import Audience, CampaignPlan, Terms, exclusive_group
from app.domain.campaign_check import PlanProblem, PlanWarning, check_plan, warnings_of
from app.domain.offer import (
    AmountOff,
    BuyXGetY,
    Multiplier,
    NthDiscount,
    PercentOff,
    Scope,
    SpendRebate,
)
from app.domain.program import Conditions
from tests.domain.campaign_samples import (
    DOUBLE,
    EXPIRING,
    HALF,
    REBATE,
    SAVE,
    TODAY,
    WIN_BACK,
    WORDS,
    plan,
)
from tests.domain.pricing_shop import offer, program

from app.domain.campaign import offer_of  # isort: skip

SHOP = program()


def test_a_coupon_campaign_becomes_an_offer_for_holders_of_its_coupon() -> None:
    made = offer_of(WIN_BACK, WORDS, "order")
    assert (made.id, made.trigger, made.group, made.why) == ("camp-a1", "coupon", None, "campaign")
    assert made.effect == AmountOff(amount="10")
    assert made.when == Conditions(members_only=True, starts=TODAY, ends=date(2026, 12, 15))
    assert made.coupon_days is None, "it lasts as long as the offer"
    assert made.budget.uses_per_member == 1


def test_an_exchange_gives_its_coupon_days_and_an_exclusive_one_its_group() -> None:
    made = offer_of(plan(EXPIRING, exclusive=True), WORDS, "order")
    assert (made.coupon_days, made.why, made.group) == (25, "points", "order")
    tier = plan(SAVE, audience=Audience(who="tier", tier="gold"))
    assert offer_of(tier, WORDS).when.tier == "gold"
    assert offer_of(HALF, WORDS).when.members_only is False


@pytest.mark.parametrize(
    ("terms", "effect"),
    [
        (Terms(kind="percent_off", rate="0.1", cap="20"), PercentOff(rate="0.1", cap="20")),
        (Terms(kind="nth_discount", number=2, rate="0.5"), NthDiscount(n=2, rate="0.5")),
        (Terms(kind="buy_x_get_y", number=2), BuyXGetY(buy=2, get=1)),
        (Terms(kind="multiplier", factor="2"), Multiplier(factor="2")),
        (Terms(kind="spend_rebate", spend="300", points=9), SpendRebate(spend="300", points=9)),
    ],
)
def test_each_kind_of_terms_becomes_its_effect(terms: Terms, effect: object) -> None:
    assert plan(SAVE, terms=terms).effect == effect


def test_offers_that_stand_alone_share_the_group_the_shop_has() -> None:
    assert exclusive_group(["order", None, "extra"]) == "extra"
    assert exclusive_group([None]) == "campaigns"


GOOD = [WIN_BACK, SAVE, DOUBLE, HALF, REBATE, EXPIRING]


@pytest.mark.parametrize("sound", GOOD, ids=lambda each: each.template)
def test_a_sound_plan_has_no_problem(sound: CampaignPlan) -> None:
    assert check_plan(sound, SHOP, TODAY, reached=400) == ()


WRONG = {
    "threshold below its discount": (
        plan(SAVE, threshold="5"), PlanProblem("threshold", "off_above_threshold", "5", "10")),
    "nothing off": (
        plan(SAVE, terms=Terms(kind="amount_off")), PlanProblem("amount", "gives_nothing", "0")),
    "cap below the amount": (
        plan(SAVE, terms=Terms(kind="amount_off", amount="10", cap="5")),
        PlanProblem("amount", "cap_below_amount", "5", "10")),
    "fractions of a fen": (
        plan(SAVE, threshold="50.555"), PlanProblem("threshold", "decimals", "50.555", "2")),
    "no percent": (
        plan(SAVE, terms=Terms(kind="percent_off")), PlanProblem("rate", "gives_nothing", "0")),
    "more than all of it": (
        plan(SAVE, terms=Terms(kind="percent_off", rate="1.5")),
        PlanProblem("rate", "rate_above_one", "1.5")),
    "a percentage capped at nothing": (
        plan(SAVE, terms=Terms(kind="percent_off", rate="0.1", cap="0")),
        PlanProblem("amount", "gives_nothing", "0")),
    "points as always": (
        plan(DOUBLE, terms=Terms(kind="multiplier", factor="1")),
        PlanProblem("factor", "gives_nothing", "1")),
    "a rebate for nothing": (
        plan(REBATE, terms=Terms(kind="spend_rebate", spend="0", points=5)),
        PlanProblem("threshold", "gives_nothing", "0")),
    "the second of anything": (
        plan(HALF, categories=()), PlanProblem("scope", "scope_missing")),
    "points for walk-ins": (
        plan(DOUBLE, audience=Audience(who="everybody")),
        PlanProblem("audience", "points_need_members")),
    "a tier nobody has": (
        plan(SAVE, audience=Audience(who="tier", tier="platinum")),
        PlanProblem("tier", "unknown_tier", "platinum", "regular, silver, gold")),
    "nobody reached": (plan(WIN_BACK), PlanProblem("audience", "nobody_reached")),
    "nearly all kept out": (
        plan(WIN_BACK, control_percent=90),
        PlanProblem("control", "control_too_large", "90", "50")),
    "end before start": (
        plan(SAVE, ends=date(2026, 11, 20)),
        PlanProblem("ends", "ends_before_start", "2026-11-20", "2026-11-21")),
    "from last week on": (
        plan(SAVE, starts=date(2026, 11, 14)),
        PlanProblem("starts", "starts_in_past", "2026-11-14")),
    "for years": (
        plan(SAVE, ends=date(2028, 11, 21)), PlanProblem("ends", "too_long", "732", "400")),
    "a budget of nothing": (
        plan(SAVE, budget="0"), PlanProblem("budget", "gives_nothing", "0")),
    "a budget for half a use": (
        plan(SAVE, budget="5"), PlanProblem("budget", "budget_below_one_use", "5", "10")),
    "no title": (plan(SAVE, title="  "), PlanProblem("title", "title_missing")),
    "a title as long as a letter": (
        plan(SAVE, title="满" * 61), PlanProblem("title", "title_long", "61", "60")),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_at_its_field(case: str) -> None:
    wrong, problem = WRONG[case]
    reached = 0 if problem.code == "nobody_reached" else 400
    assert problem in check_plan(wrong, SHOP, TODAY, reached)


def test_a_plan_nobody_counted_yet_is_not_called_empty() -> None:
    assert check_plan(WIN_BACK, SHOP, TODAY) == ()


def test_what_bounds_one_use_decides_whether_a_budget_can_be_too_small() -> None:
    per_threshold = plan(SAVE, budget="5", terms=Terms(
        kind="amount_off", amount="10", per_threshold=True))  # fmt: skip
    assert check_plan(per_threshold, SHOP, TODAY) == (), "nothing bounds what one use gives"
    no_cap = plan(SAVE, budget="5", terms=Terms(kind="percent_off", rate="0.1"))
    assert check_plan(no_cap, SHOP, TODAY) == ()
    assert check_plan(plan(SAVE, budget=None), SHOP, TODAY) == ()


# ------------------------------------------------------------------ warnings

ORDER = replace(offer("order-5", AmountOff(amount="5")), group="order")
BREAD = replace(ORDER, id="bread", scope=Scope(categories=("bakery",)))
TOWEL = replace(ORDER, id="towel", scope=Scope(products=("towel",)))
PAST = replace(ORDER, id="past", when=Conditions(ends=date(2026, 11, 1)))
FREE = replace(ORDER, id="free", group=None)
BUSY = program(offers=(ORDER, BREAD, TOWEL, PAST, FREE))


@pytest.mark.parametrize(
    ("goods", "met"),
    [
        ({}, ("order-5", "bread", "towel")),
        ({"categories": ("bakery",)}, ("order-5", "bread", "towel")),
        ({"categories": ("dairy",)}, ("order-5", "towel")),
        ({"products": ("milk",)}, ("order-5", "bread")),
    ],
)
def test_offers_it_would_not_combine_with_are_named(
    goods: dict[str, tuple[str, ...]], met: tuple[str, ...]
) -> None:
    alone = plan(SAVE, exclusive=True, **goods)
    assert PlanWarning("overlaps", offers=met) in warnings_of(alone, BUSY)
    assert warnings_of(plan(SAVE, **goods), BUSY) == ()


def test_who_stands_alone_among_offers_of_others_meets_nobody() -> None:
    quiet = program(offers=(PAST, FREE))
    assert warnings_of(plan(SAVE, exclusive=True), quiet) == ()


def test_a_control_group_of_a_few_and_a_budget_that_may_be_passed_are_said() -> None:
    said = warnings_of(WIN_BACK, SHOP, reached=40)
    assert said == (PlanWarning("control_small", "4"),)
    said = warnings_of(WIN_BACK, SHOP, reached=1_930)
    assert said == (PlanWarning("budget_may_be_passed", "17370"),)
    half = plan(WIN_BACK, budget="100", terms=Terms(kind="amount_off", amount="10.50"))
    assert PlanWarning("budget_may_be_passed", "378") in warnings_of(half, SHOP, reached=40)
    assert warnings_of(plan(WIN_BACK, budget=None), SHOP, reached=1_930) == ()
    assert warnings_of(WIN_BACK, SHOP) == ()


def test_an_offer_without_any_budget_is_said_to_have_no_end() -> None:
    assert warnings_of(plan(SAVE, budget=None), SHOP) == (PlanWarning("no_end_of_giving"),)
    assert warnings_of(plan(SAVE, budget=None, uses=100), SHOP) == ()
