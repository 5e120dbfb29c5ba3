"""Drawing a control group, the exact test, and what may be said of a result."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from math import comb

import pytest

from app.domain.campaign_record import SaleDays
from app.domain.campaign_result import GroupSums, OfferSums, Run, judge_result, run_until, sum_up
from app.domain.control_group import draw_control
from app.domain.exact_test import Group, can_be_clear, chance_of, is_clear

MEMBERS = [f"member-{number:04}" for number in range(1_930)]


def test_the_draw_is_a_tenth_and_the_same_whoever_draws_again() -> None:
    drawn = draw_control("a1", MEMBERS, 10)
    assert len(drawn) == 193
    assert drawn == draw_control("a1", list(reversed(MEMBERS)), 10)
    assert drawn != draw_control("a2", MEMBERS, 10)


@pytest.mark.parametrize(
    ("count", "percent", "drawn"),
    [(0, 10, 0), (1, 50, 0), (2, 10, 1), (9, 10, 1), (40, 0, 0), (3, 100, 2)],
)
def test_of_a_few_one_at_least_and_never_all(count: int, percent: int, drawn: int) -> None:
    assert len(draw_control("a1", MEMBERS[:count], percent)) == drawn


def test_the_lady_who_tasted_tea_had_four_of_four_right() -> None:
    """Fisher's own example: 3 of 4 is no proof, 4 of 4 nearly one."""
    assert chance_of(Group(3, 4), Group(1, 4)) == Fraction(34, 70)
    assert chance_of(Group(4, 4), Group(0, 4)) == Fraction(2, 70)
    assert is_clear(Fraction(2, 70))
    assert not is_clear(Fraction(34, 70))


def by_definition(first: Group, second: Group) -> Fraction:
    came, everybody = first.came + second.came, first.of + second.of
    ways = {
        count: comb(first.of, count) * comb(second.of, came - count)
        for count in range(max(0, came - second.of), min(came, first.of) + 1)
    }
    rare = sum(each for each in ways.values() if each <= ways[first.came])
    return Fraction(rare, comb(everybody, came))


def test_the_test_is_its_definition_on_all_small_groups() -> None:
    for of_first, of_second in product(range(1, 7), repeat=2):
        for came, others in product(range(of_first + 1), range(of_second + 1)):
            pair = Group(came, of_first), Group(others, of_second)
            assert chance_of(*pair) == by_definition(*pair)


@pytest.mark.parametrize(
    "pair",
    [(Group(0, 9), Group(0, 4)), (Group(9, 9), Group(4, 4)), (Group(3, 9), Group(0, 0)),
     (Group(0, 0), Group(1, 2))],
)  # fmt: skip
def test_where_nothing_tells_them_apart_chance_is_certain(pair: tuple[Group, Group]) -> None:
    assert chance_of(*pair) == 1


def test_so_few_came_that_no_way_to_share_them_would_be_clear() -> None:
    assert not can_be_clear(Group(1, 33), Group(0, 3))
    assert not can_be_clear(Group(0, 33), Group(0, 3))
    assert can_be_clear(Group(40, 360), Group(4, 40))


GAVE = OfferSums(sales=40, cost_minor=40_000, coupons_given=360, coupons_used=40)
LONG = Run(days=14, is_over=False)


def test_a_clear_difference_has_a_return() -> None:
    chosen, control = GroupSums(360, 80, 90, 900_000), GroupSums(40, 2, 2, 20_000)
    result = judge_result(chosen, control, GAVE, LONG)
    assert result.verdict == "more_came"
    assert result.more_minor == 900_000 - 180_000
    assert result.return_on_cost == 18
    assert (result.chosen.rate, result.control.rate) == (Fraction(2, 9), Fraction(1, 20))


def test_fewer_may_have_come_and_then_it_cost_twice() -> None:
    result = judge_result(GroupSums(360, 10, 10, 9_000), GroupSums(40, 20, 20, 20_000), GAVE, LONG)
    assert result.verdict == "fewer_came"
    assert result.return_on_cost is not None
    assert result.return_on_cost < 0


def test_without_a_clear_difference_nothing_is_claimed() -> None:
    chosen, control = GroupSums(360, 40, 44, 400_000), GroupSums(40, 4, 4, 30_000)
    result = judge_result(chosen, control, GAVE, LONG)
    assert (result.verdict, result.more_minor) == ("no_clear_difference", None)
    assert result.return_on_cost is None


STARTS, ENDS = date(2026, 11, 1), date(2026, 11, 20)
EVEN = GroupSums(360, 40, 44, 400_000), GroupSums(40, 4, 4, 30_000)
FEW = GroupSums(33, 1, 1, 4_900), GroupSums(3)


@pytest.mark.parametrize(
    ("groups", "today", "was_ended", "verdict", "days"),
    [
        (EVEN, date(2026, 10, 30), False, "too_early", 0),
        (EVEN, STARTS, False, "too_early", 1),
        (EVEN, date(2026, 11, 6), False, "too_early", 6),
        (EVEN, date(2026, 11, 7), False, "no_clear_difference", 7),
        (EVEN, STARTS, True, "no_clear_difference", 1),
        (FEW, STARTS, False, "too_early", 1),
        (FEW, date(2026, 11, 7), False, "too_few", 7),
        (FEW, date(2026, 12, 1), False, "too_few", 20),
    ],
)
def test_nothing_is_called_even_before_it_could_have_shown(
    groups: tuple[GroupSums, GroupSums], today: date, was_ended: bool, verdict: str, days: int
) -> None:
    run = run_until(today, STARTS, ENDS, was_ended=was_ended)
    result = judge_result(*groups, GAVE, run)
    assert (result.verdict, result.days, result.more_minor) == (verdict, days, None)


def test_without_a_control_group_there_is_nothing_to_compare() -> None:
    result = judge_result(GroupSums(360, 300, 300, 900_000), GroupSums(), GAVE, LONG)
    assert (result.verdict, result.return_on_cost) == ("no_control", None)
    assert judge_result(GroupSums(), GroupSums(3, 1, 1, 5), GAVE, LONG).verdict == "no_control"
    assert GroupSums().rate == 0


def test_nothing_given_has_no_return() -> None:
    chosen, control = GroupSums(360, 80, 90, 900_000), GroupSums(40, 2, 2, 20_000)
    assert judge_result(chosen, control, OfferSums(), LONG).return_on_cost is None


def test_a_large_group_is_read_in_parts() -> None:
    parts = [GroupSums(200, 20, 21, 5_000), GroupSums(160, 60, 69, 7_000)]
    assert sum_up(parts) == GroupSums(360, 80, 90, 12_000)


def test_sales_count_from_the_publishing_on_the_first_day_and_whole_days_after_it() -> None:
    first, last = date(2026, 11, 21), date(2026, 11, 30)
    days = SaleDays(first, last, since_ms=1_000)
    assert (days.has(first, 999), days.has(first, 1_000)) == (False, True)
    assert days.has(last, 999), "at a till whose clock is slow"
    assert not days.has(date(2026, 11, 20), 1_000)
    assert not days.has(date(2026, 12, 1), 1_000)
