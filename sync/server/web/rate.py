"""Rates: token buckets for devices and addresses.

Owns: how much of a bucket is left. Does not own: how large it is (ports.py), who is asked.
Each worker counts for itself: a limit is there against madness, not for accounting.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from sync.server.web.ports import Rate
from sync.server.web.problem import Trouble

BUCKETS_MAX = 20_000
"""The longest unused one goes first: a full one, most likely."""


@dataclass
class Buckets:
    """One bucket for each name. Only the event loop touches it."""

    rate: Rate
    _left: OrderedDict[str, tuple[float, int]] = field(default_factory=OrderedDict)

    def take(self, name: str, now_ms: int) -> None:
        """Take one. Raises Trouble(too_many) with the seconds until there is one again."""
        left = self._now(name, now_ms)
        if left < 1:
            seconds = -int(-(1 - left) // self.rate.per_second)
            raise Trouble("too_many", retry_after_s=max(1, seconds))
        self._keep(name, left - 1, now_ms)

    def is_empty(self, name: str, now_ms: int) -> bool:
        """Whether `take` would refuse."""
        return self._now(name, now_ms) < 1

    def _now(self, name: str, now_ms: int) -> float:
        left, at_ms = self._left.get(name, (float(self.rate.burst), now_ms))
        refilled = max(0, now_ms - at_ms) * self.rate.per_second / 1000
        return min(float(self.rate.burst), left + refilled)

    def _keep(self, name: str, left: float, now_ms: int) -> None:
        self._left[name] = (left, now_ms)
        self._left.move_to_end(name)
        if len(self._left) > BUCKETS_MAX:
            self._left.popitem(last=False)
