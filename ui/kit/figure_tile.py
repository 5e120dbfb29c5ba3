"""Figure tiles: a figure with its change on a card of its own, and as a line of a list.

Owns: how both look, and that one of them is marked. Does not own: figures and definitions (texts
come in), which keys move the mark (screens).
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit.panels import Card
from ui.kit.text import ElidedText, FitFigure, IconLabel, Text
from ui.theme.theme import Theme, follow
from ui.theme.tokens import RADIUS_CARD

_LINE, _PAD, _GAP, _HELP_FROM = 34, 6, 12, 190
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FigureTile(Card):
    """A card: the name, the figure large, its change.

    Signals:
        pressed: It was tapped.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=4)
        self._theme = follow(self)
        self._is_current = False
        self._words = ""
        head = QHBoxLayout()
        head.setSpacing(8)
        self._name = Text(role="body", tone="text_secondary", wrap=True)
        head.addWidget(self._name, 1, Qt.AlignmentFlag.AlignTop)
        self._help = IconLabel("help", tone="text_disabled", size=18)
        head.addWidget(self._help, 0, Qt.AlignmentFlag.AlignTop)
        # A name of two lines makes the whole row higher: the figures still stand on one line.
        self.body.addLayout(head, 1)
        self._figure = FitFigure(role="figure", left=True)
        self.body.addWidget(self._figure)
        self._change = ElidedText(role="body", tone="text_secondary")
        self.body.addWidget(self._change)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words

    @property
    def value(self) -> str:
        """The figure as it is shown."""
        return self._figure.text()

    def show_figure(self, name: str, value: str, change: str, definition: str) -> None:
        self._words = " ".join(part for part in (name, value, change) if part)
        self._name.setText(name)
        self._figure.show_figure(value)
        self._change.set_text(change)
        self.setAccessibleName(self._words)
        self.setAccessibleDescription(definition)
        self.setToolTip(definition)

    def set_current(self, is_current: bool) -> None:
        self._is_current = is_current
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._help.setVisible(self.width() >= self._theme.size(_HELP_FROM))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_current:
            _paint_ring(self, self._theme)


class FigureLine(QWidget):
    """A line: the name, its change, the figure at the end.

    Signals:
        pressed: It was tapped.
    """

    pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self, self.updateGeometry)
        self._name = self._value = self._change = ""
        self._is_current = False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def words(self) -> str:
        """What it says."""
        return " ".join(part for part in (self._name, self._value, self._change) if part)

    def show_figure(self, name: str, value: str, change: str, definition: str) -> None:
        self._name, self._value, self._change = name, value, change
        self.setAccessibleName(self.words)
        self.setAccessibleDescription(definition)
        self.setToolTip(definition)
        self.update()

    def set_current(self, is_current: bool) -> None:
        self._is_current = is_current
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.size(_LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._theme.size(_LINE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._is_current:
            painter.fillRect(self.rect(), self._theme.colour("row_current"))
        inside = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.colour("hairline"))
        value_font, font = self._theme.font("label", 600), self._theme.font("body")
        taken = QFontMetrics(value_font).horizontalAdvance(self._value)
        painter.setFont(value_font)
        painter.setPen(self._theme.colour("text_primary"))
        painter.drawText(inside, _RIGHT, self._value)
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_secondary"))
        metrics = QFontMetrics(font)
        room = inside.width() - taken - _GAP
        change = metrics.horizontalAdvance(self._change) + _GAP if self._change else 0
        if metrics.horizontalAdvance(self._name) + change <= room and change:
            painter.drawText(inside.adjusted(0, 0, -taken - _GAP, 0), _RIGHT, self._change)
            room -= change
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inside, _LEFT, name)
        painter.end()
        if self._is_current:
            _paint_ring(self, self._theme)


class ShareBar(QWidget):
    """A name, an amount and a part of a whole, with the part as a bar below."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = follow(self, self.updateGeometry)
        self._name = self._value = self._share = ""
        self._basis_points = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_share(self, name: str, value: str, share: str, basis_points: int) -> None:
        self._name, self._value, self._share = name, value, share
        self._basis_points = basis_points
        self.setAccessibleName(f"{name} {value} {share}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.size(44))

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self._theme.size(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = 6
        words = self.rect().adjusted(0, 0, 0, -bar - 4)
        body = self._theme.font("body")
        metrics = QFontMetrics(body)
        share = metrics.horizontalAdvance("100.0%") + _GAP
        painter.setFont(body)
        painter.setPen(self._theme.colour("text_secondary"))
        painter.drawText(words, _RIGHT, self._share)
        value_font = self._theme.font("label", 500)
        taken = QFontMetrics(value_font).horizontalAdvance(self._value) + share
        painter.setFont(value_font)
        painter.setPen(self._theme.colour("text_primary"))
        painter.drawText(words.adjusted(0, 0, -share, 0), _RIGHT, self._value)
        painter.setFont(body)
        room = words.width() - taken - _GAP
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(words, _LEFT, name)
        ground = QRectF(0, self.height() - bar, self.width(), bar)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("bg_sunken"))
        painter.drawRoundedRect(ground, bar / 2, bar / 2)
        if self._basis_points:
            filled = QRectF(ground)
            filled.setWidth(max(float(bar), self.width() * self._basis_points / 10_000))
            painter.setBrush(self._theme.colour("chart_1"))
            painter.drawRoundedRect(filled, bar / 2, bar / 2)
        painter.end()


def _paint_ring(widget: QWidget, theme: Theme) -> None:
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("focus"), theme.focus_width))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    ring = QRectF(widget.rect()).adjusted(1, 1, -1, -1)
    painter.drawRoundedRect(ring, RADIUS_CARD - 1, RADIUS_CARD - 1)
    painter.end()
