"""Walk: looking through all members behind the lists, a part at a time, while somebody is here.

Owns: asking for the next part, and for the list anew at the end. Does not own: who belongs on a
list (app/domain/tier_desk.py), the parts (app/services/tier_desk.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.services.tier_desk import Walked, walk_on
from ui.window_parts import WindowParts


class Walk(QObject):
    """Of one screen. `ended`: asked when somebody new may stand on the lists."""

    def __init__(self, parts: WindowParts, parent: QObject, ended: Callable[[], None]) -> None:
        super().__init__(parent)
        self._parts, self._ended = parts, ended
        self._goes = False

    def begin(self) -> None:
        """Go on where the last one stopped."""
        self._goes = True
        self._next()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._goes = False

    def _next(self) -> None:
        if self._goes:
            self._parts.ask(walk_on, self._walked)

    def _walked(self, answer: object) -> None:
        if not isinstance(answer, Walked) or not self._goes:
            return
        if not answer.done:
            QTimer.singleShot(0, self, self._next)
        elif answer.seen:
            self._ended()
