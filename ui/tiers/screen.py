"""Tier desk screen: the lists on the left, one member on the right; widgets only.

Owns: the layout, the letter T. Does not own: texts (view_model.py), acts (controller.py), the form
(form.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story_panel import story_rows
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.fields import FieldRow, SearchField, TillLineEdit
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.reason_picker import NOTE_LENGTH_MAX
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Text
from ui.photos.photos import Photos
from ui.theme.theme import Theme
from ui.tiers.view_model import LISTS, ListRow, MemberView

NARROW_BELOW = 1200
MEMBER_WIDE, MEMBER_NARROW = 540, 440
PHOTOS_ACROSS = 4


class TiersScreen(QWidget):
    """The tier desk.

    Signals:
        back_requested, change_requested, trial_requested, approve_requested, refuse_requested,
            undo_requested, ladder_requested: pressed.
        list_chosen: arg: its place. row_chosen: arg: its place.
        looked_for: Enter in the field. arg: the text.
    """

    back_requested = Signal()
    change_requested = Signal()
    trial_requested = Signal()
    approve_requested = Signal()
    refuse_requested = Signal()
    undo_requested = Signal()
    ladder_requested = Signal()
    list_chosen = Signal(int)
    row_chosen = Signal(int)
    looked_for = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[ListRow, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addLayout(self._build_tabs())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(), 1)
        across.addWidget(self._build_member())
        column.addLayout(across, 1)

    def render_view(
        self, tabs: tuple[str, ...], shown: int, rows: tuple[ListRow, ...], current: int, empty: str
    ) -> None:
        """The lists; `shown` -1: who was looked for. Rows are made anew only where they change."""
        for place, (key, label) in enumerate(zip(self.tabs, tabs, strict=True)):
            key.set_label(label, hint=str(place + 1))
            key.setChecked(place == shown)
        self._empty.show_words(empty)
        self._empty.setVisible(not rows)
        self._area.setVisible(bool(rows))
        if rows != self._shown:
            self._make_rows(rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == current)
            if place == current:
                self._area.ensureWidgetVisible(row)

    def show_member(
        self, view: MemberView | None, hint: str, *, decides: bool, undo: str, notes: bool
    ) -> None:
        """`decides`: a request that may be decided here; `undo`: what the last key does; empty:
        nothing. `notes`: a few words can be written."""
        self._hint.show_words(hint)
        self._hint.setVisible(view is None)
        self._member.setVisible(view is not None)
        if view is None:
            return
        self._name.setText(view.title)
        self._tier.setText(view.tier)
        self._way.setText(view.way)
        story_rows(self._lines, view.lines)
        story_rows(self._history, view.history)
        self._photos_title.setText(view.photos)
        for widget in (self._photos_title, self.photos):
            widget.setVisible(bool(view.photos))
        self.history_shown = view.history
        for key in (self.approve, self.refuse):
            key.setVisible(decides)
        self.change.setVisible(not decides)
        self.undo.setVisible(bool(undo))
        self.undo.set_label(undo)
        self._note_row.setVisible(notes)

    def set_words(self, wording: Wording, *, hints: tuple[str, str, str, str]) -> None:
        """Names in the language of the moment; `hints`: keys of find, yes, no, undo."""
        t = wording.t
        self._title.setText(t("Tiers"))
        self.back.set_name(t("Back to the desk"))
        self.look.set_words(t("Phone, card or name"), t("Find a member"))
        self.look.set_hint(hints[0])
        self.ladder.set_label(t("Tier ladder"), hint="L")
        self.change.set_label(t("Change the tier"), hint="T")
        self.trial.set_label(t("Let him try"), hint="Y")
        self.approve.set_label(t("Grant it"), hint=hints[1])
        self.refuse.set_label(t("Refuse"), hint=hints[2])
        self.undo.set_label(self.undo.text(), hint=hints[3])
        self._note_row.set_words(t("In a few words"))
        self.note.setAccessibleName(t("In a few words"))
        self._history_title.setText(t("History of the tier"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(self.tabs) and event.text().isdecimal():
            self.list_chosen.emit(place)
            event.accept()
        elif event.text().lower() == "t" and self._member.isVisible():
            self.change_requested.emit()
            event.accept()
        elif event.text().lower() == "y" and self.trial.isVisible():
            self.trial_requested.emit()
            event.accept()
        elif event.text().lower() == "l":
            self.ladder_requested.emit()
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(MEMBER_NARROW if narrow else MEMBER_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() // 2))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.look = SearchField(icon="search")
        self.look.committed.connect(self.looked_for)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addWidget(self.look, 1)
        self.ladder = SecondaryButton(icon="crown", height=56)
        self.ladder.clicked.connect(self.ladder_requested)
        row.addWidget(self.ladder)
        return row

    def _build_tabs(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.tabs = tuple(ChoiceButton() for _ in LISTS)
        for place, key in enumerate(self.tabs):
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, which=place: self.list_chosen.emit(which))
            row.addWidget(key)
        return row

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=8)
        self._empty = EmptyState(icon="medal")
        self._area = ScrollArea(spacing=8)
        self._column = self._area.body
        self._column.addStretch(1)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self._area, 1)
        return card

    def _build_member(self) -> Card:
        self._right = card = Card(padding=(20, 16), spacing=12)
        self._hint = EmptyState(icon="user")
        self._member = QWidget()
        column = QVBoxLayout(self._member)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._name = Text(role="title", weight=600, wrap=True)
        self._tier = Text(role="body_l", weight=500, wrap=True)
        self._way = Text(role="body", tone="text_secondary", wrap=True)
        for words in (self._name, self._tier, self._way):
            column.addWidget(words)
        column.addWidget(Rule())
        column.addWidget(self._build_told(), 1)
        column.addLayout(self._build_acts())
        card.body.addWidget(self._hint, 1)
        card.body.addWidget(self._member, 1)
        return card

    def _build_told(self) -> ScrollArea:
        area = ScrollArea(spacing=10)
        column = area.body
        self._lines, self._history = QVBoxLayout(), QVBoxLayout()
        for lines in (self._lines, self._history):
            lines.setSpacing(10)
        self._history_title = Text(role="body", tone="text_secondary", weight=600)
        self._photos_title = Text(role="body", tone="text_secondary", weight=600)
        self.photos = Photos(across=PHOTOS_ACROSS)
        column.addLayout(self._lines)
        column.addWidget(self._photos_title)
        column.addWidget(self.photos)
        column.addWidget(self._history_title)
        column.addLayout(self._history)
        column.addStretch(1)
        return area

    def _build_acts(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        self.note = TillLineEdit(for_names=True)
        self.note.setMaxLength(NOTE_LENGTH_MAX)
        self._note_row = FieldRow("", self.note)
        self.approve = PrimaryButton(icon="check")
        self.refuse = SecondaryButton(icon="x", height=64)
        self.undo = SecondaryButton(icon="undo", height=56)
        self.change = SecondaryButton(icon="medal", height=56)
        self.trial = SecondaryButton(icon="hourglass", height=56)
        pairs = (
            (self.approve, self.approve_requested), (self.refuse, self.refuse_requested),
            (self.undo, self.undo_requested), (self.change, self.change_requested),
            (self.trial, self.trial_requested),
        )  # fmt: skip
        for key, signal in pairs:
            key.clicked.connect(signal)
        answers = QHBoxLayout()
        answers.setSpacing(12)
        answers.addWidget(self.refuse, 1)
        answers.addWidget(self.approve, 1)
        others = QHBoxLayout()
        others.setSpacing(12)
        others.addWidget(self.undo, 1)
        others.addWidget(self.change, 1)
        column.addWidget(self._note_row)
        column.addLayout(answers)
        column.addWidget(self.trial)
        column.addLayout(others)
        return column

    def _make_rows(self, rows: tuple[ListRow, ...]) -> None:
        self._shown = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(rows):
            row = ChoiceRow(
                each.name, each.detail, icon=each.icon, end=each.end, end_tone="text_secondary"
            )
            row.clicked.connect(lambda _=False, at=place: self.row_chosen.emit(at))
            self._column.insertWidget(place, row)
            self.rows.append(row)
