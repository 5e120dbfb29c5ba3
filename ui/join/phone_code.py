"""The code for the customer's own phone, in the join dialog: to join there, or to keep his card.

Owns: its place on the side. Does not own: asking for the link (phone_code_acts.py), the code's
picture (a renderer).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.kit.feedback import Busy
from ui.kit.marks import QrView
from ui.kit.text import IconLabel, Text

MODULE_PX = 6
"""A link has some 60 signs: 37 modules and the quiet zone fit beside the form."""


class PhoneCode(QWidget):
    """Title, code, and how long it is good; or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._title = Text(role="title", wrap=True)
        self.busy = Busy()
        self.qr = QrView(module_px=MODULE_PX)
        self._none = IconLabel("cloud-off", tone="offline", size=48)
        self.sentence = Text(role="body_l", wrap=True)
        for text in (self._title, self.sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self.busy)
        for mark in (self.qr, self._none):
            column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addStretch(1)

    def show_wait(self, title: str, sentence: str) -> None:
        self._show(title, "", is_code=False)
        self._none.hide()
        self.busy.show_wait(sentence)
        self.busy.show()

    def show_code(self, title: str, sentence: str) -> None:
        self._show(title, sentence, is_code=True)

    def show_none(self, title: str, sentence: str) -> None:
        self._show(title, sentence, is_code=False)

    def _show(self, title: str, sentence: str, *, is_code: bool) -> None:
        self._title.setText(title)
        self.sentence.setText(sentence)
        self.busy.hide()
        self.qr.setVisible(is_code)
        self._none.setVisible(not is_code)
