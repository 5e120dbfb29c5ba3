"""Count grid: a field for the pieces of each denomination, by keys and by the pad.

Owns: the fields and what is typed in them, going from one to the next. Does not own: reading what
was typed (count_view.py), saving it.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.kit.fields import TillLineEdit
from ui.kit.keypad import type_into
from ui.kit.text import ElidedText, Text
from ui.shift.count_view import CountRow, CountView
from ui.theme.theme import Theme, follow, repolish

_LABEL, _FIELD, _SUBTOTAL, _COLUMN_MIN = 60, 96, 112, 280
_ANY_WIDTH = 1 << 20
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PIECES_TYPED_MAX = 12
"""Enough to see that something leaned on a key; the count itself says what is too many."""


class KindRow(QWidget):
    """`¥100 × [12]  1,200.00`."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.label = Text(role="body_l", weight=600)
        self.label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.field = TillLineEdit()
        self.field.set_lets_keys_through(False)
        self.field.setMaxLength(_PIECES_TYPED_MAX)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setProperty("role", "body_l")
        self.label.setBuddy(self.field)
        self._has_error = False
        self.end = ElidedText(role="body", tone="text_secondary")
        row.addWidget(self.label)
        row.addWidget(Text("×", role="body_l", tone="text_secondary"))
        row.addWidget(self.field)
        row.addWidget(self.end, 1)
        row.addStretch()
        self._size()
        follow(self, self._size)

    def show_row(self, row: CountRow, wording: Wording) -> None:
        self.label.setText(row.label)
        self.field.setAccessibleName(wording.t("Pieces of {note}", note=row.label))
        self.field.setAccessibleDescription(row.error)
        self.end.set_text(row.error or row.subtotal)
        self.end.set_tone("danger" if row.error else "text_secondary")
        self._has_error = bool(row.error)
        self._size()
        state = "error" if row.error else ""
        if self.field.property("state") != state:
            self.field.setProperty("state", state)
            repolish(self.field)

    def _size(self) -> None:
        theme = Theme.current()
        self.label.setFixedWidth(theme.size(_LABEL))
        self.field.setFixedWidth(theme.size(_FIELD))
        self.field.setMinimumHeight(theme.size(48))
        # Beside its own field: further right it would be read as part of the next column.
        side = _LEFT if self._has_error else _RIGHT
        self.end.setAlignment(side)
        self.end.setMaximumWidth(_ANY_WIDTH if self._has_error else theme.size(_SUBTOTAL))


class CountGrid(QScrollArea):
    """The fields, in one or two columns, down the first column and on in the second.

    Signals:
        edited: Something was typed.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._rows: dict[str, KindRow] = {}
        self._columns = 0
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(8)
        column.addLayout(self._grid)
        column.addStretch(1)
        inside.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setWidget(inside)

    @property
    def typed(self) -> dict[str, str]:
        """What stands beside each denomination."""
        return {value: row.field.text() for value, row in self._rows.items()}

    def field(self, value: str) -> TillLineEdit:
        return self._rows[value].field

    def render_view(self, view: CountView, wording: Wording) -> None:
        """Draw it; the typed texts stay as they are."""
        wanted = [row.value for row in view.rows]
        if wanted != list(self._rows):
            self._make(wanted)
        for row in view.rows:
            self._rows[row.value].show_row(row, wording)

    def clear(self) -> None:
        for row in self._rows.values():
            row.field.clear()

    def go_to(self, value: str) -> None:
        """Type here; what stands there is replaced by the next key."""
        field = self._rows[value].field
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        field.selectAll()
        self.ensureWidgetVisible(self._rows[value])

    def go_to_first(self) -> None:
        if self._rows:
            self.go_to(next(iter(self._rows)))

    def step(self, by: int) -> bool:
        """To the next field (or the one before). False: there is none, or none has the focus."""
        values, here = list(self._rows), self._here()
        place = values.index(here) + by if here else -1
        if not 0 <= place < len(values):
            return False
        self.go_to(values[place])
        return True

    @property
    def is_typed_in(self) -> bool:
        """Whether one of the fields has the focus."""
        return bool(self._here())

    def press(self, key: str) -> None:
        """A key of the pad goes where the person types."""
        if not self._here():
            self.go_to_first()
        field = self._rows[self._here()].field
        type_into(field, key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def _here(self) -> str:
        found = (value for value, row in self._rows.items() if row.field.hasFocus())
        return next(found, "")

    def _make(self, values: list[str]) -> None:
        for row in self._rows.values():
            row.deleteLater()
        self._rows, self._columns = {}, 0
        for value in values:
            row = KindRow()
            row.field.textEdited.connect(self.edited)
            self._rows[value] = row
        self._lay()

    def _lay(self) -> None:
        wide = self.viewport().width() >= 2 * Theme.current().size(_COLUMN_MIN) + 24
        columns = 2 if wide else 1
        if columns == self._columns or not self._rows:
            return
        self._columns = columns
        per_column = -(-len(self._rows) // columns)
        before: QWidget | None = None
        for place, row in enumerate(self._rows.values()):
            self._grid.addWidget(row, place % per_column, place // per_column)
            row.show()
            if before is not None:
                QWidget.setTabOrder(before, row.field)
            before = row.field
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
