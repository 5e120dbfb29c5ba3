"""Sync centre: what needs somebody on the left, how the link is on the right; widgets only.

Owns: the layout. Does not own: the cards (cards.py, side.py), texts (view_model.py), acts
(controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import IconButton, PrimaryButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.panels import EmptyState
from ui.kit.scrolling import keep_off_bar
from ui.kit.text import IconLabel, Text
from ui.sync_centre.cards import CaseCard, LatestCard, OfflineCard
from ui.sync_centre.side import SideColumn
from ui.sync_centre.view_model import OfflineRow, Section, SyncView
from ui.theme.theme import Theme

NARROW_BELOW = 1200
SIDE_WIDE, SIDE_NARROW = 376, 336
ONE_COLUMN_BELOW = 720
_MARGIN = 16
_ROOM_AROUND = 3 * _MARGIN
"""The margins on both sides, and what keeps the keys apart from the title."""


class SyncScreen(QWidget):
    """The sync centre.

    Signals:
        back_requested, export_requested, diagnosis_requested, removal_requested,
            connect_requested, offline_requested, case_requested: pressed.
        card_chosen: arg: its place from the top.
        retried, given_up: An answer to a refused request. arg: its place.
    """

    back_requested = Signal()
    export_requested = Signal()
    diagnosis_requested = Signal()
    removal_requested = Signal()
    connect_requested = Signal()
    offline_requested = Signal()
    case_requested = Signal()
    card_chosen = Signal(int)
    retried = Signal(int)
    given_up = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cards: list[CaseCard] = []
        self._shown: tuple[Section, ...] | None = None
        self._language = ""
        self._offline_view: tuple[str, tuple[OfflineRow, ...]] = ("", ())
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        column.addWidget(self._build_alone(), 1)
        self._across = QWidget()
        across = QHBoxLayout(self._across)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(16)
        self.side = SideColumn()
        self.side.diagnosis.clicked.connect(self.diagnosis_requested)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(_scrolling(self.side), 1)
        right.addWidget(self.side.diagnosis)
        self._left_area = _scrolling(self._build_left())
        across.addWidget(self._left_area, 1)
        across.addWidget(self._right)
        column.addWidget(self._across, 1)

    def render_view(self, view: SyncView, wording: Wording) -> None:
        """Cards are made anew only where they change."""
        self._title.setText(view.title)
        self._alone.setVisible(bool(view.alone))
        self._across.setVisible(not view.alone)
        for key in (self.export, self.removal):
            key.setVisible(not view.alone)
        self._place_diagnosis()
        self._empty.show_words(view.alone, view.alone_detail)
        self._nothing.setVisible(bool(view.nothing))
        self._nothing_words.setText(view.nothing)
        self.side.render_view(view, wording)
        self._offline_view = (wording.t("Without a network"), view.offline)
        self._lay_offline()
        self.latest.show_rows(wording.t("Last receipts"), view.latest)
        self.latest.setVisible(bool(view.latest))
        if (view.sections, wording.language) != (self._shown, self._language):
            self._shown, self._language = view.sections, wording.language
            self._make_cards(view.sections, wording)

    def set_current(self, current: int, hints: tuple[str, str, str]) -> None:
        """Mark a card, and bring it into sight."""
        for place, card in enumerate(self.cards):
            card.set_current(place == current, hints)
            if place == current:
                self._left_area.ensureWidgetVisible(card)

    def set_words(self, wording: Wording, *, hints: tuple[str, str, str]) -> None:
        """`hints`: keys of what waits, diagnostics, removal."""
        t = wording.t
        self.back.set_name(t("Back to the desk"))
        self.export.set_label(t("Export what waits"), hint=hints[0])
        self.removal.set_label(t("Remove this till…"), hint=hints[2])
        self.connect_key.set_label(t("Connect to a server"), hint="Enter")
        for key in (self.diagnosis, self.side.diagnosis):
            key.set_label(t("Export diagnostics"), hint=hints[1])
        self.offline.more.set_label(wording.t("All of it"))
        self.side.state.set_words(wording)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(SIDE_NARROW if narrow else SIDE_WIDE)
        self._right.setFixedWidth(min(wanted, self.width() * 9 // 20))
        self._lay_offline()
        self._place_diagnosis()

    def _place_diagnosis(self) -> None:
        """In the head where all its keys have room, else below the side."""
        keys = (self.diagnosis, self.removal, self.export)
        words = (self.back, self._title, *(keys if not self._alone.isVisibleTo(self) else keys[:1]))
        wanted = sum(each.sizeHint().width() + self._head.spacing() for each in words)
        is_in_head = wanted + _ROOM_AROUND <= self.width()
        self.diagnosis.setVisible(is_in_head)
        self.side.diagnosis.setVisible(not is_in_head)

    def _lay_offline(self) -> None:
        room = self.width() - self._right.width()
        columns = 2 if room >= Theme.current().size(ONE_COLUMN_BELOW) else 1
        self.offline.show_rows(*self._offline_view, columns)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.export = SecondaryButton(icon="download")
        self.export.clicked.connect(self.export_requested)
        self.removal = SecondaryButton(icon="trash")
        self.removal.clicked.connect(self.removal_requested)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addStretch(1)
        self.diagnosis = SecondaryButton(icon="download")
        self.diagnosis.clicked.connect(self.diagnosis_requested)
        row.addWidget(self.diagnosis)
        row.addWidget(self.removal)
        row.addWidget(self.export)
        self._head = row
        return row

    def _build_alone(self) -> QWidget:
        self._alone = QWidget()
        column = QVBoxLayout(self._alone)
        self._empty = EmptyState(icon="store")
        self.connect_key = PrimaryButton(icon="cloud")
        self.connect_key.clicked.connect(self.connect_requested)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(self.connect_key, 2)
        across.addStretch(1)
        column.addWidget(self._empty, 1)
        column.addLayout(across)
        column.addStretch(1)
        return self._alone

    def _build_left(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._nothing = QWidget()
        row = QHBoxLayout(self._nothing)
        row.setContentsMargins(4, 8, 0, 8)
        row.setSpacing(10)
        self._nothing_words = Text(role="body_l", weight=500, wrap=True)
        row.addWidget(IconLabel("check-circle", tone="text_secondary", size=24))
        row.addWidget(self._nothing_words, 1)
        self._list = QVBoxLayout()
        self._list.setSpacing(12)
        self._headings: list[QWidget] = []
        self.latest = LatestCard()
        self.offline = OfflineCard()
        self.offline.more_requested.connect(self.offline_requested)
        column.addWidget(self._nothing)
        column.addLayout(self._list)
        column.addWidget(self.latest)
        column.addWidget(self.offline)
        column.addStretch(1)
        return inside

    def _make_cards(self, sections: tuple[Section, ...], wording: Wording) -> None:
        for old in (*self._headings, *self.cards):
            old.hide()
            old.deleteLater()
        self._headings, self.cards = [], []
        for section in sections:
            heading = _heading(section)
            self._headings.append(heading)
            self._list.addWidget(heading)
            for view in section.cards:
                card, place = CaseCard(view, wording), len(self.cards)
                card.chosen.connect(lambda at=place: self.card_chosen.emit(at))
                card.retried.connect(lambda at=place: self.retried.emit(at))
                card.given_up.connect(lambda at=place: self.given_up.emit(at))
                card.case_requested.connect(self.case_requested)
                self._list.addWidget(card)
                self.cards.append(card)


def _heading(section: Section) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 4, 0, 0)
    row.setSpacing(10)
    asks = section.cards[0].kind == "dead"
    row.addWidget(Text(section.name, role="body_l", weight=600))
    tone = "danger" if asks else "text_secondary"
    row.addWidget(Text(str(len(section.cards)), role="body_l", weight=600, tone=tone))
    row.addWidget(Text(section.note, role="body", tone="text_secondary"))
    row.addStretch(1)
    return line


def _scrolling(inside: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QFrame.Shape.NoFrame)
    layout = inside.layout()
    assert layout is not None, "what scrolls has a layout"
    keep_off_bar(area, layout)
    area.setWidget(inside)
    return area
