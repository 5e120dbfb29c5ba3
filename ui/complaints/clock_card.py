"""Clock card: how much of a limit is used, as a ring, a figure and words.

Owns: the look. Does not own: the clock and its words (case_view.py).
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.complaints.case_view import ClockShown
from ui.kit.panels import Card, Rule
from ui.kit.text import FitFigure, IconLabel, Text
from ui.theme.theme import follow

_RING, _THICK = 72, 8
_WHOLE = 360 * 16
_TOP = 90 * 16


class Ring(QWidget):
    """What is left of a limit, clockwise from the top; a full ring where it has struck."""

    def __init__(self) -> None:
        super().__init__()
        self._percent, self._tone = 0, "primary"
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_used(self, percent: int, tone: str) -> None:
        self._percent, self._tone = percent, tone
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.size(_RING)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thick = self._theme.size(_THICK)
        area = QRectF(self.rect()).adjusted(thick, thick, -thick, -thick)
        painter.setPen(QPen(self._theme.colour("hairline"), thick))
        painter.drawEllipse(area)
        left = 100 if self._percent >= 100 else 100 - self._percent
        pen = QPen(self._theme.colour(self._tone), thick)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(area, _TOP, -_WHOLE * left // 100)
        painter.end()


class _Told(QWidget):
    """Name, figure and detail of one clock, one below the other."""

    def __init__(self, *, role: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(6)
        self._icon = IconLabel("clock", size=18)
        self._name = Text(role="body", weight=500)
        head.addWidget(self._icon)
        head.addWidget(self._name, 1)
        self._figure = FitFigure(role=role, left=True)
        self._detail = Text(role="body", tone="text_secondary", wrap=True)
        column.addLayout(head)
        column.addWidget(self._figure)
        column.addWidget(self._detail)

    def show_clock(self, clock: ClockShown) -> None:
        self._icon.set_icon(clock.icon, tone=clock.tone)
        self._name.setText(clock.name)
        self._figure.show_figure(clock.figure, tone=clock.tone)
        self._detail.setText(clock.detail)
        self._detail.setVisible(bool(clock.detail))
        self.setAccessibleName(f"{clock.name} {clock.figure} {clock.detail}")


class ClockCard(Card):
    """The clock that strikes first, and the settling beside it."""

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=16, across=True)
        self.ring = Ring()
        self.first = _Told(role="amount")
        self.second = _Told(role="title")
        self._rule = Rule(upright=True)
        self.body.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.first, 3)
        self.body.addWidget(self._rule)
        self.body.addWidget(self.second, 2)

    def show_clocks(self, clocks: tuple[ClockShown, ...]) -> None:
        """None of them: the card is away."""
        self.setVisible(bool(clocks))
        if not clocks:
            return
        self.ring.show_used(clocks[0].percent, clocks[0].tone)
        self.first.show_clock(clocks[0])
        for widget in (self._rule, self.second):
            widget.setVisible(len(clocks) > 1)
        if len(clocks) > 1:
            self.second.show_clock(clocks[1])
