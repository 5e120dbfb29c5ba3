"""Freshness: how the last day of goods stands to today.

Owns: telling expired goods from those that end today or soon. Does not own: reading the day from a
label (scanning.py), whether expired goods may be sold (rights.py).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

Freshness = Literal["fresh", "soon", "today", "expired"]


def freshness(expires: date | None, today: date, soon_days: int) -> Freshness:
    """`expires` is the last day, inclusive; no day at all is fresh."""
    if expires is None:
        return "fresh"
    left = (expires - today).days
    if left < 0:
        return "expired"
    if left == 0:
        return "today"
    return "soon" if left <= soon_days else "fresh"
