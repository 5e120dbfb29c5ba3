"""Frame worker: looks at frames on a thread of its own, always at the newest.

Owns: the thread, dropping frames that came while it looked. Does not own: cameras (qt_camera.py),
finding codes (what it is handed), what a sight means (controller.py).

The window stays free while a frame is looked at, and a slow machine sees fewer frames instead of
old ones.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from weakref import ref

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame
from shiboken6 import isValid

from app.domain.frame import GreyFrame, Sight
from ui.camera.frames import grey_of, preview_of

log = logging.getLogger(__name__)

ReadFrame = Callable[[GreyFrame], Sight]


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one frame."""

    preview: QImage
    sight: Sight


class FrameWorker(QObject):
    """One for one opening of the camera; `stop` it.

    Signals:
        looked: arg: Looked. Emitted on the worker's thread, received on the receiver's.
    """

    looked = Signal(object)

    def __init__(self, read: ReadFrame, room: QSize, parent: QObject) -> None:
        """`parent`: on whose thread it goes, with it. Were the thread the last to let go of a
        QObject, Qt would delete it there, amid what the window deletes, and crash."""
        super().__init__(parent)
        self._looking = _Looking(read, room, ref(self))

    def offer(self, frame: QVideoFrame) -> None:
        """A frame came; one that waited is dropped for it."""
        self._looking.offer(QVideoFrame(frame))

    def stop(self) -> None:
        """Look at nothing more; a look under way ends unheard."""
        self._looking.stop()

    def wait(self, seconds: int) -> bool:
        """Wait for the thread to end after `stop`; for tests and the end of the program."""
        self._looking.thread.join(seconds)
        return not self._looking.thread.is_alive()


class _Looking:
    """The thread and what it shares with the window."""

    def __init__(self, read: ReadFrame, room: QSize, worker: ref[FrameWorker]) -> None:
        self._read, self._room, self._worker = read, room, worker
        self._newest: QVideoFrame | None = None
        self._is_over = False
        self._wake = threading.Condition()
        self.thread = threading.Thread(target=self._work, name="camera", daemon=True)
        self.thread.start()

    def offer(self, frame: QVideoFrame) -> None:
        with self._wake:
            self._newest = frame
            self._wake.notify()

    def stop(self) -> None:
        with self._wake:
            self._is_over, self._newest = True, None
            self._wake.notify()

    def _work(self) -> None:
        while (frame := self._next()) is not None:
            try:
                looked = self._look(frame)
            except Exception:  # one bad frame must not end the camera
                log.exception("a frame could not be looked at")
                continue
            if looked is not None:
                self._tell(looked)

    def _next(self) -> QVideoFrame | None:
        with self._wake:
            self._wake.wait_for(lambda: self._is_over or self._newest is not None)
            frame, self._newest = self._newest, None
            return None if self._is_over else frame

    def _look(self, frame: QVideoFrame) -> Looked | None:
        grey = grey_of(frame)
        if grey is None:
            return None
        return Looked(preview_of(grey, self._room), self._read(grey))

    def _tell(self, looked: Looked) -> None:
        # Under the lock: until it is over, and `stop` waits for this, the worker is there.
        with self._wake:
            worker = None if self._is_over else self._worker()
            if worker is not None and isValid(worker):
                worker.looked.emit(looked)
