"""Void dialog: why a sale is given up for good; widgets only.

Owns: the layout, which key is which: a figure chooses the reason, Ctrl+Enter voids. Does not own:
the reasons (the shop's list), voiding (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.kit.buttons import DangerButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.reason_picker import ReasonPicker
from ui.kit.text import IconLabel, Text

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
WIDTH = 560


class VoidDialog(KitDialog):
    """The question; `go_on` is pressed by Ctrl+Enter or a tap, once a reason is chosen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, title="", width=WIDTH, padding=24)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("trash", tone="danger", size=28))
        self._title = Text(role="title", wrap=True)
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        self._sentence = Text(role="body_l", wrap=True)
        self.body.addWidget(self._sentence)
        self.reasons = ReasonPicker()
        self.body.addWidget(self.reasons)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.stay = SecondaryButton(height=48)
        self.stay.clicked.connect(self.reject)
        self.go_on = DangerButton()
        self.go_on.setEnabled(False)
        answers.addWidget(self.stay, 1)
        answers.addWidget(self.go_on, 1)
        self.body.addSpacing(8)
        self.body.addLayout(answers)
        self.primary = self.stay

    def set_words(self, title: str, sentence: str, *, go_on: str, stay: str) -> None:
        self.setAccessibleName(title)
        self._title.setText(title)
        self._sentence.setText(sentence)
        self.go_on.set_label(go_on, hint="Ctrl+Enter")
        self.stay.set_label(stay, hint="Esc")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in _ENTER
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.go_on.isEnabled():
                self.go_on.click()
        elif not self.reasons.press_figure(event.text()):
            super().keyPressEvent(event)
        event.accept()
