"""The rules of a shift: reasons, moves, over and short, rounds of counting, the clock."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.cash_count import CashCount
from app.domain.moment import Moment
from app.domain.money import AMOUNT_MINOR_MAX, ZERO, Money
from app.domain.shift import (
    DIFFERENCE_REASONS,
    MOVE_REASONS,
    AmountRefused,
    ClockDrifts,
    ClosedShift,
    ReasonRefused,
    SavedCount,
    Shift,
    check_left,
    check_move,
    check_reason,
    clock_drift,
    is_above,
)
from app.domain.shift_fact import Move

DAY = date(2026, 11, 21)
SHIFT = Shift("s1", DAY, 1_000, "li", "li", "CNY", Money(45_000))


@pytest.mark.parametrize(
    ("reason", "note", "refused"),
    [
        pytest.param("miscount", "", None, id="from the list"),
        pytest.param("other", "多给了一位老人", None, id="other with words"),
        pytest.param("other", "", ReasonRefused("note", "note_missing"), id="other without"),
        pytest.param("", "", ReasonRefused("reason", "unknown_reason"), id="none"),
        pytest.param("theft", "", ReasonRefused("reason", "unknown_reason"), id="not of the list"),
        pytest.param("miscount", "零" * 100, None, id="a hundred characters"),
        pytest.param("miscount", "零" * 101, ReasonRefused("note", "note_too_long"), id="a novel"),
        pytest.param("miscount", "a\nb", ReasonRefused("note", "note_lines"), id="two lines"),
    ],
)
def test_a_reason(reason: str, note: str, refused: ReasonRefused | None) -> None:
    assert check_reason(reason, note, DIFFERENCE_REASONS) == refused


def test_every_list_of_reasons_ends_with_other() -> None:
    lists = (DIFFERENCE_REASONS, *MOVE_REASONS.values())
    assert {reasons[-1] for reasons in lists} == {"other"}


@pytest.mark.parametrize(
    ("move", "minor", "refused"),
    [
        pytest.param("in", 10_000, None, id="change from the bank"),
        pytest.param("out", 5_000, None, id="all there is"),
        pytest.param("drop", 5_001, AmountRefused("more_than_in_drawer"), id="more than there is"),
        pytest.param("out", 0, AmountRefused("zero"), id="nothing"),
        pytest.param("in", -100, AmountRefused("negative"), id="the other way"),
        pytest.param("in", AMOUNT_MINOR_MAX + 1, AmountRefused("too_large"), id="a bank's worth"),
    ],
)
def test_a_move(move: Move, minor: int, refused: AmountRefused | None) -> None:
    assert check_move(move, Money(minor), Money(5_000)) == refused


@pytest.mark.parametrize(
    ("left", "refused"),
    [(0, None), (5_000, None), (5_001, AmountRefused("more_than_counted")),
     (-1, AmountRefused("negative"))],
)  # fmt: skip
def test_what_stays_is_at_most_what_is_there(left: int, refused: AmountRefused | None) -> None:
    assert check_left(Money(left), Money(5_000)) == refused


@pytest.mark.parametrize(
    ("difference", "above"), [(2_000, False), (-2_000, False), (2_001, True), (-2_001, True)]
)
def test_over_and_short_are_judged_alike(difference: int, above: bool) -> None:
    assert is_above(Money(difference), Money(2_000)) is above


@pytest.mark.parametrize(
    ("offset", "drift"),
    [
        pytest.param(None, None, id="never synced"),
        pytest.param(600_000, None, id="ten minutes behind"),
        pytest.param(600_001, ClockDrifts(600_001), id="more"),
        pytest.param(-600_001, ClockDrifts(-600_001), id="ahead"),
    ],
)
def test_a_clock_far_from_the_server_is_said(offset: int | None, drift: ClockDrifts | None) -> None:
    assert clock_drift(Moment(1, 2, "boot", offset)) == drift


def test_one_recount_a_round_and_all_are_kept() -> None:
    first = SavedCount(1, 1, 5, "li", CashCount(((100, 3),)), Money(500))
    assert first.difference == Money(-200)
    counted = replace(SHIFT, counts=(first,), is_counting=True)
    assert (SHIFT.counts_left, counted.counts_left) == (2, 1)
    anew = replace(counted, round=2, is_counting=False)
    assert anew.counts_left == 2
    assert anew.counts_of_round == ()
    assert anew.counts == (first,)


def test_left_open_over_midnight() -> None:
    assert not SHIFT.is_over_midnight(DAY)
    assert not SHIFT.is_over_midnight(date(2026, 11, 20)), "a clock that was set back"
    assert SHIFT.is_over_midnight(date(2026, 11, 22))


def test_over_and_short_of_a_closed_shift() -> None:
    done = ClosedShift(
        "s1", "z1", 7, DAY, 1, 2, "li", 40, Money(99), ZERO, Money(500), Money(480), Money(300)
    )
    assert done.over_short == Money(-20)
