"""Adjusting points by hand: what it does to the account, and that taking it back undoes it."""

from __future__ import annotations

from datetime import date

import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, fold
from app.domain.adjusting import adjusting, taking_back
from app.domain.view import view
from tests.domain.heart_builders import MEMBER, a_program, on, op

LIVES = 12


def balance(as_of: str, *items: FoldItem) -> int:
    return view(fold(items), a_program(), on(as_of)).balance


def item(number: int, day: date, *effects: do.Effect) -> FoldItem:
    return FoldItem(op(number), MEMBER, day, effects)


@pytest.mark.parametrize("points", [500, -500])
@pytest.mark.parametrize("undone", ["2026-11-21", "2026-12-03", "2027-04-30"])
def test_what_is_taken_back_leaves_the_balance_as_it_was(points: int, undone: str) -> None:
    had = item(1, on("2026-11-02"), do.Gained(points=2000, expires_in=LIVES))
    done, day = on("2026-11-21"), on(undone)
    adjusted = item(2, done, adjusting(points, LIVES))
    assert balance("2026-11-21", had, adjusted) == 2000 + points
    back = item(3, day, *taking_back(adjusted.effects, done, day, LIVES))
    assert balance(undone, had, adjusted, back) == 2000


def test_points_that_were_spent_meanwhile_are_owed() -> None:
    done = on("2026-11-21")
    given = item(1, done, adjusting(500, LIVES))
    spent = item(2, done, do.Taken(points=400))
    back = item(3, done, *taking_back(given.effects, done, done, LIVES))
    assert balance("2026-11-21", given, spent, back) == -400


def test_points_that_have_lapsed_leave_nothing_to_take_back() -> None:
    given = (adjusting(500, 1),)
    assert taking_back(given, on("2026-11-21"), on("2026-12-31"), LIVES) != ()
    assert taking_back(given, on("2026-11-21"), on("2027-01-01"), LIVES) == ()


def test_only_points_are_ever_given_by_hand() -> None:
    day = on("2026-11-21")
    assert taking_back((do.TierGiven(tier="gold", days=3),), day, day, LIVES) == ()
