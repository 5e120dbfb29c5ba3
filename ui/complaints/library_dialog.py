"""Library dialog: what helped, written down for everybody; widgets only.

Owns: the layout. Does not own: keeping it (library_acts.py), what it is about (library_kinds.py),
what may stand in it (services).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.complaint_fact import TITLE_MAX, WORDS_MAX
from app.wording import Wording
from ui.complaints.library_kinds import KindKeys, Kinds
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.scrolling import RoomArea
from ui.kit.text import Text
from ui.kit.text_area import TextArea
from ui.theme.theme import Theme

WIDTH, EDGE = 760, 24
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LibraryDialog(KitDialog):
    """A new entry of the library.

    Signals:
        sent: Ctrl+Enter, or the button.
    """

    sent = Signal()

    def __init__(self, parent: QWidget, title: str, kinds: Kinds, wording: Wording) -> None:
        t, window = wording.t, parent.window()
        width = min(Theme.current().size(WIDTH), window.width() - 2 * EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.frame.setMaximumHeight(window.height() - 2 * EDGE)
        self.body.setSpacing(12)
        self.body.addWidget(Text(title, role="title", weight=600, wrap=True))
        says = t("Every store reads it: write no names and no numbers of customers.")
        self.body.addWidget(Text(says, role="body", tone="text_secondary", wrap=True))
        area = RoomArea()
        self.body.addWidget(area, 1)
        self.title = TillLineEdit(for_names=True)
        self.title.setMaxLength(TITLE_MAX)
        self.problem = TextArea(lines=2, most=WORDS_MAX)
        self.answer = TextArea(lines=3, most=WORDS_MAX)
        self.rows = {
            "title": FieldRow(t("In one line"), self.title),
            "problem": FieldRow(t("The problem, in the words people use"), self.problem),
            "answer": FieldRow(t("What helps"), self.answer),
        }
        self.kinds = KindKeys(kinds, wording)
        area.body.addWidget(self.kinds)
        for row in self.rows.values():
            area.body.addWidget(row)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        self.cancel = SecondaryButton(t("Back"), icon="arrow-left", hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.send = PrimaryButton(t("Write it down"), icon="check", hint="Ctrl+Enter")
        self.send.clicked.connect(self.sent)
        answers.addWidget(self.cancel)
        answers.addWidget(self.send, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.title

    @property
    def filled(self) -> tuple[str, str, str]:
        """Title, problem, answer as they stand."""
        return self.title.text(), self.problem.text(), self.answer.text()

    def restore(self, kept: tuple[str, str, str]) -> None:
        """What somebody had typed before he was called away."""
        title, problem, answer = kept
        self.title.setText(title)
        self.problem.setText(problem)
        self.answer.setText(answer)

    def show_fault(self, field: str, sentence: str) -> None:
        """Beside its field, which has the focus; one without a field beside the last."""
        named = field if field in self.rows else "answer"
        for name, row in self.rows.items():
            row.show_error(sentence if name == named else "")
        self.rows[named].field.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and place in (0, 1):
            self.kinds.offer(place)
            event.accept()
        elif event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.sent.emit()
            elif self.title.hasFocus():
                self.problem.setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()
        else:
            super().keyPressEvent(event)
