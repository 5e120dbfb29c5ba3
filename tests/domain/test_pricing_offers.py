"""Bundles, amounts and percentages: what each takes off, and why it does not apply.

Tables with names; PEERS.md faults stand under theirs.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from app.domain.basket import BasketLine
from app.domain.conditions import Context, GiftGoods
from app.domain.money import Money
from app.domain.months import Month
from app.domain.program import (
    AmountOff,
    Budget,
    BuyXGetY,
    CheapestOff,
    Conditions,
    ExclusiveProducts,
    FixedPrice,
    Gift,
    Multiplier,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    Plan,
    PriceList,
    PriceOverride,
    Scope,
    SpendRebate,
    Stacking,
    Threshold,
)
from app.domain.quote import NotForSale
from app.domain.stored_program import OfferUse
from tests.domain.pricing_shop import (
    AT,
    TODAY,
    flat,
    line,
    member,
    money,
    nets,
    off_by_rule,
    offer,
    only,
    price_list,
    program,
    quote,
    reason,
    refusal,
    text,
)

SOAP_AND_TEA = (line("soap", "9.90", "3", category="home"), line("tea", "12.00", "2"))


def at_least(amount: str) -> Threshold:
    return Threshold(amount=amount)


def pieces_of(quantity: int) -> Threshold:
    return Threshold(quantity=quantity)


EFFECTS: list[tuple[str, Offer, int]] = [
    ("amount off", offer("r", AmountOff(amount="5")), 500),
    (
        "amount off from a threshold",
        offer("r", AmountOff(amount="5"), threshold=at_least("53.70")),
        500,
    ),
    ("amount off just short", offer("r", AmountOff(amount="5"), threshold=at_least("53.71")), 0),
    ("amount off from a number", offer("r", AmountOff(amount="5"), threshold=pieces_of(5)), 500),
    ("amount off too few", offer("r", AmountOff(amount="5"), threshold=pieces_of(6)), 0),
    (
        "once per threshold",
        offer("r", AmountOff(amount="5", per_threshold=True), threshold=at_least("20")),
        1000,
    ),
    (
        "once per threshold, capped",
        offer("r", AmountOff(amount="5", per_threshold=True, cap="8"), threshold=at_least("20")),
        800,
    ),
    ("amount off limited by what is left", offer("r", AmountOff(amount="99")), 5370),
    ("amount off one category", offer("r", AmountOff(amount="99"), scope=only("home")), 2970),
    ("percent off", offer("r", PercentOff(rate="0.1")), 537),
    ("percent off half up", offer("r", PercentOff(rate="0.05"), scope=only("home")), 149),
    ("percent off, capped", offer("r", PercentOff(rate="0.5", cap="10")), 1000),
    (
        "percent off but for a category",
        offer("r", PercentOff(rate="0.5"), scope=Scope(except_categories=("food",))),
        1485,
    ),
    (
        "percent off but for a product",
        offer("r", PercentOff(rate="0.5"), scope=Scope(except_products=("sku-soap",))),
        1200,
    ),
    ("fixed price for the dearest", offer("r", FixedPrice(price="10")), 200),
    ("fixed price for two", offer("r", FixedPrice(price="10", quantity=2)), 400),
    ("fixed price above the goods", offer("r", FixedPrice(price="12")), 0),
    ("cheapest off", offer("r", CheapestOff(of=5)), 990),
    ("cheapest off, too few", offer("r", CheapestOff(of=6)), 0),
    ("cheapest off by nothing", offer("r", CheapestOff(of=2, rate="0.0001")), 0),
    ("n for a price takes the dearest", offer("r", NForPrice(n=2, price="20")), 400),
    ("n for a price as often as it pays", offer("r", NForPrice(n=2, price="19")), 500 + 80),
    ("n for a price over lines", offer("r", NForPrice(n=5, price="50")), 370),
    ("buy two get one", offer("r", BuyXGetY(buy=2)), 990),
    ("buy one get two", offer("r", BuyXGetY(buy=1, get=2)), 2190),
    ("buy one get one at half", offer("r", BuyXGetY(buy=1, rate="0.5")), 600 + 495),
    (
        "second at half price, once a sale",
        offer("r", NthDiscount(n=2, rate="0.5"), budget=Budget(uses_per_sale=1)),
        600,
    ),
    ("third free", offer("r", NthDiscount(n=3, rate="1"), scope=only("home")), 990),
]


@pytest.mark.parametrize(("rule", "off"), [row[1:] for row in EFFECTS], ids=[r[0] for r in EFFECTS])
def test_every_effect(rule: Offer, off: int) -> None:
    answer = quote(SOAP_AND_TEA, flat(offers=(rule,)))
    assert off_by_rule(answer).get("r", 0) == off
    assert answer.total == Money(5370 - off)
    assert sum(nets(answer).values()) == answer.total.minor
    assert bool(off) == (not answer.not_applied)


def test_weighed_goods_are_in_no_bundle_and_count_once() -> None:
    lines = (line("beef", "80", "2", weighed=True), line("pork", "40", "0.5"))
    answer = quote(lines, flat(offers=(offer("pair", NthDiscount(n=2, rate="0.5")),)))
    assert answer.total == Money(18000)
    assert refusal(answer, "pair").missing_count == 2
    three = offer("three", AmountOff(amount="1"), threshold=Threshold(quantity=3))
    assert refusal(quote(lines, flat(offers=(three,))), "three").missing_count == 1


def test_a_long_run_of_one_item_forms_all_its_bundles() -> None:
    answer = quote([line("water", "2.00", "999")], flat(offers=(offer("r", BuyXGetY(buy=2)),)))
    assert off_by_rule(answer) == {"r": 333 * 200}


def test_a_unit_is_in_one_bundle_at_most() -> None:
    rules = flat(
        offers=(
            offer("a-pair", NthDiscount(n=2, rate="0.5"), scope=only("food")),
            offer("b-three", NForPrice(n=3, price="20")),
        )
    )
    answer = quote(SOAP_AND_TEA, rules)
    assert off_by_rule(answer) == {"a-pair": 600, "b-three": 970}


def test_a_bundle_yields_to_a_dearer_one_that_needs_its_units() -> None:
    rules = flat(
        offers=(
            offer("a-pair", NthDiscount(n=2, rate="0.1"), scope=only("food")),
            offer("b-three", NForPrice(n=5, price="20")),
        )
    )
    answer = quote(SOAP_AND_TEA, rules)
    assert off_by_rule(answer) == {"b-three": 3370}
    assert reason(answer, "a-pair") == "NOT_CHEAPEST"


# ------------------------------------------------------------------ peers, by name


def test_peers_27_a_fixed_discount_is_not_corrupted_by_an_order_discount() -> None:
    rules = flat(
        offers=(offer("fixed", AmountOff(amount="40")), offer("half", PercentOff(rate="0.5")))
    )
    answer = quote([line("a", "80")], rules)
    assert answer.total == Money(2000)
    assert off_by_rule(answer) == {"fixed": 4000, "half": 2000}


@pytest.mark.parametrize("prices", [("0.01",), ("3.33", "3.33", "3.34"), ("19.99", "0.07", "5.55")])
def test_peers_28_a_hundred_percent_off_leaves_nothing(prices: tuple[str, ...]) -> None:
    lines = [line(f"l{number}", amount, "3") for number, amount in enumerate(prices)]
    answer = quote(lines, flat(offers=(offer("free", PercentOff(rate="1")),)))
    assert answer.total == Money(0)
    assert set(nets(answer).values()) == {0}


def test_peers_28_five_and_a_half_percent_stays_that() -> None:
    answer = quote([line("a", "200")], flat(offers=(offer("r", PercentOff(rate="0.055")),)))
    assert answer.total == Money(18900)


def test_peers_18_a_reward_lands_on_the_dearest_item_in_every_order() -> None:
    lines = (line("a", "5"), line("b", "9"), line("c", "9", sku="sku-a"), line("d", "7"))
    rules = flat(offers=(offer("free-one", FixedPrice(price="0")),))
    for order in permutations(lines):
        answer = quote(order, rules)
        assert nets(answer) == {"a": 500, "b": 900, "c": 0, "d": 700}


def test_peers_24_points_follow_an_order_discount_and_a_quantity() -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="10")),))
    assert quote([line("a", "30", "2")], rules, member()).points_earned == 50
    assert quote([line("a", "30", "3")], rules, member()).points_earned == 80


# ------------------------------------------------------------------ stacking


def test_amounts_come_first_then_percentages_in_id_order() -> None:
    rules = flat(
        offers=(
            offer("a-percent", PercentOff(rate="0.1")),
            offer("b-amount", AmountOff(amount="10")),
            offer("c-percent", PercentOff(rate="0.2")),
        )
    )
    answer = quote([line("a", "100")], rules)
    assert off_by_rule(answer) == {"b-amount": 1000, "a-percent": 900, "c-percent": 1620}
    assert [one.rule for one in answer.order_adjustments] == ["b-amount", "a-percent", "c-percent"]


def test_a_level_is_switched_off_where_a_threshold_lies_between() -> None:
    rules = program(offers=(offer("r", AmountOff(amount="50"), threshold=Threshold(amount="300")),))
    answer = quote([line("a", "310")], rules, member("gold"))
    assert off_by_rule(answer) == {"r": 5000}
    assert answer.total == Money(26000)
    assert reason(answer, "gold") == "NOT_CHEAPEST"


def test_a_bundle_is_switched_off_where_a_threshold_lies_between() -> None:
    rules = flat(
        offers=(
            offer("pair", NthDiscount(n=2, rate="0.1")),
            offer("spend", AmountOff(amount="20"), threshold=Threshold(amount="100")),
        )
    )
    answer = quote([line("a", "50", "2")], rules)
    assert off_by_rule(answer) == {"spend": 2000}


def test_a_gold_member_never_pays_more_than_a_silver_one() -> None:
    rules = program(
        offers=(offer("r", AmountOff(amount="30"), threshold=Threshold(amount="100")),),
        price_lists=(price_list("week", "108", "sku-a"),),
    )
    totals = [
        quote([line("a", "112")], rules, member(t)).total for t in ("regular", "silver", "gold")
    ]
    assert totals == sorted(totals, reverse=True)


def coupons(*offers: Offer) -> Any:
    return flat(offers=offers)


def coupon(offer_id: str, off: str, **more: Any) -> Offer:
    return offer(offer_id, AmountOff(amount=off), trigger="coupon", **more)


def test_four_coupons_are_the_most_and_the_best_four_are_taken() -> None:
    rules = coupons(*(coupon(f"c{number}", str(number)) for number in range(1, 7)))
    answer = quote([line("a", "100")], rules, member("regular", *(f"c{n}" for n in range(1, 7))))
    assert off_by_rule(answer) == {"c3": 300, "c4": 400, "c5": 500, "c6": 600}
    assert [reason(answer, rule) for rule in ("c1", "c2")] == ["MAX_COUPONS", "MAX_COUPONS"]


def test_of_equal_coupons_the_one_that_expires_first_is_used() -> None:
    answer = quote([line("a", "8")], coupons(coupon("c", "9")), member("regular", "c", "c", "c"))
    assert answer.coupons_used == ("C0-c",)
    assert {one.coupon_id for one in answer.not_applied} == {"C1-c", "C2-c"}


def test_fewest_coupons_win_a_tie() -> None:
    rules = coupons(coupon("a", "5"), coupon("b", "5"), coupon("c", "10"))
    answer = quote([line("x", "10")], rules, member("regular", "a", "b", "c"))
    assert off_by_rule(answer) == {"c": 1000}


def test_a_coupon_chosen_by_hand_is_kept_and_marked() -> None:
    rules = coupons(coupon("a", "5", group="g"), coupon("b", "9", group="g"))
    answer = quote([line("x", "100")], rules, member("regular", "a", "b"), coupons=("C0-a",))
    (kept,) = answer.order_adjustments
    assert (kept.rule, kept.coupon_id, kept.chosen_by_hand) == ("a", "C0-a", True)
    assert reason(answer, "b") == "REFUSED_BY_CASHIER"


def test_a_coupon_nobody_holds_is_said() -> None:
    answer = quote([line("x", "9")], flat(), member(), coupons=("C404",))
    assert refusal(answer, "C404").reason == "UNKNOWN_CODE"
    blocked = Context(blocked={"C404": "ALREADY_USED"})
    answer = quote([line("x", "9")], flat(), member(), coupons=("C404",), context=blocked)
    assert refusal(answer, "C404").reason == "ALREADY_USED"


def test_a_bundle_by_coupon_forms_once_per_coupon() -> None:
    rules = coupons(offer("free", FixedPrice(price="0"), trigger="coupon"))
    answer = quote(SOAP_AND_TEA, rules, member("regular", "free", "free"))
    assert off_by_rule(answer) == {"free": 2400}
    assert answer.coupons_used == ("C0-free", "C1-free")
    one_left = quote([line("a", "5")], rules, member("regular", "free", "free"))
    assert one_left.coupons_used == ("C0-free",)


def test_refused_offers_lists_and_coupons_stay_out() -> None:
    rules = flat(
        offers=(offer("auto", AmountOff(amount="1")), coupon("c", "2")),
        price_lists=(price_list("list", "5", "sku-a"),),
    )
    refused = frozenset({"auto", "C0-c", "list"})
    answer = quote([line("a", "9")], rules, member("regular", "c"), refused=refused)
    assert answer.total == Money(900)
    assert [one.reason for one in answer.not_applied] == ["REFUSED_BY_CASHIER"] * 3


# ------------------------------------------------------------------ conditions

CONDITIONS: list[tuple[str, Conditions, str | None]] = [
    ("none", Conditions(), None),
    ("members only", Conditions(members_only=True), None),
    ("silver and above", Conditions(tier="silver"), None),
    ("gold and above", Conditions(tier="gold"), "TIER_TOO_LOW"),
    ("not yet", Conditions(starts=TODAY + timedelta(days=1)), "NOT_YET_VALID"),
    ("starts today", Conditions(starts=TODAY), None),
    ("over", Conditions(ends=TODAY - timedelta(days=1)), "EXPIRED"),
    ("last day", Conditions(ends=TODAY), None),
    ("this store", Conditions(stores=("renmin", "east")), None),
    ("another store", Conditions(stores=("east",)), "WRONG_STORE"),
    ("on Fridays", Conditions(weekdays=(5,)), None),
    ("on Mondays", Conditions(weekdays=(1,)), "WRONG_TIME"),
    ("on the 20th", Conditions(month_days=(20,)), None),
    ("on the 1st", Conditions(month_days=(1,)), "WRONG_TIME"),
    ("this hour", Conditions(hours=("18:02", "19:00")), None),
    ("until this minute", Conditions(hours=("09:00", "18:02")), "WRONG_TIME"),
    ("first order", Conditions(first_order=True), "FIRST_ORDER_ONLY"),
    ("birthday month", Conditions(birthday_month=True), None),
]


@pytest.mark.parametrize(
    ("when", "why"), [row[1:] for row in CONDITIONS], ids=[row[0] for row in CONDITIONS]
)
def test_every_condition(when: Conditions, why: str | None) -> None:
    rules = program(
        offers=(offer("r", AmountOff(amount="1"), when=when),),
        price_lists=(price_list("list", "8", "sku-a", when),),
    )
    shopper = member("silver", birthday=(11, 3))
    answer = quote([line("a", "10")], rules, shopper, context=Context(store="renmin"))
    given = {one.rule: one.reason for one in answer.not_applied if one.rule in ("r", "list")}
    assert given == ({} if why is None else {"r": why, "list": why})


@pytest.mark.parametrize(
    ("when", "why"),
    [
        (Conditions(members_only=True), "TIER_TOO_LOW"),
        (Conditions(first_order=True), "FIRST_ORDER_ONLY"),
        (Conditions(birthday_month=True), "WRONG_TIME"),
    ],
)
def test_a_walk_in_has_no_member_rights(when: Conditions, why: str) -> None:
    answer = quote([line("a", "10")], flat(offers=(offer("r", AmountOff(amount="1"), when=when),)))
    assert reason(answer, "r") == why
    assert (answer.tier, answer.tier_after, answer.points_earned) == (None, None, 0)


def test_a_member_without_birthday_has_no_birthday_month() -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="1"), when=Conditions(birthday_month=True)),))
    assert reason(quote([line("a", "10")], rules, member()), "r") == "WRONG_TIME"


def used(uses: int, amount_minor: int) -> Context:
    return Context(uses={"r": OfferUse("r", uses, amount_minor)})


def used_by_member(uses: int) -> Context:
    return Context(member_uses={"r": uses})


BUDGETS: list[tuple[str, Budget, Context, str | None]] = [
    ("uses left", Budget(uses=3), used(2, 0), None),
    ("uses gone", Budget(uses=3), used(3, 0), "BUDGET_USED"),
    ("amount left", Budget(amount="10"), used(9, 999), None),
    ("amount gone", Budget(amount="10"), used(9, 1000), "BUDGET_USED"),
    ("member's share left", Budget(uses_per_member=2), used_by_member(1), None),
    ("member's share gone", Budget(uses_per_member=1), used_by_member(1), "MEMBER_LIMIT"),
    ("blocked", Budget(), Context(blocked={"r": "OFFLINE_NEEDS_ONLINE"}), "OFFLINE_NEEDS_ONLINE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("budget", "context", "why"), [row[1:] for row in BUDGETS], ids=[row[0] for row in BUDGETS]
)
def test_every_budget(budget: Budget, context: Context, why: str | None) -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="1"), budget=budget),))
    answer = quote([line("a", "10")], rules, member(), context=context)
    assert (reason(answer, "r") if answer.not_applied else None) == why


@pytest.mark.parametrize(
    ("budget", "context"),
    [
        (Budget(uses_per_sale=1), Context()),
        (Budget(uses_per_member=2), Context(member_uses={"c": 1})),
        (Budget(uses=9), Context(uses={"c": OfferUse("c", 8, 0)})),
        (Budget(uses=1), Context()),
    ],
)
def test_only_so_many_coupons_of_one_offer(budget: Budget, context: Context) -> None:
    rules = coupons(coupon("c", "2", budget=budget))
    answer = quote([line("a", "10")], rules, member("regular", "c", "c"), context=context)
    assert answer.total == Money(800)
    assert refusal(answer, "c").reason == "MEMBER_LIMIT"


def test_coupons_out_of_their_dates_or_of_their_program() -> None:
    rules = flat(offers=(coupon("c", "2"), offer("auto", AmountOff(amount="1"))))
    later = AT + timedelta(days=60)
    assert (
        reason(quote([line("a", "9")], rules, member("regular", "c"), at=later), "c") == "EXPIRED"
    )
    early = AT - timedelta(days=60)
    assert (
        reason(quote([line("a", "9")], rules, member("regular", "c"), at=early), "c")
        == "NOT_YET_VALID"
    )
    gone = quote([line("a", "9")], rules, member("regular", "gone"))
    assert reason(gone, "gone") == "EXPIRED"
    blocked = Context(blocked={"C0-c": "ALREADY_USED"})
    answer = quote([line("a", "9")], rules, member("regular", "c"), context=blocked)
    assert reason(answer, "c") == "ALREADY_USED"


def test_an_offer_by_code_needs_its_code() -> None:
    rules = flat(offers=(offer("r", AmountOff(amount="2"), trigger="code", code="LINLI8"),))
    with_code = quote([line("a", "9")], rules, codes=("LINLI8",))
    assert with_code.order_adjustments[0].kind == "code"
    assert quote([line("a", "9")], rules).not_applied == ()
    assert reason(quote([line("a", "9")], rules, codes=("LINLI9",)), "LINLI9") == "UNKNOWN_CODE"
    held = quote([line("a", "9")], rules, member("regular", "r"))
    assert reason(held, "r") == "EXPIRED"


def test_what_no_line_is_in_is_said() -> None:
    rules = flat(
        offers=(offer("r", AmountOff(amount="2"), scope=only("toys")),),
        price_lists=(price_list("list", "1", "sku-none"),),
    )
    answer = quote([line("a", "9")], rules)
    assert [reason(answer, rule) for rule in ("r", "list")] == ["NOT_IN_SCOPE", "NOT_IN_SCOPE"]


def test_an_offer_on_free_goods_takes_nothing_off() -> None:
    answer = quote([line("a", "0")], flat(offers=(offer("r", AmountOff(amount="2")),)))
    assert reason(answer, "r") == "NO_MONEY_EFFECT"


# ------------------------------------------------------------------ gifts, multipliers, rebates


def gift(offer_id: str = "tea", **more: Any) -> Offer:
    effect = Gift(products=("T1", "T2"), price="10.00", category="tea", tax_rate="0.09")
    return offer(offer_id, effect, threshold=Threshold(amount="90"), **more)


def test_a_gift_is_a_line_whose_price_is_spread_over_what_earned_it() -> None:
    answer = quote([line("a", "90")], flat(offers=(gift(),)))
    assert answer.total == Money(9000)
    assert nets(answer) == {"a": 8100, "gift:tea:1": 900}
    assert (answer.gifts[0].sku, answer.gifts[0].quantity) == ("T1", 1)
    given = answer.lines[1]
    assert (given.list_amount, given.gift_of, str(given.tax_rate)) == (Money(1000), "tea", "0.09")


def test_a_gift_with_a_choice_at_the_catalogue_s_price() -> None:
    goods = Context(gift_goods={"T2": GiftGoods(Money(3000), "tin", "tea")})
    answer = quote([line("a", "90")], flat(offers=(gift(),)), gifts=(("tea", "T2"),), context=goods)
    assert answer.gifts[0].sku == "T2"
    assert answer.lines[1].list_amount == Money(3000)
    unknown = quote([line("a", "90")], flat(offers=(gift(),)), gifts=(("tea", "T3"),))
    assert unknown.gifts[0].sku == "T1"


def test_a_gift_of_a_group_that_is_taken_is_not_given() -> None:
    rules = flat(offers=(gift(group="g"), offer("off", AmountOff(amount="1"), group="g")))
    answer = quote([line("a", "95")], rules)
    assert answer.gifts == ()
    assert refusal(answer, "tea").other_rule == "off"


def test_of_two_gifts_in_a_group_the_first_is_given() -> None:
    rules = flat(offers=(gift("b", group="g"), gift("a", group="g")))
    answer = quote([line("x", "95")], rules)
    assert [one.rule for one in answer.gifts] == ["a"]
    short = quote([line("x", "80")], rules)
    assert refusal(short, "a").missing_amount == Money(1000)


def test_a_coupon_without_money_effect_is_offered_and_used_only_by_hand() -> None:
    rules = flat(offers=(gift("g", trigger="coupon"),))
    shopper = member("regular", "g")
    offered = quote([line("a", "95")], rules, shopper)
    assert (offered.gifts, reason(offered, "g")) == ((), "NO_MONEY_EFFECT")
    taken = quote([line("a", "95")], rules, shopper, coupons=("C0-g",))
    assert taken.coupons_used == ("C0-g",)
    assert taken.gifts[0].coupon_id == "C0-g"
    short = quote([line("a", "80")], rules, shopper, coupons=("C0-g",))
    assert refusal(short, "g").missing_amount == Money(1000)


def test_a_multiplier_coupon_chosen_by_hand_multiplies() -> None:
    rules = flat(offers=(offer("m", Multiplier(factor="3"), trigger="coupon"),))
    answer = quote([line("a", "10")], rules, member("regular", "m"), coupons=("C0-m",))
    assert (answer.points_earned, answer.coupons_used) == (30, ("C0-m",))


def test_a_multiplier_is_nothing_for_a_walk_in() -> None:
    rules = flat(offers=(offer("m", Multiplier(factor="3")),))
    assert reason(quote([line("a", "10")], rules), "m") == "TIER_TOO_LOW"


REBATE = flat(
    offers=(
        offer(
            "r",
            SpendRebate(spend="100", points=30),
            when=Conditions(starts=TODAY.replace(month=10, day=1), ends=TODAY.replace(day=30)),
        ),
    )
)


@pytest.mark.parametrize(
    ("before", "earned", "why"),
    [("19.99", 80, "BELOW_THRESHOLD"), ("20", 110, None), ("100", 80, "MEMBER_LIMIT")],
)
def test_a_rebate_is_given_by_the_sale_that_crosses(
    before: str, earned: int, why: str | None
) -> None:
    spend = {Month.parse("2026-10"): money(before), Month.parse("2026-09"): money("500")}
    answer = quote([line("a", "79"), line("b", "1")], REBATE, member(spend_by_month=spend))
    assert answer.points_earned == sum(one.points_earned for one in answer.lines) == earned
    assert [one.reason for one in answer.not_applied] == ([] if why is None else [why])


def test_a_rebate_is_nothing_for_a_walk_in() -> None:
    assert reason(quote([line("a", "900")], REBATE), "r") == "TIER_TOO_LOW"


# ------------------------------------------------------------------ goods for some


def test_goods_for_a_tier_are_refused_until_they_open() -> None:
    exclusive = (
        ExclusiveProducts(
            products=("sku-a",), tier="gold", opens_for_all=TODAY + timedelta(days=1)
        ),
        ExclusiveProducts(categories=("first",)),
    )
    rules = program(exclusive=exclusive)
    lines = [line("a", "9"), line("b", "9", category="first")]
    assert quote(lines, rules).not_for_sale == (
        NotForSale("a", "sku-a", "gold"),
        NotForSale("b", "sku-b", None),
    )
    assert [one.line_id for one in quote(lines, rules, member("silver")).not_for_sale] == ["a"]
    assert quote(lines, rules, member("gold")).not_for_sale == ()
    tomorrow = AT + timedelta(days=1)
    assert [one.line_id for one in quote(lines, rules, at=tomorrow).not_for_sale] == ["b"]


@pytest.mark.parametrize(
    ("spend", "sku", "tier"),
    [("19900", "sku-a", "regular"), ("19910", "sku-a", "silver"), ("0", "PACK", "gold")],
)
def test_crossing_a_line_at_the_checkout(spend: str, sku: str, tier: str) -> None:
    rules = program(plans=(Plan(id="pack", name=text("pack"), sku="PACK", tier="gold"),))
    shopper = member("regular", spend_in_window=money(spend))
    assert quote([line("a", "90", sku=sku)], rules, shopper).tier_after == tier


def test_no_coupon_where_the_program_allows_none() -> None:
    rules = flat(offers=(coupon("c", "2"),), stacking=Stacking(coupons_max=0))
    answer = quote([line("a", "9")], rules, member("regular", "c"))
    assert (answer.total, reason(answer, "c")) == (Money(900), "MAX_COUPONS")


def test_a_member_price_above_list_is_not_taken() -> None:
    lines: list[BasketLine] = [line("a", "9", member_price="10"), line("b", "9", member_price="8")]
    assert nets(quote(lines, flat(), member())) == {"a": 900, "b": 800}
    assert nets(quote(lines, flat())) == {"a": 900, "b": 900}


# ------------------------------------------------------------------ many scopes, groups, pieces


def test_offers_of_different_scopes_share_lines() -> None:
    rules = flat(
        offers=(
            offer("all", AmountOff(amount="10")),
            offer("home", PercentOff(rate="0.5"), scope=only("home")),
            offer("one", PercentOff(rate="0.1"), scope=Scope(products=("sku-soap",))),
        )
    )
    lines = [
        line("soap", "30", category="home"),
        line("pan", "20", category="home"),
        line("x", "50"),
    ]
    answer = quote(lines, rules)
    assert off_by_rule(answer) == {"all": 1000, "home": 2250, "one": 135}
    assert nets(answer) == {"soap": 1215, "pan": 900, "x": 4500}


def test_a_bundle_of_a_group_excludes_an_order_offer_and_another_bundle() -> None:
    rules = flat(
        offers=(
            offer("pair", NthDiscount(n=2, rate="1"), group="g"),
            offer("pair-b", NthDiscount(n=2, rate="0.5"), group="g"),
            offer("off", AmountOff(amount="3"), group="g"),
        )
    )
    answer = quote([line("a", "10", "2")], rules)
    assert off_by_rule(answer) == {"pair": 1000}
    for rule in ("pair-b", "off"):
        assert (refusal(answer, rule).other_rule, refusal(answer, rule).missing_amount) == (
            "pair",
            None,
        )


def test_a_group_takes_one_coupon_of_an_offer() -> None:
    free = offer("free", FixedPrice(price="0"), trigger="coupon", group="g")
    answer = quote([line("a", "5", "2")], coupons(free), member("regular", "free", "free"))
    assert answer.total == Money(500)
    assert refusal(answer, "free").other_rule == "free"


def test_a_rival_that_would_save_as_much_loses_nothing() -> None:
    rules = flat(
        offers=(
            offer("a", AmountOff(amount="5"), group="g"),
            offer("b", AmountOff(amount="5"), group="g"),
        )
    )
    answer = quote([line("x", "10")], rules)
    assert off_by_rule(answer) == {"a": 500}
    assert refusal(answer, "b").missing_amount is None


def test_pieces_of_one_line_differ_by_a_cent_at_most() -> None:
    rules = flat(
        offers=(offer("third", NthDiscount(n=3, rate="1")),),
        price_lists=(
            PriceList(
                id="list",
                name=text("list"),
                prices=(PriceOverride(categories=("food",), rate="0.01"),),
            ),
        ),
    )
    answer = quote([line("a", "3.35", "3")], rules)  # 10.05 - 0.10 = 9.95 = 3.32 + 3.32 + 3.31
    assert (answer.total, off_by_rule(answer)) == (Money(664), {"list": 10, "third": 331})


def test_free_goods_carry_no_share_of_a_gift() -> None:
    rules = flat(offers=(gift(),))
    answer = quote([line("a", "90"), line("bag", "0")], rules)
    assert dict(answer.order_adjustments[0].by_line).keys() == {"a", "gift:tea:1"}
