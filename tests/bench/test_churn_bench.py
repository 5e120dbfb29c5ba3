"""The evaluation of the churn grade runs, small: on made-up households, fitted before the test."""

from __future__ import annotations

import msgspec
import pytest

from app.domain.churn import ChurnModel
from app.services.churn import load_churn_model
from tests.bench.churn import MODEL, auc, evaluate, fit, households_at, model_text, report
from tests.bench.household_year import SPLIT, day_of, made_up_year


@pytest.mark.no_cover
def test_the_grade_foretells_more_than_the_last_visit() -> None:
    year = made_up_year(400)
    shipped = load_churn_model(MODEL)
    fitted = fit(year, shipped)
    tested = evaluate(year, fitted)
    assert tested.households > 200
    assert tested.auc > tested.auc_days_since > 0.5
    low, middle, high = (lost / max(count, 1) for count, lost in tested.grades.values())
    assert low < high
    assert low <= middle
    assert sum(count for count, _ in tested.grades.values()) == tested.households
    assert "AUC of the grade" in report(year, tested)
    assert "made up, 400 households" in fitted.fitted
    assert msgspec.toml.decode(model_text(fitted).encode(), type=ChurnModel) == fitted


def test_what_ships_was_fitted_before_what_it_is_evaluate() -> None:
    text = MODEL.read_text("utf-8")
    assert text == model_text(load_churn_model(MODEL)), "written by tests.bench.churn --fit"
    assert "weeks 16, 20, 24, 28" in text


def test_nobody_is_judged_by_what_came_later() -> None:
    year = made_up_year(30)
    for one in households_at(year, SPLIT, 3):
        assert one.seen.days_since >= 0
    early = households_at(year, 140, 3)
    assert day_of(139).isoformat() == "2017-05-20"
    assert len(early) <= len(year.visits)


def test_auc_counts_pairs_in_the_right_order() -> None:
    assert auc([3, 2, 1], [True, False, False]) == 1
    assert auc([1, 2, 3], [True, False, False]) == 0
    assert auc([1, 1], [True, False]) == 0.5
    assert auc([2, 1, 3, 2], [True, True, False, False]) == 0.125
