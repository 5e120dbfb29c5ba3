"""Suggestions: the drop list under the input line, eight goods at most.

Owns: the floating list, which row is chosen. Does not own: searching, adding, the input line (it
keeps the focus and every key; the screen moves the choice).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.kit.text import Text
from ui.theme.theme import follow
from ui.till.view_model import SuggestionView

ROW = 48
_EDGE = 8


class SuggestionList(QFrame):
    """The list. It never takes the focus.

    Signals:
        picked: A row was pressed. arg: the sku.
    """

    picked = Signal(str)

    def __init__(self, under: QWidget, parent: QWidget) -> None:
        super().__init__(parent)
        self._under = under
        self.setProperty("kit", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, _EDGE, 1, _EDGE)
        column.setSpacing(0)
        self._rows = _Rows(self)
        self._rows.pressed.connect(self._pick)
        self._message = Text(role="body_l", tone="text_secondary")
        self._message.setContentsMargins(16, 8, 16, 8)
        column.addWidget(self._rows)
        column.addWidget(self._message)
        under.installEventFilter(self)
        self.hide()

    @property
    def chosen(self) -> str | None:
        """The sku the cashier moved to; None while he only types."""
        position = self._rows.current
        shown = self._rows.shown
        return shown[position].sku if 0 <= position < len(shown) else None

    @property
    def shown(self) -> Sequence[SuggestionView]:
        return self._rows.shown

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    def show_hits(self, hits: Sequence[SuggestionView], message: str = "") -> None:
        """Show these; with none and no message it goes away."""
        self._rows.show_rows(hits)
        self._rows.setVisible(bool(hits))
        self._message.setText(message)
        self._message.setVisible(bool(message) and not hits)
        self.setVisible(bool(hits) or bool(message))
        self._place()
        self.raise_()

    def close_list(self) -> None:
        self.show_hits(())

    def move_choice(self, step: int) -> None:
        self._rows.move_current(step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._place()
        return False

    def _place(self) -> None:
        below = self._under.geometry()  # both stand in the screen
        height = self.sizeHint().height()
        self.setGeometry(below.x(), below.bottom() + 4, below.width(), height)

    def _pick(self, position: int) -> None:
        self.picked.emit(self.shown[position].sku)


class _Rows(QWidget):
    pressed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.shown: Sequence[SuggestionView] = ()
        self.current = -1
        self._theme = follow(self, self.updateGeometry)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_rows(self, rows: Sequence[SuggestionView]) -> None:
        self.shown, self.current = tuple(rows), -1
        said = [f"{row.name} {row.price}" for row in rows]
        self.setAccessibleName("; ".join(said))
        self.updateGeometry()
        self.update()

    def move_current(self, step: int) -> None:
        if self.shown:
            self.current = min(max(self.current + step, -1), len(self.shown) - 1)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self._row_height() * len(self.shown))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        position = int(event.position().y()) // self._row_height()
        if 0 <= position < len(self.shown):
            self.pressed.emit(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for position, row in enumerate(self.shown):
            height = self._row_height()
            area = QRect(0, position * height, self.width(), height)
            if position == self.current:
                painter.fillRect(area, self._theme.colour("bg_selected"))
            self._paint_row(painter, area.adjusted(16, 0, -20, 0), row)
        painter.end()

    def _paint_row(self, painter: QPainter, area: QRect, row: SuggestionView) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(self._theme.font("body_l", 500))
        painter.setPen(self._theme.colour("text_primary"))
        metrics = painter.fontMetrics()
        price = metrics.horizontalAdvance(row.price) + 16
        name_room = max(80, (area.width() - price) * 2 // 3)
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name_room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, row.price)
        painter.setFont(self._theme.font("body"))
        painter.setPen(self._theme.colour("text_secondary"))
        beside = area.adjusted(metrics.horizontalAdvance(name) + 16, 0, -price, 0)
        painter.drawText(beside, Qt.AlignmentFlag.AlignLeft | middle, row.detail)

    def _row_height(self) -> int:
        return self._theme.size(ROW)
