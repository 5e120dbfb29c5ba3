"""Workers: the threads in which transactions run, so that the event loop never waits for a disk.

Owns: how many run and wait at one time. Does not own: transactions (../database.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from sync.server.web.problem import BUSY_SECONDS, Trouble

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Workers:
    """A bounded number of threads behind a bounded queue."""

    limiter: CapacityLimiter
    waiting_max: int

    async def run(self, work: Callable[[], T]) -> T:
        """Run it in a thread. Raises Trouble(busy) where too many wait already."""
        if self.limiter.statistics().tasks_waiting >= self.waiting_max:
            raise Trouble("busy", retry_after_s=BUSY_SECONDS)
        return await to_thread.run_sync(work, limiter=self.limiter)
