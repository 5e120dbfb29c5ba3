"""The room of a till's line: what main.py hands in of an open till.

Owns: that value. Does not own: what is made of it (joined.py, late.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.domain.moment import Moment
from sync.till.ports import DeviceKey, ReadSnapshot, TillLane


@dataclass(frozen=True, slots=True)
class TillRoom:
    """What main.py hands in of an open till."""

    lane: TillLane
    now: Callable[[], Moment]
    keys: DeviceKey
    read_snapshot: ReadSnapshot
    workspace: Path
    """A folder of the till's own, for snapshots on their way."""
    language: str = "zh-CN"
    """Of sentences the server says."""
    has_cable: bool = False
    """A demo, where a person may pull it."""
