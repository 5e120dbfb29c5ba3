"""Person dialog: a colleague's name, his PIN, whether he gets a badge; widgets only.

Owns: the fields that are asked for, their errors beside them. Does not own: checking (services).
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import Text
from ui.kit.tick_row import TickRow

WIDTH = 480


@dataclass(frozen=True, slots=True)
class Asked:
    """Which fields there are. `name`: what stands in it at first; None = no such field."""

    title: str
    name: str | None = None
    pin: bool = False
    badge: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed; what was not asked for is empty."""

    name: str
    pin: str
    badge: bool


class PersonDialog(KitDialog):
    """Stays open until what was typed could be kept, or Esc.

    Signals:
        given: arg: Typed.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget, asked: Asked, wording: Wording, *, pin_hint: str) -> None:
        t = wording.t
        super().__init__(parent, title=asked.title, width=WIDTH)
        self.body.addWidget(Text(asked.title, role="h1", wrap=True))
        self.name, self.pin = TillLineEdit(for_names=True), TillLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.name.setText(asked.name or "")
        self._name_row = FieldRow(t("Name"), self.name)
        self._pin_row = FieldRow(t("PIN"), self.pin, hint=pin_hint)
        self.badge = TickRow(t("Make a badge"))
        wanted = ((self._name_row, asked.name is not None), (self._pin_row, asked.pin),
                  (self.badge, asked.badge))  # fmt: skip
        for row, is_asked in wanted:
            row.setVisible(is_asked)
            if is_asked:
                self.body.addWidget(row)
            else:
                row.setParent(self)
        self._first = self.name if asked.name is not None else self.pin
        self.body.addLayout(self._build_answers(wording))

    def first_focus(self) -> QWidget | None:
        return self._first

    def show_error(self, sentence: str, *, of_pin: bool) -> None:
        """Why it cannot be kept; what was typed stays."""
        self._name_row.show_error("" if of_pin else sentence)
        self._pin_row.show_error(sentence if of_pin else "")
        (self.pin if of_pin else self.name).setFocus()

    def _build_answers(self, wording: Wording) -> QHBoxLayout:
        t = wording.t
        answers = QHBoxLayout()
        answers.setSpacing(12)
        cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        cancel.clicked.connect(self.reject)
        self.primary = PrimaryButton(t("Save"), hint="Enter")
        self.primary.clicked.connect(self._give)
        answers.addWidget(cancel)
        answers.addWidget(self.primary, 1)
        return answers

    def _give(self) -> None:
        self.given.emit(Typed(self.name.text(), self.pin.text(), self.badge.isChecked()))
