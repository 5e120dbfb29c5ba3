"""Announcer: what a screen reader says by itself, the last thing only.

Owns: polite news (a line added, the new total) and assertive ones (a scan that failed), and that a
burst of them becomes the last.
Does not own: the sentences (screens), names of widgets (kit).
"""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

_PAUSE_MS = 150


class Announcer(QObject):
    """One per window. `source` is the object the news is about (the window)."""

    def __init__(self, source: QObject) -> None:
        super().__init__(source)
        self._source = source
        self._waiting: tuple[str, bool] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PAUSE_MS)
        self._timer.timeout.connect(self._speak)

    def announce(self, sentence: str, *, is_urgent: bool = False) -> None:
        """Say it soon; a later sentence takes its place, but never a polite one an urgent one's."""
        if self._waiting is not None and self._waiting[1] and not is_urgent:
            return
        self._waiting = (sentence, is_urgent)
        self._timer.start()

    @property
    def waiting(self) -> str:
        """What will be said next; empty: nothing."""
        return self._waiting[0] if self._waiting else ""

    def _speak(self) -> None:
        if self._waiting is None:
            return
        sentence, is_urgent = self._waiting
        self._waiting = None
        event = QAccessibleAnnouncementEvent(self._source, sentence)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if is_urgent else politeness.Polite)
        QAccessible.updateAccessibility(event)
