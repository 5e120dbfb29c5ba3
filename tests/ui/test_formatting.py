"""Values as text."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from app import wording
from app.domain.money import Money
from ui import formatting as f

ZH, EN = wording.load("zh_CN"), wording.load("en")

CASES = [
    (f.money(Money(123450)), "¥1,234.50"),
    (f.money(Money(-2300)), "−¥23.00"),
    (f.money(Money(0)), "¥0.00"),
    (f.money(Money(5)), "¥0.05"),
    (f.money(Money(1500), currency="JPY"), "¥1,500"),
    (f.figure(Money(-708)), "−7.08"),
    (f.figure(Money(123456789)), "1,234,567.89"),
    (f.short_money(Money(12800)), "¥128"),
    (f.short_money(Money(12850)), "¥128.50"),
    (f.short_money(Money(-500)), "−¥5"),
    (f.taken_off(Money(708)), "−7.08"),
    (f.taken_off(Money(-708)), "−7.08"),
    (f.taken_off(Money(0)), ""),
    (f.points(2340), "2,340"),
    (f.points(409, signed=True), "+409"),
    (f.points(-300, signed=True), "−300"),
    (f.quantity(Decimal(2)), "2"),
    (f.quantity(Decimal(10)), "10"),
    (f.quantity(Decimal("2.000")), "2"),
    (f.quantity(Decimal("0.842"), "kg"), "0.842 kg"),
    (f.quantity(Decimal("1E+2")), "100"),
    (f.quantity(Decimal("-0.5")), "−0.5"),
    (f.multiplier(Decimal("1.50"), ZH), "1.5 倍"),
    (f.multiplier(Decimal(2), EN), "2×"),
    (f.tax_rate(Decimal("0.13")), "13%"),
    (f.day(date(2026, 11, 21)), "2026-11-21"),
    (f.short_day(date(2026, 11, 3), ZH), "11-03"),
    (f.short_day(date(2026, 11, 3), EN), "Nov 3"),
    (f.weekday(date(2026, 11, 21), ZH), "星期六"),
    (f.weekday(date(2026, 11, 21), EN), "Saturday"),
    (f.moment(datetime(2026, 11, 21, 8, 2)), "2026-11-21 08:02"),  # noqa: DTZ001 - shown as given
    (f.masked_phone("13800138000"), "138****8000"),
    (f.masked_phone("+8613800138000"), "138****8000"),
    (f.masked_phone("+442079460123"), "442*******23"),
    (f.masked_phone("12345"), "*****"),
    (f.masked_phone(""), ""),
    (f.spaced_code("M4T9WK2H7XQ36W"), "M4T9 WK2H 7XQ3 6W"),
    (f.shortened_code("6901234567123"), "6901…123"),
    (f.shortened_code("TEA-250"), "TEA-250"),
]


@pytest.mark.parametrize(
    ("shown", "wanted"), CASES, ids=[str(case[1]) or "empty" for case in CASES]
)
def test_shown_as(shown: str, wanted: str) -> None:
    assert shown == wanted
