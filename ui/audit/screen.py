"""Audit screen: filters above, the trail below, one entry's story beside it; widgets only.

Owns: the layout. Does not own: texts (view_model.py, story.py), rows (table.py), what a press does
(controller.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from ui.audit.story_panel import StoryPanel
from ui.audit.table import AuditTable
from ui.audit.trail_search import TrailSearch
from ui.audit.view_model import AuditView, ProofView
from ui.key_map import Action
from ui.kit.buttons import IconButton, LinkButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.fields import SearchField
from ui.kit.panels import Card, EmptyState
from ui.kit.text import IconLabel, Text
from ui.theme.theme import Theme

NARROW_BELOW = 1200
STORY_WIDE, STORY_NARROW = 380, 300
FILTER_MAX = 220
_KEYS = {"period": Action.CHOOSE_1, "person": Action.CHOOSE_2, "group": Action.CHOOSE_3}


class AuditScreen(QWidget):
    """The audit log.

    Signals:
        back_requested, export_requested, widen_requested, clear_requested, proof_requested:
            pressed.
        filter_requested: arg: period, person or group.
    """

    back_requested = Signal()
    export_requested = Signal()
    widen_requested = Signal()
    clear_requested = Signal()
    proof_requested = Signal()
    filter_requested = Signal(str)

    def __init__(self, search: TrailSearch) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        column.addLayout(self._build_filters())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        across.addWidget(self._build_list(search), 1)
        self.story = StoryPanel()
        across.addWidget(self.story)
        column.addLayout(across, 1)

    def render_view(self, view: AuditView) -> None:
        self._title.setText(view.title)
        self._place.setText(view.place)
        for name, label in (
            ("period", view.period), ("person", view.person), ("group", view.group),
        ):  # fmt: skip
            self.filters[name].set_label(label, hint=self._hints.get(name, ""))
        self._about.setText(view.about)
        self._about.setVisible(bool(view.about))
        self.clear.setVisible(bool(view.about))
        self._count.setText(view.count)
        self._empty.setVisible(bool(view.empty))
        self._empty.show_words(view.empty)
        self.widen.setVisible(bool(view.widen))
        self.widen.set_label(view.widen)
        self._room_below.setVisible(bool(view.empty))
        self.table.setVisible(not view.empty)
        self._show_proof(view.proof)
        self._warning.show_banner(view.warning, tone="danger")

    def set_words(
        self,
        *,
        back: str,
        export: str,
        about: str,
        clear: str,
        filters: dict[str, str],
        hint: Callable[[Action], str],
    ) -> None:
        """Names in the language of the moment; `filters`: what each of them narrows."""
        self.back.set_name(back)
        self.export.set_label(export, hint=hint(Action.EXPORT))
        self.about.set_words(about, about)
        self.clear.set_name(clear)
        for name, words in filters.items():
            self._hints[name] = hint(_KEYS[name])
            self.filters[name].setAccessibleDescription(words)
            self.filters[name].setToolTip(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(STORY_NARROW if narrow else STORY_WIDE)
        self.story.setFixedWidth(min(wanted, self.width() * 2 // 5))
        self.table.set_narrow(narrow)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self._place = Text(role="body", tone="text_secondary")
        self._proof_icon = IconLabel("refresh", size=22)
        self._proof = Text(role="body_l", weight=500)
        self._share = QProgressBar()
        self._share.setTextVisible(False)
        self._share.setFixedWidth(96)
        self.proof = LinkButton()
        self.proof.clicked.connect(self.proof_requested)
        self.export = SecondaryButton(icon="download", height=48)
        self.export.clicked.connect(self.export_requested)
        parts: tuple[QWidget, ...] = (self.back, self._title, self._place)
        for part in parts:
            row.addWidget(part)
        row.addStretch(1)
        parts = (self._proof_icon, self._proof, self._share, self.proof, self.export)
        for part in parts:
            row.addWidget(part)
        return row

    def _build_filters(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.filters: dict[str, SecondaryButton] = {}
        self._hints: dict[str, str] = {}
        for name, icon in (("period", "calendar"), ("person", "user"), ("group", "list")):
            key = SecondaryButton(icon=icon, height=56)
            key.setMaximumWidth(Theme.current().size(FILTER_MAX))
            key.clicked.connect(lambda _=False, which=name: self.filter_requested.emit(which))
            self.filters[name] = key
            row.addWidget(key)
        self.about = SearchField(hint="/", icon="search")
        self._about = Text(role="body_l", weight=500)
        self.clear = IconButton("x", "clear", framed=True)
        self.clear.clicked.connect(self.clear_requested)
        row.addWidget(self.about, 1)
        row.addWidget(self._about)
        row.addWidget(self.clear)
        return row

    def _build_list(self, search: TrailSearch) -> Card:
        card = Card(padding=(1, 1), spacing=0)
        self._warning = Banner()
        self.table = AuditTable(search)
        self._empty = EmptyState(icon="search")
        self.widen = SecondaryButton(icon="calendar", height=56)
        self.widen.clicked.connect(self.widen_requested)
        self._room_below = QWidget()
        self._count = Text(role="body", tone="text_secondary")
        self._count.setContentsMargins(16, 8, 16, 8)
        card.body.addWidget(self._warning)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self.widen, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addWidget(self._room_below, 1)
        card.body.addWidget(self._count)
        return card

    def _show_proof(self, proof: ProofView) -> None:
        self._proof_icon.set_icon(proof.icon, tone=proof.tone)
        self._proof.setText(proof.text)
        self._proof.set_tone(proof.tone)
        done, of = proof.share
        self._share.setVisible(of > 0)
        self._share.setRange(0, max(1, of))
        self._share.setValue(done)
        self.proof.set_label(proof.act)
        self.proof.setVisible(bool(proof.act))
