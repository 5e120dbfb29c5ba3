"""Points: a type of their own, never money.

Owns: the Points value and a bucket of points with the month it lives to.
Does not own: earning (earning.py), worth at the till (redemption.py), the account (account.py).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.months import Month


@dataclass(frozen=True, slots=True, order=True)
class Points:
    """A whole number of loyalty points; may be negative (a change, a debt)."""

    count: int

    def __post_init__(self) -> None:
        if type(self.count) is not int:
            raise TypeError(f"Points needs a whole number (int), got {self.count!r}")

    def __add__(self, other: Points) -> Points:
        return Points(self.count + other.count)

    def __sub__(self, other: Points) -> Points:
        return Points(self.count - other.count)

    def __neg__(self) -> Points:
        return Points(-self.count)

    def __bool__(self) -> bool:
        return self.count != 0


NO_POINTS = Points(0)


@dataclass(frozen=True, slots=True, order=True)
class PointsBucket:
    """Points that live to the last day of one month (inclusive)."""

    expires: Month
    points: Points
