"""Who the person is, in the join dialog: name, how to address, birthday - all of them optional.

Owns: these fields, their layout and what was chosen in them.
Does not own: checking (services/joining.py), the phone and the consents (dialog.py).
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import ChoiceButton
from ui.kit.fields import FieldRow, TillLineEdit

Salutation = Literal["", "mr", "ms"]
_HEIGHT = 56


class PersonFields:
    """`name_row` and `birthday_row` are to be laid out; the rest is inside them."""

    def __init__(self) -> None:
        self.name = TillLineEdit(for_names=True)
        self.mr, self.ms = ChoiceButton(height=_HEIGHT), ChoiceButton(height=_HEIGHT)
        self.mr.clicked.connect(lambda: self.ms.setChecked(False))
        self.ms.clicked.connect(lambda: self.mr.setChecked(False))
        self.birthday = TillLineEdit()
        self.birthday.set_lets_keys_through(False)
        self.lunar = ChoiceButton(height=_HEIGHT)
        self.lunar.toggled.connect(self._show_calendar)
        self._calendars = ("", "")
        self.name_row = FieldRow("", _side_by_side((self.name, 6), (self.mr, 2), (self.ms, 2)))
        self.birthday_row = FieldRow("", _side_by_side((self.birthday, 3), (self.lunar, 2)))

    @property
    def salutation(self) -> Salutation:
        """How to address; empty: nobody said."""
        if self.mr.isChecked():
            return "mr"
        return "ms" if self.ms.isChecked() else ""

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.name_row.set_words(t("Name and form of address"))
        self.name.setAccessibleName(t("Name and form of address"))
        self.mr.set_label(t("Mr"))
        self.ms.set_label(t("Ms"))
        self.birthday_row.set_words(t("Birthday (month-day)"))
        self.birthday.setAccessibleName(t("Birthday (month-day)"))
        self.birthday.setPlaceholderText("6-18")
        self._calendars = (t("Solar"), t("Lunar"))
        self._show_calendar()

    def _show_calendar(self) -> None:
        self.lunar.set_label(self._calendars[self.lunar.isChecked()])


def _side_by_side(*parts: tuple[QWidget, int]) -> QWidget:
    """A field with its keys beside it; the figures are their shares of the width."""
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for part, share in parts:
        row.addWidget(part, share)
    return whole
