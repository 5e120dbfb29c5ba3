"""Privacy screen: find a member or see the erasures on the left, one of them on the right; widgets.

Owns: the layout. Does not own: texts (view_model.py), asking (controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story import StoryLine
from ui.kit.buttons import IconButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Text
from ui.privacy.view_model import PanelView, RowView, Section
from ui.theme.theme import Theme

NARROW_BELOW = 1200
PANEL_WIDE, PANEL_NARROW = 560, 460
LABEL = 128


class PrivacyScreen(QWidget):
    """The room.

    Signals:
        back_requested, breach_requested, retention_requested: pressed.
        correct_requested, copy_requested, erase_requested: pressed, of what stands on the right.
        text_edited, committed: In the search field. arg: the text.
        row_chosen: arg: its place.
    """

    back_requested = Signal()
    breach_requested = Signal()
    retention_requested = Signal()
    correct_requested = Signal()
    copy_requested = Signal()
    erase_requested = Signal()
    text_edited = Signal(str)
    committed = Signal(str)
    row_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[RowView, ...] = ()
        self.panel: PanelView | None = None
        self._hints: Sequence[str] = ("",) * 5
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(), 1)
        across.addWidget(self._build_panel())
        column.addLayout(across, 1)

    def show_list(self, heading: str, rows: tuple[RowView, ...], current: int, empty: str) -> None:
        """Rows are made anew only where they change."""
        self._heading.setText(heading)
        self._empty.show_words("" if rows else empty)
        self._empty.setVisible(not rows)
        self._area.setVisible(bool(rows))
        if rows != self._shown:
            self._make_rows(rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == current)
            if place == current:
                self._area.ensureWidgetVisible(row)

    def show_panel(self, view: PanelView | None, hint: str) -> None:
        """`view` None: nothing is chosen."""
        self._hint.show_words(hint)
        self._hint.setVisible(view is None)
        self._told.setVisible(view is not None)
        if view is None or view == self.panel:
            self.panel = view
            return
        self.panel = view
        self._name.setText(view.title)
        self._detail.setText(view.detail)
        self._fill(view.sections)
        self.correct.set_label(view.correct, hint=self._hints[4])
        self.correct.setVisible(bool(view.correct))
        self.copy.set_label(view.copy, hint=self._hints[0])
        self.copy.setVisible(bool(view.copy))
        self.erase.set_label(view.erase, hint=self._hints[1])
        self.erase.setVisible(bool(view.erase))

    def set_words(self, wording: Wording, *, hints: Sequence[str]) -> None:
        """Names in the language of the moment; `hints`: keys of copy, erase, breach, retention,
        correct.
        """
        t = wording.t
        self._hints = hints
        self.panel = None
        self.back.set_name(t("Back to the desk"))
        self._title.setText(t("Privacy"))
        self.field.set_words(t("Phone ⋅ last 4 ⋅ card ⋅ name"), t("Find a member"))
        self.breach.set_label(t("After a breach"), hint=hints[2])
        self.retention.set_label(t("Retention periods"), hint=hints[3])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(PANEL_NARROW if narrow else PANEL_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() // 2))

    # ------------------------------------------------------------------ building

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.breach = SecondaryButton(icon="alert")
        self.breach.clicked.connect(self.breach_requested)
        self.retention = SecondaryButton(icon="clock")
        self.retention.clicked.connect(self.retention_requested)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        row.addWidget(self.breach)
        row.addWidget(self.retention)
        return row

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=10)
        self.field = SearchField(hint="", icon="search")
        self.field.text_edited.connect(self.text_edited)
        self.field.edit.returnPressed.connect(lambda: self.committed.emit(self.field.text()))
        self._heading = Text(role="body", tone="text_secondary", weight=600)
        self._empty = EmptyState(icon="shield-check")
        self._area = ScrollArea(spacing=8)
        self._column = self._area.body
        self._column.addStretch(1)
        card.body.addWidget(self.field)
        card.body.addWidget(self._heading)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self._area, 1)
        return card

    def _build_panel(self) -> Card:
        self._right = card = Card(padding=(20, 16), spacing=12)
        self._hint = EmptyState(icon="user-circle")
        self._told = QWidget()
        column = QVBoxLayout(self._told)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._name = Text(role="title", weight=600, wrap=True)
        self._detail = Text(role="body", tone="text_secondary", wrap=True)
        area = ScrollArea(spacing=8)
        self._sections = area.body
        column.addWidget(self._name)
        column.addWidget(self._detail)
        column.addWidget(Rule())
        column.addWidget(area, 1)
        column.addLayout(self._build_acts())
        card.body.addWidget(self._hint, 1)
        card.body.addWidget(self._told, 1)
        return card

    def _build_acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        self.correct = SecondaryButton(icon="edit", height=56)
        self.correct.clicked.connect(self.correct_requested)
        self.copy = SecondaryButton(icon="receipt", height=56)
        self.copy.clicked.connect(self.copy_requested)
        self.erase = SecondaryButton(icon="user-off", height=56)
        self.erase.clicked.connect(self.erase_requested)
        row.addWidget(self.correct, 1)
        row.addWidget(self.copy, 1)
        row.addWidget(self.erase, 1)
        return row

    def _fill(self, sections: Sequence[Section]) -> None:
        while (item := self._sections.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for section in sections:
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 8)
            column.setSpacing(8)
            column.addWidget(Text(section.heading, role="body", weight=600))
            if section.lines:
                for line in section.lines:
                    column.addWidget(_told(line))
            elif section.empty:
                column.addWidget(Text(section.empty, role="body", tone="text_secondary", wrap=True))
            self._sections.addWidget(box)
        self._sections.addStretch(1)

    def _make_rows(self, rows: tuple[RowView, ...]) -> None:
        self._shown = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(rows):
            row = ChoiceRow(
                each.name, each.detail, icon=each.icon, end=each.end, end_tone=each.end_tone
            )
            row.clicked.connect(lambda _=False, at=place: self.row_chosen.emit(at))
            self._column.insertWidget(place, row)
            self.rows.append(row)


def _told(line: StoryLine) -> QWidget:
    """A label with its text; wide enough for the name of a till."""
    row = QWidget()
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(12)
    label = Text(line.label, role="body", tone="text_secondary", wrap=True)
    label.setFixedWidth(Theme.current().size(LABEL))
    across.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    across.addWidget(Text(line.text, role="body", wrap=True), 1)
    row.setAccessibleName(f"{line.label} {line.text}")
    return row
