"""Birthdays: solar or lunar, and on which solar day one falls.

Owns: the day a birthday falls on near a date, and whether a date lies in its month.
Does not own: the record (member.py), the gift (authority.py). The only user of lunar_python.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lunar_python import Lunar, LunarMonth, LunarYear

from app.domain.member import BirthdayOn

_MONTH_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LUNAR_DAYS_MAX = 30


@dataclass(frozen=True, slots=True)
class Birthday:
    """One birthday: its solar day, and the calendar's year it belongs to.

    A lunar year ends in the next solar one, so `year` (and not the day's) names the gift.
    """

    year: int
    day: date


@dataclass(frozen=True, slots=True)
class NoSuchDay:
    """There is no such day in that calendar: 30 February, a 31st of a lunar month."""

    month: int
    day: int


def check_birthday(on: BirthdayOn) -> BirthdayOn | NoSuchDay:
    """Whether such a day exists in any year of its calendar."""
    longest = _LUNAR_DAYS_MAX if on.lunar else _MONTH_DAYS[on.month - 1 : on.month]
    most = longest if isinstance(longest, int) else max(longest, default=0)
    fits = 1 <= on.month <= 12 and 1 <= on.day <= most
    return on if fits else NoSuchDay(on.month, on.day)


@lru_cache(maxsize=4096)  # a lunar day takes milliseconds to find; a shop has some hundred of them
def birthday_in(on: BirthdayOn, year: int) -> Birthday:
    """The birthday of one year of its calendar.

    29 February falls on the 28th in common years; a 30th of a lunar month of 29 days on its last;
    a leap month's day on the ordinary month in years without that leap month.
    """
    if not on.lunar:
        day = 28 if (on.month, on.day) == (2, 29) and not isleap(year) else on.day
        return Birthday(year, date(year, on.month, day))
    leaps = on.leap_month and LunarYear.fromYear(year).getLeapMonth() == on.month
    month = -on.month if leaps else on.month
    last = LunarMonth.fromYm(year, month).getDayCount()
    solar = Lunar.fromYmd(year, month, min(on.day, last)).getSolar()
    return Birthday(year, date(solar.getYear(), solar.getMonth(), solar.getDay()))


def nearest_birthday(on: BirthdayOn, as_of: date) -> Birthday:
    """The birthday nearest to a date: just gone, today or to come (ties: to come)."""
    around = [birthday_in(on, as_of.year + step) for step in (1, 0, -1)]
    return min(around, key=lambda birthday: abs((birthday.day - as_of).days))


def birthday_this_month(on: BirthdayOn, as_of: date) -> Birthday | None:
    """The birthday that falls in the date's month, if one does."""
    nearest = nearest_birthday(on, as_of)
    same = (nearest.day.year, nearest.day.month) == (as_of.year, as_of.month)
    return nearest if same else None
