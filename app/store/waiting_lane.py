"""The lane for work that takes several units: nightly work, an import, a verification.

Owns: waiting for each unit of work at the lowest priority, so that a sale always goes first.
Does not own: the lane (lane.py). Fits the services' port Lane. Never used on the lane thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.store.lane import Priority, StoreLane
from app.store.unit_of_work import UnitOfWork

T = TypeVar("T")


class WaitingLane:
    """Runs a unit of work and waits for its answer."""

    def __init__(self, lane: StoreLane, priority: Priority = Priority.BACKGROUND) -> None:
        self._lane = lane
        self._priority = priority

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """One transaction; raises what the work raised, or a StoreError."""
        return self._lane.submit(work, priority=self._priority).result()
