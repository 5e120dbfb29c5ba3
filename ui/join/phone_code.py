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
from ui.window_parts import Matrix

MODULE_PX, SMALL_PX, MODULES_MAX = 6, 4, 44
"""A link of up to 80 signs has 41 modules: with its quiet zone it fits beside the form; a longer
one is drawn smaller.
"""


class PhoneCode(QWidget):
    """Title, code, and how long it is good; or why there is none."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._title = Text(role="title", wrap=True)
        self.busy = Busy()
        self.qr, self._small = QrView(module_px=MODULE_PX), QrView(module_px=SMALL_PX)
        self._none = IconLabel("cloud-off", tone="offline", size=48)
        self.sentence = Text(role="body_l", wrap=True)
        for text in (self._title, self.sentence):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addStretch(1)
        column.addWidget(self._title)
        column.addWidget(self.busy)
        for mark in (self.qr, self._small, self._none):
            column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.sentence)
        column.addStretch(1)

    def show_wait(self, title: str, sentence: str) -> None:
        self._show(title, "", is_code=False)
        self._none.hide()
        self.busy.show_wait(sentence)
        self.busy.show()

    def show_code(self, matrix: Matrix, title: str, sentence: str) -> None:
        self._show(title, sentence, is_code=True)
        is_long = len(matrix) > MODULES_MAX
        (self._small if is_long else self.qr).show_code(matrix, title)
        self.qr.setVisible(not is_long)
        self._small.setVisible(is_long)

    def show_none(self, title: str, sentence: str) -> None:
        self._show(title, sentence, is_code=False)

    def _show(self, title: str, sentence: str, *, is_code: bool) -> None:
        self._title.setText(title)
        self.sentence.setText(sentence)
        self.busy.hide()
        for code in (self.qr, self._small):
            code.setVisible(is_code)
        self._none.setVisible(not is_code)
