"""Screen of the library: entries or causes as a table, one entry beside it; widgets only.

Owns: the layout, the digits. Does not own: texts (view_model.py), what a press does
(controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story_panel import story_rows
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.row_table import RowTable
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Chip, Text
from ui.solutions.view_model import PERIODS, EntryView, Table
from ui.theme.theme import Theme

ENTRY_WIDE, ENTRY_NARROW, NARROW_BELOW = 520, 400, 1200
_FIGURES = "12345"


class SolutionsScreen(QWidget):
    """The room.

    Signals:
        back_requested, new_requested, change_requested, retire_requested: pressed.
        part_chosen: arg: 0 the entries, 1 the causes. period_chosen: arg: its place.
    """

    back_requested = Signal()
    new_requested = Signal()
    change_requested = Signal()
    retire_requested = Signal()
    part_chosen = Signal(int)
    period_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        card = Card(padding=(0, 0), spacing=0)
        self.heading = Text(role="body_l", weight=600, wrap=True)
        self.heading.setContentsMargins(12, 12, 12, 4)
        self.table = RowTable()
        self.empty = EmptyState(icon="list")
        for part in (self.heading, self.table, self.empty):
            card.body.addWidget(part, 0 if part is self.heading else 1)
        across.addWidget(card, 1)
        across.addWidget(self._build_entry())
        column.addLayout(across, 1)

    def set_words(self, wording: Wording, hints: Sequence[str]) -> None:
        """`hints`: keys of a new entry, of retiring, of the search."""
        t = wording.t
        self.back.set_name(t("Back to the complaints"))
        self.new.set_label(t("New entry"), hint=hints[0])
        self._retire_hint = hints[1]
        self.look.set_words(t("Words of the problem"), t("Look in the library"))
        self.look.set_hint(hints[2])
        self.change.set_label(t("Change…"), hint="Enter")
        self.table.set_name(t("Library"))
        for place, label in enumerate((t("Library"), t("Causes"))):
            self.parts[place].set_label(label, hint=_FIGURES[place])
        for place, (period, (_, label)) in enumerate(zip(self.periods, PERIODS, strict=True)):
            period.set_label(t(label), hint=_FIGURES[place + 2])

    def render_part(self, part: int, period: int, heading: str) -> None:
        """Which half is shown, of which period, what stands above its table."""
        for place, key in enumerate(self.parts):
            key.setChecked(place == part)
        for place, key in enumerate(self.periods):
            key.setVisible(part == 1)
            key.setChecked(place == period)
        self.look.setVisible(part == 0)
        self.new.setVisible(part == 0)
        self.heading.setText(heading)
        self.heading.setVisible(bool(heading))
        self._entry.setVisible(part == 0)

    def render_table(self, table: Table, current: str, empty: str) -> None:
        columns, rows = table
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.empty.show_words(empty)
        self.table.show_rows(columns, rows, current)

    def render_entry(self, view: EntryView | None, hint: str) -> None:
        """`view` None: none is chosen."""
        self._none.show_words(hint)
        self._none.setVisible(view is None)
        self._known.setVisible(view is not None)
        if view is None:
            return
        self._title.setText(view.title)
        self._state.show_fact(view.state)
        self._state.setVisible(bool(view.state))
        story_rows(self._lines, view.lines)
        self._before_title.setText(view.before_title)
        story_rows(self._before, view.before)
        self.retire.set_label(view.retire, hint=self._retire_hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = _FIGURES.find(event.text()) if len(event.text()) == 1 else -1
        if 0 <= place < len(self.parts):
            self.part_chosen.emit(place)
        elif place >= 0 and not self.periods[0].isHidden():
            self.period_chosen.emit(place - len(self.parts))
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(ENTRY_NARROW if narrow else ENTRY_WIDE)
        self._entry.setFixedWidth(min(wanted, self.width() // 2))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        row.addWidget(self.back)
        row.addSpacing(8)
        self.parts = (ChoiceButton(), ChoiceButton())
        self.periods = tuple(ChoiceButton() for _ in PERIODS)
        for key in (*self.parts, *self.periods):
            key.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        for place, key in enumerate(self.parts):
            key.clicked.connect(lambda _=False, at=place: self.part_chosen.emit(at))
            row.addWidget(key)
        row.addSpacing(8)
        for place, key in enumerate(self.periods):
            key.clicked.connect(lambda _=False, at=place: self.period_chosen.emit(at))
            row.addWidget(key)
        self.look = SearchField(icon="search")
        row.addWidget(self.look, 1)
        row.addStretch(0)
        self.new = SecondaryButton(icon="plus", height=48)
        self.new.clicked.connect(self.new_requested)
        row.addWidget(self.new)
        return row

    def _build_entry(self) -> Card:
        self._entry = card = Card(padding=(20, 16), spacing=12)
        self._retire_hint = ""
        self._none = EmptyState(icon="list")
        self._known = QWidget()
        column = QVBoxLayout(self._known)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        self._title, self._state = Text(role="title", weight=600, wrap=True), Chip("")
        head.addWidget(self._title, 1)
        head.addWidget(self._state)
        column.addLayout(head)
        area = ScrollArea()
        self._lines, self._before = QVBoxLayout(), QVBoxLayout()
        self._before_title = Text(role="body_l", weight=600)
        area.body.setSpacing(12)
        for lines in (self._lines, self._before):
            lines.setSpacing(8)
        area.body.addLayout(self._lines)
        area.body.addWidget(Rule())
        area.body.addWidget(self._before_title)
        area.body.addLayout(self._before)
        area.body.addStretch(1)
        column.addWidget(area, 1)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        self.retire = SecondaryButton(icon="x-circle", height=64)
        self.retire.clicked.connect(self.retire_requested)
        self.change = PrimaryButton(icon="edit")
        self.change.clicked.connect(self.change_requested)
        answers.addWidget(self.retire)
        answers.addWidget(self.change, 1)
        column.addLayout(answers)
        card.body.addWidget(self._none, 1)
        card.body.addWidget(self._known, 1)
        return card
