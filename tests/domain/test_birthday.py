"""Birthdays, solar and lunar: tables checked against a printed calendar.

Owns: cases of birthday.py. Does not own: the gift.
"""

from datetime import date

import pytest

from app.domain.birthday import (
    Birthday,
    NoSuchDay,
    birthday_in,
    birthday_this_month,
    check_birthday,
    nearest_birthday,
)
from app.domain.member import BirthdayOn


@pytest.mark.parametrize(
    ("on", "year", "day"),
    [
        pytest.param(BirthdayOn(11, 3), 2026, date(2026, 11, 3), id="solar"),
        pytest.param(BirthdayOn(2, 29), 2028, date(2028, 2, 29), id="leap-year"),
        pytest.param(BirthdayOn(2, 29), 2027, date(2027, 2, 28), id="common-year"),
        pytest.param(BirthdayOn(2, 28), 2027, date(2027, 2, 28), id="28-february"),
        pytest.param(BirthdayOn(1, 1, lunar=True), 2026, date(2026, 2, 17), id="spring-festival"),
        pytest.param(BirthdayOn(8, 15, lunar=True), 2026, date(2026, 9, 25), id="mid-autumn"),
        pytest.param(BirthdayOn(12, 1, lunar=True), 2026, date(2027, 1, 8), id="ends-next-year"),
        pytest.param(
            BirthdayOn(2, 1, lunar=True, leap_month=True), 2023, date(2023, 3, 22),
            id="in-its-leap-month",
        ),
        pytest.param(
            BirthdayOn(2, 1, lunar=True, leap_month=True), 2026, date(2026, 3, 19),
            id="no-leap-month-that-year",
        ),
        pytest.param(
            BirthdayOn(2, 30, lunar=True, leap_month=True), 2023, date(2023, 4, 19),
            id="30th-of-a-month-of-29-days",
        ),
    ],
)  # fmt: skip
def test_the_day_of_a_birthday(on: BirthdayOn, year: int, day: date) -> None:
    assert birthday_in(on, year) == Birthday(year, day)


def test_a_lunar_birthday_may_fall_twice_into_one_solar_year_and_each_is_its_own() -> None:
    first = nearest_birthday(BirthdayOn(12, 1, lunar=True), date(2027, 1, 20))
    second = nearest_birthday(BirthdayOn(12, 1, lunar=True), date(2027, 12, 20))
    assert first == Birthday(2026, date(2027, 1, 8))
    assert second == Birthday(2027, date(2027, 12, 28))


@pytest.mark.parametrize(
    ("as_of", "this_month"),
    [
        pytest.param(date(2026, 9, 1), True, id="first-of-the-month"),
        pytest.param(date(2026, 9, 30), True, id="last-of-the-month"),
        pytest.param(date(2026, 10, 1), False, id="a-day-later"),
        pytest.param(date(2025, 10, 6), True, id="another-year-another-month"),
    ],
)
def test_the_month_of_a_lunar_birthday(as_of: date, this_month: bool) -> None:
    birthday = birthday_this_month(BirthdayOn(8, 15, lunar=True), as_of)
    assert (birthday is not None) == this_month


@pytest.mark.parametrize(
    ("on", "exists"),
    [
        (BirthdayOn(2, 29), True),
        (BirthdayOn(2, 30), False),
        (BirthdayOn(4, 31), False),
        (BirthdayOn(13, 1), False),
        (BirthdayOn(0, 1), False),
        (BirthdayOn(1, 0), False),
        (BirthdayOn(12, 30, lunar=True), True),
        (BirthdayOn(12, 31, lunar=True), False),
        (BirthdayOn(13, 1, lunar=True), False),
    ],
    ids=lambda value: f"{value.month}-{value.day}" if isinstance(value, BirthdayOn) else "",
)
def test_days_that_exist(on: BirthdayOn, exists: bool) -> None:
    assert check_birthday(on) == (on if exists else NoSuchDay(on.month, on.day))
