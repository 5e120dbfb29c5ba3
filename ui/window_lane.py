"""The window's lane, for work that waits for it in a thread of its own.

Owns: that shape, once for work that writes and once for what only reads. Does not own: the threads
(ui/runner.py), the lane.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from app.services.ports import UnitOfWork
from ui.runner import Runner

T = TypeVar("T")


class WindowLane:
    """Runs each unit on the lane and waits. Never on the window's thread."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        return self._runner.wait_for(work)


class ReadingLane:
    """The same of units that only read: no sale waits for them."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner

    def run(self, work: Callable[[UnitOfWork], T]) -> T:
        return self._runner.wait_for_look(work)
