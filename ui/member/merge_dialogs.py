"""Dialogs of merging: who is the other one, and both side by side; widgets only.

Owns: their layout, their keys, that nothing is merged by Enter alone. Does not own: texts
(merge_view.py), asking and merging (merge_acts.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QWidget

from app.services.merge import REASON_LENGTH_MAX
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.choice_list import ChoiceList
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, SearchField, TillLineEdit
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import Text
from ui.member.merge_view import Comparison
from ui.theme.theme import Theme

_FIND_WIDTH, _COMPARE_WIDTH, _EDGE, _LIST, _AROUND = 640, 860, 24, 300, 380
_AROUND_BOTH = 440
"""Title, three lines of what becomes of them in large text, the reason and the keys."""
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


def _fitting(parent: QWidget, width: int) -> int:
    return min(Theme.current().size(width), parent.window().width() - 2 * _EDGE)


class MergeFindDialog(KitDialog):
    """Who is the other one? Those who look alike stand there before anything is typed.

    Signals:
        looked_for: Enter with a text that was not looked for yet. arg: the text.
        chosen: arg: the place of a row.
    """

    looked_for = Signal(str)
    chosen = Signal(int)

    def __init__(self, parent: QWidget, title: str, wording: Wording) -> None:
        t = wording.t
        super().__init__(parent, title=title, width=_fitting(parent, _FIND_WIDTH), padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.field = SearchField(icon="search")
        self.field.set_words(t("Phone, card, name or initials"), t("Look for a member"))
        self.field.edit.set_lets_keys_through(False)
        self.body.addWidget(self.field)
        self._says = Text("", role="body", tone="text_secondary", wrap=True)
        self.body.addWidget(self._says)
        room = parent.window().height() - Theme.current().size(_AROUND)
        self.list = ChoiceList(height=min(Theme.current().size(_LIST), room))
        self.list.pressed.connect(self.chosen)
        self.body.addWidget(self.list)
        self.back = SecondaryButton(t("Back"), hint="Esc", icon="arrow-left", height=56)
        self.back.clicked.connect(self.reject)
        self.body.addWidget(self.back)
        self._current, self._asked = 0, ""

    def first_focus(self) -> QWidget | None:
        return self.field.edit

    def show_found(self, rows: Sequence[tuple[str, str]], sentence: str) -> None:
        """Name and what tells him from others; the first is current."""
        self._current = 0
        self._says.setText(sentence)
        self._says.set_tone("text_secondary")
        self.list.show_rows([ChoiceRow(name, detail, icon="user") for name, detail in rows])
        self.list.set_current(0)

    def refuse(self, sentence: str) -> None:
        """Why it cannot be the chosen one; another one may be chosen."""
        self._says.setText(sentence)
        self._says.set_tone("danger")
        self.field.edit.setFocus()

    def look_for(self, text: str) -> None:
        """As if it had been typed, with Enter: a scanned card."""
        self.field.edit.setText(text)
        self._look()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self.list.rows:
            last = len(self.list.rows) - 1
            self._current = max(0, min(last, self._current + _STEPS[key]))
            self.list.set_current(self._current)
        elif key in _ENTER:
            self._look()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _look(self) -> None:
        text = self.field.edit.text().strip()
        if text and text != self._asked:
            self._asked = text
            self.looked_for.emit(text)
        elif self.list.rows:
            self.chosen.emit(self._current)


class CompareDialog(KitDialog):
    """Both side by side, and why.

    Signals:
        confirmed: Ctrl+Enter, or the button. arg: the reason as typed.
    """

    confirmed = Signal(str)

    def __init__(self, parent: QWidget, view: Comparison, wording: Wording) -> None:
        t = wording.t
        width = _fitting(parent, _COMPARE_WIDTH)
        super().__init__(parent, title=view.title, width=width, padding=24)
        self.body.setSpacing(12)
        self.body.addWidget(Text(view.title, role="title", wrap=True))
        self.body.addWidget(Text(view.sentence, role="body", tone="text_secondary", wrap=True))
        self.body.addWidget(self._build_table(parent, view))
        self.reason = TillLineEdit(for_names=True)
        self.reason.setMaxLength(REASON_LENGTH_MAX)
        self.reason_row = FieldRow(t("Reason"), self.reason, required=True)
        self.body.addWidget(self.reason_row)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.back = SecondaryButton(t("Back"), hint="Esc", icon="arrow-left", height=64)
        self.back.clicked.connect(self.reject)
        self.go_on = PrimaryButton(view.go_on, hint="Ctrl+Enter")
        self.go_on.clicked.connect(lambda: self.confirmed.emit(self.reason.text()))
        answers.addWidget(self.back, 1)
        answers.addWidget(self.go_on, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.reason

    def set_waiting(self, waits: bool) -> None:
        """It was said once and is on its way: a second press would do it again."""
        self.go_on.setEnabled(not waits)

    def refuse(self, sentence: str) -> None:
        """Beside the reason; what was typed stays."""
        self.set_waiting(False)
        self.reason_row.show_error(sentence)
        self.reason.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.go_on.click()
            event.accept()
        elif event.key() in _PAGES:
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.value() + _PAGES[Qt.Key(event.key())] * bar.pageStep())
            event.accept()
        else:
            super().keyPressEvent(event)

    def _build_table(self, parent: QWidget, view: Comparison) -> QScrollArea:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        last = len(view.heads)
        for place, head in enumerate(view.heads, start=1):
            grid.addWidget(Text(head, role="body", weight=600, wrap=True), 0, place)
            grid.setColumnStretch(place, 3)
        grid.setColumnStretch(0, 2)
        for line, (label, *cells) in enumerate(view.rows, start=1):
            grid.addWidget(Text(label, role="body", tone="text_secondary", wrap=True), line, 0)
            for place, cell in enumerate(cells, start=1):
                weight = 600 if place == last and last > 2 else 400
                grid.addWidget(Text(cell, role="body", weight=weight, wrap=True), line, place)
        self._area = area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        keep_off_bar(area, grid)
        area.setWidget(inside)
        width = self.frame.width() - 2 * 24
        wanted = max(inside.heightForWidth(width), inside.sizeHint().height())
        room = parent.window().height() - Theme.current().size(_AROUND_BOTH)
        area.setFixedHeight(max(Theme.current().size(120), min(wanted, room)))
        return area
