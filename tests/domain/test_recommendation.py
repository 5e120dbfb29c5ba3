"""What is recommended: what is due again, and what goes with the basket."""

from __future__ import annotations

from app.domain.habit import ONE, Habit, ProductHabit, Visits
from app.domain.recommendation import LOOKED_AT_MOST, Recommended, recommend, worth_a_look

DAY = 740_000
VISITS = Visits(20, 12 * ONE, DAY - 3)
RETURNED_TO = {sku: ProductHabit(sku, 400, 300, 100) for sku in ("milk", "tea", "soap")}


def habit(sku: str, times: int = 10, *, every: int = 2, ago: int = 3, visits_ago: int = 2) -> Habit:
    """Bought so often, every so many visits; last so many days and visits ago."""
    last = VISITS.count - visits_ago
    first = last - every * (times - 1)
    return Habit(sku, times, times * ONE * 3 // 4, first, last, DAY - 100, DAY - ago)


def told(*habits: Habit, basket: tuple[str, ...] = (), **products: ProductHabit) -> list[str]:
    found = recommend(habits, VISITS, {**RETURNED_TO, **products}, basket, DAY)
    return [each.sku for each in found]


def test_what_is_bought_often_comes_first() -> None:
    assert told(habit("tea", 6), habit("milk", 10), habit("soap", 3)) == ["milk", "tea", "soap"]


def test_nothing_is_said_of_a_stranger() -> None:
    assert recommend([], Visits(), {}, (), DAY) == ()


def test_what_lies_in_the_basket_is_not_named() -> None:
    assert told(habit("milk"), habit("tea", 6), basket=("milk",)) == ["tea"]


def test_what_he_took_today_waits() -> None:
    fresh, older = habit("milk", ago=0, visits_ago=0), habit("tea", 9)
    assert told(fresh, older) == ["tea", "milk"]
    assert told(habit("milk", ago=1, visits_ago=0), habit("tea", 9)) == ["tea", "milk"]


def test_what_he_gave_up_falls_behind() -> None:
    given_up, steady = habit("milk", 8, every=1, visits_ago=12), habit("tea", 7)
    assert told(given_up, steady) == ["tea", "milk"]


def test_what_people_come_back_for_is_named_before_what_they_try_once() -> None:
    seldom, once = ProductHabit("gadget", 300, 300, 220), ProductHabit("gadget", 300, 300, 290)
    assert told(habit("gadget"), habit("tea", 6), gadget=seldom) == ["tea", "gadget"]
    assert told(habit("gadget"), habit("tea", 6), gadget=once) == ["tea"]


def test_what_nobody_else_takes_is_a_guess() -> None:
    assert told(Habit("odd", 1, ONE, 1, 1, DAY - 200, DAY - 200)) == []


def test_the_reason_of_a_product_that_is_due() -> None:
    (milk,) = recommend([habit("milk", ago=12)], VISITS, RETURNED_TO, (), DAY)
    assert (milk.because, milk.days_since, milk.beside) == ("due", 12, "")
    (ahead,) = recommend([habit("milk", ago=-4)], VISITS, RETURNED_TO, (), DAY)
    assert ahead.days_since == 0


def test_what_goes_with_the_basket_is_named_with_what_it_goes_with() -> None:
    bread = ProductHabit("bread", 100, 50, 30, {"butter": 60, "salt": 3, "milk": 20})
    roll = ProductHabit("roll", 100, 50, 30, {"butter": 20})
    found = recommend([], VISITS, {"bread": bread, "roll": roll}, ("bread", "roll", "new"), DAY)
    assert found == (
        Recommended("butter", "together", 192, None, "bread"),
        Recommended("milk", "together", 64, None, "bread"),
    )


def test_a_habit_that_also_goes_with_the_basket_counts_twice() -> None:
    bread = ProductHabit("bread", 100, 50, 30, {"tea": 60})
    alone = told(habit("milk", 8), habit("tea", 6))
    beside = told(habit("milk", 8), habit("tea", 6), basket=("bread",), bread=bread)
    assert (alone, beside) == (["milk", "tea"], ["tea", "milk"])


def test_only_weighty_habits_are_worth_a_look() -> None:
    once_long_ago = Habit("odd", 1, ONE, 1, 1, DAY - 400, DAY - 400)
    milk, tea = habit("milk", 10), habit("tea", 6)
    assert worth_a_look([once_long_ago, tea, milk], VISITS, DAY) == [milk, tea]
    many = [habit(f"sku-{number}", 5 + number % 7) for number in range(500)]
    kept = worth_a_look(many, VISITS, DAY)
    assert len(kept) == LOOKED_AT_MOST
    assert {each.times for each in kept} == {10, 11}
