"""Choice list: choice rows under each other in a frame that scrolls, one of them current.

Owns: putting rows in and out, keeping the current one in sight. Does not own: what a row says
(choice_row.py) or means; arrows and Enter belong to the dialog.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from ui.kit.choice_row import ChoiceRow
from ui.kit.scrolling import keep_off_bar


class ChoiceList(QScrollArea):
    """Rows that can be pressed.

    Signals:
        pressed: A row was pressed. arg: its place.
    """

    pressed = Signal(int)

    def __init__(self, *, height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ChoiceRow] = []
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(height)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        keep_off_bar(self, self._column)
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self.setWidget(inside)

    @property
    def rows(self) -> Sequence[ChoiceRow]:
        """What is shown, from the top."""
        return self._rows

    def show_rows(self, rows: Sequence[ChoiceRow]) -> None:
        """These rows instead of those before; nobody is current yet."""
        for row in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = list(rows)
        for place, row in enumerate(self._rows):
            row.clicked.connect(lambda _=False, at=place: self.pressed.emit(at))
            self._column.insertWidget(place, row)

    def set_current(self, current: int) -> None:
        """Mark this row and bring it into sight; a place without a row marks none."""
        for place, row in enumerate(self._rows):
            row.set_current(place == current)
            if place == current:
                self.ensureWidgetVisible(row)
