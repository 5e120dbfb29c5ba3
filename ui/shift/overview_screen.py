"""Overview screen: acts of the shift, closed shifts beside them, the last paper on the right.

Owns: the layout. Does not own: texts (overview_view.py), what a press does (controller).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.domain.page import Page
from ui.kit.buttons import KitButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.panels import Card, EmptyState
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Text
from ui.printing.paper_view import PaperView
from ui.shift.count_page import NARROW_BELOW
from ui.shift.overview_view import OverviewView
from ui.shift.start_page import Notice
from ui.theme.theme import Theme

ACTS_WIDE, ACTS_NARROW = 380, 320
PAPER_WIDE, PAPER_NARROW = 480, 340


class ShiftScreen(QWidget):
    """The shift.

    Signals:
        act_chosen: arg: the act's name.
        z_chosen: A closed shift was pressed. arg: its number.
        back_requested: pressed.
    """

    act_chosen = Signal(str)
    z_chosen = Signal(int)
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._view: OverviewView | None = None
        self._current = -1
        self.acts: list[KitButton] = []
        self.rows: list[ChoiceRow] = []
        columns.addWidget(self._build_left())
        columns.addWidget(self._build_list(), 1)
        self.paper = PaperView()
        columns.addWidget(self.paper)

    def render_view(self, view: OverviewView, back: str, notice: Notice) -> None:
        """Draw it; keys and rows are made anew only where they change."""
        self._title.setText(view.title)
        self._lines.setText("\n".join(view.lines))
        self._lines.setVisible(bool(view.lines))
        self.notice.show_banner(notice.sentence, tone=notice.tone)
        self.proof.show_banner(view.warning, tone="warning")
        self.back.set_label(back)
        before, self._view = self._view, view
        if before is None or before.acts != view.acts:
            self._make_acts(view)
        if before is None or (before.rows, before.list_title) != (view.rows, view.list_title):
            self._make_rows(view)

    def show_page(self, page: Page | None, name: str) -> None:
        """The X or Z that was printed last."""
        self.paper.setVisible(page is not None)
        self.paper.set_name(name)
        self.paper.show_page(page)

    def take_focus(self) -> None:
        """On the screen itself: a button would keep the arrows."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def press(self, number: int) -> None:
        """The act with this digit, from 1."""
        if self._view is not None and 0 < number <= len(self._view.acts):
            self.act_chosen.emit(self._view.acts[number - 1].act)

    def step(self, by: int) -> None:
        """Up and down in the list of closed shifts."""
        if self.rows:
            self._current = max(0, min(len(self.rows) - 1, self._current + by))
            for place, row in enumerate(self.rows):
                row.set_current(place == self._current)
            self._area.ensureWidgetVisible(self.rows[self._current])

    def take_current(self) -> bool:
        """Enter: the chosen row of the list. False: none is chosen."""
        if self._view is None or not 0 <= self._current < len(self._view.rows):
            return False
        self.z_chosen.emit(self._view.rows[self._current].number)
        return True

    def forget_current(self) -> None:
        self._current = -1
        for row in self.rows:
            row.set_current(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = int(event.text()) if event.text() in set("123456789") else 0
        if number:
            self.press(number)
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(ACTS_NARROW if narrow else ACTS_WIDE)
        self._left.setFixedWidth(min(wanted, self.width() * 2 // 5))
        self.paper.setFixedWidth(PAPER_NARROW if narrow else PAPER_WIDE)

    def _build_left(self) -> Card:
        self._left = card = Card(padding=(20, 20), spacing=10)
        self._title = Text(role="h1", weight=600, wrap=True)
        self._lines = Text(role="body_l", tone="text_secondary", wrap=True)
        self.notice = Banner()
        self._act_column = QVBoxLayout()
        self._act_column.setSpacing(10)
        self.back = SecondaryButton(icon="arrow-left", hint="Esc", height=56)
        self.back.clicked.connect(self.back_requested)
        for part in (self._title, self._lines, self.notice):
            card.body.addWidget(part)
        card.body.addLayout(self._act_column)
        card.body.addStretch(1)
        card.body.addWidget(self.back)
        return card

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=8)
        self._list_title = Text(role="title", weight=600)
        self.proof = Banner()
        self._hint = EmptyState(icon="receipt")
        self._area = ScrollArea(spacing=8)
        self._row_column = self._area.body
        self._row_column.addStretch(1)
        card.body.addWidget(self._list_title)
        card.body.addWidget(self.proof)
        card.body.addWidget(self._hint, 1)
        card.body.addWidget(self._area, 1)
        return card

    def _make_acts(self, view: OverviewView) -> None:
        had_focus = any(each.hasFocus() for each in self.acts)
        for old in self.acts:
            old.hide()
            old.deleteLater()
        self.acts = []
        for place, act in enumerate(view.acts):
            hint = str(place + 1)
            key: KitButton = (
                SecondaryButton(act.label, icon=act.icon, hint=hint, height=56)
                if place
                else PrimaryButton(act.label, icon=act.icon, hint="Enter")
            )
            key.clicked.connect(lambda _=False, name=act.act: self.act_chosen.emit(name))
            self._act_column.addWidget(key)
            self.acts.append(key)
        if had_focus:
            self.take_focus()

    def _make_rows(self, view: OverviewView) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows, self._current = [], -1
        self._list_title.setText(view.list_title)
        self._hint.show_words(view.empty)
        self._hint.setVisible(not view.rows)
        self._area.setVisible(bool(view.rows))
        for place, each in enumerate(view.rows):
            icon, tone, _ = each.mark or ("receipt", "text_secondary", "")
            row = ChoiceRow(each.name, each.detail, icon=icon, icon_tone=tone, end=each.end)
            row.clicked.connect(lambda _=False, number=each.number: self.z_chosen.emit(number))
            self._row_column.insertWidget(place, row)
            self.rows.append(row)
