"""Back-off: how long a lane waits after a failure.

Owns: the limits of waiting, full jitter, what the server asked for. Does not own: what counts as a
failure (push.py, pull.py), clocks and chance (arguments).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from sync.protocol import PULL_WAIT_S_MAX

Chance: TypeAlias = Callable[[], float]
"""The next of a row of numbers in [0, 1): seeded in a simulation, of the machine in a shop."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Everything the heart is limited by, in one place (times in milliseconds)."""

    retry_min_ms: int = 1_000
    retry_max_ms: int = 300_000
    promise_max_ms: int = 3_600_000
    """A Retry-After of a year is somebody's mistake; nobody waits longer than this for it."""
    spread_ms: int = 30_000
    watchdog_ms: int = 60_000
    pull_wait_s: int = PULL_WAIT_S_MAX
    """How long a server may let a pull wait for news."""
    window: int = 400
    """Ops looked at for one batch; more where many of them have to wait."""


@dataclass(slots=True)
class BackOff:
    """The time before which nothing is tried (monotonic), and the failures in a row."""

    chance: Chance
    limits: Limits
    due_ms: int = 0
    failures: int = 0
    promised_ms: int = 0
    """Not before this: the server said so."""

    def fail(self, now_ms: int, retry_after_s: float | None = None) -> None:
        """Wait: as long as the server says, or by chance up to twice as long as the last time."""
        self.failures += 1
        if retry_after_s is not None:
            wait_ms = min(max(int(retry_after_s * 1000), 0), self.limits.promise_max_ms)
            self.promised_ms = now_ms + wait_ms
        else:
            wait_ms = retry_delay_ms(self.failures, self.chance(), self.limits)
        self.due_ms = max(now_ms + wait_ms, self.promised_ms)

    def good(self) -> None:
        """It went well: nothing to wait for."""
        self.failures = self.due_ms = self.promised_ms = 0

    def hurry(self, now_ms: int, spread_ms: int = 0) -> None:
        """Somebody had an answer, or asks: try by then at the latest, keeping the promise."""
        soon = now_ms + int(self.chance() * spread_ms)
        self.due_ms = max(min(self.due_ms, soon), self.promised_ms)


def retry_delay_ms(failures: int, chance: float, limits: Limits) -> int:
    """Full jitter: by chance anything up to a ceiling that doubles, within the limits."""
    ceiling_ms = min(limits.retry_max_ms, limits.retry_min_ms << min(failures, 30))
    return max(limits.retry_min_ms, int(chance * ceiling_ms))
