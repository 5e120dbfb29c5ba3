"""Confirmed days: the business date of each fact, as everybody will count it.

Owns: when the date a till stated is believed, and what stands in its place where it is not: a
date outside the span of its neighbours is replaced, and never becomes a bound for others. Pure.
Does not own: clocks, the till's own judgement (app.domain.business_day), where heads are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.business_day import ShopTime, business_day
from app.domain.moment import Moment

AHEAD_MS_MAX = 15 * 60_000
"""A till whose clock is ahead of ours by no more may have reached its midnight before us."""
_OLDEST = timedelta(days=400)
"""A till keeps its facts so long: the first one of a chain cannot be older."""
_NEAR = timedelta(days=1)
"""A date and its clock may lie apart by so much: where a shop begins its day is its own affair."""


@dataclass(frozen=True, slots=True)
class Stated:
    """When a fact happened, as its till said."""

    day: date
    clock: Moment


@dataclass(frozen=True, slots=True)
class DaysConfirmed:
    """One day per fact, and the last moment that was believed."""

    days: tuple[date, ...]
    last: Moment | None


def confirm_days(
    stated: Sequence[Stated], last: Moment | None, now_ms: int, shop: ShopTime
) -> DaysConfirmed:
    """Confirm the dates of facts that follow each other in one chain.

    `last`: the last moment believed in that chain. The neighbours of a fact are what was believed
    before it, and behind it whatever clock is not before that, at most our own.
    """
    latest = business_day(Moment(now_ms + AHEAD_MS_MAX, 0, ""), shop)
    by_clock = [_day_by(each.clock, shop) for each in stated]
    lowest_behind = _lowest_behind(by_clock, latest)
    first = None if last is None else business_day(last, shop)
    days: list[date] = []
    for index, each in enumerate(stated):
        least = first or latest - _OLDEST
        until = lowest_behind[index]
        if until < least:
            until = min((day for day in by_clock[index + 1 :] if day >= least), default=latest)
            until = max(least, min(until, latest))
        # A till that once was far ahead goes on with that date; its clock tells that it is wrong.
        doubted = least <= by_clock[index] <= until and abs(each.day - by_clock[index]) > _NEAR
        if least <= each.day <= until and not doubted:
            days.append(each.day)
            if least <= by_clock[index] <= until:
                last, first = each.clock, by_clock[index]
        else:
            days.append(_derived(each, by_clock[index], last, shop, (least, until)))
    return DaysConfirmed(tuple(days), last)


def _day_by(clock: Moment, shop: ShopTime) -> date:
    """What a clock says, however far off."""
    try:
        return business_day(clock, shop)
    except OverflowError:
        return date.max if clock.wall_ms > 0 else date.min


def _lowest_behind(by_clock: Sequence[date], latest: date) -> list[date]:
    """Per fact the lowest date of the clocks behind it."""
    lowest, found = latest, []
    for day in reversed(by_clock):
        found.append(lowest)
        lowest = min(lowest, day)
    return found[::-1]


def _derived(
    fact: Stated,
    by_clock: date,
    last: Moment | None,
    shop: ShopTime,
    span: tuple[date, date],
) -> date:
    """By the time that went by since the last believed moment, else by the clock, else at once."""
    least, until = span
    if last is None:
        return by_clock if least <= by_clock <= until else until
    went_by_ms = fact.clock.monotonic_ms - last.monotonic_ms
    if fact.clock.boot_id == last.boot_id and went_by_ms >= 0:
        since = replace(last, wall_ms=last.wall_ms + went_by_ms)
        return min(business_day(since, shop), until)
    return by_clock if least <= by_clock <= until else least
