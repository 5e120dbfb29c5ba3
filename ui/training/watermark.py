"""Watermark: what lies over the window of a practice till: nobody takes it for the real one.

Owns: the words across the page and the frame. Does not own: which till is one (main.py says so).
It takes no press, no key and no focus.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.wording import Wording
from ui.theme.theme import follow
from ui.wording import LanguageSwitch

FRAME = 4
_ANGLE, _ALPHA = -24, 28
_ACROSS, _DOWN = 460, 200


class Watermark(QWidget):
    """Lies over all of its parent and grows with it."""

    def __init__(self, parent: QWidget, language: LanguageSwitch) -> None:
        super().__init__(parent)
        self._over = parent
        self._words = ""
        self._theme = follow(self, self.update)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        parent.installEventFilter(self)
        language.changed.connect(self._speak)
        self._speak(language.wording)
        self._cover()
        self.show()

    def _speak(self, wording: Wording) -> None:
        self._words = wording.t("Training")
        self.setAccessibleName(self._words)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.ChildAdded):
            self._cover()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tone = self._theme.colour("warning")
        painter.setPen(QPen(tone, FRAME))
        edge = FRAME / 2
        painter.drawRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge))
        tone.setAlpha(_ALPHA)
        painter.setPen(tone)
        painter.setFont(self._theme.font("display", 700))
        painter.rotate(_ANGLE)
        reach = self.width() + self.height()
        for row, top in enumerate(range(0, reach, _DOWN)):
            for left in range(-reach + (row % 2) * _ACROSS // 2, reach, _ACROSS):
                painter.drawText(left, top, self._words)
        painter.end()

    def _cover(self) -> None:
        self.setGeometry(self._over.rect())
        self.raise_()
