"""Points and tax of a sale: spending, earning, points prices, inclusive and exclusive tax."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.conditions import Context
from app.domain.money import Money
from app.domain.months import Month
from app.domain.points import Points, PointsBucket
from app.domain.program import (
    AmountOff,
    CategoryEarn,
    Earning,
    Multiplier,
    NthDiscount,
    PercentOff,
    PointsPrice,
    Prices,
    Redemption,
    Scope,
)
from app.domain.quote import TaxRow
from app.domain.tax import due_before_round_off, round_off
from tests.domain.pricing_shop import flat, line, member, nets, offer, quote, reason, refusal

HUNDRED = [line("a", "60"), line("b", "40")]


@pytest.mark.parametrize(
    ("balance", "wish", "spent", "why"),
    [
        (9000, 1000, 1000, None),
        (9000, "max", 5000, None),
        (9000, 1050, 1000, "POINTS_MINIMUM"),
        (9000, 5100, 5000, "IDENTIFY_BETTER"),
        (990, "max", 900, None),
        (990, 1000, 900, "POINTS_MINIMUM"),
        (99, "max", 0, "POINTS_MINIMUM"),
        (0, "max", 0, None),
        (9000, 50, 0, "POINTS_MINIMUM"),
    ],
)
def test_minimum_step_and_share(balance: int, wish: int | str, spent: int, why: str | None) -> None:
    answer = quote(HUNDRED, flat(), member(points=balance), redeem_points=wish)
    assert answer.points_redeemed == spent
    assert answer.total == Money(10000 - spent)
    assert sum(one.points_spent for one in answer.lines) == spent
    assert [one.reason for one in answer.not_applied] == ([] if why is None else [why])


@pytest.mark.parametrize(
    ("how", "today", "most"),
    [("pass", 0, 5000), ("card", 0, 5000), ("card", 4700, 300), ("phone", 0, 500), ("name", 0, 0)],
)
def test_how_well_the_member_is_known_limits_points(
    how: Literal["pass", "card", "phone", "name"], today: int, most: int
) -> None:
    shopper = member(points=9000, points_spent_today=today)
    answer = quote(HUNDRED, flat(), shopper, redeem_points=5000, context=Context(identified_by=how))
    assert (answer.points_redeemed, answer.points_redeemable) == (most, most)
    if most < 5000:
        assert reason(answer, "points") == "IDENTIFY_BETTER"


def test_without_a_connection_the_till_s_limit_holds() -> None:
    offline = Context(points_limit=500)
    answer = quote(HUNDRED, flat(), member(points=9000), redeem_points=800, context=offline)
    assert answer.points_redeemed == 500
    assert refusal(answer, "points").reason == "OFFLINE_NEEDS_ONLINE"
    assert refusal(answer, "points").missing_count == 300


def test_a_walk_in_and_a_debtor_spend_nothing() -> None:
    assert reason(quote(HUNDRED, flat(), redeem_points=100), "points") == "IDENTIFY_BETTER"
    debtor = member(points=300, debt_points=400)
    assert quote(HUNDRED, flat(), debtor, redeem_points="max").points_redeemed == 0


def test_points_worth_nothing_or_odd_amounts() -> None:
    odd = flat(redemption=Redemption(points=3, amount="0.01", minimum=1, step=1, max_share="1"))
    answer = quote([line("a", "0.05")], odd, member(points=100), redeem_points="max")
    assert (answer.points_redeemed, answer.total) == (16, Money(0))
    free = flat(redemption=Redemption(amount="0.00"))
    assert quote(HUNDRED, free, member(points=300), redeem_points="max").points_redeemed == 300


def test_points_never_pay_more_than_the_goods() -> None:
    rules = flat(redemption=Redemption(max_share="1"))
    answer = quote([line("a", "1.50")], rules, member(points=900), redeem_points="max")
    assert (answer.points_redeemed, answer.total) == (100, Money(50))


# ------------------------------------------------------------------ points prices


def test_goods_for_points_plus_price() -> None:
    rules = flat(
        points_prices=(PointsPrice(product="sku-cup", points=300, price="9.90"),),
        offers=(offer("pair", NthDiscount(n=2, rate="1")), offer("half", PercentOff(rate="0.5"))),
        price_lists=(),
    )
    lines = [
        line("cup", "29.90", "2", use_points_price=True, member_price="5"),
        line("tea", "10", member_price="8"),
    ]
    answer = quote(lines, rules, member(points=2000))
    cup = answer.lines[0]
    assert [(one.kind, one.amount.minor) for one in cup.adjustments] == [("points_price", -4000)]
    assert nets(answer) == {"cup": 990, "tea": 400}
    assert (cup.points_spent, answer.points_redeemed, answer.points_redeemed_amount) == (
        600, 600, Money(0),
    )  # fmt: skip
    assert answer.points_redeemable == 600  # half of 13.90, in whole hundreds


def test_what_was_paid_with_points_is_not_saved() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-cup", points=300, price="9"),))
    lines = [line("cup", "29.90", use_points_price=True), line("tea", "10", member_price="8")]
    answer = quote(lines, rules, member(points=1000), redeem_points=100)
    assert (answer.points_redeemed_amount, answer.total) == (Money(100), Money(1600))
    assert (answer.discount, answer.saved) == (Money(2390), Money(200))


def test_too_few_points_for_a_points_price() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-cup", points=300),))
    answer = quote([line("cup", "29.90", use_points_price=True)], rules, member(points=200))
    assert answer.total == Money(2990)
    assert refusal(answer, "points_price:sku-cup").missing_count == 100


def test_goods_without_a_points_price() -> None:
    answer = quote([line("cup", "29.90", use_points_price=True)], flat(), member(points=200))
    assert reason(answer, "points_price:sku-cup") == "NOT_IN_SCOPE"


def test_levels_leave_goods_at_their_points_price_alone() -> None:
    rules = flat(points_prices=(PointsPrice(product="sku-cup", points=1, price="9"),))
    lines = [line("cup", "10", use_points_price=True, member_price="5")]
    assert quote(lines, rules, member(points=5)).total == Money(900)


# ------------------------------------------------------------------ earning

FACTORS = (
    CategoryEarn(categories=("fresh",), factor="2"),
    CategoryEarn(categories=("cards",), factor="0"),
)
THREE = offer("three", Multiplier(factor="3"))


@pytest.mark.parametrize(
    ("combine", "points"),
    [("best", 300 + 0 + 300), ("multiply", 1200 + 0 + 600), ("add", 500 + 0 + 400)],
)
def test_how_factors_combine(combine: Literal["best", "multiply", "add"], points: int) -> None:
    earning = Earning(combine=combine, birthday_factor="2", categories=FACTORS)
    lines = [
        line("apples", "100", category="fresh"),
        line("card", "100", category="cards"),
        line("soap", "100"),
    ]
    answer = quote(lines, flat(earning=earning, offers=(THREE,)), member(birthday=(11, 1)))
    assert answer.points_earned == points
    assert answer.lines[1].points_earned == 0


def test_a_multiplier_leaves_out_what_it_excludes() -> None:
    scope = Scope(except_categories=("tobacco",), except_products=("sku-c",))
    rules = flat(offers=(offer("m", Multiplier(factor="3"), scope=scope),))
    lines = [line("a", "10"), line("b", "10", category="tobacco"), line("c", "10")]
    assert quote(lines, rules, member()).points_earned == 30 + 10 + 10


def test_goods_that_earn_half() -> None:
    earning = Earning(categories=(CategoryEarn(products=("sku-a",), factor="0.5"),))
    assert quote([line("a", "10")], flat(earning=earning), member()).points_earned == 5


def test_peers_29_points_on_the_amount_without_tax() -> None:
    rules = flat(prices=Prices(tax_inclusive=False))
    assert quote([line("a", "10")], rules, member()).points_earned == 10


def test_rounded_down_once_and_shared() -> None:
    lines = [line(name, "0.50") for name in "abcde"]
    answer = quote(lines, flat(), member())
    assert [one.points_earned for one in answer.lines] == [1, 1, 0, 0, 0]


# ------------------------------------------------------------------ tax


def test_exclusive_tax_comes_on_top_and_is_shared() -> None:
    rules = flat(prices=Prices(tax_inclusive=False))
    lines = [line("a", "0.33"), line("b", "0.33"), line("c", "10", tax_rate="0.09")]
    answer = quote(lines, rules, member(points=10_000), redeem_points="max")
    assert answer.tax == (
        TaxRow(Decimal("0.09"), answer.tax[0].net, answer.tax[0].tax),
        TaxRow(Decimal("0.13"), answer.tax[1].net, answer.tax[1].tax),
    )
    assert sum(one.tax.minor for one in answer.lines) == sum(row.tax.minor for row in answer.tax)
    # half of the bill of 11.65 with its tax is 5.82: five whole hundreds
    assert answer.points_redeemed == 500
    due = due_before_round_off(answer, rules)
    assert due.minor == answer.total.minor + sum(row.tax.minor for row in answer.tax)


def test_round_off_only_where_the_program_says() -> None:
    assert round_off(Money(1099), flat()) == Money(9)
    assert round_off(Money(1099), flat(prices=Prices(round_off_step=None))) == Money(0)
    assert round_off(Money(1099), flat(prices=Prices(round_off_step="0.00"))) == Money(0)


@given(
    prices=st.lists(st.integers(0, 50_000), min_size=1, max_size=8),
    quantities=st.lists(st.integers(1, 5), min_size=8, max_size=8),
    off=st.integers(1, 9_999),
    points=st.integers(0, 9_000),
    inclusive=st.booleans(),
)
def test_parts_always_add_up(
    prices: list[int], quantities: list[int], off: int, points: int, inclusive: bool
) -> None:
    rules = flat(
        prices=Prices(tax_inclusive=inclusive),
        offers=(
            offer("a", AmountOff(amount=f"{off // 100}.{off % 100:02d}")),
            offer("p", PercentOff(rate="0.077")),
            offer("n", NthDiscount(n=2, rate="0.35")),
        ),
    )
    lines = [
        replace(
            line(f"l{number}", "1", str(quantities[number]), category=f"c{number % 3}"),
            unit_price=Money(unit),
            tax_rate=Decimal("0.09") if number % 2 else None,
        )
        for number, unit in enumerate(prices)
    ]
    shopper = member(buckets=(PointsBucket(Month.parse("2027-06"), Points(points)),))
    answer = quote(lines, rules, shopper, redeem_points="max")
    for one in answer.lines:
        shares = sum(
            amount.minor
            for change in answer.order_adjustments
            for line_id, amount in change.by_line
            if line_id == one.line_id
        )
        own = sum(change.amount.minor for change in one.adjustments)
        assert one.list_amount.minor + own + shares == one.net.minor >= 0
    assert sum(nets(answer).values()) == answer.total.minor
    assert answer.discount.minor == answer.list_total.minor - answer.total.minor
    assert nets(quote(lines[::-1], rules, shopper, redeem_points="max")) == nets(answer)
