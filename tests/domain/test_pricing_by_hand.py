"""Discounts by hand: how they meet prices, bundles, offers, coupons, points and refunds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.basket import BasketLine, ByHand, GivenPrice
from app.domain.by_hand import hand_rule
from app.domain.money import Money, piece_share
from app.domain.program import (
    AmountOff,
    Gift,
    NForPrice,
    NthDiscount,
    PercentOff,
    PointsPrice,
    Scope,
    Threshold,
)
from app.domain.quote import Adjustment, Quote
from tests.domain.pricing_shop import (
    coupon,
    flat,
    line,
    member,
    money,
    nets,
    off_by_rule,
    offer,
    program,
    quote,
)

HOME = Scope(categories=("home",))
DENT, ORDER = "manual:line_discount:damaged", "manual:order_discount:regular"


def rate(fraction: str, reason: str = "damaged", **more: Any) -> ByHand:
    return ByHand("rate", reason, rate=Decimal(fraction), **more)


def amount(off: str, reason: str = "damaged", **more: Any) -> ByHand:
    return ByHand("amount", reason, amount=money(off), **more)


def down_to(unit_price: str, **more: Any) -> ByHand:
    return ByHand("price", "price_tag", amount=money(unit_price), **more)


def pot(quantity: str = "1", **more: Any) -> BasketLine:
    """A teapot for 40.00."""
    return line("pot", "40", quantity, category="home", **more)


def test_a_line_discount_is_an_adjustment_of_its_line_with_its_reason() -> None:
    (only,) = quote([pot(by_hand=rate("0.1"))], flat()).lines
    off = Money(-400)
    assert only.adjustments == (
        Adjustment(DENT, "7", "manual", off, (("pot", off),), chosen_by_hand=True),
    )
    assert only.net == Money(3600)


def test_a_rate_is_reckoned_on_the_price_of_the_member_not_on_the_list_price() -> None:
    answer = quote([pot(by_hand=rate("0.1"))], program(), member("gold"))
    assert off_by_rule(answer) == {"gold": 480, DENT: 352}


@pytest.mark.parametrize(
    ("unit_price", "off"),
    [("30", {"gold": 480, "manual:price_override:price_tag": 520}), ("36", {"gold": 480})],
    ids=["below the member's price", "a cheaper price stands"],
)
def test_a_price_by_hand_is_the_most_the_line_costs(unit_price: str, off: dict[str, int]) -> None:
    answer = quote([pot(by_hand=down_to(unit_price))], program(), member("gold"))
    assert off_by_rule(answer) == off


def test_a_price_by_hand_is_for_each_unit_and_for_weights() -> None:
    three = quote([pot("3", by_hand=down_to("30"))], flat())
    assert nets(three) == {"pot": 9000}
    apples = line("apples", "12.80", "0.842", weighed=True, by_hand=down_to("9.90"))
    assert nets(quote([apples], flat())) == {"apples": 834}


def test_a_discount_by_hand_never_costs_the_voucher_of_a_threshold() -> None:
    rules = flat(
        offers=(offer("from-40", AmountOff(amount="8"), threshold=Threshold(amount="40")),)
    )
    answer = quote([pot(by_hand=amount("5"))], rules)
    assert off_by_rule(answer) == {"from-40": 800, DENT: 500}


def test_bundles_are_formed_before_and_the_rate_is_of_what_they_leave() -> None:
    rules = flat(offers=(offer("pair", NthDiscount(n=2, rate="0.5")),))
    answer = quote([pot("2", by_hand=rate("0.1"))], rules)
    assert off_by_rule(answer) == {"pair": 2000, DENT: 600}


def test_what_is_given_away_leaves_the_whole_coupon_to_the_rest() -> None:
    rules = flat(offers=(coupon("c", "6"),))
    lines = [pot(by_hand=rate("1")), line("cup", "20")]
    answer = quote(lines, rules, member("regular", "c"))
    assert nets(answer) == {"pot": 0, "cup": 1400}
    (by_coupon, rest) = answer.order_adjustments
    assert (by_coupon.rule, by_coupon.amount) == ("c", Money(-600))
    assert (rest.rule, rest.by_line) == (DENT, (("cup", Money(-400)),))


def test_a_basket_that_is_free_by_hand_spends_no_coupon() -> None:
    rules = flat(offers=(coupon("c", "6"),))
    answer = quote([pot(by_hand=rate("1"))], rules, member("regular", "c"))
    assert (answer.total, answer.coupons_used) == (Money(0), ())


def test_of_two_rivals_the_one_is_taken_that_is_cheaper_with_the_discount_in_it() -> None:
    """Three pots for 100 save 20, but half of that is lost where half the pots is given by hand."""
    pots = offer("pots", NForPrice(n=3, price="100"), group="one", scope=HOME)
    all_goods = offer("all", AmountOff(amount="15"), group="one")
    rules, ham = flat(offers=(pots, all_goods)), line("ham", "60")
    assert off_by_rule(quote([pot("3"), ham], rules)) == {"pots": 2000}
    answer = quote([pot("3", by_hand=rate("0.5")), ham], rules)
    assert off_by_rule(answer) == {"all": 1500, DENT: 6000}


def test_the_orders_discount_comes_last_and_is_shared_by_what_lines_cost() -> None:
    lines = [pot(by_hand=rate("0.5")), line("cup", "10"), line("tea", "0.01")]
    answer = quote(lines, flat(), by_hand=rate("0.1", "regular"))
    assert off_by_rule(answer) == {DENT: 2000, ORDER: 300}
    assert nets(answer) == {"pot": 1800, "cup": 900, "tea": 1}
    assert answer.order_adjustments[-1].kind == "manual"


@pytest.mark.parametrize(
    ("whole", "total"),
    [
        (amount("10", "regular"), 4000),
        (amount("80", "regular"), 0),
        (amount("10", "regular", most=Decimal("0.1")), 4500),
        (rate("0.3", "regular", most=Decimal("0.1")), 4500),
        (rate("0.1", "regular", most=Decimal("0.3")), 4500),
    ],
    ids=["an amount", "more than there is", "an amount above what was allowed",
         "a rate above what was allowed", "a rate below what was allowed"],
)  # fmt: skip
def test_the_orders_discount_takes_no_more_than_there_is_and_was_allowed(
    whole: ByHand, total: int
) -> None:
    assert quote([pot(), line("cup", "10")], flat(), by_hand=whole).total == Money(total)


def test_a_price_by_hand_stays_within_what_was_allowed() -> None:
    answer = quote([pot(by_hand=down_to("10", most=Decimal("0.25")))], flat())
    assert answer.total == Money(3000)


def test_points_tax_and_gifts_come_after_what_is_given_by_hand() -> None:
    rules = flat(
        offers=(
            offer("mug", Gift(products=("mug",), price="10"), threshold=Threshold(amount="40")),
        )
    )
    answer = quote([pot(by_hand=rate("0.5"))], rules, member(points=5000), redeem_points="max")
    assert (answer.points_redeemed, answer.total) == (1000, Money(1000))
    assert answer.points_earned == 10
    assert sum(row.net.minor for row in answer.tax) == 1000
    assert {gift.rule for gift in answer.gifts} == {"mug"}


def test_goods_at_their_points_price_may_be_cheaper_by_hand() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-pot", points=100, price="20"),))
    answer = quote([pot(use_points_price=True, by_hand=rate("0.5"))], rules, member(points=500))
    assert (answer.total, answer.points_redeemed) == (Money(1000), 100)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "rate", "rate": Decimal(0)},
        {"kind": "rate", "rate": Decimal("1.01")},
        {"kind": "rate", "rate": Decimal("0.1"), "amount": Money(5)},
        {"kind": "amount", "amount": Money(0)},
        {"kind": "amount", "amount": Money(5), "rate": Decimal("0.1")},
        {"kind": "price", "amount": Money(-1)},
    ],
    ids=["nothing", "above all", "both", "no amount", "an amount and a rate", "below zero"],
)
def test_a_discount_by_hand_that_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="takes off something"):
        ByHand(reason="damaged", **wrong)


@pytest.mark.parametrize(
    ("rule", "means"),
    [
        ("manual:line_discount:damaged", ("line_discount", "damaged")),
        ("manual:price_override:a:b", ("price_override", "a:b")),
        ("manual:juggling:damaged", None),
        ("points_price:line_discount:x", None),
        ("silver", None),
    ],
)
def test_a_rule_id_says_which_act_and_why(rule: str, means: tuple[str, str] | None) -> None:
    assert hand_rule(rule) == means


rates = st.integers(1, 1000).map(lambda n: ByHand("rate", "damaged", rate=Decimal(n) / 1000))
amounts = st.integers(1, 9000).map(lambda n: ByHand("amount", "goodwill", amount=Money(n)))
lines_by_hand = st.tuples(
    st.integers(1, 6000),
    st.integers(1, 4),
    st.none() | rates | amounts | st.integers(0, 3000).map(
        lambda n: ByHand("price", "price_tag", amount=Money(n))
    ),
)  # fmt: skip
baskets = st.lists(lines_by_hand, min_size=1, max_size=5)


def priced(basket: list[tuple[int, int, ByHand | None]], whole: ByHand | None) -> Quote:
    lines = [
        line(str(n), f"{fen // 100}.{fen % 100:02d}", str(count), by_hand=hand)
        for n, (fen, count, hand) in enumerate(basket)
    ]
    rules = program(
        offers=(
            offer("tenth", PercentOff(rate="0.1", cap="7.77"), threshold=Threshold(amount="50")),
            offer("pair", NthDiscount(n=2, rate="0.5")),
            coupon("five", "5"),
        )
    )
    return quote(lines, rules, member("gold", "five"), by_hand=whole)


@given(baskets, st.none() | rates | amounts)
def test_parts_add_up_to_the_fen_and_refunds_by_pieces_end_at_zero(
    basket: list[tuple[int, int, ByHand | None]], whole: ByHand | None
) -> None:
    answer = priced(basket, whole)
    assert answer.total.minor == sum(nets(answer).values())
    for one in answer.lines:
        shares = [
            part.minor
            for change in answer.order_adjustments
            for name, part in change.by_line
            if name == one.line_id
        ]
        own = [change.amount.minor for change in one.adjustments]
        assert one.list_amount.minor + sum(own) + sum(shares) == one.net.minor >= 0
        count = one.quantity.pieces
        by_piece = [piece_share(one.net.minor, n, n + 1, count) for n in range(count)]
        assert sum(by_piece) == one.net.minor
        assert min(by_piece) >= 0
    assert sum(row.net.minor for row in answer.tax) == answer.total.minor


@given(baskets, st.none() | rates | amounts, st.data())
def test_one_more_discount_by_hand_never_raises_the_total(
    basket: list[tuple[int, int, ByHand | None]], whole: ByHand | None, data: st.DataObject
) -> None:
    full = priced(basket, whole).total
    place = data.draw(st.integers(0, len(basket) - 1))
    fen, count, _ = basket[place]
    assert full <= priced([*basket[:place], (fen, count, None), *basket[place + 1 :]], whole).total
    assert full <= priced(basket, None).total


def test_a_given_price_and_a_discount_by_hand_on_one_line_add_up() -> None:
    shelf_price = GivenPrice(money("30"))
    answer = quote([pot(given=shelf_price, by_hand=rate("0.1"))], flat())
    assert (answer.total, off_by_rule(answer)) == (Money(2700), {DENT: 300})


@given(baskets, st.integers(1, 500), st.integers(1, 500))
def test_a_larger_discount_of_the_order_never_costs_more(
    basket: list[tuple[int, int, ByHand | None]], some: int, more: int
) -> None:
    small, large = (ByHand("rate", "r", rate=Decimal(n) / 1000) for n in (some, some + more))
    assert priced(basket, large).total <= priced(basket, small).total
