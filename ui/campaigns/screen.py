"""Campaigns screen: the list on the left, one campaign with its result on the right; widgets only.

Owns: the layout. Does not own: texts (view_model.py), acts (controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.audit.story_panel import story_rows
from ui.campaigns.view_model import TABS, CampaignRow, DetailView, ListView
from ui.kit.buttons import ChoiceButton, IconButton, PrimaryButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.feedback import Banner
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Text
from ui.theme.theme import Theme

NARROW_BELOW = 1200
DETAIL_WIDE, DETAIL_NARROW = 520, 440


class CampaignsScreen(QWidget):
    """The campaigns.

    Signals:
        back_requested, new_requested, edit_requested, end_requested: pressed.
        chosen: A row. arg: its place.
        tab_chosen: arg: running, drafts or ended.
    """

    back_requested = Signal()
    new_requested = Signal()
    edit_requested = Signal()
    end_requested = Signal()
    poster_requested = Signal()
    chosen = Signal(int)
    tab_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.rows: list[ChoiceRow] = []
        self._shown: tuple[CampaignRow, ...] = ()
        self._tab_hint = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(), 1)
        across.addWidget(self._build_detail())
        column.addLayout(across, 1)

    def render_view(self, view: ListView, current: int) -> None:
        """The list; rows are made anew only where they change."""
        self._title.setText(view.title)
        after = TABS[(TABS.index(view.tab) + 1) % len(TABS)]
        for key, label, tab in zip(self.tabs, view.tabs, TABS, strict=True):
            key.set_label(label, hint=self._tab_hint if tab == after else "")
            key.setChecked(view.tab == tab)
        self._empty.show_words(view.empty)
        self._empty.setVisible(bool(view.empty))
        self._area.setVisible(not view.empty)
        if view.rows != self._shown:
            self._make_rows(view.rows)
        for place, row in enumerate(self.rows):
            row.set_current(place == current)
            if place == current:
                self._area.ensureWidgetVisible(row)

    def show_detail(self, view: DetailView | None) -> None:
        """`view` None: none is chosen."""
        self._detail.setVisible(view is not None)
        self._nothing.setVisible(view is None)
        if view is None:
            return
        self._name.setText(view.title)
        self._offer.setText(view.offer)
        story_rows(self._lines, view.lines)
        self._verdict.show_banner(view.verdict, tone=view.tone)
        self.edit.setVisible(view.is_draft)
        self.end.setVisible(view.may_end)
        self.poster.setVisible(view.has_poster)

    def set_words(self, wording: Wording, *, hints: Sequence[str]) -> None:
        """Names in the language of the moment; `hints`: keys of new, edit, end, poster, tabs."""
        t = wording.t
        self.back.set_name(t("Back to the desk"))
        self.new.set_label(t("New campaign"), hint=hints[0])
        self.edit.set_label(t("Go on with the draft"), hint=hints[1])
        self.end.set_label(t("End it now"), hint=hints[2])
        self.poster.set_label(t("Poster as a PDF"), hint=hints[3])
        self._tab_hint = hints[4]
        self._nothing.show_words(t("Choose a campaign, or plan a new one."))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(DETAIL_NARROW if narrow else DETAIL_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() // 2))

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.tabs = tuple(ChoiceButton() for _ in TABS)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        for key, tab in zip(self.tabs, TABS, strict=True):
            key.setAutoExclusive(True)
            key.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, which=tab: self.tab_chosen.emit(which))
            row.addWidget(key)
        return row

    def _build_list(self) -> Card:
        card = Card(padding=(16, 16), spacing=8)
        self._empty = EmptyState(icon="ticket")
        self._area = ScrollArea()
        self._column = self._area.body
        self._column.setSpacing(8)
        self._column.addStretch(1)
        self.new = PrimaryButton(icon="plus")
        self.new.clicked.connect(self.new_requested)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self._area, 1)
        card.body.addWidget(self.new)
        return card

    def _build_detail(self) -> Card:
        self._right = card = Card(padding=(20, 16), spacing=12)
        self._nothing = EmptyState(icon="ticket")
        self._detail = QWidget()
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self._name = Text(role="title", weight=600, wrap=True)
        self._offer = Text(role="body_l", wrap=True)
        area = ScrollArea()
        inside = area.body
        self._lines = QVBoxLayout()
        self._lines.setSpacing(10)
        inside.addLayout(self._lines)
        inside.addStretch(1)
        self._verdict = Banner()
        self.edit = PrimaryButton(icon="edit")
        self.edit.clicked.connect(self.edit_requested)
        self.end = SecondaryButton(icon="x-circle", height=56)
        self.end.clicked.connect(self.end_requested)
        for part in (self._name, self._offer, Rule()):
            column.addWidget(part)
        column.addWidget(area, 1)
        self.poster = SecondaryButton(icon="qrcode", height=56)
        self.poster.clicked.connect(self.poster_requested)
        for below in (self._verdict, self.edit, self.poster, self.end):
            column.addWidget(below)
        card.body.addWidget(self._nothing, 1)
        card.body.addWidget(self._detail, 1)
        return card

    def _make_rows(self, rows: tuple[CampaignRow, ...]) -> None:
        self._shown = rows
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for place, each in enumerate(rows):
            row = ChoiceRow(
                each.name, each.detail, icon=each.icon, end=each.end, end_tone="text_secondary"
            )  # fmt: skip
            row.clicked.connect(lambda _=False, at=place: self.chosen.emit(at))
            self._column.insertWidget(place, row)
            self.rows.append(row)
