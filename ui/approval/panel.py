"""Approval panel: the widgets of a yes in place, and nothing but widgets.

Owns: the layout, which key is which. Does not own: the words (view_model.py), the figures typed
and the proof (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.approval.view_model import ApprovalView
from ui.kit.buttons import ChoiceButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.feedback import Banner
from ui.kit.keypad import Keypad
from ui.kit.marks import PinDots
from ui.kit.panels import Card
from ui.kit.text import ElidedText, FitFigure, IconLabel, Text

WIDTH, PAD_WIDTH = 800, 264
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}
_PEOPLE_A_ROW = 3


class ApprovalPanel(KitDialog):
    """Who asks for what, what it does to money, and who says yes.

    Signals:
        person_chosen: arg: staff id.
        step_requested: Another person by an arrow key. arg: +1 or -1.
        figure_typed: arg: one figure.
        figure_deleted, submitted: pressed.
    """

    person_chosen = Signal(str)
    step_requested = Signal(int)
    figure_typed = Signal(str)
    figure_deleted = Signal()
    submitted = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        super().__init__(parent, title=wording.t("Approval needed"), width=WIDTH, padding=24)
        self._people: list[ChoiceButton] = []
        self._ids: tuple[str, ...] = ()
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(self._build_words(), 1)
        self.keypad = Keypad(for_money=False)
        self.keypad.setFixedWidth(PAD_WIDTH)
        self.keypad.setMinimumHeight(4 * 64 + 3 * 8)
        self.keypad.key_pressed.connect(self._pad)
        columns.addWidget(self.keypad, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(columns)
        self.retranslate(wording)

    def retranslate(self, wording: Wording) -> None:
        """What is no part of a view."""
        t = wording.t
        self.setAccessibleName(t("Approval needed"))
        self.keypad.set_words(t("Delete the last figure"), confirm_name=t("Approve"))

    def render_view(self, view: ApprovalView) -> None:
        """Draw it."""
        self._title.setText(view.title)
        self._act.setText(view.act)
        self._limit.setText(view.limit)
        self._effect_label.set_text(view.effect_label)
        self._effect.show_figure(view.effect)
        self._how.setText(view.how)
        self._notice.show_banner(view.notice, tone=view.notice_tone)
        self._dots.show_dots(view.typed, is_wrong=view.is_wrong)
        self._countdown.setText(view.countdown)
        self.cancel.set_label(view.cancel, hint="Esc")
        self._show_people(view)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, text = Qt.Key(event.key()), event.text()
        if len(text) == 1 and text in "0123456789":
            self.figure_typed.emit(text)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.figure_deleted.emit()
        elif key in _ENTER:
            self.submitted.emit()
        elif key in _STEPS:
            self.step_requested.emit(_STEPS[key])
        else:
            super().keyPressEvent(event)
        event.accept()

    def _build_words(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(IconLabel("shield-check", tone="warning", size=28))
        self._title = Text(role="h1")
        head.addWidget(self._title, 1)
        self._countdown = Text(role="body", tone="text_secondary")
        head.addWidget(self._countdown)
        column.addLayout(head)
        self._act = Text(role="title", wrap=True)
        self._limit = Text(role="body_l", tone="text_secondary", wrap=True)
        column.addWidget(self._act)
        column.addWidget(self._limit)
        money = Card(kit="sunken", across=True, padding=(16, 12))
        self._effect_label = ElidedText(role="body_l", tone="text_secondary")
        self._effect = FitFigure(role="amount")
        money.body.addWidget(self._effect_label, 1)
        money.body.addWidget(self._effect)
        column.addWidget(money)
        self._how = Text(role="body_l", weight=500, wrap=True)
        column.addWidget(self._how)
        self._people_grid = QGridLayout()
        self._people_grid.setSpacing(8)
        column.addLayout(self._people_grid)
        self._dots = PinDots()
        column.addWidget(self._dots)
        self._notice = Banner()
        column.addWidget(self._notice)
        column.addStretch(1)
        self.cancel = SecondaryButton(icon="arrow-left", height=48)
        self.cancel.clicked.connect(self.reject)
        column.addWidget(self.cancel)
        return column

    def _show_people(self, view: ApprovalView) -> None:
        while len(self._people) < len(view.people):
            place = len(self._people)
            button = ChoiceButton(height=48)
            button.clicked.connect(lambda _=False, at=place: self._choose(at))
            self._people.append(button)
            self._people_grid.addWidget(button, place // _PEOPLE_A_ROW, place % _PEOPLE_A_ROW)
        self._ids = tuple(each.staff_id for each in view.people)
        for place, button in enumerate(self._people):
            button.setVisible(place < len(view.people))
            if place < len(view.people):
                button.set_label(view.people[place].name)
                button.setChecked(view.people[place].is_chosen)

    def _choose(self, place: int) -> None:
        self.person_chosen.emit(self._ids[place])

    def _pad(self, key: str) -> None:
        if key == "back":
            self.figure_deleted.emit()
        elif key == "confirm":
            self.submitted.emit()
        else:
            self.figure_typed.emit(key)
