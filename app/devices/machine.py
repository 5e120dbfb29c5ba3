"""The machine itself as a device: its clocks and its chance.

Owns: reading wall and monotonic time, the boot id, measuring work, and making random ids (fits
the ports Clock, Stopwatch and Ids). Does not own: what the times mean (moment.py,
business_day.py), the form of ids (ids.py).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from app.domain import codes, ids
from app.domain.moment import Moment

_NS_PER_MS = 1_000_000
_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def _unknown() -> int | None:
    return None


class SystemClock:
    """The clocks of this machine. The server's offset is not known before there is a server."""

    def __init__(self, offset_ms: Callable[[], int | None] = _unknown) -> None:
        self._offset_ms = offset_ms

    def now(self) -> Moment:
        """Wall and monotonic time in milliseconds, and which boot the latter counts from."""
        return Moment(
            wall_ms=time.time_ns() // _NS_PER_MS,
            monotonic_ms=time.monotonic_ns() // _NS_PER_MS,
            boot_id=boot_id(),
            offset_ms=self._offset_ms(),
        )


def work_ns() -> int:
    """Nanoseconds this thread has worked: neither waiting nor other threads count."""
    return time.thread_time_ns()


class SystemIds:
    """Chance from the operating system."""

    def op_id(self, wall_ms: int) -> str:
        """A new UUIDv7."""
        return ids.uuid7(wall_ms, secrets.randbits(ids.RANDOM_BITS))

    def code_bits(self) -> int:
        """Bits for a new card, coupon or badge."""
        return secrets.randbits(codes.RANDOM_BITS)


@cache
def boot_id() -> str:
    """The boot monotonic time counts from; without one this process (shorter, never wrong)."""
    try:
        return _LINUX_BOOT_ID.read_text("ascii").strip()
    except OSError:
        return f"process-{secrets.token_hex(8)}"
