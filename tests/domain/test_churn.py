"""The churn grade: everybody is measured against his own rhythm."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.churn import (
    NO_MODEL,
    ChurnGrade,
    ChurnModel,
    Rhythm,
    TooFewVisits,
    Weights,
    churn_grade,
    ln_of_one_more,
    log_odds,
    parts,
    rhythm,
)

TODAY = date(2026, 11, 21)
MODEL = ChurnModel(
    "a test", 3, 5, 20,
    Weights(*(Decimal(each) for each in ("-0.4", "-0.4", "-0.9", "-1.0", "0.1"))),
)  # fmt: skip


def seen(*ages: int) -> Rhythm:
    """The rhythm of visits so many days ago."""
    return rhythm([TODAY - timedelta(days=age) for age in ages], len(ages), TODAY)


def grade(*ages: int) -> ChurnGrade:
    answer = churn_grade(MODEL, seen(*ages))
    assert isinstance(answer, ChurnGrade)
    return answer


@pytest.mark.parametrize(
    ("ages", "gap", "silence", "counts"),
    [
        pytest.param((0,), "28", "0", (1, 1, 1), id="once, today: four weeks are usual"),
        pytest.param((9, 9, 9), "28", "0.3214", (1, 1, 1), id="three times on one day"),
        pytest.param((3, 10, 17, 24), "7", "0.4286", (2, 4, 4), id="every week"),
        pytest.param((13, 14), "1", "13", (1, 2, 2), id="day 14 is no longer the fortnight"),
        pytest.param((27, 28), "1", "27", (0, 1, 2), id="day 28 is no longer the month"),
        pytest.param((83, 84), "1", "83", (0, 0, 1), id="day 84 is no longer the season"),
        pytest.param((41, 45, 52, 60), "6.3333", "6.4737", (0, 0, 4), id="silent for long"),
    ],
)
def test_a_rhythm(
    ages: tuple[int, ...], gap: str, silence: str, counts: tuple[int, int, int]
) -> None:
    found = seen(*ages)
    assert (found.usual_gap, found.silence) == (Decimal(gap), Decimal(silence))
    assert (found.visits_14_days, found.visits_28_days, found.visits_84_days) == counts
    assert found.visits == len(ages)


def test_only_the_latest_gaps_say_what_is_usual_now() -> None:
    every_week = tuple(range(0, 7 * 13, 7))
    assert seen(*every_week, 300, 380).usual_gap == 7


@pytest.mark.parametrize(
    ("ages", "expected", "sign"),
    [
        pytest.param((2, 5, 9, 12, 16, 20, 24, 30), "low", "steady", id="comes all the time"),
        pytest.param((20, 34, 48, 62, 76), "middle", "steady", id="every fortnight, a bit late"),
        pytest.param((60, 64, 69, 73), "middle", "silent", id="every four days, then no more"),
        pytest.param((2, *range(29, 84, 5)), "low", "rarer", id="often before, hardly now"),
        pytest.param((13, 14, 15, 16), "low", "steady", id="silence below a fortnight is none"),
        pytest.param((200, 290, 380), "high", "silent", id="every three months, long ago"),
        pytest.param((100, 190, 280), "high", "steady", id="every three months, as always"),
    ],
)
def test_a_grade_and_its_reason(ages: tuple[int, ...], expected: str, sign: str) -> None:
    assert (grade(*ages).grade, grade(*ages).sign) == (expected, sign)


def test_the_longer_the_silence_the_higher_the_odds() -> None:
    odds = [grade(*(age + since for age in (0, 7, 14, 21))).log_odds for since in range(0, 120, 10)]
    assert odds == sorted(odds)
    assert odds[0] < odds[-1]


def test_the_sum_is_the_weights_times_the_parts() -> None:
    weekly = seen(3, 10, 17, 24)
    assert parts(weekly) == (
        Decimal("1.0986"), Decimal("1.6094"), Decimal("1.6094"), Decimal("0.3567"),
    )  # fmt: skip
    assert log_odds(MODEL.weights, weekly) == Decimal("-3.86163")


def test_of_few_visits_nothing_is_said() -> None:
    assert churn_grade(MODEL, seen(3, 10)) == TooFewVisits(2, 3)
    assert isinstance(churn_grade(NO_MODEL, seen(3, 10, 17)), TooFewVisits)


def test_a_visit_after_the_day_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(AssertionError, match="have been"):
        seen(-1)


def test_logarithms_are_exact_to_four_places() -> None:
    assert ln_of_one_more(Decimal(0)) == 0
    assert ln_of_one_more(Decimal(1)) == Decimal("0.6931")
    assert ln_of_one_more(Decimal("0.5")) == Decimal("0.4055")
