"""The churn grade in words: the grade, and what a person can check."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.domain.churn import ChurnGrade, TooFewVisits, churn_grade, rhythm
from app.services.answers import NotAllowed
from app.services.churn import NoProfileWanted, load_churn_model
from tests.real_shop import RESOURCES, words_for
from ui.member.churn_words import churn_words

TODAY = date(2026, 11, 21)
MODEL = load_churn_model(RESOURCES / "models" / "churn.toml")


def graded(*ages: int) -> ChurnGrade:
    answer = churn_grade(
        MODEL, rhythm([TODAY - timedelta(days=age) for age in ages], len(ages), TODAY)
    )
    assert isinstance(answer, ChurnGrade)
    return answer


@pytest.mark.parametrize(
    ("ages", "zh", "en"),
    [
        pytest.param(
            (100, 107, 114, 121), "高 ⋅ 通常每 7 天来一次，已 100 天没来",
            "High ⋅ usually here every 7 days, not here for 100 days", id="silent",
        ),
        pytest.param(
            (2, *range(29, 84, 5)), "低 ⋅ 通常每 7 天来一次，最近 28 天只来了 1 次",
            "Low ⋅ usually here every 7 days, only 1 visit in the last 28 days", id="rarer",
        ),
        pytest.param(
            (1, 2, 3, 4, 5, 6), "低 ⋅ 通常每 1 天来一次，1 天前来过",
            "Low ⋅ usually here every 1 day, last here 1 day ago", id="steady",
        ),
    ],
)  # fmt: skip
def test_the_grade_and_its_reason(ages: tuple[int, ...], zh: str, en: str) -> None:
    assert churn_words(graded(*ages), words_for("zh_CN")) == zh
    assert churn_words(graded(*ages), words_for("en")) == en


def test_why_there_is_no_grade() -> None:
    en = words_for("en")
    assert churn_words(TooFewVisits(1, 3), en) == "Not known before 3 visits"
    assert churn_words(NoProfileWanted("m"), en) == "Not judged: the member does not want it"
    assert churn_words(NotAllowed("member_note"), en) == ""
    assert churn_words(None, en) == ""


def test_purchases_that_do_not_count_are_named_where_they_would_seem_enough() -> None:
    en = words_for("en")
    early = "Not known before 3 visits"
    assert churn_words(TooFewVisits(1, 3), en, 2) == early
    said = churn_words(TooFewVisits(0, 3), en, 7)
    assert said == f"{early}; purchases brought along or made elsewhere do not count"
