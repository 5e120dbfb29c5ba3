"""Bundles, amounts and percentages: what each takes off. PEERS.md faults stand under theirs."""

from __future__ import annotations

from itertools import permutations

import pytest

from app.domain.money import Money
from app.domain.program import (
    AmountOff,
    Budget,
    BuyXGetY,
    CheapestOff,
    FixedPrice,
    NForPrice,
    NthDiscount,
    Offer,
    PercentOff,
    PriceList,
    PriceOverride,
    Scope,
    Threshold,
)
from tests.domain.pricing_shop import (
    coupons,
    flat,
    gift,
    line,
    member,
    nets,
    off_by_rule,
    offer,
    only,
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
