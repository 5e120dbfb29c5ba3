"""Replay: what is left of the points, month by month.

Owns: buckets, debt and held points on a day, from the sums an account keeps. Each month's taken
comes from the oldest bucket then alive, so a debt is paid once and for good and expiry is never
a fact. Does not own: the sums (account.py), which gifts count (view.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.months import Month
from app.domain.points import Points, PointsBucket


@dataclass(frozen=True, slots=True)
class HeldPoints:
    """Points that may first be used on `usable_from`, and live to the end of `expires`."""

    usable_from: date
    expires: Month
    points: int


@dataclass(frozen=True, slots=True)
class Debt:
    """Points taken in a month beyond what was there, not recovered yet."""

    month: Month
    points: int


@dataclass(frozen=True, slots=True)
class Gain:
    """Points of one expiry month as the replay takes them in; months and days as numbers."""

    expires: int
    points: int
    usable: int = 0
    prolonged: bool = False


@dataclass(frozen=True, slots=True)
class PointsLeft:
    """What the replay leaves. `prolonged`: the part of a bucket that was given back once."""

    buckets: tuple[PointsBucket, ...]
    prolonged: Mapping[Month, int]
    held: tuple[HeldPoints, ...]
    debts: tuple[Debt, ...]


def replay(gains: Iterable[Gain], taken: Mapping[int, int], as_of: date) -> PointsLeft:
    """Buckets alive on the day, held points and debts. A negative sum of a month is zero."""
    today = as_of.toordinal()
    free: dict[tuple[int, bool], int] = {}
    held: dict[tuple[int, int], int] = {}
    for gain in gains:
        if gain.usable > today:
            place = (gain.usable, gain.expires)
            held[place] = held.get(place, 0) + gain.points
        else:
            # Of one month what was prolonged goes first: it will not be prolonged again.
            key = (gain.expires, not gain.prolonged)
            free[key] = free.get(key, 0) + gain.points
    left = _positive(free)
    debts = _take_all(left, taken)
    this_month = Month.of(as_of)
    return PointsLeft(
        _buckets(left, this_month),
        {Month(e): n for e, plain, n in left if not plain and n > 0 and e >= this_month.index},
        tuple(
            HeldPoints(date.fromordinal(usable), Month(expires), points)
            for (usable, expires), points in sorted(held.items())
            if points > 0 and expires >= this_month.index
        ),
        debts,
    )


def _positive(free: Mapping[tuple[int, bool], int]) -> list[list[int]]:
    """[month, plain, points] in the order of taking; a month counts by its sum."""
    left = []
    for (expires, plain), points in sorted(free.items()):
        # Whatever one of a month's two parts is short of, the other brings.
        mine = points + min(0, free.get((expires, not plain), 0))
        if mine > 0:
            left.append([expires, plain, mine])
    return left


def _take_all(left: list[list[int]], taken: Mapping[int, int]) -> tuple[Debt, ...]:
    debts = []
    for month, wanted in sorted(taken.items()):
        missing = wanted
        for bucket in left:
            if missing <= 0:
                break
            if bucket[0] >= month:
                used = min(missing, bucket[2])
                bucket[2] -= used
                missing -= used
        if missing > 0:
            debts.append(Debt(Month(month), missing))
    return tuple(debts)


def _buckets(left: list[list[int]], this_month: Month) -> tuple[PointsBucket, ...]:
    alive: dict[int, int] = {}
    for expires, _, points in left:
        if points > 0 and expires >= this_month.index:
            alive[expires] = alive.get(expires, 0) + points
    return tuple(PointsBucket(Month(e), Points(n)) for e, n in sorted(alive.items()))
