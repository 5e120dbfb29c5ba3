"""Terminal talk: one question to a terminal, beside the store lane, with its seconds.

Owns: counting the seconds a person waits, that only the last question is heard (one of a screen
that was left belongs to another payment), and that a terminal which raises has said "unknown": it
may have moved the money. Does not own: which question it is, what its answer means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from app.domain.payment import QueryResult, Unknown
from ui.window_parts import WindowParts


class TerminalTalk(QObject):
    """Asks a terminal.

    Signals:
        ticked: Another second has passed.
        said: arg: its answer (QueryResult).
    """

    ticked = Signal()
    said = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.elapsed_s = 0
        self._question = 0
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)

    def ask(self, slow: Callable[..., QueryResult], **wanted: Any) -> None:
        """Ask it to move money: once per key. The seconds are counted until `stop`."""
        self.elapsed_s = 0
        self._second.start()
        self.query(slow, **wanted)

    def query(self, slow: Callable[..., QueryResult], **wanted: Any) -> None:
        """Ask what became of it: as often as needed."""
        self._question += 1
        mine = self._question
        self._parts.ask_aside(
            slow,
            lambda result: self._hear(mine, result),
            on_error=lambda _: self._hear(mine, Unknown()),
            **wanted,
        )

    def stop(self) -> None:
        """What it said is known, or nobody waits any more."""
        self._second.stop()

    def reset(self) -> None:
        """Nothing was asked yet; what is still under way is found by a query of its own."""
        self._second.stop()
        self.elapsed_s = 0
        self._question += 1

    def _hear(self, question: int, result: QueryResult) -> None:
        if isValid(self) and question == self._question:
            self.said.emit(result)

    def _tick(self) -> None:
        self.elapsed_s += 1
        self.ticked.emit()
