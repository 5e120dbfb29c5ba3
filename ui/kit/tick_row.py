"""Tick row: a box to tick with its words beside it and a line below; wraps, at least 48 px high.

Owns: its look and that Space turns it. Does not own: what ticking means. Enter is left to the
dialog around it, so that a form is filled in by Space, Enter.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.text import Text
from ui.theme import icons
from ui.theme.theme import follow

_BOX, _GAP, _HEIGHT_MIN = 24, 12, 48
INSET = 8
"""Left of the box: the focus ring runs around it, not through it."""


class TickRow(QAbstractButton):
    """`set_words` again after a language switch; `show_fixed` for what was agreed to for good."""

    def __init__(self, words: str = "", note: str = "", *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._is_fixed = False
        self._theme = follow(self, self._indent)
        self._row = QHBoxLayout(self)
        self._words = Text(role="body_l", weight=500, wrap=True)
        self._note = Text(role="body", tone="text_secondary", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addStretch(1)  # a taller row keeps words and box at one height
        column.addWidget(self._words)
        column.addWidget(self._note)
        column.addStretch(1)
        self._row.addLayout(column, 1)
        for label in (self._words, self._note):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._indent()
        self.set_words(words, note)

    def set_words(self, words: str, note: str = "") -> None:
        self._words.setText(words)
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.setAccessibleName(words)
        self.setAccessibleDescription(note)
        self.updateGeometry()

    def show_fixed(self) -> None:
        """It is recorded: a filled tick that nobody can turn any more, still read by Tab."""
        self._is_fixed = True
        self.update()

    def nextCheckState(self) -> None:
        if not self._is_fixed:
            super().nextCheckState()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(_HEIGHT_MIN, self._row.heightForWidth(width))

    def sizeHint(self) -> QSize:
        return self._row.sizeHint().expandedTo(QSize(0, _HEIGHT_MIN))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, _HEIGHT_MIN)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        side = theme.size(_BOX)
        first_line = self._words.fontMetrics().height()
        top = self._words.mapTo(self, self._words.rect().topLeft()).y() + (first_line - side) // 2
        box = QRectF(INSET, max(INSET, top), side, side)
        if self._is_fixed:
            self._paint_icon(painter, "check-filled", "success", box)
        else:
            painter.setBrush(theme.colour("primary" if self.isChecked() else "bg_surface"))
            edge = "primary" if self.isChecked() else "border_control"
            painter.setPen(QPen(theme.colour(edge), 1.5))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
            if self.isChecked():
                self._paint_icon(painter, "check", "on_primary", box.adjusted(3, 3, -3, -3))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.end()

    def _paint_icon(self, painter: QPainter, name: str, tone: str, box: QRectF) -> None:
        colour = self._theme.tokens[tone]
        drawn = icons.pixmap(name, colour, round(box.width()), self.devicePixelRatioF())
        painter.drawPixmap(box.topLeft(), drawn)

    def _indent(self) -> None:
        self._row.setContentsMargins(INSET + self._theme.size(_BOX) + _GAP, 6, 4, 6)
