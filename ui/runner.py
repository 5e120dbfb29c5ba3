"""Runner: work leaves the GUI thread here, and its answer comes back here.

Owns: handing work to the store lane or to a few threads of its own, delivering answers on the GUI
thread, knowing what is under way.
Does not own: the store lane and its order (app/store/lane.py), what work does.

The signal that carries an answer belongs to an object made in the GUI thread, so its receivers run
there. Answers for a receiver that was deleted meanwhile are dropped. Only the GUI thread holds the
receivers: another one that let go of a QObject last would delete it amid what the window does.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from itertools import count
from typing import Any, NamedTuple, Protocol, TypeVar
from weakref import ref

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")
_ASIDE_THREADS = 4


class Lane(Protocol):
    """What the runner needs of the store lane; any executor fits."""

    def submit(self, work: Callable[..., Any], /) -> Future[Any]:
        """Take the work in; it runs later, on the lane's own thread."""
        ...

    def look(self, work: Callable[..., Any], /) -> Future[Any]:
        """Take in what only reads, and may take long; no sale waits for it."""
        ...


class _Receiver(NamedTuple):
    """Whom an answer is for. `counts`: what is under way, one more or less."""

    counts: Callable[[int], None]
    on_done: Callable[[Any], object]
    on_error: Callable[[BaseException], object] | None


class _WayHome:
    """The way of answers to the GUI thread, until it is closed. Every thread may hold it.

    Nothing is under way on it once `close` has returned: a signal that is emitted while Qt deletes
    its receiver, and each of both waits for a lock of the other, is the end of the window.
    """

    def __init__(self, runner: "Runner") -> None:
        self._runner: ref[Runner] | None = ref(runner)
        self._turn = threading.Lock()

    def send(self, number: int, future: "Future[Any]") -> None:
        """Called by the worker's thread."""
        with self._turn:
            runner = None if self._runner is None else self._runner()
            if runner is not None and isValid(runner):
                runner.arrived.emit((number, future))
            del runner

    def close(self) -> None:
        with self._turn:
            self._runner = None


class Runner(QObject):
    """Make it in the GUI thread, with the lane that owns the database.

    Signals:
        busy_changed: Work began in the lane while none was under way, or its last answer arrived.
            arg: whether something is under way there. Work aside is not told: whoever asked a
            terminal says so himself, and meanwhile the till takes no scans.
        arrived: An answer, from any thread; for the runner itself.
    """

    busy_changed = Signal(bool)
    arrived = Signal(object)

    def __init__(self, lane: Lane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = lane
        self._aside: ThreadPoolExecutor | None = None
        self._in_lane = self._beside = 0
        self._receivers: dict[int, _Receiver] = {}
        self._numbers, self._way_home = count(), _WayHome(self)
        self._is_closed = False
        self._home = threading.current_thread()
        self.arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether any answer is awaited, from the lane or from beside it."""
        return self._in_lane + self._beside > 0

    def run(
        self,
        work: Callable[..., Answer],
        on_done: Callable[[Answer], object],
        on_error: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do work in the lane, which hands it what it hands every work. Never blocks.

        One of the callbacks follows, on the GUI thread; prefer bound methods of a QObject: they
        are dropped with it. Without `on_error` an exception is logged.
        """
        self._watch(self._lane.submit(work), self._count, on_done, on_error)

    def look(
        self,
        work: Callable[..., Answer],
        on_done: Callable[[Answer], object],
        on_error: Callable[[BaseException], object] | None = None,
    ) -> None:
        """As `run`, for what only reads and may take long: after all that was asked before, but no
        sale waits for it.
        """
        self._watch(self._lane.look(work), self._count, on_done, on_error)

    def run_aside(
        self,
        work: Callable[[], Answer],
        on_done: Callable[[Answer], object],
        on_error: Callable[[BaseException], object] | None = None,
    ) -> None:
        """Do slow work that does not touch the store (a payment terminal), beside the lane; none
        any more once it is closed: a timer may come due while the window goes.
        """
        if self._is_closed:
            return
        if self._aside is None:
            self._aside = ThreadPoolExecutor(_ASIDE_THREADS, thread_name_prefix="aside")
        self._watch(self._aside.submit(work), self._count_beside, on_done, on_error)

    def wait_for(self, work: Callable[..., Answer]) -> Answer:
        """Do work in the lane and wait: only for what runs aside already, never the GUI thread."""
        assert threading.current_thread() is not self._home, "the window never waits for the lane"
        answer: Answer = self._lane.submit(work).result()
        return answer

    def wait_for_look(self, work: Callable[..., Answer]) -> Answer:
        """As `wait_for`, for what only reads."""
        assert threading.current_thread() is not self._home, "the window never waits for the lane"
        answer: Answer = self._lane.look(work).result()
        return answer

    def close(self) -> None:
        """No answer is delivered any more; work under way finishes by itself."""
        self._is_closed = True
        self._way_home.close()
        self._receivers.clear()
        if self._aside is not None:
            self._aside.shutdown(wait=False, cancel_futures=True)

    def _watch(
        self,
        future: "Future[Any]",
        counts: Callable[[int], None],
        on_done: Callable[[Any], object],
        on_error: Callable[[BaseException], object] | None,
    ) -> None:
        assert threading.current_thread() is self._home, "ask the runner from the GUI thread"
        counts(1)
        number = next(self._numbers)
        self._receivers[number] = _Receiver(counts, on_done, on_error)
        future.add_done_callback(partial(self._way_home.send, number))

    @Slot(object)
    def _deliver(self, parcel: tuple[int, "Future[Any]"]) -> None:
        number, future = parcel
        receiver = self._receivers.pop(number, None)
        if receiver is None:  # closed
            return
        receiver.counts(-1)
        if future.cancelled():
            return
        error = future.exception()
        if error is None:
            if is_alive(receiver.on_done):
                receiver.on_done(future.result())
        elif receiver.on_error is None:
            log.error("work failed and nobody waits for it", exc_info=error)
        elif is_alive(receiver.on_error):
            receiver.on_error(error)

    def _count(self, step: int) -> None:
        was_busy = self._in_lane > 0
        self._in_lane += step
        if was_busy != (self._in_lane > 0):
            self.busy_changed.emit(self._in_lane > 0)

    def _count_beside(self, step: int) -> None:
        self._beside += step


def is_alive(callback: Callable[..., object]) -> bool:
    """False for a method of a QObject that Qt has deleted."""
    owner = getattr(callback, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)
