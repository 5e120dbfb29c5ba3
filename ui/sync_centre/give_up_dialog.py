"""Give-up dialog: a refused request is let go, with a reason; widgets only.

Owns: the layout, that nothing is given up by Enter alone. Does not own: giving up (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import DangerButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.reason_picker import NOTE_LENGTH_MAX
from ui.kit.text import IconLabel, Text
from ui.theme.theme import Theme

_WIDTH, _EDGE = 560, 24


class GiveUpDialog(KitDialog):
    """The question with its reason.

    Signals:
        given_up: Somebody gives it up. arg: the reason as typed.
    """

    given_up = Signal(str)

    def __init__(self, parent: QWidget, what: str, wording: Wording) -> None:
        t = wording.t
        title = t("Give this request up?")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("alert", tone="danger", size=28), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Text(title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        self.body.addWidget(Text(what, role="body_l", weight=500, wrap=True))
        says = t("It is not sent any more. Its record stays in this till, and so does your reason.")
        self.body.addWidget(Text(says, role="body_l", wrap=True))
        self.reason = TillLineEdit(for_names=True)
        self.reason.setMaxLength(NOTE_LENGTH_MAX)
        self.row = FieldRow(t("Reason"), self.reason, required=True)
        self.body.addWidget(self.row)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.keep = SecondaryButton(t("Keep it"), hint="Esc")
        self.keep.clicked.connect(self.reject)
        self.give_up = DangerButton(t("Give up"), hint="Ctrl+Enter")
        self.give_up.clicked.connect(self._answer)
        answers.addWidget(self.keep, 1)
        answers.addWidget(self.give_up, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.reason

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.give_up.click()
            event.accept()
        else:
            super().keyPressEvent(event)

    def ask_for_reason(self, sentence: str) -> None:
        """It is missing: said beside the field, which has the focus again."""
        self.row.show_error(sentence)
        self.reason.setFocus()

    def _answer(self) -> None:
        self.given_up.emit(self.reason.text())
