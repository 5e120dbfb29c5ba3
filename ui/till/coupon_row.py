"""Coupon row: one coupon on the member card - its state, its name, why not or how much.

Owns: the row's widgets, and which of its words give way. Does not own: the words (member_view.py).
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.kit.text import ElidedText, IconLabel, NumberLabel
from ui.theme.theme import follow
from ui.till.member_view import CouponLine

_ICONS = {
    "used": ("check-filled", "success"),
    "free": ("circle", "border_control"),
    "refused": ("x-circle", "text_secondary"),
}


class CouponRowWidget(QWidget):
    """One coupon: its state, its name, why or how much; 32 px."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self._icon = IconLabel("circle")
        self._name = ElidedText(role="body_l", weight=500)
        self._note = NumberLabel(role="body", tone="text_secondary")
        self._saved = NumberLabel(role="body_l", tone="saving", weight=500)
        row.addWidget(self._icon)
        row.addWidget(self._name, 1)
        row.addWidget(self._note)
        row.addWidget(self._saved)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._line: CouponLine | None = None
        self._theme = follow(self, self._on_theme)

    def show_line(self, line: CouponLine, *, narrow: bool) -> None:
        self._line = line
        icon, tone = _ICONS[line.state]
        self._icon.set_icon(icon, tone=tone)
        self._name.set_text(line.name)
        self._name.set_tone("text_primary" if line.state == "used" else "text_secondary")
        self._note.setText(line.note)
        self._note.setVisible(bool(line.note) and not (narrow and bool(line.saved)))
        self._saved.setText(line.saved)
        self._saved.setVisible(bool(line.saved))
        self.setAccessibleName(" ".join(filter(None, (line.name, line.note, line.saved))))
        self._choose_note()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_note()

    def _on_theme(self) -> None:
        self.updateGeometry()
        self._choose_note()

    def _choose_note(self) -> None:
        """The name is read first: where both do not fit, the note says it in fewer words."""
        line = self._line
        if line is None or not line.note_short:
            return
        self._note.setText(line.note)
        name = QFontMetrics(self._name.font()).horizontalAdvance(line.name)
        needed = self._icon.sizeHint().width() + name + self._note.sizeHint().width() + 3 * 8
        if needed > self.width():
            self._note.setText(line.note_short)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.size(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self._theme.size(32))
