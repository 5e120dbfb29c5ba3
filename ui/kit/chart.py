"""Chart: bars that stand on each other, or lines, with an axis; painted from the tokens.

Owns: the painting, which point is marked, what the pointer is over. Does not own: points and words
(ui/chart_view.py), the table that says the same, which keys move the mark (screens).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.chart_view import ChartView
from ui.theme.theme import follow

_HEIGHT, _GAP, _BAR_MOST, _BAR_LEAST, _BAR_SHARE = 200, 8, 40, 2, 0.58
_RADIUS, _DOT, _LINE, _MARK = 3.0, 4.0, 2.0, 4.0
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
NOTHING = -1


class Chart(QWidget):
    """The chart.

    Signals:
        pressed: A point was tapped. arg: its place.
    """

    pressed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self.updateGeometry)
        self._view: ChartView | None = None
        self._name = ""
        self._current = NOTHING
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def view(self) -> ChartView | None:
        return self._view

    @property
    def current(self) -> int:
        """The marked point; -1 for none."""
        return self._current

    def show_view(self, name: str, view: ChartView) -> None:
        """`name`: what it shows, for who does not see it."""
        self._name, self._view = name, view
        self._current = min(self._current, len(view.points) - 1)
        self._tell()
        self.update()

    def set_current(self, place: int) -> None:
        self._current = place
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self._theme.size(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._theme.size(_HEIGHT))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place != NOTHING:
            self.pressed.emit(place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The point under the pointer is told in its tool tip."""
        place = self._at(event.position())
        points = self._view.points if self._view is not None else ()
        self.setToolTip(points[place].words if place != NOTHING else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._view
        if view is not None and not view.points:
            painter.setFont(self._theme.font("body_l"))
            painter.setPen(self._theme.colour("text_secondary"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), flags, view.empty)
        elif view is not None:
            self._paint_axis(painter, view)
            if view.kind == "bars":
                self._paint_bars(painter, view)
            else:
                self._paint_lines(painter, view)
        painter.end()

    # ------------------------------------------------------------------ where things are

    def _area(self, view: ChartView) -> QRectF:
        """Where the points stand: right of the figures of the axis, above the labels."""
        metrics = QFontMetrics(self._theme.font("caption"))
        widest = max((metrics.horizontalAdvance(tick.label) for tick in view.ticks), default=0)
        left, below = widest + _GAP, metrics.height() + _GAP
        above = metrics.height() / 2 + 1
        return QRectF(left, above, self.width() - left, self.height() - below - above)

    def _at(self, position: QPointF) -> int:
        view = self._view
        if view is None or not view.points:
            return NOTHING
        area = self._area(view)
        place = int((position.x() - area.left()) * len(view.points) // max(1.0, area.width()))
        inside = area.left() <= position.x() and 0 <= place < len(view.points)
        return place if inside else NOTHING

    def _y(self, view: ChartView, area: QRectF, value: int) -> float:
        return area.bottom() - area.height() * value / view.highest

    def _slot(self, view: ChartView, area: QRectF, place: int) -> QRectF:
        width = area.width() / len(view.points)
        return QRectF(area.left() + width * place, area.top(), width, area.height())

    # ------------------------------------------------------------------ painting

    def _paint_axis(self, painter: QPainter, view: ChartView) -> None:
        area, font = self._area(view), self._theme.font("caption")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        for tick in view.ticks:
            y = round(self._y(view, area, tick.value))
            painter.fillRect(
                QRect(round(area.left()), y, round(area.width()), 1), self._theme.colour("hairline")
            )
            painter.setPen(self._theme.colour("text_secondary"))
            beside = QRectF(0, y - metrics.height() / 2, area.left() - _GAP, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | _MIDDLE, tick.label)
        widest = max(metrics.horizontalAdvance(point.label) for point in view.points) + _GAP
        every = max(1, -(-round(widest * len(view.points)) // max(1, round(area.width()))))
        for place in range(0, len(view.points), every):
            slot = self._slot(view, area, place)
            label = QRectF(
                slot.center().x() - widest / 2, area.bottom() + _GAP / 2, widest, metrics.height()
            )
            label.moveRight(min(label.right(), self.width()))
            colour = "primary" if place == self._current else "text_secondary"
            painter.setPen(self._theme.colour(colour))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, view.points[place].label)

    def _paint_bars(self, painter: QPainter, view: ChartView) -> None:
        area = self._area(view)
        for place, point in enumerate(view.points):
            slot = self._slot(view, area, place)
            if place == self._current:
                painter.fillRect(slot, self._theme.colour("row_current"))
            width = min(float(_BAR_MOST), max(float(_BAR_LEAST), slot.width() * _BAR_SHARE))
            bottom = 0
            for tone, value in zip(view.tones, point.values, strict=True):
                if not value:
                    continue
                top = self._y(view, area, bottom + value)
                bar = QRectF(
                    slot.center().x() - width / 2, top, width, self._y(view, area, bottom) - top
                )
                painter.setPen(QPen(self._theme.colour(view.tones[0]), 1))
                painter.setBrush(self._theme.colour(tone))
                painter.drawRoundedRect(bar, _RADIUS, _RADIUS)
                bottom += value
            if place == self._current:
                self._paint_mark(painter, slot, area)

    def _paint_lines(self, painter: QPainter, view: ChartView) -> None:
        area = self._area(view)
        if 0 <= self._current < len(view.points):
            slot = self._slot(view, area, self._current)
            painter.fillRect(slot, self._theme.colour("row_current"))
            self._paint_mark(painter, slot, area)
        for series, tone in enumerate(view.tones):
            colour = self._theme.colour(tone)
            before: QPointF | None = None
            for place, point in enumerate(view.points):
                value = point.values[series]
                here = None
                if value is not None:
                    x = self._slot(view, area, place).center().x()
                    here = QPointF(x, self._y(view, area, value))
                    painter.setPen(QPen(colour, _LINE))
                    if before is not None:
                        painter.drawLine(before, here)
                    painter.setBrush(colour)
                    self._paint_dot(painter, here, series, is_current=place == self._current)
                before = here

    def _paint_dot(
        self, painter: QPainter, here: QPointF, series: int, *, is_current: bool
    ) -> None:
        """Round ones and square ones: nobody needs the colours to tell the lines apart."""
        side = _DOT + (2 if is_current else 0)
        if series % 2:
            painter.drawRect(QRectF(here.x() - side / 2, here.y() - side / 2, side, side))
        else:
            painter.drawEllipse(here, side / 2 + 0.5, side / 2 + 0.5)

    def _paint_mark(self, painter: QPainter, slot: QRectF, area: QRectF) -> None:
        bar = QRectF(slot.left(), area.bottom(), slot.width(), _MARK)
        painter.fillRect(bar, self._theme.colour("primary"))

    def _tell(self) -> None:
        points = self._view.points if self._view is not None else ()
        said = points[self._current].words if 0 <= self._current < len(points) else ""
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(said)
