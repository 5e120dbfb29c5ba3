"""Adjusting points by hand: what giving, taking and taking back do to an account. Pure.

Owns: those effects, and what is left to be taken back. Does not own: who may (rights.py), the fact
(facts.py), the entries they make (points_ledger.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from app.domain import effects as do
from app.domain.months import Month

POINTS_MAX = 1_000_000
"""More at once is a slip of the hand."""


def adjusting(points: int, lives_months: int) -> do.Gained | do.Taken:
    """Points given (positive) or taken. Given ones live as long as any earned now."""
    if points < 0:
        return do.Taken(points=-points)
    return do.Gained(points=points, expires_in=lives_months)


def taking_back(
    effects: Iterable[do.Effect], done: date, today: date, lives_months: int
) -> tuple[do.Effect, ...]:
    """What undoes an adjustment of that day; nothing where its points have lapsed already.

    Points that were given leave the month they live to, so whoever has spent them owes them. Points
    that were taken come back: within the month they were never taken, later they are given anew.
    """
    months = Month.of(today).minus(Month.of(done))
    undone: list[do.Effect] = []
    for effect in effects:
        match effect:
            case do.Gained() if effect.expires_in >= months:
                undone.append(
                    do.Gained(points=-effect.points, expires_in=effect.expires_in - months)
                )
            case do.Taken() if months == 0:
                undone.append(do.Taken(points=-effect.points))
            case do.Taken():
                undone.append(do.Gained(points=effect.points, expires_in=lives_months))
            case _:
                pass  # nothing else is ever given by hand
    return tuple(undone)
