"""Formatting: figures and dates as people read them.

Owns: every place where a value becomes text on the screen.
Does not own: reading what people type (kit/fields.py, domain/money.py), receipts (devices),
masked names (domain/member.py), percentages off (services/rule_words.py).
"""

from datetime import date, datetime
from decimal import Decimal

from app.domain.codes import in_fours
from app.domain.money import Money
from app.wording import Wording

MINUS = "\u2212"  # a real minus, as wide as a plus
DOT = "\u22c5"  # the Chinese fonts set U+00B7 a full em wide
_SYMBOLS = {"CNY": ("¥", 2), "USD": ("$", 2), "EUR": ("€", 2), "GBP": ("£", 2), "JPY": ("¥", 0)}
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAYS_ZH = "一二三四五六日"


def decimals(currency: str) -> int:
    """How many figures of an amount stand behind the point."""
    return _SYMBOLS[currency][1]


def money(amount: Money, *, currency: str = "CNY") -> str:
    """`¥1,234.50`, `−¥23.00`."""
    symbol, _ = _SYMBOLS[currency]
    sign = MINUS if amount.minor < 0 else ""
    return f"{sign}{symbol}{_digits(abs(amount.minor), currency)}"


def figure(amount: Money, *, currency: str = "CNY") -> str:
    """The amount without its symbol, for columns: `1,234.50`, `−23.00`."""
    return f"{MINUS if amount.minor < 0 else ''}{_digits(abs(amount.minor), currency)}"


def short_money(amount: Money, *, currency: str = "CNY") -> str:
    """`¥128` where the minor part is zero, else as `money`."""
    symbol, decimals = _SYMBOLS[currency]
    whole, rest = divmod(abs(amount.minor), 10**decimals)
    if rest:
        return money(amount, currency=currency)
    return f"{MINUS if amount.minor < 0 else ''}{symbol}{whole:,}"


def taken_off(amount: Money, *, currency: str = "CNY") -> str:
    """What was saved, as a negative figure: `−7.08`; nothing saved is an empty text."""
    return figure(Money(-abs(amount.minor)), currency=currency) if amount.minor else ""


def points(count: int, *, signed: bool = False) -> str:
    """`2,340`, `−300`; signed: `+409`."""
    if count < 0:
        return f"{MINUS}{-count:,}"
    return f"+{count:,}" if signed else f"{count:,}"


def quantity(amount: Decimal, unit: str = "") -> str:
    """`2`, `0.842 kg`: no zeros at the end, the unit only where there is one."""
    text = f"{amount:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.replace("-", MINUS)
    return f"{text} {unit}" if unit else text


def multiplier(factor: Decimal, wording: Wording) -> str:
    """1.5 -> `1.5 倍` / `1.5×`."""
    return f"{quantity(factor)} 倍" if wording.is_chinese else f"{quantity(factor)}×"


def tax_rate(rate: Decimal) -> str:
    """0.13 -> `13%`."""
    return f"{quantity(rate * 100)}%"


def day(value: date) -> str:
    """`2026-11-21` in every language."""
    return value.isoformat()


def short_day(value: date, wording: Wording) -> str:
    """`11-30` / `Nov 30`, for dates within a year."""
    if wording.is_chinese:
        return f"{value.month:02d}-{value.day:02d}"
    return f"{_MONTHS_EN[value.month - 1]} {value.day}"


def weekday(value: date, wording: Wording) -> str:
    """`星期六` / `Saturday`."""
    if wording.is_chinese:
        return f"星期{_WEEKDAYS_ZH[value.weekday()]}"
    return _WEEKDAYS_EN[value.weekday()]


def clock(value: datetime) -> str:
    """`18:02`."""
    return f"{value.hour:02d}:{value.minute:02d}"


def moment(value: datetime) -> str:
    """`2026-11-21 18:02`."""
    return f"{day(value.date())} {clock(value)}"


def national_phone(number: str) -> str:
    """`+8613800138000` -> `13800138000`; numbers of other countries stay as they are."""
    return number.removeprefix("+86") if len(number) == 14 else number


def masked_phone(number: str) -> str:
    """`+8613800138000` or `13800138000` -> `138****8000`; others keep three and two figures."""
    digits = "".join(c for c in number if c.isascii() and c.isdigit())
    if number.strip().startswith("+86") and len(digits) == 13:
        digits = digits[2:]
    if len(digits) == 11:
        return f"{digits[:3]}****{digits[-4:]}"
    if len(digits) < 7:
        return "*" * len(digits)
    return f"{digits[:3]}{'*' * (len(digits) - 5)}{digits[-2:]}"


def spaced_code(code: str) -> str:
    """A card or receipt number in groups of four, to be read aloud: `M4T9 WK2H 7XQ3 6W`."""
    return in_fours(code)


def shortened_code(code: str) -> str:
    """A scanned code in a sentence: `6901…123`; never more than eight of its characters."""
    return code if len(code) <= 8 else f"{code[:4]}…{code[-3:]}"


def _digits(minor: int, currency: str) -> str:
    _, decimals = _SYMBOLS[currency]
    whole, rest = divmod(minor, 10**decimals)
    return f"{whole:,}.{rest:0{decimals}d}" if decimals else f"{whole:,}"
