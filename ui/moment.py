"""Moment: wall times of sync as the shop reads them.

Owns: the day is said only where it is not today. Does not own: how a time looks (formatting.py).
"""

from __future__ import annotations

from datetime import datetime

from app.domain.moment import Moment
from ui import formatting
from ui.window_parts import WindowParts


def local_time(wall_ms: int, parts: WindowParts) -> datetime:
    """By the shop's clock."""
    return Moment(wall_ms, 0, "").local(parts.shop.desk.state.program.timezone)


def time_words(at: datetime, now: datetime) -> str:
    """`18:43`; on another day `2026-11-20 18:43`."""
    return formatting.clock(at) if at.date() == now.date() else formatting.moment(at)
