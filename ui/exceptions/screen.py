"""Exceptions screen: the list on the left, one case with its way out on the right; widgets only.

Owns: the layout, the digits. Does not own: texts (view_model.py), deciding (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story import StoryLine
from ui.audit.story_panel import story_rows
from ui.exceptions.view_model import CaseRow, CaseView, ExceptionsView
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.reason_picker import NOTE_LENGTH_MAX
from ui.kit.scrolling import ScrollArea
from ui.kit.text import IconLabel, Text
from ui.theme.theme import Theme

NARROW_BELOW = 1200
CASE_WIDE, CASE_NARROW = 520, 440


class ExceptionsScreen(QWidget):
    """The exceptions.

    Signals:
        back_requested, log_requested: pressed.
        case_chosen: A row. arg: its place.
        list_chosen: Open or decided ones. arg: whether the decided.
        decided: arg: accepted or followed_up.
    """

    back_requested = Signal()
    log_requested = Signal()
    case_chosen = Signal(int)
    list_chosen = Signal(bool)
    decided = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[CaseRow, ...] = ()
        self._hints = ("", "")
        self.lines_shown: tuple[StoryLine, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(), 1)
        across.addWidget(self._build_case())
        column.addLayout(across, 1)

    def render_view(self, view: ExceptionsView, current: int) -> None:
        """The list; rows are made anew only where they change."""
        self._title.setText(view.title)
        for key, label, is_decided in zip(self.tabs, view.tabs, (False, True), strict=True):
            key.set_label(label)
            key.setChecked(view.shows_decided is is_decided)
        self._empty.show_words(view.empty)
        self._empty.setVisible(bool(view.empty))
        self._area.setVisible(not view.empty)
        if view.rows != self._shown:
            self._make_rows(view.rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == current)
            if place == current:
                self._area.ensureWidgetVisible(row)

    def show_case(self, view: CaseView | None, hint: str) -> None:
        """`view` None: none is chosen."""
        self._hint.show_words(hint)
        self._hint.setVisible(view is None and bool(hint))
        self._case.setVisible(view is not None)
        if view is None:
            return
        self._name.setText(view.title)
        self._happened.setText(view.happened)
        self._way_out.setText(view.way_out)
        self._way.setVisible(bool(view.way_out))
        self._rule.setVisible(bool(view.way_out))
        self.lines_shown = view.lines
        story_rows(self._lines, view.lines)
        self._note_row.setVisible(view.is_open)
        keys = (self.accept, self.follow)
        for key, label, pressed in zip(keys, view.choices, self._hints, strict=True):
            key.set_label(label, hint=pressed)
            key.setVisible(view.is_open)

    def set_words(self, wording: Wording, *, hints: tuple[str, str, str, str]) -> None:
        """Names in the language of the moment; `hints`: keys of log, in order, taken up, lists."""
        t = wording.t
        self._hints = (hints[1], hints[2])
        self.back.set_name(t("Back to the desk"))
        self.log.set_label(t("Show in the log"), hint=hints[0])
        self.accept.set_label(t("In order"), hint=hints[1])
        self.follow.set_label(t("Taken up"), hint=hints[2])
        self._note_row.set_words(t("Note: what was found, what was agreed"))
        self.note.setAccessibleName(t("Note: what was found, what was agreed"))
        for key in self.tabs:
            key.setToolTip(hints[3])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(CASE_NARROW if narrow else CASE_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() // 2))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.tabs = (ChoiceButton(), ChoiceButton())
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        for key, is_decided in zip(self.tabs, (False, True), strict=True):
            key.setAutoExclusive(True)
            key.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, which=is_decided: self.list_chosen.emit(which))
            row.addWidget(key)
        return row

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=8)
        self._empty = EmptyState(icon="check-circle")
        self._area = ScrollArea(spacing=8)
        self._column = self._area.body
        self._column.addStretch(1)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self._area, 1)
        return card

    def _build_case(self) -> Card:
        self._right = card = Card(padding=(20, 16), spacing=12)
        self._hint = EmptyState(icon="bell")
        self._case = QWidget()
        column = QVBoxLayout(self._case)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._name = Text(role="title", weight=600, wrap=True)
        self._happened = Text(role="body_l", wrap=True)
        self._way = QWidget()
        way = QHBoxLayout(self._way)
        way.setContentsMargins(0, 0, 0, 0)
        way.setSpacing(8)
        self._way_out = Text(role="body_l", weight=500, wrap=True)
        way.addWidget(IconLabel("arrow-right", tone="primary"), 0, Qt.AlignmentFlag.AlignTop)
        way.addWidget(self._way_out, 1)
        column.addWidget(self._name)
        column.addWidget(self._build_told(), 1)
        column.addLayout(self._build_decision())
        card.body.addWidget(self._hint, 1)
        card.body.addWidget(self._case, 1)
        return card

    def _build_told(self) -> ScrollArea:
        """What happened, the lines, the way out: scrolls in large text."""
        area = ScrollArea(spacing=10)
        column = area.body
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        column.addWidget(self._happened)
        column.addWidget(Rule())
        column.addLayout(self._lines)
        self._rule = Rule()
        column.addWidget(self._rule)
        column.addWidget(self._way)
        column.addStretch(1)
        return area

    def _build_decision(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        self.note = TillLineEdit(for_names=True)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        self._note_row = FieldRow("", self.note)
        self.log = SecondaryButton(icon="search", height=56)
        self.log.clicked.connect(self.log_requested)
        self.accept = SecondaryButton(icon="check", height=64)
        self.accept.clicked.connect(lambda: self.decided.emit("accepted"))
        self.follow = PrimaryButton(icon="user")
        self.follow.clicked.connect(lambda: self.decided.emit("followed_up"))
        answers = QHBoxLayout()
        answers.setSpacing(12)
        answers.addWidget(self.accept, 1)
        answers.addWidget(self.follow, 1)
        column.addWidget(self.log)
        column.addWidget(self._note_row)
        column.addLayout(answers)
        return column

    def _make_rows(self, rows: tuple[CaseRow, ...]) -> None:
        self._shown = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(rows):
            row = ChoiceRow(each.name, each.detail, icon=each.icon, end=each.end, end_tone="danger")
            row.clicked.connect(lambda _=False, at=place: self.case_chosen.emit(at))
            self._column.insertWidget(place, row)
            self.rows.append(row)
