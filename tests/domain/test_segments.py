"""Scores and segments: cut by quantiles or thresholds, named by the first rule that fits."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app.domain.person_figures import DayVisit, PersonLife, life_of
from app.domain.segments import (
    DEFAULT_RULES,
    Rfm,
    Scores,
    SegmentRules,
    check_rules,
    cuts_of,
    rfm_of,
    scores_of,
    segment_of,
)

DAY = date(2026, 11, 21)
BY_STEPS = SegmentRules(by="thresholds")


def bought(*visits: tuple[int, int], contact: int | None = None) -> PersonLife:
    """Bought so many days ago for so much; heard of last so many days ago."""
    days = [DayVisit(DAY - timedelta(days=ago), 1, minor) for ago, minor in visits]
    days += [] if contact is None else [DayVisit(DAY - timedelta(days=contact))]
    return life_of(days)


def test_equal_values_have_equal_scores_and_fifths_the_rest() -> None:
    people = [Rfm(day, day, 100 * day) for day in range(1, 11)]
    cuts = cuts_of(people, DEFAULT_RULES)
    scores = [scores_of(each, cuts) for each in people]
    assert [each.recency for each in scores] == [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    assert [each.frequency for each in scores] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert [each.money for each in scores] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert scores[0].text == "511"
    assert cuts_of([], DEFAULT_RULES).recency == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("rfm", "scores"),
    [
        pytest.param(Rfm(14, 16, 300_000), Scores(5, 5, 5), id="just the best"),
        pytest.param(Rfm(15, 15, 299_999), Scores(4, 4, 4), id="just below"),
        pytest.param(Rfm(90, 1, 0), Scores(2, 1, 1), id="the last day before the worst"),
        pytest.param(Rfm(91, 0, -5), Scores(1, 1, 1), id="worst"),
    ],
)
def test_thresholds_are_what_the_shop_said(rfm: Rfm, scores: Scores) -> None:
    assert scores_of(rfm, cuts_of([], BY_STEPS)) == scores


@pytest.mark.parametrize(
    ("life", "segment"),
    [
        pytest.param(bought((90, 900_000)), "dormant", id="dormant whatever he spent"),
        pytest.param(bought((29, 900_000), (1, 500)), "new", id="new"),
        pytest.param(
            bought(*[(day, 50_000) for day in range(1, 200, 12)]), "high_value", id="high value"
        ),
        pytest.param(bought((130, 1_000), (40, 5_000)), "growing", id="growing"),
        pytest.param(bought((200, 1_000), (65, 1_000)), "needs_attention", id="long away"),
        pytest.param(bought((130, 9_000), (20, 1_000)), "needs_attention", id="spends less"),
        pytest.param(bought((130, 2_000), (20, 2_000)), "steady", id="as before"),
    ],
)
def test_a_segment_is_the_first_that_fits(life: PersonLife, segment: str) -> None:
    found = segment_of(life, DAY, cuts_of([], BY_STEPS), BY_STEPS)
    assert found is not None
    assert found.segment == segment


def test_silent_is_whoever_was_not_heard_of_either() -> None:
    cuts = cuts_of([], BY_STEPS)
    away, asked = bought((200, 100)), bought((200, 100), contact=10)
    for life, is_silent in ((away, True), (asked, False)):
        found = segment_of(life, DAY, cuts, BY_STEPS)
        assert found is not None
        assert found.segment == "dormant"
        assert found.is_silent == is_silent


def test_nobody_is_judged_before_his_first_purchase() -> None:
    cuts = cuts_of([], BY_STEPS)
    assert segment_of(bought(contact=3), DAY, cuts, BY_STEPS) is None
    assert rfm_of(bought((1, 100)), DAY - timedelta(days=5)) is None


def test_the_window_is_this_month_and_the_twelve_before_less_what_came_back() -> None:
    life = life_of(
        [
            DayVisit(date(2025, 10, 31), 1, 700),
            DayVisit(date(2025, 11, 1), 2, 900),
            DayVisit(date(2026, 11, 20), 1, 300, 100, 1),
        ]
    )
    assert rfm_of(life, DAY) == Rfm(1, 2, 1100)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"purchases": (2, 4, 8)}, ("purchases", "not_four")),
        ({"recency_days": (30, 14, 60, 90)}, ("recency_days", "not_rising")),
        ({"money_minor": (100, 100, 200, 300)}, ("money_minor", "not_rising")),
        ({"money_minor": (0, 100, 200, 300)}, ("money_minor", "not_positive")),
        ({"dormant_days": 0}, ("dormant_days", "not_positive")),
    ],
)
def test_rules_nobody_could_follow_are_named(
    change: dict[str, object], problem: tuple[str, str]
) -> None:
    assert check_rules(msgspec.structs.replace(DEFAULT_RULES, **change)) == (problem,)
    assert check_rules(DEFAULT_RULES) == ()
