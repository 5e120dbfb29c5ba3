"""Coupons sheet: one large row a coupon, chosen by arrows and Enter or by a tap.

Owns: the widgets, which row is current. Does not own: the texts (view_model.py), using a coupon.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ui.coupons.view_model import CouponRow, CouponsView
from ui.kit.buttons import SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.panels import Rule
from ui.kit.right_sheet import RightSheet
from ui.kit.text import Text

_ICONS = {
    "used": ("check-filled", "success"),
    "free": ("circle", "border_control"),
    "refused": ("x-circle", "text_secondary"),
}


class CouponsSheet(RightSheet):
    """The sheet.

    Signals:
        chosen: A coupon is to be used or left out. args: its id, `use` or `refuse`.
        best_requested: Forget the choices.
    """

    chosen = Signal(str, str)
    best_requested = Signal()

    def __init__(self, over: QWidget, *, close_label: str) -> None:
        super().__init__(over, title="", close_label=close_label, icon="ticket")
        self.view: CouponsView | None = None
        self._current = -1
        self._rows: list[ChoiceRow] = []

    def show_coupons(self, view: CouponsView, *, close_label: str, best_label: str) -> None:
        if view == self.view:
            return
        self.view = view
        self.set_words(view.title, close_label)
        self.clear_contents()
        self._rows = []
        self.body.setSpacing(8)
        self.add_to_body(Text(view.hint, role="body", tone="text_secondary", wrap=True))
        self.body.addSpacing(4)
        for row in view.rows:
            self.add_to_body(self._make_row(row))
        self.add_to_foot(Rule(), Text(view.total, role="body_l", tone="saving", weight=500))
        best = SecondaryButton(best_label, icon="refresh")
        best.setEnabled(view.chosen_by_hand)
        best.clicked.connect(self.best_requested)
        self.add_to_foot(best)
        self._current = min(self._current, len(self._rows) - 1)
        self._show_current()

    def move_current(self, step: int) -> None:
        """Up or down; the first step down goes to the first coupon that is not in use."""
        if not self._rows or self.view is None:
            return
        if self._current < 0:
            free = [n for n, row in enumerate(self.view.rows) if row.state != "used"]
            self._current = free[0] if free and step > 0 else 0
        else:
            self._current = min(max(self._current + step, 0), len(self._rows) - 1)
        self._show_current()
        self.show_in_view(self._rows[self._current])

    def take_current(self) -> bool:
        """Do what the current row does. False: no row is current."""
        if self.view is None or not 0 <= self._current < len(self.view.rows):
            return False
        row = self.view.rows[self._current]
        self.chosen.emit(row.coupon_id, row.act)
        return True

    @property
    def rows(self) -> list[ChoiceRow]:
        return self._rows

    def _make_row(self, row: CouponRow) -> ChoiceRow:
        icon, tone = _ICONS[row.state]
        button = ChoiceRow(row.name, row.detail, icon=icon, icon_tone=tone, end=row.saved)
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
