"""Dialogs of held sales: the list, and what is different after a recall; widgets only.

Owns: the layout, the keys of the list. Does not own: recalling (controller.py), texts
(view_model.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.holds.view_model import DifferencesView, HeldRow, HoldsView
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.choice_list import ChoiceList
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card, EmptyState, FigureRow, Rule
from ui.kit.reason_picker import NOTE_LENGTH_MAX
from ui.kit.text import FitFigure, IconLabel, Text

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
WIDTH, LIST_HEIGHT = 720, 380
DIFFERENCES_WIDTH = 620
_FIGURES = "123456789"


class HoldsDialog(KitDialog):
    """The list of held sales.

    Signals:
        recall_requested, void_requested: arg: the place of the row.
        noted: Words were typed for the current row. args: its place, the words.
        moved: An arrow key. arg: +1 or -1.
    """

    recall_requested = Signal(int)
    void_requested = Signal(int)
    noted = Signal(int, str)
    moved = Signal(int)

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        super().__init__(parent, title=wording.t("Held sales"), width=WIDTH, padding=24)
        self._held: tuple[HeldRow, ...] = ()
        self._current = 0
        self._title = Text(role="h1")
        self._hint = Text(role="body", tone="text_secondary", wrap=True)
        self._notice = Banner()
        self.body.addWidget(self._title)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._notice)
        self._empty = EmptyState(icon="pause")
        self._empty.setFixedHeight(LIST_HEIGHT // 2)
        self.body.addWidget(self._empty)
        self.list = ChoiceList(height=LIST_HEIGHT)
        self.list.pressed.connect(self.recall_requested)
        self.body.addWidget(self.list)
        self.note = TillLineEdit(for_names=True)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        self._note_row = FieldRow("", self.note)
        self._note_row.hide()
        self.body.addWidget(self._note_row)
        self.body.addLayout(self._build_answers())
        self.retranslate(wording)

    @property
    def rows(self) -> Sequence[ChoiceRow]:
        return self.list.rows

    @property
    def notice_text(self) -> str:
        return self._notice.sentence

    def first_focus(self) -> QWidget | None:
        return self.take if self.take.isEnabled() else self.cancel

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self.setAccessibleName(t("Held sales"))
        self.cancel.set_label(t("Back"), hint="Esc")
        self.void.set_label(t("Void"), hint="Del")
        self.take.set_label(t("Recall"), hint="Enter")
        self.write.set_label(t("Note"), hint="N")
        self._note_row.set_words(t("Note for this held sale, Enter keeps it"))
        self.note.setAccessibleName(t("Note"))

    def render_view(self, view: HoldsView, current: int) -> None:
        if current != self._current or view.rows != self._held:
            self._note_row.hide()
        self._current = current
        self._title.setText(view.title)
        self._hint.setText(view.hint)
        self._hint.setVisible(bool(view.hint))
        self._empty.show_words(view.empty)
        self._empty.setVisible(not view.rows)
        self.list.setVisible(bool(view.rows))
        self.void.setEnabled(bool(view.rows))
        self.write.setEnabled(bool(view.rows))
        self.take.setEnabled(view.can_recall)
        self._show_rows(view.rows)
        self.list.set_current(current)

    def show_notice(self, sentence: str, tone: str) -> None:
        """Why it was not taken back; empty: all is well."""
        self._notice.show_banner(sentence, tone=tone)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self._note_row.isVisible():
            self._note_key(event)
        elif key in _ENTER:
            self._take()
        elif key in _STEPS:
            self.moved.emit(_STEPS[key])
        elif key == Qt.Key.Key_Delete and self.rows:
            self.void_requested.emit(self._current)
        elif key == Qt.Key.Key_N and self.rows:
            self._write()
        elif not self._take_figure(event.text()):
            super().keyPressEvent(event)
        event.accept()

    def _note_key(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.noted.emit(self._current, self.note.text())
        if event.key() in (*_ENTER, Qt.Key.Key_Escape):
            self._note_row.hide()
            first = self.first_focus()
            if first is not None:
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_figure(self, text: str) -> bool:
        place = _FIGURES.find(text) if len(text) == 1 else -1
        is_row = 0 <= place < len(self.rows)
        if is_row:
            self.recall_requested.emit(place)
        return is_row

    def _write(self) -> None:
        self.note.setText(self._held[self._current].note)
        self._note_row.show()
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.cancel = SecondaryButton(icon="arrow-left", height=64)
        self.cancel.clicked.connect(self.reject)
        self.void = SecondaryButton(icon="trash", height=64)
        self.void.clicked.connect(lambda: self.void_requested.emit(self._current))
        self.write = SecondaryButton(icon="edit", height=64)
        self.write.clicked.connect(self._write)
        self.take = PrimaryButton(icon="rotate")
        self.take.clicked.connect(self._take)
        row.addWidget(self.cancel)
        row.addWidget(self.void)
        row.addWidget(self.write)
        row.addWidget(self.take, 1)
        return row

    def _take(self) -> None:
        if self.rows:
            self.recall_requested.emit(self._current)
        else:
            self.reject()

    def _show_rows(self, held: tuple[HeldRow, ...]) -> None:
        if held == self._held:
            return
        self._held = held
        self.list.show_rows([_row(each, place) for place, each in enumerate(held)])


def _row(held: HeldRow, place: int) -> ChoiceRow:
    detail = "\n".join(filter(None, (held.detail, held.warning)))
    hint = _FIGURES[place] if place < len(_FIGURES) else ""
    icon, tone = ("alert", "warning") if held.warning else ("pause", "text_secondary")
    return ChoiceRow(held.name, detail, icon=icon, icon_tone=tone, hint=hint)


class DifferencesDialog(KitDialog):
    """Before a recalled sale goes on: what costs something else than the customer was told."""

    def __init__(self, parent: QWidget, view: DifferencesView) -> None:
        super().__init__(parent, title=view.title, width=DIFFERENCES_WIDTH, padding=24)
        self.view = view
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("alert", tone="warning", size=28))
        head.addWidget(Text(view.title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        self.body.addWidget(Text(view.sentence, role="body_l", wrap=True))
        for row in view.rows:
            self.body.addWidget(FigureRow(row.label, row.figure, label_tone="text_primary"))
        self.body.addWidget(Rule())
        total = Card(kit="plain", across=True, padding=(0, 0))
        total.body.addWidget(Text(view.total_label, role="title"))
        total.body.addWidget(FitFigure(view.total, role="amount"), 1)
        self.body.addWidget(total)
        self.primary = PrimaryButton(view.go_on, hint="Enter")
        self.primary.clicked.connect(self.accept)
        self.body.addWidget(self.primary)
