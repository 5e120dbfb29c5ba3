"""Practice: what the window asks of whoever can open the other till (main.py hands it in).

Owns: that port, running the making beside the window. Does not own: the making
(app/commands/training.py).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Literal, Protocol

from PySide6.QtCore import QObject, Signal, Slot

Way = Literal["practice", "real"]


class Practice(Protocol):
    """The way between the real till and the one to practise at."""

    @property
    def is_here(self) -> bool:
        """Whether this window is the practice till's."""
        ...

    @property
    def is_begun(self) -> bool:
        """Whether somebody has practised there before, and would go on."""
        ...

    def throw_away(self) -> None:
        """The next practice begins with everything undone."""
        ...

    def make(self, tell: Callable[[int, int], None], is_cancelled: Callable[[], bool], /) -> bool:
        """Make the practice till where it has to be; False: cancelled. Any thread."""
        ...

    def leave_for(self, wanted: Way, /) -> None:
        """Close this window; the other till's opens."""
        ...


class Making(QObject):
    """The making on a thread of its own: a big shop takes seconds.

    Signals:
        told: How far it is. args: done, of.
        made: It is there, and nobody has cancelled it meanwhile.
        failed: arg: the error.
        ended: It was cancelled.
    """

    told = Signal(int, int)
    made = Signal()
    ended = Signal()
    failed = Signal(object)
    _over = Signal(bool)

    def __init__(self, practice: Practice, parent: QObject) -> None:
        super().__init__(parent)
        self._practice = practice
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._over.connect(self._tell_end)

    @property
    def is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin, unless it is under way."""
        if self.is_running:
            return
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="practice", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop after the piece under way."""
        self._stop.set()

    def wait(self) -> None:
        """Stop and wait until the thread is gone."""
        self.cancel()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            is_made = self._practice.make(self.told.emit, self._stop.is_set)
        except Exception as error:  # noqa: BLE001 (the window says it; a thread has nobody else)
            self.failed.emit(error)
            return
        self._over.emit(is_made)

    @Slot(bool)
    def _tell_end(self, is_made: bool) -> None:
        """On the window's thread, as cancelling is: whoever has left is never taken along."""
        (self.made if is_made and not self._stop.is_set() else self.ended).emit()
