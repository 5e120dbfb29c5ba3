"""One clock for every process of a run: the machine's, moved ahead, so that an hour passes at once.

Owns: how far it was moved (eight bytes in a file that all of them map). Does not own: when it is
moved (run.py). Wall and monotonic time move together, as on machines that were left alone.
"""

from __future__ import annotations

import mmap
import struct
import time
from collections.abc import Callable
from pathlib import Path

from app.devices.machine import boot_id
from app.domain.moment import Moment

_MOVED = struct.Struct("<q")
_NS_PER_MS = 1_000_000


def _unknown() -> int | None:
    return None


class SharedClock:
    """Fits the clocks of till, lanes and server."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(_MOVED.pack(0))
        with file.open("r+b") as opened:
            self._moved = mmap.mmap(opened.fileno(), _MOVED.size)
        self.offset_ms: Callable[[], int | None] = _unknown
        """The server's, as the till's line measured it."""

    def move(self, by_ms: int) -> None:
        """Ahead, for everybody. Only the process that runs the others does it."""
        _MOVED.pack_into(self._moved, 0, self._moved_ms() + by_ms)

    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        return time.time_ns() // _NS_PER_MS + self._moved_ms()

    def monotonic_ms(self) -> int:
        """Milliseconds since this machine started, and what was added."""
        return time.monotonic_ns() // _NS_PER_MS + self._moved_ms()

    def now(self) -> Moment:
        """As the till asks for it."""
        return Moment(self.wall_ms(), self.monotonic_ms(), boot_id(), self.offset_ms())

    def _moved_ms(self) -> int:
        moved: int = _MOVED.unpack_from(self._moved)[0]
        return moved
