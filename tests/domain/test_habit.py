"""Habits grow with each basket, fade with time, and remember what often lies together."""

from __future__ import annotations

import pytest

from app.domain.habit import (
    COMPANIONS_MOST,
    LINES_MOST,
    ONE,
    Habit,
    ProductHabit,
    Visits,
    after_basket,
    after_purchase,
    after_visit,
    faded,
    united,
)

DAY = 740_000


@pytest.mark.parametrize(
    ("days", "left"),
    [
        pytest.param(0, 1024, id="today"),
        pytest.param(-3, 1024, id="a clock that went wrong"),
        pytest.param(30, 724, id="a month"),
        pytest.param(60, 512, id="half"),
        pytest.param(90, 362, id="three months"),
        pytest.param(120, 256, id="a quarter"),
        pytest.param(6000, 0, id="nothing"),
    ],
)
def test_what_is_left_of_a_purchase(days: int, left: int) -> None:
    assert faded(ONE, days) == left


def test_visits_are_counted_and_weighed() -> None:
    first = after_visit(Visits(), DAY)
    assert first == Visits(1, ONE, DAY)
    second = after_visit(first, DAY + 60)
    assert second == Visits(2, 512 + ONE, DAY + 60)
    late = after_visit(second, DAY)
    assert late == Visits(3, 512 + ONE + 512, DAY + 60)


def test_a_purchase_of_the_same_product() -> None:
    first = after_purchase(None, "milk", 1, DAY)
    assert first == Habit("milk", 1, ONE, 1, 1, DAY, DAY)
    second = after_purchase(first, "milk", 4, DAY + 60)
    assert second == Habit("milk", 2, 512 + ONE, 1, 4, DAY, DAY + 60)
    late = after_purchase(second, "milk", 5, DAY - 60)
    assert late == Habit("milk", 3, 512 + ONE + 256, 1, 5, DAY - 60, DAY + 60)


def test_a_product_counts_baskets_buyers_and_returning_buyers() -> None:
    new = after_purchase(None, "milk", 1, DAY)
    again = after_purchase(new, "milk", 2, DAY + 7)
    walk_in = after_basket(ProductHabit("milk"), ("milk", "bread"), bought=None)
    assert walk_in == ProductHabit("milk", 1, 0, 0, {"bread": 1})
    first = after_basket(walk_in, ("milk",), bought=new)
    assert first == ProductHabit("milk", 2, 1, 1, {"bread": 1})
    assert after_basket(first, ("bread", "milk"), bought=again) == ProductHabit(
        "milk", 3, 2, 1, {"bread": 2}
    )


def test_only_a_few_companions_are_kept_and_the_frequent_ones_stay() -> None:
    known = ProductHabit("milk")
    for number in range(200):
        known = after_basket(known, ("milk", "bread", f"other-{number}"), bought=None)
    assert len(known.together) == COMPANIONS_MOST
    assert known.together["bread"] == 200
    assert max(known.together, key=lambda sku: known.together[sku]) == "bread"


def test_a_huge_basket_is_looked_at_in_part() -> None:
    basket = tuple(f"sku-{number}" for number in range(100))
    known = after_basket(ProductHabit("sku-99"), basket, bought=None)
    assert set(known.together) <= set(basket[:LINES_MOST])


def test_habits_of_merged_members_come_together() -> None:
    assert united([]) == (Visits(), ())
    milk, tea = Habit("milk", 5, 900, 2, 9, DAY, DAY), Habit("tea", 2, 300, 1, 3, DAY, DAY)
    visits, habits = united(
        [
            (Visits(4, 1, DAY), [tea, Habit("milk", 1, 1, 1, 1, DAY, DAY)]),
            (Visits(10, 2, DAY), [milk]),
        ]
    )
    assert visits.count == 10
    assert {habit.sku: habit.last_visit for habit in habits} == {"milk": 9, "tea": 9}
