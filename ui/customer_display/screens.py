"""Screens: which one is the customer's, now and when one comes or goes.

Owns: choosing it. Does not own: the window on it (window.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class Screens(QObject):
    """The screens of this machine.

    Signals:
        changed: One came, went, or another size.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._on_screen)
        application.screenRemoved.connect(self._on_screen)

    def second(self, tills: QScreen | None) -> QScreen | None:
        """The customer's screen beside the till's own; None where there is none."""
        others = [each for each in QGuiApplication.screens() if each is not tills]
        if tills is None:
            return None
        place = second_place(tills.geometry(), [each.geometry() for each in others])
        return None if place is None else others[place]

    def _on_screen(self, screen: QScreen) -> None:
        # Qt still moves the windows of a screen that went: look once it has.
        self.changed.emit()


def second_place(tills: QRect, others: Sequence[QRect]) -> int | None:
    """Which of the other screens is the customer's: the first that does not mirror the till's."""
    for place, area in enumerate(others):
        if area.isValid() and not area.intersects(tills):
            return place
    return None
