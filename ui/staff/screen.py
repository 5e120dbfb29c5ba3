"""Staff screen: the list on the left, one person with his last acts on the right; widgets only.

Owns: the layout. Does not own: texts (view_model.py), acts (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story import StoryLine
from ui.audit.story_panel import story_rows
from ui.kit.buttons import IconButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Chip, Text
from ui.staff.checklist_rows import ChecklistRows
from ui.staff.view_model import PersonRow, PersonView
from ui.theme.theme import Theme

NARROW_BELOW = 1200
PERSON_WIDE, PERSON_NARROW = 560, 460


class StaffScreen(QWidget):
    """Who works here.

    Signals:
        back_requested, add_requested, change_requested, steps_requested: pressed.
        person_chosen: A row. arg: its place.
    """

    back_requested = Signal()
    add_requested = Signal()
    change_requested = Signal()
    steps_requested = Signal()
    person_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[PersonRow, ...] = ()
        self.acts_shown: tuple[StoryLine, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(), 1)
        across.addWidget(self._build_person())
        column.addLayout(across, 1)

    def set_words(self, wording: Wording, add_hint: str, steps_hint: str) -> None:
        """Names in the language of the moment."""
        t = wording.t
        self._title.setText(t("Staff"))
        self.back.set_name(t("Back to the desk"))
        self.add.set_label(t("Add a colleague"), hint=add_hint)
        self.steps.set_label(t("Training steps"), hint=steps_hint)

    def render_people(self, rows: tuple[PersonRow, ...], current: int, *, may_add: bool) -> None:
        """The list; rows are made anew only where they change."""
        self.add.setVisible(may_add)
        if rows != self._shown:
            self._make_rows(rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == current)
            if place == current:
                self._area.ensureWidgetVisible(row)

    def show_person(self, view: PersonView | None, hint: str) -> None:
        """`view` None: nobody is chosen."""
        self._hint.show_words(hint)
        self._hint.setVisible(view is None)
        self._person.setVisible(view is not None)
        if view is None:
            return
        self._name.setText(view.name)
        self._state.show_fact(view.detail)
        self._state.setVisible(bool(view.detail))
        story_rows(self._lines, view.lines)
        self.training.render_view(view.training)
        self._acts_title.setText(view.acts_title)
        self.acts_shown = view.acts
        story_rows(self._acts, view.acts)
        self._no_acts.setText(view.no_acts)
        self._no_acts.setVisible(bool(view.no_acts))
        self.change.set_label(view.change, hint="Enter")
        self.change.setVisible(bool(view.change))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(PERSON_NARROW if narrow else PERSON_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() // 2))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.add = SecondaryButton(icon="user-plus", height=56)
        self.add.clicked.connect(self.add_requested)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        self.steps = SecondaryButton(icon="list", height=56)
        self.steps.clicked.connect(self.steps_requested)
        row.addWidget(self.steps)
        row.addWidget(self.add)
        return row

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=8)
        self._area = ScrollArea()
        self._column = self._area.body
        self._column.setSpacing(8)
        self._column.addStretch(1)
        card.body.addWidget(self._area, 1)
        return card

    def _build_person(self) -> Card:
        self._right = card = Card(padding=(20, 16), spacing=12)
        self._hint = EmptyState(icon="user")
        self._person = QWidget()
        column = QVBoxLayout(self._person)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        self._name = Text(role="title", weight=600, wrap=True)
        self._state = Chip("")
        head.addWidget(self._name, 1)
        head.addWidget(self._state)
        column.addLayout(head)
        column.addWidget(self._build_known(), 1)
        self.change = PrimaryButton(icon="edit")
        self.change.clicked.connect(self.change_requested)
        column.addWidget(self.change)
        card.body.addWidget(self._hint, 1)
        card.body.addWidget(self._person, 1)
        return card

    def _build_known(self) -> ScrollArea:
        area = ScrollArea()
        column = area.body
        self._lines, self._acts = QVBoxLayout(), QVBoxLayout()
        self._acts_title = Text(role="body_l", weight=600)
        self._no_acts = Text(role="body", tone="text_secondary", wrap=True)
        for lines in (self._lines, self._acts):
            lines.setSpacing(8)
        column.setSpacing(12)
        column.addLayout(self._lines)
        self.training = ChecklistRows()
        column.addWidget(self.training)
        column.addWidget(Rule())
        column.addWidget(self._acts_title)
        column.addLayout(self._acts)
        column.addWidget(self._no_acts)
        column.addStretch(1)
        return area

    def _make_rows(self, rows: tuple[PersonRow, ...]) -> None:
        self._shown = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(rows):
            row = ChoiceRow(
                each.name, each.detail, icon=each.icon, end=each.end, end_tone=each.end_tone
            )
            row.clicked.connect(lambda _=False, at=place: self.person_chosen.emit(at))
            self._column.insertWidget(place, row)
            self.rows.append(row)
