"""Span: the days a person asks figures for, and those they are compared with. Pure.

Owns: the choices, what each means on a day, reading a span that was typed. Does not own: figures of
a span (app/services/figures.py), the words of the choices (view_model.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from app.domain.figures import Days, days_before, month_of
from app.domain.months import Month
from app.services.figures import SPAN_DAYS_MAX

Period = Literal[
    "today", "yesterday", "week", "month", "last_month", "quarter", "year", "last_year", "own"
]
PERIODS: tuple[Period, ...] = (
    "today", "yesterday", "week", "month", "last_month", "quarter", "year", "last_year", "own",
)  # fmt: skip
_WEEK = timedelta(days=7)
_QUARTER, _YEAR = 3, 12


@dataclass(frozen=True, slots=True)
class Span:
    """A choice, its days, and the days beside them."""

    period: Period
    days: Days
    beside: Days


def span_of(period: Period, today: date) -> Span:
    """What a choice means today. A day is set beside that of the week before; what is not over yet
    beside as much of the one before."""
    match period:
        case "today" | "yesterday" | "own":
            day = today if period != "yesterday" else today - timedelta(days=1)
            return Span(period, Days(day, day), Days(day - _WEEK, day - _WEEK))
        case "week":
            first = today - timedelta(days=today.weekday())
            return Span(period, Days(first, today), Days(first - _WEEK, today - _WEEK))
        case "month":
            return _so_far(period, Month.of(today), today, 1)
        case "last_month":
            days = month_of(month_of(today).first - timedelta(days=1))
            return Span(period, days, days_before(days))
        case "quarter":
            month = Month.of(today)
            return _so_far(period, month.plus(-(month.index % _QUARTER)), today, _QUARTER)
        case "year":
            return _so_far(period, Month.of(date(today.year, 1, 1)), today, _YEAR)
        case "last_year":
            days, before = _year(today.year - 1), _year(today.year - 2)
            return Span(period, days, before)


def _so_far(period: Period, month: Month, today: date, months: int) -> Span:
    """From the first of this month to today, beside as many days of the time before."""
    first, earlier = month.first_day, month.plus(-months).first_day
    last = min(earlier + (today - first), first - timedelta(days=1))
    return Span(period, Days(first, today), Days(earlier, last))


def _year(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


def span_between(first: date, last: date) -> Span:
    """A span somebody typed, beside as much before it."""
    days = Days(first, last)
    return Span("own", days, days_before(days))


@dataclass(frozen=True, slots=True)
class NotASpan:
    """What was typed is none. `field`: which of the two it stands beside."""

    field: Literal["first", "last"]
    why: Literal["not_a_day", "ends_before", "too_long"]
    most_days: int = SPAN_DAYS_MAX


def read_span(first: str, last: str) -> Span | NotASpan:
    """From two typed days: `2026-11-01`, `2026/11/1`."""
    begins, ends = _day(first), _day(last)
    if begins is None:
        return NotASpan("first", "not_a_day")
    if ends is None:
        return NotASpan("last", "not_a_day")
    if ends < begins:
        return NotASpan("last", "ends_before")
    if Days(begins, ends).count > SPAN_DAYS_MAX:
        return NotASpan("first", "too_long")
    return span_between(begins, ends)


def _day(text: str) -> date | None:
    parts = text.strip().replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError):
        return None
