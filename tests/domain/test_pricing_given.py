"""Given prices: a line that costs what somebody said, whatever the program says of its goods."""

from __future__ import annotations

import pytest

from app.domain.basket import BasketLine, GivenOff, GivenPrice
from app.domain.money import Money
from app.domain.program import AmountOff, NthDiscount, PercentOff, PointsPrice, Threshold
from app.domain.quote import Adjustment
from tests.domain.pricing_shop import (
    coupon,
    flat,
    line,
    member,
    money,
    nets,
    off_by_rule,
    offer,
    price_list,
    program,
    quote,
    reason,
)


def given(list_amount: str, **off: str) -> GivenPrice:
    """A given price with its reasons, `dent="3.00"`."""
    return GivenPrice(money(list_amount), tuple(GivenOff(r, money(a)) for r, a in off.items()))


def cracked(net_of: GivenPrice, quantity: str = "1") -> BasketLine:
    """A teapot with a crack, 40.00 apiece when it is whole."""
    return line("pot", "40", quantity, category="home", given=net_of)


def test_a_given_price_says_each_of_its_parts() -> None:
    answer = quote([cracked(given("40", crack="12", last_one="3"))], flat())
    (only_line,) = answer.lines
    assert (only_line.list_amount, only_line.net) == (Money(4000), Money(2500))
    assert only_line.adjustments == (
        Adjustment(
            "crack", "7", "override", Money(-1200), (("pot", Money(-1200)),), chosen_by_hand=True
        ),
        Adjustment(
            "last_one", "7", "override", Money(-300), (("pot", Money(-300)),), chosen_by_hand=True
        ),
    )
    assert answer.discount == Money(1500)


def test_a_given_list_price_alone_leaves_no_adjustment() -> None:
    answer = quote([cracked(given("35"))], flat())
    assert (answer.lines[0].net, answer.lines[0].adjustments) == (Money(3500), ())


def test_no_level_and_no_bundle_touches_a_given_price() -> None:
    rules = program(
        offers=(offer("pair", NthDiscount(n=2, rate="0.5")),),
        price_lists=(price_list("week", "1", "sku-pot"),),
    )
    lines = [cracked(given("80", crack="20"), "2"), line("cup", "10")]
    answer = quote(lines, rules, member("gold"))
    assert nets(answer) == {"pot": 6000, "cup": 880}
    assert off_by_rule(answer) == {"crack": 2000, "gold": 120}
    assert all(no.line_id != "pot" for no in answer.not_applied)
    assert reason(answer, "pair") == "NOT_ENOUGH_QTY"


def test_offers_on_the_order_count_a_given_price_at_what_is_left_of_it() -> None:
    rules = flat(
        offers=(
            offer("from-30", AmountOff(amount="3"), threshold=Threshold(amount="30")),
            offer("tenth", PercentOff(rate="0.1")),
        )
    )
    above = quote([cracked(given("40", crack="10"))], rules)
    assert off_by_rule(above) == {"crack": 1000, "from-30": 300, "tenth": 270}
    below = quote([cracked(given("40", crack="10.01"))], rules)
    assert off_by_rule(below) == {"crack": 1001, "tenth": 300}


def test_a_given_price_may_be_nothing_and_earns_nothing() -> None:
    answer = quote([cracked(given("40", goodwill="40"))], flat(), member())
    assert (answer.total, answer.points_earned) == (Money(0), 0)


def test_a_given_price_beside_a_coupon_adds_up() -> None:
    rules = flat(offers=(coupon("c", "5"),))
    answer = quote(
        [cracked(given("40", crack="10")), line("cup", "20")], rules, member("regular", "c")
    )
    assert nets(answer) == {"pot": 2700, "cup": 1800}


def test_a_given_price_is_no_points_price() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-pot", points=100, price="1"),))
    pot = line("pot", "40", given=given("40", crack="10"), use_points_price=True)
    answer = quote([pot], rules, member(points=500))
    assert (nets(answer), answer.points_redeemed) == ({"pot": 3000}, 0)
    assert reason(answer, "points_price:sku-pot") == "NOT_IN_SCOPE"


@pytest.mark.parametrize(
    ("list_amount", "off", "says"),
    [
        (-1, (), "no negative parts"),
        (100, (0,), "no negative parts"),
        (100, (-5,), "no negative parts"),
        (100, (60, 41), "more than there is"),
    ],
    ids=["below zero", "a part of nothing", "a part that adds", "more off than there is"],
)
def test_a_given_price_that_cannot_be(list_amount: int, off: tuple[int, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        GivenPrice(Money(list_amount), tuple(GivenOff("crack", Money(part)) for part in off))
