"""The oracle's coupons by hand-made cases: chosen by a cashier, limited by the day.

Owns: what the rules of coupons mean in numbers. Does not own: the rest of the oracle
(test_oracle.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.domain.money import Money
from tests.domain.laws.brute_force import best, coupon_off, greedy
from tests.domain.laws.shapes import Coupon, FixedUnits, Reach, Rule, TierLevel
from tests.domain.laws.test_oracle import GOLD, case, line, off, percent


def test_a_coupon_chosen_by_hand_comes_before_its_rivals_where_it_is_of_use() -> None:
    coupons = (Coupon("C1", "five", date(2026, 12, 9)), Coupon("C2", "ten", date(2026, 12, 1)))
    member = replace(GOLD, coupons=coupons)
    five = off("five", 500, trigger="coupon", group="g")
    ten = off("ten", 1000, trigger="coupon", group="g")
    free = off("twelve", 1200, group="g")
    basket = case(line("a", 10000), rules=(five, ten, free), shopper=member)
    assert best(basket).rule_ids == ["twelve"]
    assert best(replace(basket, chosen=("C1",))).rule_ids == ["five"]
    assert best(replace(basket, chosen=("C1", "C2"))).rule_ids == ["ten"]
    assert best(replace(basket, chosen=())).rule_ids == ["twelve"]
    too_dear = replace(five, at_least=Money(10001))
    found = best(replace(basket, rules=(too_dear, free), chosen=("C1",)))
    assert (found.rule_ids, found.coupons) == (["twelve"], ())
    elsewhere = replace(five, reach=Reach(categories=frozenset({"toys"})))
    found = best(replace(basket, rules=(elsewhere, free), chosen=("C1",)))
    assert found.rule_ids == ["twelve"]


def test_a_coupon_chosen_by_hand_is_not_used_at_the_price_of_a_dearer_basket() -> None:
    tenth = TierLevel("gold", Fraction("0.1"), Reach())
    member = replace(GOLD, coupons=(Coupon("C1", "twenty", None),))
    twenty = off("twenty", 2000, 30000, trigger="coupon")
    basket = case(line("a", 30000), levels=(tenth,), rules=(twenty,), shopper=member)
    assert best(replace(basket, chosen=("C1",))).rule_ids == ["gold"]
    forty = off("twenty", 4000, 30000, trigger="coupon")
    assert best(replace(basket, rules=(forty,), chosen=("C1",))).rule_ids == ["twenty"]


@pytest.mark.parametrize(
    ("room", "used"),
    [
        (None, ["cup", "five", "tenth"]),
        (2350, ["cup", "five", "tenth"]),
        (2349, ["cup", "tenth"]),
        (1899, ["cup", "five"]),
        (1499, ["five", "tenth"]),
        (499, []),
    ],
)
def test_coupons_stay_within_what_is_left_of_the_day(room: int | None, used: list[str]) -> None:
    coupons = tuple(Coupon(f"C-{name}", name, None) for name in ("cup", "five", "tenth"))
    member = replace(GOLD, coupons=coupons, coupon_room=room)
    cup = Rule("cup", FixedUnits(Money(9000), 1), trigger="coupon")
    rules = (cup, off("five", 500, trigger="coupon"), percent("tenth", "0.1", trigger="coupon"))
    basket = case(line("a", 10000), rules=rules, shopper=member)
    found = best(basket)
    assert found.rule_ids == used
    # 10.00 by the cup, 5.00, then a tenth of what is left: 8.50, or 9.00, or 9.50 of it
    assert room is None or coupon_off(basket, found) <= room
    assert room is None or coupon_off(basket, greedy(basket)) <= room
