"""Discount dialog: what it is given on, how much, and why; widgets only.

Owns: the layout of both pages, the keys. Does not own: what a figure means (view_model.py),
whether it may be given (services).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.wording import Wording
from ui.discount.view_model import DiscountView
from ui.kit.buttons import ChoiceButton, PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import MoneyEdit
from ui.kit.keypad import Keypad
from ui.kit.panels import FigureRow
from ui.kit.reason_picker import ReasonPicker
from ui.kit.text import IconLabel, Text
from ui.theme.theme import Theme

WIDTH, LEFT_WIDTH, PAD_HEIGHT = 820, 300, 264
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class DiscountDialog(KitDialog):
    """F7.

    Signals:
        kind_chosen: A way was tapped. arg: its place.
        stepped: An arrow, or F7 again. arg: +1 or -1.
        edited: Something was typed.
        given: Enter, or the button.
        removed: What was given before is to go.
        reason_left: Back from the reasons to the figure.
    """

    kind_chosen = Signal(int)
    stepped = Signal(int)
    edited = Signal()
    given = Signal()
    removed = Signal()
    reason_left = Signal()

    def __init__(
        self, parent: QWidget, wording: Wording, is_again: Callable[[QKeyEvent], bool]
    ) -> None:
        super().__init__(parent, title=wording.t("Discount, price"), width=WIDTH, padding=24)
        self._is_again = is_again
        self._kinds: list[ChoiceButton] = []
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("percent", tone="primary", size=28))
        self._title = Text(role="h1")
        head.addWidget(self._title, 1)
        self.body.addLayout(head)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._build_entry())
        self._pages.addWidget(self._build_reasons())
        self.body.addWidget(self._pages)
        self.body.addLayout(self._build_answers())
        self.retranslate(wording)

    @property
    def kinds(self) -> list[ChoiceButton]:
        return self._kinds

    @property
    def asks_why(self) -> bool:
        return self._pages.currentIndex() == 1

    @property
    def error_text(self) -> str:
        return self._note.text() if self._note.property("tone") == "danger" else ""

    @property
    def meaning_text(self) -> str:
        return self._meaning.text()

    def first_focus(self) -> QWidget | None:
        return self.field.edit

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        title = t("Discount, price")
        self.setAccessibleName(title)
        self._title.setText(title)
        self.keypad.set_words(t("Delete the last figure"), t("Clear"))
        self.cancel.set_label(t("Back"), hint="Esc")
        self.give.set_label(t("Give"), hint="Enter")
        self.remove.set_label(t("Take it back"), hint="Del")

    def render_view(self, view: DiscountView, error: str) -> None:
        self._order_title.show_row(view.order_title, view.order_figure)
        self._line_title.show_row(view.line_title, view.line_figure)
        self._line_title.setVisible(bool(view.line_title))
        self._show_kinds(view)
        self.field.set_label(view.field_label)
        self.field.set_state("error" if error else "")
        self.field.edit.setAccessibleDescription(error or view.meaning)
        self._meaning.setText(view.meaning)
        self._note.setText(error or view.example)
        self._note.set_tone("danger" if error else "text_secondary")
        self._given.setText(view.given)
        self._given_box.setVisible(bool(view.given))

    def show_reasons(self, title: str) -> None:
        """Turn to the page of reasons (`reasons` was filled)."""
        self._why.setText(title)
        self._pages.setCurrentIndex(1)
        self._show_can_give()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_entry(self) -> None:
        self._pages.setCurrentIndex(0)
        self._show_can_give()
        self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if self.asks_why:
            self._reason_key(event)
        elif key in _ENTER:
            self.given.emit()
        elif key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif self._is_again(event):
            self.stepped.emit(1)
        elif key == Qt.Key.Key_Delete and self._given_box.isVisible():
            self.removed.emit()
        else:
            super().keyPressEvent(event)
        event.accept()

    def _reason_key(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.reason_left.emit()
        elif event.key() in _ENTER:
            self.given.emit()
        else:
            self.reasons.press_figure(event.text())

    def _build_entry(self) -> QWidget:
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(24)
        columns.addLayout(self._build_left())
        right = QVBoxLayout()
        right.setSpacing(12)
        self.field = MoneyEdit()
        self.field.edited.connect(self.edited)
        right.addWidget(self.field)
        self._meaning = Text(role="title", tone="saving", weight=600)
        self._meaning.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._note = Text(role="body", tone="text_secondary", wrap=True)
        right.addWidget(self._meaning)
        right.addWidget(self._note)
        self.keypad = Keypad()
        self.keypad.setFixedHeight(Theme.current().size(PAD_HEIGHT))
        self.keypad.key_pressed.connect(self._press)
        right.addWidget(self.keypad)
        columns.addLayout(right, 1)
        return page

    def _build_left(self) -> QVBoxLayout:
        left = QVBoxLayout()
        left.setSpacing(8)
        self._order_title = FigureRow(label_tone="text_primary")
        self._line_title = FigureRow(label_tone="text_primary")
        for title in (self._order_title, self._line_title):
            title.setFixedWidth(LEFT_WIDTH)
        for place in range(5):
            button = ChoiceButton()
            button.setFixedWidth(LEFT_WIDTH)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, at=place: self.kind_chosen.emit(at))
            self._kinds.append(button)
        left.addWidget(self._order_title)
        for button in self._kinds[:2]:
            left.addWidget(button)
        left.addSpacing(8)
        left.addWidget(self._line_title)
        for button in self._kinds[2:]:
            left.addWidget(button)
        left.addStretch(1)
        left.addWidget(self._build_given())
        return left

    def _build_given(self) -> QWidget:
        self._given_box = QWidget()
        column = QVBoxLayout(self._given_box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._given = Text(role="body", tone="saving", wrap=True)
        self.remove = SecondaryButton(icon="undo")
        self.remove.clicked.connect(self.removed)
        column.addWidget(self._given)
        column.addWidget(self.remove)
        return self._given_box

    def _build_reasons(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._why = Text(role="body_l", weight=500, wrap=True)
        column.addWidget(self._why)
        self.reasons = ReasonPicker()
        self.reasons.changed.connect(self._show_can_give)
        column.addWidget(self.reasons)
        column.addStretch(1)
        return page

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.cancel = SecondaryButton(icon="arrow-left", height=64)
        self.cancel.clicked.connect(self._step_back)
        self.give = PrimaryButton(icon="check")
        self.give.clicked.connect(self.given)
        row.addWidget(self.cancel)
        row.addWidget(self.give, 1)
        return row

    def _step_back(self) -> None:
        if self.asks_why:
            self.reason_left.emit()
        else:
            self.reject()

    def _show_can_give(self) -> None:
        """A reason goes on by itself; only one's own words wait for Enter."""
        self.give.setEnabled(not self.asks_why or bool(self.reasons.chosen))

    def _press(self, key: str) -> None:
        self.field.press(key)

    def _show_kinds(self, view: DiscountView) -> None:
        for place, button in enumerate(self._kinds):
            button.setVisible(place < len(view.kinds))
            if place < len(view.kinds):
                button.set_label(view.kinds[place].label)
                button.setChecked(view.kinds[place].is_chosen)
