"""A stopwatch for the open window: how long from a code to its answer on the screen.

Owns: feeding codes as the scan router does, waiting until the answer is painted, the longest time
the GUI thread served nobody. For `main.py bench` only. Does not own: figures and budgets.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.services.lines import clear_basket
from app.services.staff import StaffTile, sign_in_with_pin, staff_tiles
from ui.navigation import ToTill
from ui.open_window import TillWindow

PATIENCE_S = 60.0
BEAT_MS = 5
"""Also what wakes a waiting loop up that nobody answers."""


class Stopwatch(QObject):
    """Watches one open window, in the GUI thread."""

    def __init__(self, opened: TillWindow) -> None:
        super().__init__()
        self._opened = opened
        self._is_open = False
        self._answers = 0
        self._painted_at_ns = 0
        opened.opened.connect(self._on_opened)
        opened.parts.live.changed.connect(self._on_state)
        opened.window.installEventFilter(self)
        self._last_beat_ns = 0
        self._longest_ns = 0
        self._beat = QTimer(self)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)
        self._beat.setInterval(BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._beat.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notes when something was painted."""
        if event.type() == QEvent.Type.Paint:
            self._painted_at_ns = time.perf_counter_ns()
        return False

    def wait_until_open(self) -> None:
        """Until the till is open and its first screen is painted."""
        self._wait(lambda: self._is_open)
        self._settle()

    def scan_ns(self, code: str) -> int:
        """Scan; nanoseconds until the new snapshot is painted."""
        before, begun = self._basket(), time.perf_counter_ns()
        self._opened.parts.navigation.take_scan(code)
        # Not the next snapshot: while a pull goes on, those of its commits come in between.
        self._wait(lambda: self._basket() != before)
        self._settle()
        return max(self._painted_at_ns, begun) - begun

    def sign_in(self, pin: str) -> None:
        """Somebody signs in and the till is in front."""
        parts, found = self._opened.parts, list[StaffTile]()
        parts.ask(staff_tiles, found.extend)
        self._wait(lambda: bool(found))
        self._answer(sign_in_with_pin, staff_id=found[0].staff_id, pin=pin)
        parts.navigation.go(ToTill())
        self._settle()

    def clear(self) -> None:
        """Empty the basket."""
        self._answer(clear_basket)

    def _answer(self, service: Callable[..., object], **wanted: Any) -> None:
        answered = self._answers
        self._opened.parts.ask(service, **wanted)
        self._wait(lambda: self._answers > answered)
        self._settle()

    def _basket(self) -> object:
        state = self._opened.parts.state
        lines = tuple((line.line_id, line.quantity) for line in state.lines)
        return lines, state.member.member_id if state.member else None

    def begin_beat(self) -> None:
        """From now on look for the longest time in which the GUI thread served nobody."""
        self._longest_ns, self._last_beat_ns = 0, time.perf_counter_ns()

    def end_beat_ns(self) -> int:
        """The longest time since `begin_beat`."""
        return self._longest_ns - BEAT_MS * 1_000_000

    def _on_opened(self, _answer: object) -> None:
        self._is_open = True

    def _on_state(self, _state: object) -> None:
        self._answers += 1

    def _on_beat(self) -> None:
        now = time.perf_counter_ns()
        self._longest_ns = max(self._longest_ns, now - self._last_beat_ns)
        self._last_beat_ns = now

    def _wait(self, is_so: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE_S
        while not is_so():
            if time.monotonic() > until:
                raise TimeoutError("the window gave no answer")
            # Sleeps until something happens: a loop that spins would take the time it measures.
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)

    def _settle(self) -> None:
        """Let everything that was asked to be painted be painted."""
        for _ in range(2):
            QApplication.sendPostedEvents()
            QApplication.processEvents()
