"""Taken list: the parts of the money on the basket, each with its way back.

Owns: the rows and their keys. Does not own: their texts (taken.py), giving back (part_back.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import IconButton
from ui.kit.text import ElidedText, IconLabel, KeyHint, NumberLabel, Text
from ui.payment.taken import TakenView
from ui.theme.theme import follow

_ROW = 48
_ROWS_SEEN = 2
"""At least so many of them, also where there is hardly room."""


class _TakenRow(QWidget):
    """Icon, tender, amount and the key that gives it back."""

    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._place = 0
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self._icon = IconLabel("cash", size=22)
        self._label = ElidedText(role="body_l", weight=500)
        self._figure = NumberLabel(role="title")
        self.back = IconButton("x", "")
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a tap leaves the amount its focus
        self.back.clicked.connect(self._ask)
        row.addWidget(self._icon)
        row.addWidget(self._label, 1)
        row.addWidget(self._figure)
        row.addWidget(self.back)
        self._theme = follow(self, self._size)
        self._size()

    def show_part(self, part: TakenView, *, is_free: bool) -> None:
        self._place = part.place
        self._icon.set_icon(part.icon)
        self._label.set_text(part.label)
        self._figure.setText(part.figure)
        self.back.set_name(part.give_back)
        self.back.setEnabled(is_free)
        keep = self.back.sizePolicy()
        keep.setRetainSizeWhenHidden(True)  # figures stay in one column
        self.back.setSizePolicy(keep)
        self.back.setVisible(bool(part.give_back))

    def _ask(self) -> None:
        self.asked.emit(self._place)

    def _size(self) -> None:
        self.setFixedHeight(self._theme.size(_ROW))


class TakenList(QWidget):
    """What was taken so far; hidden while nothing was.

    Signals:
        back_requested: arg: the place of the part that is to go back.
    """

    back_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(8)
        self._title = Text(role="body_l", tone="text_secondary")
        self._hint = KeyHint("Del")
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._hint)
        column.addLayout(head)
        self._frame = QWidget()
        self._rows = QVBoxLayout(self._frame)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self._rows.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._frame)
        column.addWidget(self._scroll, 1)
        self.rows: list[_TakenRow] = []
        self._theme = follow(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)

    def retranslate(self, wording: Wording, *, back_hint: str) -> None:
        self._title.setText(wording.t("Received so far"))
        self._hint.set_text(back_hint)

    def show_parts(self, parts: Sequence[TakenView], *, is_free: bool) -> None:
        """Draw them; widgets are reused. The newest is in view."""
        self.setVisible(bool(parts))
        is_new = len(parts) != sum(not row.isHidden() for row in self.rows)
        while len(self.rows) < len(parts):
            row = _TakenRow()
            row.asked.connect(self.back_requested)
            self.rows.append(row)
            self._rows.insertWidget(len(self.rows) - 1, row)
        for place, row in enumerate(self.rows):
            row.setVisible(place < len(parts))
            if place < len(parts):
                row.show_part(parts[place], is_free=is_free)
        rows = min(len(parts), _ROWS_SEEN)
        self._scroll.setMinimumHeight(rows * self._theme.size(_ROW))
        if parts and is_new:
            self._frame.adjustSize()
            self._scroll.ensureWidgetVisible(self.rows[len(parts) - 1])
