"""Cohort grid: rows of cells of different strength, one of them marked; painted from the tokens.

Owns: the painting, which cell the pointer is over. Does not own: cells and words
(ui/chart_view.py), the table that says the same, which keys move the mark (screens).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.chart_view import GridView
from ui.theme.theme import follow

_ROW, _HEAD, _GAP, _CELL_LEAST, _PAD = 34, 30, 2, 44, 10
_PALEST, _STRONGEST, _WHOLE = 0.05, 0.42, 10_000
_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_RADIUS = 4.0


class CohortGrid(QWidget):
    """The grid.

    Signals:
        pressed: A cell was tapped. args: its row and column.
    """

    pressed = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self.updateGeometry)
        self._view: GridView | None = None
        self._name = ""
        self._current = (-1, -1)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def view(self) -> GridView | None:
        return self._view

    def show_view(self, name: str, view: GridView) -> None:
        """`name`: what it shows, for who does not see it."""
        self._name, self._view = name, view
        self._tell()
        self.updateGeometry()
        self.update()

    def set_current(self, row: int, column: int) -> None:
        self._current = (row, column)
        self._tell()
        self.update()

    def top_of(self, row: int) -> int:
        """Where a row begins, to be brought into sight."""
        return self._theme.size(_HEAD) + row * self._theme.size(_ROW)

    def sizeHint(self) -> QSize:
        rows = len(self._view.rows) if self._view is not None else 0
        return QSize(600, self._theme.size(_HEAD) + max(rows, 4) * self._theme.size(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(400, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position())
        if place is not None:
            self.pressed.emit(*place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cell under the pointer is told in its tool tip."""
        place = self._at(event.position())
        view = self._view
        said = view.rows[place[0]].cells[place[1]].words if place is not None and view else ""
        self.setToolTip(said)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self._view
        if view is not None and not view.rows:
            painter.setFont(self._theme.font("body_l"))
            painter.setPen(self._theme.colour("text_secondary"))
            painter.drawText(self.rect(), _CENTRE | Qt.TextFlag.TextWordWrap, view.empty)
        elif view is not None:
            self._paint_head(painter, view)
            for row in range(len(view.rows)):
                self._paint_row(painter, view, row)
        painter.end()

    # ------------------------------------------------------------------ where things are

    def _widths(self, view: GridView) -> tuple[float, float, float]:
        """Of the label, of the total, of a cell."""
        metrics = QFontMetrics(self._theme.font("body", 500))
        labels = [view.corner[0], *(row.label for row in view.rows)]
        totals = [view.corner[1], *(row.total for row in view.rows)]
        label = max(metrics.horizontalAdvance(each) for each in labels) + 2 * _PAD
        total = max(metrics.horizontalAdvance(each) for each in totals) + 2 * _PAD
        left = self.width() - label - total
        return label, total, max(float(_CELL_LEAST), left / max(1, len(view.columns)))

    def _cell(self, view: GridView, row: int, column: int) -> QRectF:
        label, total, cell = self._widths(view)
        height = self._theme.size(_ROW)
        return QRectF(label + total + column * cell, self.top_of(row), cell - _GAP, height - _GAP)

    def _at(self, position: QPointF) -> tuple[int, int] | None:
        view = self._view
        for row, each in enumerate(view.rows if view is not None else ()):
            for column in range(len(each.cells)):
                assert view is not None, "it has rows"
                if self._cell(view, row, column).contains(position):
                    return row, column
        return None

    # ------------------------------------------------------------------ painting

    def _paint_head(self, painter: QPainter, view: GridView) -> None:
        label, total, cell = self._widths(view)
        height = self._theme.size(_HEAD)
        painter.setFont(self._theme.font("body"))
        painter.setPen(self._theme.colour("text_secondary"))
        painter.drawText(QRectF(_PAD, 0, label - _PAD, height), _LEFT, view.corner[0])
        painter.drawText(QRectF(label, 0, total - _PAD, height), _RIGHT, view.corner[1])
        for column, name in enumerate(view.columns):
            here = QRectF(label + total + column * cell, 0, cell - _GAP, height)
            painter.drawText(here, _CENTRE, name)

    def _paint_row(self, painter: QPainter, view: GridView, row: int) -> None:
        label, total, _ = self._widths(view)
        told, top, height = view.rows[row], self.top_of(row), self._theme.size(_ROW) - _GAP
        painter.setPen(self._theme.colour("text_primary"))
        painter.setFont(self._theme.font("body", 500))
        painter.drawText(QRectF(_PAD, top, label - _PAD, height), _LEFT, told.label)
        painter.setFont(self._theme.font("body"))
        painter.drawText(QRectF(label, top, total - _PAD, height), _RIGHT, told.total)
        for column, cell in enumerate(told.cells):
            area = self._cell(view, row, column)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._ground(cell.part))
            painter.drawRoundedRect(area, _RADIUS, _RADIUS)
            painter.setPen(self._theme.colour("text_primary"))
            painter.drawText(area, _CENTRE, cell.text)
            if (row, column) == self._current:
                painter.setPen(QPen(self._theme.colour("focus"), self._theme.focus_width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)

    def _ground(self, part: int) -> QColor:
        """Pale enough that the figures on it keep their contrast."""
        colour = QColor(self._theme.colour("chart_1"))
        share = min(part, _WHOLE) / _WHOLE
        colour.setAlphaF(_PALEST + (_STRONGEST - _PALEST) * share if part else _PALEST / 2)
        return colour

    def _tell(self) -> None:
        row, column = self._current
        rows = self._view.rows if self._view is not None else ()
        is_there = 0 <= row < len(rows) and 0 <= column < len(rows[row].cells)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(rows[row].cells[column].words if is_there else "")
