"""Reason dialog: why, by one digit or one tap; where a reason says nothing by itself, in words.

Owns: the keys and the note. Does not own: which reasons there are, what they are for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from shiboken6 import isValid

from app.domain.shift import NOTE_LENGTH_MAX
from app.services.shift import Reason
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import Text
from ui.shift.sentences import REASON_WORDS
from ui.theme.theme import Theme

WITH_NOTE = "other"
_WIDTH, _MARGIN = 520, 24


@dataclass(frozen=True, slots=True)
class ReasonQuestion:
    """What is asked, and the reasons in the order of their digits."""

    title: str
    sentence: str
    reasons: Sequence[str]


class ReasonDialog(KitDialog):
    """One reason.

    Signals:
        chosen: arg: the Reason.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, question: ReasonQuestion, wording: Wording) -> None:
        t = wording.t
        width = min(Theme.current().size(_WIDTH), parent.window().width() - _MARGIN)
        super().__init__(parent, title=question.title, width=width, padding=24)
        self._reasons = list(question.reasons)
        self._missing = t("Say in a few words why.")
        self.body.setSpacing(10)
        self.body.addWidget(Text(question.title, role="title", wrap=True))
        if question.sentence:
            self.body.addWidget(Text(question.sentence, role="body_l", wrap=True))
        self.keys = [self._make_key(place, wording) for place in range(len(self._reasons))]
        for key in self.keys:
            self.body.addWidget(key)
        self.note = TillLineEdit(for_names=True)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        self._note_row = FieldRow(t("In a few words"), self.note)
        self._note_row.hide()
        self.body.addWidget(self._note_row)
        self._cancel = SecondaryButton(t("Cancel"), hint="Esc", height=56)
        self._cancel.clicked.connect(self.reject)
        self.go_on = PrimaryButton(t("Go on"), hint="Enter")
        self.go_on.clicked.connect(self._take_note)
        self.go_on.hide()
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._cancel)
        foot.addWidget(self.go_on, 1)
        self.body.addLayout(foot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = int(event.text()) if event.text() in set("123456789") else 0
        if 0 < number <= len(self._reasons) and not self._note_row.isVisible():
            self._choose(number - 1)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_key(self, place: int, wording: Wording) -> SecondaryButton:
        words = wording.t(REASON_WORDS[self._reasons[place]])
        key = SecondaryButton(words, hint=str(place + 1), height=52)
        key.clicked.connect(lambda: self._choose(place))
        return key

    def _choose(self, place: int) -> None:
        if self._reasons[place] != WITH_NOTE:
            self._answer(Reason(self._reasons[place]))
            return
        for key in self.keys:
            key.hide()
        self._note_row.show()
        self.go_on.show()
        self.primary = self.go_on
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_note(self) -> None:
        note = self.note.text().strip()
        if note:
            self._answer(Reason(WITH_NOTE, note))
        else:
            self._note_row.show_error(self._missing)
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self, reason: Reason) -> None:
        self.accept()
        self.chosen.emit(reason)


def put_away(dialog: ReasonDialog | None) -> None:
    """The screen below is left (the till is locked): nothing may lie over the next one."""
    if dialog is not None and isValid(dialog) and dialog.is_open:
        dialog.reject()
