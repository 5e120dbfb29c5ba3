"""The world of one seed: its time, its chance, what happens next, and what happened.

Owns: the virtual clock, the agenda, the log that makes two runs of a seed comparable.
Does not own: who lives in it (till.py, network.py), what must hold (invariant.py).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from random import Random

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
STARTS_MS = 1_795_046_400_000
"""Thursday, 19 November 2026, 08:00 in Shanghai: a shop opens."""

Happening = Callable[[], None]


@dataclass(order=True, slots=True)
class _Due:
    at_ms: int
    number: int
    happen: Happening = field(compare=False)
    what: str = field(compare=False)


class World:
    """One seed's time and chance. Everything that is left to chance asks `chance`, in order."""

    def __init__(self, seed: int, begins_days: int = 0) -> None:
        self.seed = seed
        self.begins_ms = STARTS_MS + begins_days * 24 * HOUR_MS
        self.chance = Random(seed)
        self.now_ms = 0
        """Milliseconds since the world began; no clock of it shows anything else."""
        self.faults = 0
        """How many were injected."""
        self._agenda: list[_Due] = []
        self._numbers = count()
        self._log = sha256()
        self._last: list[str] = []

    @property
    def true_wall_ms(self) -> int:
        """What a right clock on a wall shows."""
        return self.begins_ms + self.now_ms

    def after(self, delay_ms: int, what: str, happen: Happening) -> None:
        """Let something happen later; of two at one time the one said first."""
        due = _Due(self.now_ms + max(0, delay_ms), next(self._numbers), happen, what)
        heapq.heappush(self._agenda, due)

    def step(self) -> bool:
        """Let the next thing happen. False: there is nothing left."""
        if not self._agenda:
            return False
        due = heapq.heappop(self._agenda)
        self.now_ms = due.at_ms
        self.note(due.what)
        due.happen()
        return True

    def note(self, what: str) -> None:
        """Write down what happened: two runs of a seed have the same fingerprint."""
        line = f"{self.now_ms} {what}"
        self._log.update(line.encode())
        self._last.append(line)
        if len(self._last) > LINES_KEPT:
            del self._last[: LINES_KEPT // 2]

    def fault(self, what: str) -> None:
        """Write down that something was broken on purpose."""
        self.faults += 1
        self.note(f"fault: {what}")

    def happens(self, share: float) -> bool:
        """Whether a thing of this probability happens now."""
        return self.chance.random() < share

    @property
    def fingerprint(self) -> str:
        """Equal for two runs that went alike."""
        return self._log.hexdigest()[:16]

    @property
    def last_lines(self) -> list[str]:
        """What happened lately, for whoever looks into a failed seed."""
        return self._last[-LINES_SHOWN:]


LINES_KEPT = 4_000
LINES_SHOWN = 60
