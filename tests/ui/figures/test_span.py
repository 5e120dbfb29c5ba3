"""Spans of the figures: what each choice means on a day, what was typed, where an arrow leads."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from app.domain.figures import Days
from ui.chart_view import steps
from ui.figures.marks import Mark, Shape, kept, moved
from ui.figures.span import NotASpan, read_span, span_of

SATURDAY = date(2026, 11, 21)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("period", "today", "days", "beside"),
    [
        ("today", "2026-11-21", "2026-11-21 2026-11-21", "2026-11-14 2026-11-14"),
        ("yesterday", "2026-11-21", "2026-11-20 2026-11-20", "2026-11-13 2026-11-13"),
        ("week", "2026-11-21", "2026-11-16 2026-11-21", "2026-11-09 2026-11-14"),
        ("month", "2026-11-21", "2026-11-01 2026-11-21", "2026-10-01 2026-10-21"),
        ("month", "2026-03-31", "2026-03-01 2026-03-31", "2026-02-01 2026-02-28"),
        ("last_month", "2026-11-21", "2026-10-01 2026-10-31", "2026-09-01 2026-09-30"),
        ("quarter", "2026-11-21", "2026-10-01 2026-11-21", "2026-07-01 2026-08-21"),
        ("year", "2026-11-21", "2026-01-01 2026-11-21", "2025-01-01 2025-11-21"),
        ("last_year", "2026-11-21", "2025-01-01 2025-12-31", "2024-01-01 2024-12-31"),
    ],
)
def test_a_choice_is_set_beside_as_much_of_what_was_before(
    period: str, today: str, days: str, beside: str
) -> None:
    found = span_of(period, day(today))  # type: ignore[arg-type]  # one of the choices
    assert found.days == Days(*map(day, days.split()))
    assert found.beside == Days(*map(day, beside.split()))


def test_what_is_typed_is_read_or_said_to_be_no_span() -> None:
    read = read_span(" 2026/11/1 ", "2026.11.30")
    assert not isinstance(read, NotASpan)
    assert read.days == Days(day("2026-11-01"), day("2026-11-30"))
    assert read.beside == Days(day("2026-10-01"), day("2026-10-31"))
    wrong = [("下周", "2026-11-30"), ("2026-11-01", "2026-02-30"), ("2026-11-02", "2026-11-01"),
             ("2016-11-21", "2026-11-21")]  # fmt: skip
    told = [read_span(*each) for each in wrong]
    assert [(each.field, each.why) for each in told if isinstance(each, NotASpan)] == [
        ("first", "not_a_day"), ("last", "not_a_day"), ("last", "ends_before"),
        ("first", "too_long"),
    ]  # fmt: skip


def test_the_arrows_reach_every_figure_and_never_leave_the_board() -> None:
    shape = Shape(5, 20, (9, 6, 8))
    mark, seen = Mark(), []
    for way in ("right",) * 6 + ("down", "left", "down", "down", "right", "up", "up", "up"):
        mark = moved(mark, way, shape)
        seen.append(mark)
    assert seen[5] == Mark("tile", 4)
    assert seen[6:9] == [Mark("point", 19), Mark("point", 18), Mark("line", 2, 0)]
    assert seen[9:] == [
        Mark("line", 2, 1), Mark("line", 2, 1), Mark("line", 2, 0), Mark("point", 19),
        Mark("tile", 4),
    ]  # fmt: skip
    reached = set()
    for panel, lines in enumerate(shape.panels):
        reached |= {Mark("line", panel, line) for line in range(lines)}
    walked = set()
    for panel in range(len(shape.panels)):
        mark = Mark("line", panel, 0)
        for _ in range(10):
            walked.add(mark)
            mark = moved(mark, "down", shape)
    assert walked == reached


def test_rows_of_the_table_are_walked_up_and_down_and_empty_charts_are_passed() -> None:
    table = Shape(5, 2, (1, 1, 1), is_table=True)
    assert moved(Mark("tile", 3), "down", table) == Mark("point", 0)
    assert moved(Mark("point", 0), "down", table) == Mark("point", 1)
    assert moved(Mark("point", 1), "right", table) == Mark("point", 1)
    assert moved(Mark("point", 1), "down", table).zone == "line"
    assert moved(Mark("line", 1, 0), "up", table) == Mark("point", 1)
    empty = Shape(5, 0, (2, 1, 1))
    assert moved(Mark("tile", 1), "down", empty) == Mark("line", 1, 0)
    assert moved(Mark("line", 1, 0), "up", empty) == Mark("tile", 1)
    assert kept(Mark("point", 7), empty) == Mark("tile", 0)
    assert kept(Mark("line", 0, 8), empty) == Mark("line", 0, 1)


@pytest.mark.parametrize("highest", [0, 1, 7, 99, 101, 2_065, 48_000, 1_000_001])
def test_an_axis_ends_above_what_it_shows_in_few_round_steps(highest: int) -> None:
    told = steps(highest)
    assert told[0] == 0
    assert told[-1] >= max(1, highest)
    assert 2 <= len(told) <= 6
    assert len({b - a for a, b in pairwise(told)}) == 1
