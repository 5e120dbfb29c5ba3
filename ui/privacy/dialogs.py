"""Dialogs of the privacy room: erasing somebody, and what goes by itself; widgets only.

Owns: their layout, that nobody is erased by Enter alone. Does not own: texts (view_model.py),
erasing (controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.erasure import REASON_LENGTH_MAX
from app.wording import Wording
from ui.audit.story import StoryLine
from ui.audit.story_panel import story_rows
from ui.kit.buttons import DangerButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import IconLabel, Text
from ui.privacy.view_model import EraseQuestion
from ui.theme.theme import Theme

_WIDTH, _EDGE = 640, 24
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _fitting(parent: QWidget) -> int:
    return min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)


class EraseDialog(KitDialog):
    """The question.

    Signals:
        confirmed: The word stands there and the key was pressed. arg: the reason as typed.
    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget, question: EraseQuestion, wording: Wording) -> None:
        t = wording.t
        super().__init__(parent, title=question.title, width=_fitting(parent), padding=24)
        self._word, self._wrong = question.word, t("Type {word} to go on.", word=question.word)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("alert", tone="danger", size=28), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Text(question.title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        lines = [
            StoryLine(t("Goes"), question.goes),
            StoryLine(t("Stays"), question.stays),
            StoryLine(t("Lost"), question.lost),
            StoryLine(t("Still to send"), question.waits),
        ]
        column = QVBoxLayout()
        column.setSpacing(8)
        story_rows(column, [line for line in lines if line.text])
        self.body.addLayout(column)
        self.hindered = question.hindered
        if question.hindered:
            self.body.addWidget(Text(question.hindered, role="body_l", tone="danger", wrap=True))
        self._build_fields(wording, shown=not question.hindered)
        self._build_answers(wording, shown=not question.hindered)

    def first_focus(self) -> QWidget | None:
        return self.keep if self.hindered else self.reason

    def ask_for_reason(self, sentence: str) -> None:
        """It is missing: said beside the field, which has the focus again."""
        self.reason_row.show_error(sentence)
        self.reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in _ENTER
        if is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if self.erase.isVisible():
                self.erase.click()
            event.accept()
        elif is_enter and self.reason.hasFocus():
            self.word.setFocus()
            event.accept()
        else:
            super().keyPressEvent(event)

    def _build_fields(self, wording: Wording, *, shown: bool) -> None:
        t = wording.t
        self.reason = TillLineEdit(for_names=True)
        self.reason.setMaxLength(REASON_LENGTH_MAX)
        self.reason_row = FieldRow(t("Reason"), self.reason, required=True)
        self.word = TillLineEdit(for_names=True)
        self.word.setMaxLength(20)
        self.word_row = FieldRow(
            t("Type {word} to go on", word=self._word), self.word, required=True
        )
        for row in (self.reason_row, self.word_row):
            self.body.addWidget(row)
            row.setVisible(shown)

    def _build_answers(self, wording: Wording, *, shown: bool) -> None:
        t = wording.t
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.keep = SecondaryButton(t("Back"), hint="Esc")
        self.keep.clicked.connect(self.reject)
        self.erase = DangerButton(t("Erase"), hint="Ctrl+Enter")
        self.erase.clicked.connect(self._answer)
        answers.addWidget(self.keep, 1)
        answers.addWidget(self.erase, 1)
        self.body.addLayout(answers)
        self.erase.setVisible(shown)

    def _answer(self) -> None:
        self.reason_row.show_error("")
        self.word_row.show_error("")
        if self.word.text().strip().casefold() != self._word.casefold():
            self.word_row.show_error(self._wrong)
            self.word.setFocus()
            return
        self.confirmed.emit(self.reason.text())


class RetentionDialog(KitDialog):
    """What the next night takes, and the way to the periods.

    Signals:
        settings_requested: pressed.
    """

    settings_requested = Signal()

    def __init__(self, parent: QWidget, lines: Sequence[StoryLine], wording: Wording) -> None:
        t = wording.t
        title = t("Retention periods")
        super().__init__(parent, title=title, width=_fitting(parent), padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        says = t("What lies longer than this shop wants to keep it goes once a night.")
        self.body.addWidget(Text(says, role="body_l", wrap=True))
        column = QVBoxLayout()
        column.setSpacing(8)
        story_rows(column, lines)
        self.body.addLayout(column)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.close_key = SecondaryButton(t("Back"), hint="Esc")
        self.close_key.clicked.connect(self.reject)
        self.settings = PrimaryButton(t("Change the periods"), hint="Enter")
        self.settings.clicked.connect(self.settings_requested)
        answers.addWidget(self.close_key, 1)
        answers.addWidget(self.settings, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.settings
