"""How long a program's worst basket takes: the best of three, and what is too long."""

from __future__ import annotations

from itertools import chain, repeat

import pytest

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.program_speed import WORST_CASE_MS_MAX, slow_at_worst, worst_case_ms
from tests.domain.program_texts import HEAD, TIERS


def shop_program() -> Program:
    program = decode_program(HEAD + TIERS)
    assert isinstance(program, Program), program
    return program


def test_the_best_of_three_counts_in_whole_milliseconds() -> None:
    readings = [(0, 9_000_000), (20_000_000, 24_999_999), (40_000_000, 52_000_000)]
    ticks = chain.from_iterable(readings)
    assert worst_case_ms(shop_program(), lambda: next(ticks)) == 4
    assert list(ticks) == [], "measured three times"


def test_a_stopwatch_that_does_not_move_is_no_mistake_of_the_program() -> None:
    stands = repeat(7)
    assert worst_case_ms(shop_program(), lambda: next(stands)) == 0


@pytest.mark.parametrize(
    ("took_ms", "is_slow"),
    [
        pytest.param(0, False, id="at once"),
        pytest.param(WORST_CASE_MS_MAX, False, id="just in time"),
        pytest.param(WORST_CASE_MS_MAX + 1, True, id="too long"),
    ],
)
def test_more_than_the_limit_is_a_problem_of_the_offers(took_ms: int, is_slow: bool) -> None:
    problem = slow_at_worst(took_ms)
    assert (problem is not None) is is_slow
    if problem is not None:
        assert problem.path == "offers"
        assert f"{took_ms} ms, more than {WORST_CASE_MS_MAX}" in problem.cure
