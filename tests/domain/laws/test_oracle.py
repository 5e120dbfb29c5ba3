"""The oracle against sums done by hand: who tests the tester.

Every expected number below was worked out on paper from DESIGN.md "Pricing".
"""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.money import Money
from tests.domain.laws.afterwards import reckon
from tests.domain.laws.brute_force import best, greedy
from tests.domain.laws.reckoning import (
    apply_bundles,
    apply_orders,
    half_up,
    level_amount,
    list_amount,
    price_lines,
    share,
)
from tests.domain.laws.shapes import (
    AnyEffect,
    CampaignEntry,
    CampaignLevel,
    Case,
    Cheapest,
    Coupon,
    Factor,
    FixedUnits,
    GiftOf,
    LastOfGroup,
    Line,
    MemberLevel,
    Off,
    Percent,
    PointsRules,
    Reach,
    Rule,
    Several,
    Shopper,
    TierLevel,
    When,
)

HERE = Path(__file__).parent
TODAY = datetime(2026, 11, 21, 10, 32)  # noqa: DTZ001 - shop time, the zone plays no part
HALF = Fraction(1, 2)
POINTS = PointsRules(
    worth_points=100,
    worth_amount=Money(100),
    minimum=100,
    step=100,
    max_share=HALF,
    unit=Money(100),
    combine="best",
    birthday_factor=Fraction(2),
    categories=(),
)
GOLD = Shopper(
    rank=2,
    earn_rate=Fraction("1.5"),
    birthday_month=None,
    first_order=False,
    coupons=(),
    balance=0,
    day_limit=None,
)


def line(
    line_id: str, fen: int, count: int = 1, sku: str = "", category: str = "home",
    member: int | None = None,
) -> Line:  # fmt: skip
    return Line(
        line_id=line_id,
        sku=sku or f"sku-{line_id}",
        category=category,
        unit_price=Money(fen),
        thousandths=1000 * count,
        pieces=count,
        member_price=None if member is None else Money(member),
        tax_rate=Fraction("0.13"),
    )


def weighed(line_id: str, fen: int, grams: int) -> Line:
    return replace(line(line_id, fen), thousandths=grams, pieces=None)


def case(*lines: Line, rules: tuple[Rule, ...] = (), **more: object) -> Case:
    base = Case(
        lines=lines,
        levels=(),
        rules=rules,
        shopper=GOLD,
        at=TODAY,
        store="s01",
        coupons_max=4,
        points=POINTS,
        tax_inclusive=True,
    )
    return replace(base, **more)  # type: ignore[arg-type]  # a test names fields of Case


def off(rule_id: str, fen: int, at_least: int | None = None, **more: object) -> Rule:
    threshold = None if at_least is None else Money(at_least)
    return replace(Rule(rule_id, Off(Money(fen), False, None), at_least=threshold), **more)  # type: ignore[arg-type]  # as above


def percent(rule_id: str, rate: str, **more: object) -> Rule:
    return replace(Rule(rule_id, Percent(Fraction(rate), None)), **more)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("name", ["shapes", "reckoning", "brute_force", "afterwards"])
def test_the_oracle_knows_nothing_of_the_product_but_money(name: str) -> None:
    tree = ast.parse((HERE / f"{name}.py").read_text(encoding="utf-8"))
    imported = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    } | {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    ours = {name for name in imported if name.split(".")[0] in ("app", "ui", "sync", "main")}
    assert ours <= {"app.domain.money.Money"}
    own = {name.split(".")[3] for name in imported if name.startswith("tests.")}
    assert own <= {"shapes", "reckoning", "brute_force"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("0.5", 1), ("1.5", 2), ("2.4999", 2), ("2.5", 3), ("0", 0), ("0.49", 0)],
)
def test_half_goes_up(value: str, expected: int) -> None:
    assert half_up(Fraction(value)) == expected


def test_a_weight_is_rounded_once() -> None:
    assert list_amount(weighed("a", 1280, 842)) == 1078


def test_levels_round_the_amount_off_once_on_the_line() -> None:
    milk = line("a", 5900, member=5705)
    five = TierLevel("gold", Fraction("0.05"), Reach())
    sale = CampaignLevel(
        "week", (CampaignEntry(Reach(products=frozenset({"sku-a"})), Money(5650), None),), When()
    )
    assert level_amount(five, milk) == 5605
    assert level_amount(MemberLevel("member_price"), milk) == 5705
    assert price_lines(case(milk), [five, sale, MemberLevel("m")]) == {"a": 5605}
    assert price_lines(case(milk), [sale, MemberLevel("m")]) == {"a": 5650}
    half = TierLevel("half", HALF, Reach())
    assert level_amount(half, line("b", 35, 3)) == 52  # 1.05 - 0.53


def test_shares_by_largest_remainder_with_ties() -> None:
    thirds = [(line("c", 100, sku="s2"), 100), (line("b", 100, sku="s1"), 100)]
    assert share(1, thirds) == {"c": 0, "b": 1}  # same amount: the smaller sku
    assert share(100, [(line("a", 1), 1), (line("b", 1), 1), (line("c", 1), 1)]) == {
        "a": 34,
        "b": 33,
        "c": 33,
    }
    # 10 over 1 : 3 : 6 of 10 is exact; 5 over 1 : 3 : 6 leaves halves at 1 and 3: the larger wins
    assert share(5, [(line("a", 1), 1), (line("b", 1), 3), (line("c", 1), 6)]) == {
        "a": 0,
        "b": 2,
        "c": 3,
    }


BUNDLES: dict[str, tuple[AnyEffect, list[int]]] = {
    # units 30.00 20.00 20.00 10.00 10.00, as lines c, b (2) and a (2)
    "second at half price": (LastOfGroup(2, 1, HALF), [1500, 0]),
    "buy two get one": (LastOfGroup(3, 1, Fraction(1)), [2000]),
    "two for 45": (Several(2, Money(4500)), [500]),
    "cheapest free from five": (Cheapest(5, Fraction(1)), [1000]),
    "cheapest free from six": (Cheapest(6, Fraction(1)), []),
    "two at 15": (FixedUnits(Money(1500), 2), [2000]),
}
SAVED = {
    "second at half price": 1500,  # 30+20 saves 10, 20+10 saves 5, one 10 is left
    "buy two get one": 2000,  # 30+20+20, the last is free; 10+10 do not make three
    "two for 45": 500,  # 30+20 saves 5; 20+10 would cost more
    "cheapest free from five": 1000,
    "cheapest free from six": 0,
    "two at 15": 2000,  # 30 and one 20
}


@pytest.mark.parametrize("name", SAVED)
def test_bundles_take_the_dearest(name: str) -> None:
    basket = case(line("a", 1000, 2), line("b", 2000, 2), line("c", 3000))
    nets = price_lines(basket, [])
    after = apply_bundles(basket, nets, [(Rule("r", BUNDLES[name][0]), 1)])
    assert sum(nets.values()) - sum(after.values()) == SAVED[name]


def test_bundle_savings_go_to_the_lines_of_its_units() -> None:
    basket = case(line("a", 1000, 2), line("b", 2000, 2), line("c", 3000))
    after = apply_bundles(
        basket, price_lines(basket, []), [(Rule("r", LastOfGroup(3, 1, Fraction(1))), 1)]
    )
    # 20.00 over 30.00 and 2 x 20.00: 8.571 and 11.428, the fen goes to the larger remainder
    assert after == {"a": 2000, "b": 4000 - 1143, "c": 3000 - 857}


def test_a_unit_is_in_one_bundle_and_ids_decide() -> None:
    basket = case(line("a", 1000, 2))
    first, second = Rule("x", Several(2, Money(1500))), Rule("y", LastOfGroup(2, 1, Fraction(1)))
    assert apply_bundles(basket, {"a": 2000}, [(second, 1), (first, 1)]) == {"a": 1500}
    assert best(replace(basket, rules=(first, second))).rule_ids == ["y"]
    assert best(replace(basket, rules=(first, second))).total == 1000


def test_a_weight_is_in_no_bundle() -> None:
    basket = case(weighed("a", 1000, 2000), line("b", 500))
    assert apply_bundles(basket, {"a": 2000, "b": 500}, [(Rule("r", Several(2, Money(1))), 1)]) == {
        "a": 2000,
        "b": 500,
    }


def test_amounts_come_before_percentages_whatever_their_ids() -> None:
    basket = case(line("a", 10000))
    on = [(percent("a-tenth", "0.1"), 1), (off("b-ten", 1000), 1)]
    assert apply_orders(basket, {"a": 10000}, on) == {"a": 8100}


def test_thresholds_look_at_the_net_after_bundles_not_after_offers() -> None:
    basket = case(line("a", 10000))
    on = [(off("b", 1000, 10000), 1), (off("c", 500, 10000), 1)]
    assert apply_orders(basket, {"a": 10000}, on) == {"a": 8500}
    assert apply_orders(basket, {"a": 9999}, on) == {"a": 9999}


def test_an_offer_is_limited_by_its_cap_and_by_what_is_left() -> None:
    basket = case(line("a", 1000), line("b", 500))
    capped = Rule("c", Percent(HALF, Money(300)))
    assert sum(apply_orders(basket, {"a": 1000, "b": 500}, [(capped, 1)]).values()) == 1200
    assert apply_orders(basket, {"a": 1000, "b": 500}, [(off("d", 9999), 1)]) == {
        "a": 0,
        "b": 0,
    }
    each = Rule("e", Off(Money(100), True, Money(250)), at_least=Money(500))
    assert sum(apply_orders(basket, {"a": 1000, "b": 500}, [(each, 1)]).values()) == 1250


def test_a_level_is_switched_off_where_a_threshold_pays_more() -> None:
    tenth = TierLevel("gold", Fraction("0.1"), Reach())
    basket = case(line("a", 30000), levels=(tenth,), rules=(off("fifty", 5000, 30000),))
    found = best(basket)
    assert (found.total, found.levels, found.rule_ids) == (25000, (), ["fifty"])
    assert greedy(basket).total == 27000


def test_one_of_a_group_and_a_maximum_of_coupons() -> None:
    coupons = tuple(Coupon(f"C{n}", "ten", date(2026, 12, n)) for n in (3, 1, 2))
    member = replace(GOLD, coupons=coupons)
    ten = off("ten", 1000, trigger="coupon")
    basket = case(line("a", 10000), rules=(ten,), shopper=member, coupons_max=2)
    assert best(basket).total == 8000
    assert [coupon.coupon_id for coupon in best(basket).coupons] == ["C1", "C2"]
    grouped = replace(basket, rules=(replace(ten, group="g"), off("twelve", 1200, group="g")))
    assert best(grouped).rule_ids == ["twelve"]


def test_ties_prefer_no_coupon_then_the_one_that_expires_first_then_few_rules() -> None:
    coupons = (Coupon("C1", "b-ten", date(2026, 12, 9)), Coupon("C2", "c-ten", date(2026, 12, 1)))
    member = replace(GOLD, coupons=coupons)
    b = off("b-ten", 1000, trigger="coupon", group="g")
    c = off("c-ten", 1000, trigger="coupon", group="g")
    basket = case(line("a", 10000), rules=(b, c), shopper=member)
    assert best(basket).rule_ids == ["c-ten"]
    free = off("z-ten", 1000, group="g")
    assert best(replace(basket, rules=(b, c, free))).rule_ids == ["z-ten"]
    pieces = (off("a-four", 400, group="h"), off("d-six", 600), off("e-four", 400, group="h"))
    assert best(case(line("a", 10000), rules=pieces)).rule_ids == ["a-four", "d-six"]
    whole = off("z-ten", 1000, group="h")
    halves = Rule("a-half", Off(Money(1000), False, Money(1000)), group="h")
    assert best(case(line("a", 1000), rules=(off("b-five", 500), whole, halves))).rule_ids == [
        "a-half"
    ]


def test_points_pay_whole_steps_up_to_their_share_of_the_bill() -> None:
    member = replace(GOLD, balance=100000)
    outcome = reckon(case(line("a", 9999), line("b", 5000), shopper=member, wish=None))
    assert (outcome.points, outcome.points_amount) == (7400, 7400)  # half of 149.99 is 74.995
    assert outcome.nets == {"a": 9999 - 4933, "b": 5000 - 2467}  # 74.00 x 9999 / 14999 = 49.33
    assert outcome.total == 7599
    assert outcome.earned == 113  # 75.99 x 1.5 = 113.985, down
    assert outcome.earned_by_line == {"a": 75, "b": 38}
    assert reckon(case(line("a", 9999), shopper=member, wish=250)).points == 200
    assert reckon(case(line("a", 199), shopper=member, wish=None)).points == 0
    shy = replace(member, day_limit=500)
    assert reckon(case(line("a", 9999), shopper=shy, wish=None)).points == 500


@pytest.mark.parametrize(("combine", "expected"), [("best", 300), ("multiply", 600), ("add", 400)])
def test_factors_combine_as_the_program_says(combine: str, expected: int) -> None:
    rules = (Rule("double", Factor(Fraction(2))), Rule("triple", Factor(Fraction(3))))
    member = replace(GOLD, earn_rate=Fraction(1))
    points = replace(POINTS, combine=combine)
    basket = case(line("a", 10000), rules=rules, shopper=member, points=points)
    assert reckon(basket).earned == expected


def test_a_gift_is_a_line_and_its_saving_is_spread_over_what_earned_it() -> None:
    socks = replace(line("", 1000), sku="socks")
    gift = Rule("free-socks", GiftOf(socks, 1), reach=Reach(categories=frozenset({"toys"})))
    basket = case(line("a", 3000, category="toys"), line("b", 5000), rules=(gift,))
    assert reckon(basket).nets == {"a": 2250, "b": 5000, "gift:free-socks:1": 750}
    double = Rule("double", Factor(Fraction(2)), group="g")
    both = replace(basket, rules=(double, replace(gift, group="g")))
    assert reckon(both).quiet == (double,)
    assert len(reckon(replace(both, shopper=None)).lines) == 3  # nobody earns: the group is free
    rival = off("ten", 1000, group="g")
    assert not reckon(replace(basket, rules=(replace(gift, group="g"), rival))).quiet


def test_tax_once_per_rate_and_shared_over_lines() -> None:
    basket = case(line("a", 333), line("b", 333), line("c", 334), tax_inclusive=False)
    outcome = reckon(basket)
    assert [(row.net, row.tax) for row in outcome.tax] == [(1000, 130)]
    assert outcome.tax_by_line == {"a": 43, "b": 43, "c": 44}
    inclusive = reckon(replace(basket, tax_inclusive=True))
    assert [row.tax for row in inclusive.tax] == [115]  # 10.00 x 13 / 113


CONDITIONS = {
    "a tier below": (When(rank=1), True),
    "a tier above": (When(rank=3), False),
    "this store": (When(stores=frozenset({"s01"})), True),
    "another store": (When(stores=frozenset({"s02"})), False),
    "a Saturday": (When(weekdays=frozenset({6})), True),
    "a Sunday": (When(weekdays=frozenset({7})), False),
    "from 10:32": (When(hours=("10:32", "11:00")), True),
    "until 10:32": (When(hours=("09:00", "10:32")), False),
    "the 21st": (When(month_days=frozenset({21})), True),
    "the 20th": (When(month_days=frozenset({20})), False),
    "a first order": (When(first_order=True), False),
    "a birthday": (When(birthday_month=True), False),
    "starts today": (When(starts=date(2026, 11, 21)), True),
    "starts tomorrow": (When(starts=date(2026, 11, 22)), False),
    "ends today": (When(ends=date(2026, 11, 21)), True),
    "ended yesterday": (When(ends=date(2026, 11, 20)), False),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions(name: str) -> None:
    when, holds = CONDITIONS[name]
    assert case().holds(when) is holds


@pytest.mark.parametrize(
    ("when", "holds"), [(When(), True), (When(members_only=True), False), (When(rank=0), False)]
)
def test_nobody_is_no_member(when: When, holds: bool) -> None:
    assert case(shopper=None).holds(when) is holds
