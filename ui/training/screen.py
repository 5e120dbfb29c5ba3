"""Training screen: the page of practising; widgets only.

Owns: the layout. Does not own: words (view_model.py), going over to the other till (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Busy
from ui.kit.panels import Card, stand_alone
from ui.kit.text import Text
from ui.theme.theme import Theme
from ui.training.view_model import TaskView, TrainingView

WIDTH, MARGIN, _PER_ROW = 960, 32, 2
_DONE, _TO_DO = ("check-circle", "success"), ("circle", "text_secondary")


class TrainingScreen(QWidget):
    """The page.

    Signals:
        primary_requested, second_requested, back_requested, cancelled: pressed.
    """

    primary_requested = Signal()
    second_requested = Signal()
    back_requested = Signal()
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[TaskView, ...] = ()
        self._card = Card(padding=(32, 24), spacing=12)
        self._title = Text(role="h1", weight=600)
        self._sentence = Text(role="body_l", tone="text_secondary", wrap=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self.wait = Busy()
        self.wait.cancelled.connect(self.cancelled)
        for part in (self._title, self._sentence):
            self._card.body.addWidget(part)
        self._card.body.addLayout(self._grid)
        self._card.body.addWidget(self.wait)
        self._card.body.addSpacing(8)
        self._card.body.addLayout(self._build_answers())
        stand_alone(self._card, self)

    def render_view(self, view: TrainingView) -> None:
        self._title.setText(view.title)
        self._sentence.setText(view.sentence)
        self.primary.set_label(view.primary, hint="Enter")
        self.second.set_label(view.second)
        self.back.set_label(view.back, hint="Esc")
        for key in (self.primary, self.second, self.back):
            key.setVisible(bool(key.text()))
        self.wait.setVisible(bool(view.waiting))
        self.wait.show_wait(view.waiting, done=view.done, of=view.of, cancel_label=view.cancel)
        self._show_tasks(view.tasks)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._card.setFixedWidth(min(Theme.current().size(WIDTH), self.width() - MARGIN))

    def _build_answers(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = SecondaryButton(icon="arrow-left", height=64)
        self.back.clicked.connect(self.back_requested)
        self.second = SecondaryButton(icon="refresh", height=64)
        self.second.clicked.connect(self.second_requested)
        self.primary = PrimaryButton(icon="check")
        self.primary.clicked.connect(self.primary_requested)
        row.addWidget(self.back)
        row.addWidget(self.second)
        row.addWidget(self.primary, 1)
        return row

    def _show_tasks(self, tasks: tuple[TaskView, ...]) -> None:
        if tasks == self._shown:
            return
        self._shown = tasks
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, task in enumerate(tasks):
            icon, tone = _DONE if task.is_done else _TO_DO
            row = ChoiceRow(task.name, task.detail, icon=icon, icon_tone=tone)
            row.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # it only tells
            row.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._grid.addWidget(row, place // _PER_ROW, place % _PER_ROW)
            self.rows.append(row)
