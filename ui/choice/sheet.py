"""Choice sheet: one large row for everything that may be chosen, by arrows and Enter or by a tap.

Owns: the widgets, which row is current. Does not own: the texts (view_model.py), choosing.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.choice.view_model import ChoiceLine, ChoicesView
from ui.kit.choice_row import ChoiceRow
from ui.kit.right_sheet import RightSheet
from ui.kit.text import Text

_ICONS = {
    "taken": ("check-filled", "success"),
    "free": ("circle", "border_control"),
    "left_out": ("x-circle", "text_secondary"),
}


class ChoiceSheet(RightSheet):
    """The sheet.

    Signals:
        chosen: arg: what the row does (a ChoiceAct).
    """

    chosen = Signal(object)
    ICON = "star"

    def __init__(self, over: QWidget, *, close_label: str) -> None:
        super().__init__(over, title="", close_label=close_label, icon=self.ICON)
        self.view: ChoicesView | None = None
        self._current = -1
        self._rows: list[ChoiceRow] = []

    @property
    def rows(self) -> list[ChoiceRow]:
        return self._rows

    def show_choices(self, view: ChoicesView, *, close_label: str) -> None:
        if view == self.view:
            return
        self.view = view
        self.set_words(view.title, close_label)
        self.clear_contents()
        self._rows = []
        self.body.setSpacing(8)
        self.add_to_body(Text(view.hint, role="body", tone="text_secondary", wrap=True))
        for section in view.sections:
            self.body.addSpacing(8)  # a heading stands nearer to its rows than to what is above
            self.add_to_body(Text(section.title, role="body_l", weight=500, wrap=True))
            for row in section.rows:
                self.add_to_body(self._make_row(row))
        self._current = min(self._current, len(self._rows) - 1)
        self._show_current()

    def move_current(self, step: int) -> None:
        """Up or down to the next row that does something; at the end it stays."""
        place = self._current + step if self._current >= 0 else 0
        while 0 <= place < len(self._rows):
            if self._rows[place].isEnabled():
                self._current = place
                self._show_current()
                self.show_in_view(self._rows[place])
                return
            place += step if self._current >= 0 else 1

    def take_current(self) -> bool:
        """Do what the current row does. False: no row is current."""
        if self.view is None or not 0 <= self._current < len(self.view.rows):
            return False
        act = self.view.rows[self._current].act
        if act is not None:
            self.chosen.emit(act)
        return True

    def _make_row(self, row: ChoiceLine) -> ChoiceRow:
        icon, tone = _ICONS[row.state]
        button = ChoiceRow(row.name, row.detail, icon=icon, icon_tone=tone, end=row.end)
        button.setEnabled(row.act is not None)
        position = len(self._rows)
        button.clicked.connect(lambda: self._press(position))
        self._rows.append(button)
        return button

    def _press(self, position: int) -> None:
        self._current = position
        self.take_current()

    def _show_current(self) -> None:
        for position, row in enumerate(self._rows):
            row.set_current(position == self._current)


class RewardSheet(ChoiceSheet):
    """The same for what a member may have for his points."""

    ICON = "coins"
