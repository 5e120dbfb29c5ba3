"""Opening hours: how much of a time a shop was open, and when so much of it will have gone by.

Owns: hours by weekday and days closed in a time zone, counted in real milliseconds: a night with
daylight saving is as long as it was. Does not own: whose hours these are (complaint_rules.py),
which clocks count by them (complaint_clock.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

DAY_MINUTES = 24 * 60
LOOKED_AHEAD_DAYS = 400
"""A shop that opens on none of them is taken as always open from then on."""
_Minute = Annotated[int, Meta(ge=0, le=DAY_MINUTES)]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_DAY = timedelta(days=1)


class OpenSpan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hours of some weekdays (1 = Monday), in minutes of the day.

    `closes` at or before `opens` lies on the next day; 0 to 1440 is the whole day.
    """

    days: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    opens: _Minute
    closes: _Minute


class OpeningHours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a shop is open. No spans: always."""

    zone: str = "Asia/Shanghai"
    spans: tuple[OpenSpan, ...] = ()
    closed: tuple[date, ...] = ()
    """Days on which it does not open: holidays, stock-taking."""


def open_ms(hours: OpeningHours, start_ms: int, end_ms: int) -> int:
    """How much of the time from start to end the shop was open."""
    if not hours.spans:
        return max(0, end_ms - start_ms)
    before_end = takewhile(lambda window: window[0] < end_ms, _windows(hours, start_ms))
    return sum(max(0, min(closes, end_ms) - max(opens, start_ms)) for opens, closes in before_end)


def after_open_ms(hours: OpeningHours, start_ms: int, length_ms: int) -> int:
    """The moment at which so much opening time has gone by since `start_ms`."""
    left = length_ms
    if not hours.spans:
        return start_ms + left
    at = start_ms
    for opens, closes in _windows(hours, start_ms, LOOKED_AHEAD_DAYS):
        at = max(opens, start_ms)
        room = max(0, closes - at)
        if room and left <= room:
            return at + left
        left -= room
        at = max(at, closes)
    return at + left


def opens_on_ms(hours: OpeningHours, day: date) -> int:
    """When it first opens on this day, or on the next on which it does."""
    midnight = _instant(_zone_of(hours), day, 0)
    return after_open_ms(hours, midnight, 0)


def _zone_of(hours: OpeningHours) -> ZoneInfo:
    """A zone that this machine does not know (any more) counts as the world's."""
    try:
        return ZoneInfo(hours.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _windows(
    hours: OpeningHours, start_ms: int, most_days: int | None = None
) -> Iterator[tuple[int, int]]:
    """Open times in their order, none overlapping another, from the one that `start_ms` may lie in.

    Without `most_days` they never end where the shop never opens: whoever asks stops.
    """
    zone = _zone_of(hours)
    day = (_EPOCH + start_ms * _MS).astimezone(zone).date() - _DAY
    gone, done_ms = 0, 0
    while most_days is None or gone < most_days:
        mine = sorted(_of_day(hours, zone, day))
        if not mine:
            # A place in the order all the same: who waits for an end comes by.
            at = _instant(zone, day, 0)
            mine = [(at, at)]
        for opens, closes in mine:
            opens = max(opens, done_ms)
            done_ms = max(opens, closes)
            yield opens, done_ms
        day, gone = day + _DAY, gone + 1


def _of_day(hours: OpeningHours, zone: ZoneInfo, day: date) -> Iterator[tuple[int, int]]:
    if day in hours.closed:
        return
    for span in hours.spans:
        if day.isoweekday() in span.days:
            over_night = span.closes <= span.opens
            ends = span.closes + DAY_MINUTES if over_night else span.closes
            yield _instant(zone, day, span.opens), _instant(zone, day, ends)


def _instant(zone: ZoneInfo, day: date, minutes: int) -> int:
    """The wall time of so many minutes after a day's midnight; of an hour that comes twice the
    first, and one that is left out counts as the hour behind it."""
    days, rest = divmod(minutes, DAY_MINUTES)
    hour, minute = divmod(rest, 60)
    local = datetime.combine(day + days * _DAY, time(hour, minute), tzinfo=zone)
    return (local.astimezone(UTC) - _EPOCH) // _MS
