"""A given price: what somebody says a line costs, and what still touches it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain.basket import Basket, BasketLine, GivenOff, GivenPrice
from app.domain.fact_parts import FactAdjustment
from app.domain.money import Money
from app.domain.open_basket import OpenLine
from app.domain.program import BuyXGetY, PercentOff, PointsPrice
from app.domain.quantity import pieces
from app.domain.sale_fact import fact_lines
from app.services.basket_moves import with_quantity
from tests.domain.pricing_shop import flat, line, member, nets, offer, program, quote, reason


def given(one: BasketLine, listed: int, **off: int) -> BasketLine:
    parts = tuple(GivenOff(rule, Money(amount)) for rule, amount in off.items())
    return replace(one, given=GivenPrice(Money(listed), parts))


def test_it_stands_in_place_of_the_list_price_and_of_every_level() -> None:
    lines = [given(line("a", "10", member_price="5"), 900, loyalty=150, coupon=50), line("b", "10")]
    answer = quote(lines, program(), member("gold"))
    assert nets(answer) == {"a": 700, "b": 880}
    told = answer.lines[0]
    assert told.list_amount == Money(900)
    assert [(one.rule, one.kind, one.amount) for one in told.adjustments] == [
        ("loyalty", "override", Money(-150)),
        ("coupon", "override", Money(-50)),
    ]
    assert all(one.chosen_by_hand for one in told.adjustments)
    assert answer.points_earned == (700 + 880) * 3 // 2 // 100


def test_no_level_is_said_to_be_beaten_on_it() -> None:
    answer = quote([given(line("a", "10", member_price="1"), 900, x=1)], program(), member("gold"))
    assert answer.not_applied == ()


def test_no_bundle_takes_it_but_an_offer_on_the_order_counts_it() -> None:
    rules = flat(
        offers=(offer("b", BuyXGetY(buy=1)), offer("o", PercentOff(rate="0.10"))),
    )
    alike = [given(line("a", "10"), 1000), line("b", "10"), line("c", "10")]
    assert nets(quote(alike, rules)) == {"a": 900, "b": 450, "c": 450}


def test_a_points_price_does_not_lower_it() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-a", points=100, price="1"),))
    one = replace(given(line("a", "10"), 900), use_points_price=True)
    answer = quote([one], rules, member(points=500))
    assert nets(answer) == {"a": 900}
    assert reason(answer, "points_price:sku-a") == "NOT_IN_SCOPE"


def test_free_is_a_price() -> None:
    assert nets(quote([given(line("a", "10"), 0)], flat())) == {"a": 0}


@pytest.mark.parametrize(
    ("listed", "off"),
    [(-1, ()), (100, (101,)), (100, (60, 41)), (100, (0,)), (100, (-5,))],
)
def test_a_price_that_makes_no_sense_is_no_value(listed: int, off: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="a given price"):
        GivenPrice(Money(listed), tuple(GivenOff("x", Money(amount)) for amount in off))


def test_the_fact_says_that_the_price_was_given() -> None:
    lines = (given(line("a", "10"), 900, loyalty=150), line("b", "10"))
    kept = fact_lines(Basket(lines), quote(lines, flat()), None)
    assert [one.given for one in kept] == [True, False]
    assert (kept[0].unit_price_minor, kept[0].list_minor, kept[0].net_minor) == (1000, 900, 750)
    assert kept[0].adjustments == (
        FactAdjustment(rule="loyalty", kind="override", amount_minor=-150, by_hand=True),
    )


def test_another_quantity_drops_it() -> None:
    goods = given(line("a", "10"), 900)
    rung = OpenLine(line_id="a", scanned="a", quantity=goods.quantity, goods=goods)
    more = with_quantity(rung, pieces(2))
    assert more.goods is not None
    assert more.goods.given is None
