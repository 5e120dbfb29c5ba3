"""The lane as two kinds of askers see it: work of several units, and the window.

Owns: waiting for each unit of work at the lowest priority, so that a sale always goes first
(WaitingLane fits the services' port Lane); telling the window's own commits from those of others.
Does not own: the lane (lane.py). Neither is used on the lane thread.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from app.store.changes import Changes
from app.store.lane import StoreLane
from app.store.turn import Priority
from app.store.unit_of_work import UnitOfWork

T = TypeVar("T")

DRAWING_S = 0.03
"""As long as the window takes to draw an answer, where nobody fights it for the interpreter."""


class WaitingLane:
    """Runs a unit of work and waits for its answer."""

    def __init__(self, lane: StoreLane, priority: Priority = Priority.BACKGROUND) -> None:
        self._lane = lane
        self._priority = priority

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        """One transaction; raises what the work raised, or a StoreError."""
        return self._lane.submit(work, priority=self._priority).result()


class WindowLane:
    """What the window submits to; it knows its own commits again."""

    def __init__(self, lane: StoreLane) -> None:
        self._lane = lane
        lane.let_draw(DRAWING_S)

    def submit(self, work: Callable[[UnitOfWork], T], /) -> Future[T]:
        """One unit of work of the cashier: it goes first."""
        return self._lane.submit(work, initiator=self)

    def read(self, work: Callable[[UnitOfWork], T], /) -> Future[T]:
        """Look something up."""
        return self._lane.read(work)

    def look(self, work: Callable[[UnitOfWork], T], /) -> Future[T]:
        """Look up what takes long: a sale does not wait for it."""
        return self._lane.look(work)

    def tell(self, on_commit: Callable[[Changes, object], None]) -> Callable[..., None]:
        """A subscriber that passes commits of others on.

        The window's own answers carry the new state already.
        """

        def others_only(changes: Changes, initiator: object) -> None:
            if initiator is not self:
                on_commit(changes, initiator)

        return others_only
