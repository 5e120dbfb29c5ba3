"""The library: what may be written into it, and which of several facts counts."""

from __future__ import annotations

import pytest

from app.domain.complaint_fact import SolutionNoted
from app.domain.moment import Moment
from app.domain.solution import SolutionRefused, check_solution, latest, solution_of
from tests.domain.heart_builders import STORE, op
from tests.domain.test_facts import DAY


def noted(
    number: int, wall_ms: int, offset_ms: int | None = None, title: str = "短秤"
) -> SolutionNoted:
    return SolutionNoted(
        op_id=op(number), store=STORE, day=DAY, clock=Moment(wall_ms, 1, "boot", offset_ms),
        solution=op(1), topic="weight", title=title, problem="少了", answer="复称",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("texts", "refused"),
    [
        (("短秤", "水果少了", "复称补差"), None),
        ((" ", "水果少了", "复称补差"), SolutionRefused("title", "empty", 80)),
        (("短" * 81, "水果少了", "复称补差"), SolutionRefused("title", "too_long", 80)),
        (("短秤", "", "复称补差"), SolutionRefused("problem", "empty", 2000)),
        (("短秤", "水果少了", ""), SolutionRefused("answer", "empty", 2000)),
        (
            ("短秤", "138 0013-8000 说少了", "复称"),
            SolutionRefused("problem", "names_a_person", 2000),
        ),
        (("短秤", "2026-11 称 03 少 200 g", "复称"), None),
    ],
)
def test_what_may_be_written(texts: tuple[str, str, str], refused: SolutionRefused | None) -> None:
    assert check_solution(*texts) == refused


def test_the_latest_word_counts_by_the_server_s_time() -> None:
    early, late = noted(2, 1_000, 9_000), noted(3, 5_000)
    assert latest((late, early)) == early
    assert latest((noted(4, 5_000), late)).op_id == op(4)
    assert solution_of(early).title == "短秤"
