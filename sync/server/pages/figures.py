"""Figures of the pages: money, counts, days and times as a customer reads them.

Owns: those texts. Does not own: sentences around them (shown_card.py, gettext), what they count.
The same forms as on the till's screens and on paper.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

MINUS = "\u2212"
_SYMBOLS = {"CNY": "¥", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}


def money(minor: int, *, currency: str, decimals: int) -> str:
    """`¥1,240`, `¥1,234.50`; a currency without a sign of its own by its letters."""
    whole, rest = divmod(abs(minor), 10**decimals)
    figure = f"{whole:,}.{rest:0{decimals}d}" if rest else f"{whole:,}"
    symbol = _SYMBOLS.get(currency, f"{currency} ")
    return f"{MINUS if minor < 0 else ''}{symbol}{figure}"


def count(number: int) -> str:
    """`2,340`, `−300`."""
    return f"{MINUS if number < 0 else ''}{abs(number):,}"


def percent(rate: str) -> str:
    """`30%`, `12.5%` of a fraction as a program writes it."""
    return f"{(Decimal(rate) * 100).normalize():f}%"


def clock(value: datetime) -> str:
    """`2026-11-21 18:02`."""
    return f"{value.date().isoformat()} {value.hour:02d}:{value.minute:02d}"
