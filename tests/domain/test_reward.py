"""Rewards: which may be had, what they cost, what a refund of one gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, MemberAccount, fold
from app.domain.basket import Basket, BasketLine, GivenOff, GivenPrice
from app.domain.conditions import Context, Occasion
from app.domain.fact_parts import FactAdjustment
from app.domain.money import Money
from app.domain.pieces import Interval, uses_back
from app.domain.program import (
    Conditions,
    CouponReward,
    GiftReward,
    NthDiscount,
    ProductReward,
    Program,
    Reward,
)
from app.domain.quote import Quote
from app.domain.refund import Chosen, RefundCase, RefundQuote, quote_refund
from app.domain.reward import (
    limited_uses,
    price_beside,
    products_of,
    reward_id_of,
    rewards_had,
    uses_left,
    why_no_reward,
)
from app.domain.sale_effects import sale_outcome
from app.domain.uses_bound import UsesBound
from app.domain.view import AccountView, view
from tests.domain.heart_builders import MEMBER, coupons, item, on, op
from tests.domain.pricing_shop import (
    AT,
    TODAY,
    coupon,
    flat,
    line,
    member,
    nets,
    offer,
    program,
    quote,
    reason,
    refusal,
    text,
)
from tests.domain.sale_samples import a_sale_with_rewards

MUG = Reward(
    id="mug", name=text("mug"), points=500, gives=GiftReward(products=("sku-mug", "sku-cup")),
    count=2, period="month",
)  # fmt: skip
KETTLE = Reward(
    id="kettle", name=text("kettle"), points=3000,
    gives=ProductReward(product="sku-kettle", price="19.90"), when=Conditions(tier="gold"),
)  # fmt: skip
VOUCHER = Reward(id="ten-off", name=text("10 off"), points=900, gives=CouponReward(offer="ten"))
REWARDS = (MUG, KETTLE, VOUCHER)


def rules(**more: Any) -> Program:
    return program(rewards=REWARDS, offers=(coupon("ten", "10"),), **more)


def mug(line_id: str = "mug", quantity: str = "1", **more: Any) -> BasketLine:
    return line(line_id, "19.90", quantity, sku="sku-mug", reward="mug", **more)


def test_a_gift_costs_its_points_and_nothing_else() -> None:
    answer = quote([mug(quantity="2"), line("tea", "10")], rules(), member(points=1200))
    assert nets(answer) == {"mug": 0, "tea": 1000}
    (change,) = answer.lines[0].adjustments
    assert (change.rule, change.kind, change.amount) == (
        "reward:mug", "points_price", Money(-3980),
    )  # fmt: skip
    assert (answer.lines[0].points_spent, answer.points_redeemed) == (1000, 1000)
    assert (answer.points_earned, answer.saved) == (10, Money(0))


def test_a_product_costs_points_and_its_price() -> None:
    kettle = line("k", "99", sku="sku-kettle", reward="kettle")
    answer = quote([kettle], rules(), member("gold", points=3000))
    assert (answer.total, answer.points_redeemed) == (Money(1990), 3000)
    cheap = line("k", "15", sku="sku-kettle", reward="kettle")
    assert quote([cheap], rules(), member("gold", points=3000)).total == Money(1500), "never dearer"


def test_points_left_by_rewards_pay_the_bill_and_offers_leave_rewards_alone() -> None:
    pair = (coupon("ten", "10"), offer("pair", NthDiscount(n=2, rate="1")))
    lines = [mug(), line("a", "60"), line("b", "40")]
    shop = flat(rewards=(MUG,), offers=pair)
    answer = quote(lines, shop, member(points=1600), redeem_points="max")
    assert nets(answer)["mug"] == 0
    assert answer.points_redeemed == 1600, "500 for the mug, 1,100 against the bill"
    assert answer.total == Money(6000 - 1100)


@pytest.mark.parametrize(
    ("one", "who", "why", "missing"),
    [
        (mug(), member(points=380), "POINTS_MINIMUM", 120),
        (mug(quantity="3"), member(points=9000), "MEMBER_LIMIT", None),
        (mug(), member(points=9000, reward_uses={"mug": 2}), "MEMBER_LIMIT", None),
        (mug(), None, "IDENTIFY_BETTER", None),
        (line("k", "99", sku="sku-kettle", reward="kettle"), member(points=9000), "TIER_TOO_LOW",
         None),
        (line("x", "99", reward="mug"), member(points=9000), "NOT_IN_SCOPE", None),
        (line("x", "99", reward="none"), member(points=9000), "NOT_IN_SCOPE", None),
        (line("x", "99", reward="ten-off"), member(points=9000), "NOT_IN_SCOPE", None),
        (mug(quantity="0.5"), member(points=9000), "NOT_IN_SCOPE", None),
        (mug(given=GivenPrice(Money(1990), (GivenOff("dent", Money(90)),))), member(points=9000),
         "NOT_IN_SCOPE", None),
    ],
    ids=["points", "thrice", "had", "walk-in", "tier", "goods", "unknown", "coupon", "cut",
         "given"],
)  # fmt: skip
def test_why_a_line_is_no_reward(
    one: BasketLine, who: AccountView | None, why: str, missing: int | None
) -> None:
    answer = quote([one], rules(), who)
    no = refusal(answer, f"reward:{one.reward}")
    assert (no.reason, no.missing_count, no.line_id) == (why, missing, one.line_id)
    assert answer.points_redeemed == 0
    assert answer.total.minor > 0, "it costs money then"


def test_two_lines_share_the_limit_of_the_period() -> None:
    lines = [mug("1", "2"), mug("2")]
    answer = quote(lines, rules(), member(points=9000))
    assert nets(answer) == {"1": 0, "2": 1990}
    assert reason(answer, "reward:mug") == "MEMBER_LIMIT"


def test_only_limited_rewards_are_bound_by_what_others_may_have_too() -> None:
    lines = [mug("1"), mug("2"), line("k", "99", sku="sku-kettle", reward="kettle")]
    alone = Context(uses_bound=UsesBound(most=1))
    answer = quote(lines, rules(), member("gold", points=9000), context=alone)
    assert nets(answer) == {"1": 0, "2": 1751, "k": 1990}, "gold pays less for the second"
    assert reason(answer, "reward:mug") == "OFFLINE_NEEDS_ONLINE"
    assert rewards_had(answer) == {"reward:mug": 1, "reward:kettle": 1}
    assert limited_uses(answer, rules()) == {"reward:mug": 1}
    gone = Context(uses_bound=UsesBound(gone={"reward:mug": 1}))
    answer = quote(lines, rules(), member("gold", points=9000), context=gone)
    assert reason(answer, "reward:mug") == "SET_ASIDE"
    tired = Context(uses_bound=UsesBound(most=0))
    answer = quote([mug("1", "3")], rules(), member(points=9000), context=tired)
    assert reason(answer, "reward:mug") == "MEMBER_LIMIT", "the program's own word comes first"


def test_how_the_member_is_known_limits_rewards_too() -> None:
    by_phone = Context(identified_by="phone")
    answer = quote([mug(), mug("2")], rules(), member(points=9000), context=by_phone)
    no = refusal(answer, "reward:mug")
    assert (no.reason, no.missing_count) == ("IDENTIFY_BETTER", 500)


def test_what_a_reward_is() -> None:
    assert [products_of(one) for one in REWARDS] == [("sku-mug", "sku-cup"), ("sku-kettle",), ()]
    assert [price_beside(one) for one in REWARDS] == ["0", "19.90", "0"]
    assert (reward_id_of("reward:mug"), reward_id_of("points_price:x")) == ("mug", None)
    assert uses_left(KETTLE, member()) is None
    assert uses_left(MUG, member(reward_uses={"mug": 3})) == 0
    shop = rules()
    gold = Occasion(shop, member("gold"), 2, AT, Context())
    assert [why_no_reward(one, gold, 1) for one in REWARDS] == [None, None, None]
    assert shop.reward("mug") is MUG
    assert shop.reward("cup") is None


# ------------------------------------------------------------------ what it does to the account


def had(day: date, *lines: BasketLine) -> tuple[Quote, tuple[do.Effect, ...]]:
    seen = member(points=2000)
    answer = quote(lines, rules(), seen)
    outcome = sale_outcome(answer, seen, rules(), day, fresh_coupons=coupons())
    return answer, outcome.effects


def test_a_sale_counts_its_rewards_and_takes_the_oldest_points() -> None:
    answer, effects = had(TODAY, mug("1"), mug("2"), line("tea", "10", member_price="9"))
    assert do.EntitlementTicked(entitlement="reward:mug", count=2) in effects
    assert do.Taken(points=1000) in effects
    plain = had(TODAY, line("tea", "10"))[1]
    assert not [each for each in plain if isinstance(each, do.EntitlementTicked)]
    assert answer.points_redeemed == 1000


def test_a_period_rolls_over() -> None:
    tick = do.EntitlementTicked(entitlement="reward:mug", count=2)
    account = fold([item(1, on("2026-11-30"), tick)])
    shop = rules()
    assert view(account, shop, on("2026-11-30")).reward_uses == {"mug": 2}
    assert view(account, shop, on("2026-12-01")).reward_uses == {}
    once = replace_mug(period="once")
    assert view(account, once, on("2031-01-01")).reward_uses == {"mug": 2}


def replace_mug(**changes: Any) -> Program:
    return flat(rewards=(msgspec.structs.replace(MUG, **changes),))


def sold() -> tuple[MemberAccount, RefundCase]:
    """Two mugs for points and milk in November, the parking ticked off a minute before."""
    sale = a_sale_with_rewards()
    facts = [
        item(1, on("2026-10-01"), do.Gained(points=600, expires_in=4)),
        item(2, on("2026-10-02"), do.Gained(points=1740, expires_in=10)),
        FoldItem(op(12), MEMBER, sale.day, (do.EntitlementTicked(entitlement="parking"),)),
        FoldItem(sale.op_id, MEMBER, sale.day, sale.effects),
    ]
    account = fold(facts)
    case = RefundCase(sale, sale.day, (), rules(), sale.day + timedelta(days=1), account, True)
    return account, case


def refund(case: RefundCase, number: int, *chosen: Chosen) -> RefundQuote:
    answer = quote_refund(case, chosen, op_id=op(number))
    assert isinstance(answer, RefundQuote)
    return answer


def test_a_refund_of_a_reward_gives_back_points_and_the_use_but_no_money() -> None:
    account, case = sold()
    answer = refund(case, 30, Chosen("2", 1))
    assert (answer.settled_minor, answer.points.returned) == (0, 500)
    (back,) = [each for each in answer.effects if isinstance(each, do.EntitlementBack)]
    assert back == do.EntitlementBack(entitlement="reward:mug", of=case.sale.op_id, uses=("2/0",))
    day = case.sale.day
    after = fold([FoldItem(op(30), MEMBER, case.day, answer.effects)], base=account, days={
        case.sale.op_id: day, op(12): day,
    })  # fmt: skip
    before_, after_ = view(account, rules(), day), view(after, rules(), day)
    assert (before_.reward_uses, after_.reward_uses) == ({"mug": 2}, {"mug": 1})
    assert after_.balance - before_.balance == 500


def test_the_benefit_comes_back_with_the_last_piece_only() -> None:
    _, case = sold()
    part = refund(case, 30, Chosen("1", 3), Chosen("2", 1))
    assert all(
        each.entitlement != "parking"
        for each in part.effects
        if isinstance(each, do.EntitlementBack)
    )
    gone = [Interval("1", 0, 3), Interval("2", 0, 1)]
    tier = FactAdjustment(rule="tier:gold", kind="tier", amount_minor=-1)
    priced = msgspec.structs.replace(case.sale.lines[0], adjustments=(tier,))
    lowered = msgspec.structs.replace(case.sale, lines=(priced, case.sale.lines[1]))
    assert uses_back(lowered, [Interval("1", 0, 1)]) == ()
    rest = uses_back(case.sale, [Interval("2", 1, 2)], gone)
    assert [(each.entitlement, each.of, each.uses) for each in rest] == [
        ("parking", op(12), ("",)),
        ("reward:mug", case.sale.op_id, ("2/1",)),
    ]


def test_a_piece_given_back_by_two_refunds_gives_one_use_back() -> None:
    account, case = sold()
    days = {case.sale.op_id: case.sale.day}
    twice = [
        FoldItem(op(number), MEMBER, case.day, refund(case, number, Chosen("2", 1)).effects)
        for number in (30, 31)
    ]
    after = fold(twice, base=account, days=days)
    assert view(after, rules(), case.sale.day).reward_uses == {"mug": 1}
    assert fold(twice[::-1], base=account, days=days) == after


def test_the_order_of_scanning_does_not_decide_who_gets_the_points() -> None:
    lines = (mug("1"), mug("2", "2"), line("tea", "10"))
    answers = [quote(order, rules(), member(points=1000)) for order in (lines, lines[::-1])]
    assert nets(answers[0]) == nets(answers[1]) == {"1": 0, "2": 3980, "tea": 1000}
    assert Basket(lines) != Basket(lines[::-1])
    assert replace(lines[0], reward="") == line("1", "19.90", sku="sku-mug")
