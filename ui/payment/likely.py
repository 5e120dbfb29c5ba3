"""Likely amounts: what a customer hands over, or pays as a part. Pure.

Owns: which amounts are offered, and how one is typed. Does not own: their keys (ui/kit/keypad.py).
"""

from __future__ import annotations

from app.domain.money import Money, amount_text
from ui import formatting

_NOTES_MAJOR = (10, 20, 50, 100)
_SMALL_NOTE_MAJOR = 5
_QUICK_MAX = 4


def quick_amounts(due: Money, currency: str) -> tuple[Money, ...]:
    """The exact sum and the notes a customer is likely to hand over for it, ascending."""
    unit = 10 ** formatting.decimals(currency)
    notes = list(_NOTES_MAJOR)
    if due.minor < _SMALL_NOTE_MAJOR * unit:
        notes.insert(0, _SMALL_NOTE_MAJOR)
    if formatting.decimals(currency) == 0:
        notes = [note * 100 for note in notes]
    found = [due.minor]
    for note in (*notes, notes[-1] * 2, notes[-1] * 5):
        step = note * unit
        found.append(-(-due.minor // step) * step)
    above = sorted({minor for minor in found if minor > due.minor})
    return (due, *(Money(minor) for minor in above[: _QUICK_MAX - 1]))


def split_amounts(due: Money, currency: str) -> tuple[Money, ...]:
    """The likely parts: all of it, half of it, and the notes below it, descending."""
    unit = 10 ** formatting.decimals(currency)
    half = -(-due.minor // 2)
    unit = unit * 100 if formatting.decimals(currency) == 0 else unit
    notes = [note * unit for note in (200, 100, 50, 20, 10) if note * unit < due.minor]
    if due.minor < 2:
        return (due,)
    likely = sorted({half, *notes[: _QUICK_MAX - 2]}, reverse=True)
    return (due, *(Money(minor) for minor in likely))


def typed_text(amount: Money, currency: str) -> str:
    """An amount as it would be typed: `120`, `113.40`."""
    return amount_text(amount, formatting.decimals(currency))
