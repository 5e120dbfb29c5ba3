"""Points dialog: another number of points than the most that can be used.

Owns: the one field with its number keys and its error. Does not own: which numbers can be used
(services/redeem.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui import formatting
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.keypad import Keypad, type_into
from ui.kit.text import Text
from ui.theme.theme import Theme

_POINTS_MAX = 99_999_999
PAD_HEIGHT = 264


class PointsDialog(KitDialog):
    """Asks for a number of points; stays open until one was taken or Esc.

    Signals:
        chosen: arg: the number typed; 0 takes the points off again.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget, wording: Wording, *, most: int) -> None:
        t = wording.t
        title = t("How many points?")
        super().__init__(parent, title=title, width=440)
        self.body.addWidget(Text(title, role="h1"))
        self.field = TillLineEdit()
        self.field.setValidator(QIntValidator(0, _POINTS_MAX, self))
        hint = t("Up to {points} points can be used", points=formatting.points(most))
        self._row = FieldRow(t("Points"), self.field, hint=hint)
        self.body.addWidget(self._row)
        self.keypad = Keypad(for_money=False)
        self.keypad.set_words(t("Delete the last figure"), confirm_name=t("Use"))
        self.keypad.setFixedHeight(Theme.current().size(PAD_HEIGHT))
        self.keypad.key_pressed.connect(self._press)
        self.body.addWidget(self.keypad)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        cancel.clicked.connect(self.reject)
        self.primary = PrimaryButton(t("Use"), hint="Enter")
        self.primary.clicked.connect(self._choose)
        answers.addWidget(cancel)
        answers.addWidget(self.primary, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.field

    def show_error(self, sentence: str) -> None:
        """Why this number cannot be used; what was typed stays."""
        self._row.show_error(sentence)
        self.field.setFocus()

    def _press(self, key: str) -> None:
        """A key of the pad; what is typed stays in its field."""
        if key == "confirm":
            self._choose()
        else:
            self.field.setFocus()
            type_into(self.field, key)

    def _choose(self) -> None:
        if self.field.text():
            self.chosen.emit(int(self.field.text()))
