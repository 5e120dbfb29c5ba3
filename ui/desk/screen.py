"""Desk screen: the rooms as large rows; widgets only.

Owns: the layout, the key of each room. Does not own: which rooms there are (rooms.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.desk.rooms import RoomRow
from ui.kit.buttons import SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.panels import Card, stand_alone
from ui.kit.text import Text
from ui.theme.theme import Theme

IN_A_COLUMN, WIDE = 6, 1240
"""More rooms than these stand in two columns: a small screen with large text has no more room."""
WIDTH, MARGIN = 720, 32
LARGE, LOW, NARROW, MANY = 115, 760, 1200, 12
"""Text in percent, a screen's height and width in px at 100 %, rooms: beyond these there is room
for their names alone."""
KEYS = "1234567890ABCDEF"
"""A key a room: there are more rooms than digits, so letters follow."""


class DeskScreen(QWidget):
    """The desk.

    Signals:
        chosen: A room. arg: its place from 0.
        back_requested: pressed.
    """

    chosen = Signal(int)
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[RoomRow, ...] = ()
        self._current = 0
        self._is_tight = False
        self._card = Card(padding=(24, 24), spacing=12)
        self._title = Text(role="h1", weight=600)
        self._card.body.addWidget(self._title)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._card.body.addLayout(self._grid)
        self.back = SecondaryButton(icon="arrow-left", hint="Esc", height=56)
        self.back.clicked.connect(self.back_requested)
        self._card.body.addSpacing(8)
        self._card.body.addWidget(self.back)
        stand_alone(self._card, self)

    def render_view(self, title: str, rows: tuple[RoomRow, ...], back: str) -> None:
        """Rows are made anew only where they change."""
        self._title.setText(title)
        self.back.set_label(back)
        if rows != self._shown:
            self._shown = rows
            self._make_rows()
            self._fit()

    def _make_rows(self) -> None:
        rows, self._is_tight = self._shown, self._has_no_room()
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        down = len(rows) if len(rows) <= IN_A_COLUMN else (len(rows) + 1) // 2
        for place, each in enumerate(rows):
            hint = KEYS[place] if place < len(KEYS) else ""
            detail = "" if self._is_tight else each.detail
            row = ChoiceRow(
                each.name, detail, icon=each.room.icon, end=each.end, end_tone="warning", hint=hint
            )
            row.clicked.connect(lambda _=False, at=place: self.chosen.emit(at))
            self._grid.addWidget(row, place % down, place // down)
            self._grid.setColumnStretch(place // down, 1)
            row.setAccessibleDescription(f"{each.detail} {each.end}".strip())
            self.rows.append(row)
        self._mark(min(self._current, max(0, len(rows) - 1)))

    def step(self, by: int) -> None:
        """Up and down in the list."""
        if self.rows:
            self._mark(max(0, min(len(self.rows) - 1, self._current + by)))

    def take_current(self) -> None:
        """Enter: the marked room."""
        if self.rows:
            self.chosen.emit(self._current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = KEYS.find(event.text().upper()) if len(event.text()) == 1 else -1
        if 0 <= place < len(self.rows):
            self.chosen.emit(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _has_no_room(self) -> bool:
        """Many rooms, large text, a low window: their names matter more than what is said below."""
        theme, count = Theme.current(), len(self._shown)
        is_low = self.height() < theme.px(LOW)
        wraps = self.width() < NARROW or theme.scale_percent > LARGE
        return is_low and wraps and count > (IN_A_COLUMN if theme.scale_percent > LARGE else MANY)

    def _fit(self) -> None:
        if self._has_no_room() != self._is_tight:
            self._make_rows()
        wanted = WIDTH if len(self.rows) <= IN_A_COLUMN else WIDE
        self._card.setFixedWidth(min(Theme.current().size(wanted), self.width() - MARGIN))

    def _mark(self, place: int) -> None:
        self._current = place
        for at, row in enumerate(self.rows):
            row.set_current(at == place)
