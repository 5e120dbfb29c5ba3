"""Turns: in which order the store lane does what was handed in.

Owns: the queue, who goes first, and that the work behind the scenes lets the window draw.
Does not own: doing it (lane.py).
"""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

QUIETS_MAX = 2
"""Scans faster than the window draws hold back the work behind the scenes no longer than this."""


class Priority(IntEnum):
    """Who goes first. Within one priority: first come, first served."""

    CHECKOUT = 0
    DESK = 10
    BACKGROUND = 20


_LAST = 1_000


@dataclass(order=True, slots=True)
class Job:
    """Something handed in, and how to refuse it."""

    priority: int
    number: int
    run: Callable[[], object] = field(compare=False)
    refuse: Callable[[Exception], None] = field(compare=False)

    @property
    def is_last(self) -> bool:
        """Nothing comes after it: the lane ends."""
        return self.priority == _LAST


class Turns:
    """Jobs come in from any thread and go out to the one that does them."""

    def __init__(self) -> None:
        self._jobs: queue.PriorityQueue[Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._gate = threading.Lock()
        self._closing = self._is_cashiers = False
        self._quiet_s = self._quiet_until_s = 0.0
        self._held_until_s: float | None = None

    def put(
        self, priority: int, run: Callable[[], object], refuse: Callable[[Exception], None]
    ) -> bool:
        """Hand something in; False: the lane closes, nothing is taken any more."""
        with self._gate:
            if not self._closing:
                self._jobs.put(Job(priority, next(self._numbers), run, refuse))
            return not self._closing

    def close(self) -> None:
        """Take nothing any more; after what was handed in comes the last job."""
        with self._gate:
            if not self._closing:
                self._jobs.put(Job(_LAST, next(self._numbers), lambda: None, lambda _: None))
            self._closing = True

    def let_draw(self, quiet_s: float) -> None:
        """As StoreLane.let_draw."""
        self._quiet_s = quiet_s

    # -- on the lane thread

    def next(self, timeout_s: float | None) -> Job | None:
        """The job to do now; None: there was nothing for so long."""
        try:
            job = self._whose_turn(self._jobs.get(timeout=timeout_s))
        except queue.Empty:
            return None
        self._is_cashiers = job.priority == Priority.CHECKOUT
        return job

    def next_checkout(self) -> Job | None:
        """What the cashier waits for now, if anything."""
        try:
            job = self._jobs.get_nowait()
        except queue.Empty:
            return None
        if job.priority == Priority.CHECKOUT:
            return job
        self._jobs.put(job)
        return None

    def is_waited_for(self) -> bool:
        """Whether anything more urgent than the work behind the scenes waits now."""
        # The first of the heap, read without its lock: whoever comes a moment later is seen next.
        jobs = self._jobs.queue
        return bool(jobs) and jobs[0].priority < Priority.BACKGROUND

    def is_cashiers(self) -> bool:
        """Whether what is done now is waited for by the cashier. From any thread."""
        return self._is_cashiers

    def done(self, job: Job) -> None:
        """After an answer to the cashier begins the time to draw it."""
        self._is_cashiers = False
        if job.priority == Priority.CHECKOUT:
            self._quiet_until_s = time.monotonic() + self._quiet_s

    def _whose_turn(self, job: Job) -> Job:
        """Background work only once the last answer had its time.

        Whatever more urgent comes meanwhile goes first, and what waited waits on, but not for ever.
        """
        waiting = [job]
        while waiting[-1].priority == Priority.BACKGROUND and (rest_s := self._quiet_rest_s()) > 0:
            try:
                waiting.append(self._jobs.get(timeout=rest_s))
            except queue.Empty:
                break
        waiting.sort()
        for later in waiting[1:]:
            self._jobs.put(later)
        if waiting[0].priority == Priority.BACKGROUND:
            self._held_until_s = None
        return waiting[0]

    def _quiet_rest_s(self) -> float:
        """For how long background work has to wait from now on."""
        now_s = time.monotonic()
        if self._held_until_s is None:
            self._held_until_s = now_s + QUIETS_MAX * self._quiet_s
        return min(self._quiet_until_s, self._held_until_s) - now_s
