"""Idle lock: locks the till when nobody has touched it for a while; the basket stays.

Owns: noticing keys and taps, the time until the lock. Does not own: the lock (services/staff.py),
the lock screen (the window opens it when the snapshot says that the till is locked).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QInputEvent

from app.services.staff import lock_till
from app.services.till_state import TillState
from ui.input_watcher import InputWatcher
from ui.window_parts import WindowParts

_SIGNS_OF_LIFE = (
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.TouchBegin,
    QEvent.Type.Wheel,
)


class IdleLock(InputWatcher):
    """One per window. `may_lock` False (a terminal is asked) puts the lock off."""

    def __init__(self, parts: WindowParts, may_lock: Callable[[], bool]) -> None:
        super().__init__()
        self._parts, self._may_lock = parts, may_lock
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self._idle)
        parts.live.changed.connect(self._on_state)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The class of an event is read faster than its kind, and tells already that most that come
        # by here are none of a person's.
        is_input = isinstance(event, QInputEvent)
        if is_input and event.type() in _SIGNS_OF_LIFE and self.timer.isActive():
            self.timer.start()
        return False

    def _on_state(self, state: TillState) -> None:
        seconds = state.settings.lock_after_s
        if state.staff is None or state.locked or not seconds:
            self.timer.stop()
            return
        if self.timer.interval() != seconds * 1000 or not self.timer.isActive():
            self.timer.setInterval(seconds * 1000)
            self.timer.start()

    def _idle(self) -> None:
        if self._may_lock():
            self._parts.ask(lock_till)
        else:
            self.timer.start()
