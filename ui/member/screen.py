"""Screen of a member's page: who he is on the left, his tabs on the right; widgets only.

Owns: the layout. Does not own: texts (view_model.py, tabs), what a press does (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.key_map import Action
from ui.kit.buttons import ChoiceButton, IconButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.marks import TierBadge
from ui.kit.panels import Card, EmptyState, FigureRow, Rule
from ui.kit.row_table import RowTable
from ui.kit.scrolling import ScrollArea
from ui.kit.text import Chip, Text
from ui.member.view_model import HeadView
from ui.member_tabs import TabTable
from ui.theme.theme import Theme, follow

NARROW_BELOW = 1200
LEFT_WIDE, LEFT_NARROW = 360, 300
GAP = 8
TAB_KEYS = "1234567890ABCDEF"
"""As at the desk: behind the ten digits the letters."""


class MemberScreen(QWidget):
    """The page.

    Signals:
        back_requested, reveal_requested, edit_requested, adjust_requested, merge_requested:
            pressed.
        tab_chosen: arg: its place from 0.
    """

    back_requested = Signal()
    reveal_requested = Signal()
    edit_requested = Signal()
    adjust_requested = Signal()
    merge_requested = Signal()
    tab_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tabs: list[ChoiceButton] = []
        self._tab_words: tuple[str, ...] = ()
        across = QHBoxLayout(self)
        across.setContentsMargins(16, 16, 16, 16)
        across.setSpacing(16)
        across.addWidget(self._build_left())
        column = QVBoxLayout()
        column.setSpacing(12)
        self.notice = Banner()
        column.addWidget(self.notice)
        self._tab_row = QGridLayout()
        self._tab_row.setSpacing(GAP)
        column.addLayout(self._tab_row)
        column.addWidget(self._build_tab(), 1)
        across.addLayout(column, 1)
        follow(self, self._fit)

    def render_head(self, view: HeadView | None, hint: str) -> None:
        """`view` None: it is being read, or he is not there (`hint` says so)."""
        self._who.setVisible(view is not None)
        if view is None:
            self._name.setText(hint)
            return
        self._name.setText(view.name)
        self.badge.show_tier(view.tone, view.tier)
        self._tier.setText(view.tier)
        self._tier.set_tone(view.tone)
        self._phone.setText(view.phone)
        self._card.setText(view.card)
        self._card.setVisible(bool(view.card))
        self.reveal.setVisible(view.has_phone)
        self._state.show_fact(view.state, tone=view.state_tone)
        _fill(self._figures, [FigureRow(label, figure) for label, figure in view.figures])
        _fill(self._about, [_told(label, text) for label, text in view.about])
        self._about.addStretch(1)

    def render_tabs(self, names: Sequence[str], current: int) -> None:
        """The row of tabs; buttons are made anew only where they change."""
        if tuple(names) != self._tab_words:
            self._make_tabs(tuple(names))
        for place, key in enumerate(self.tabs):
            key.setChecked(place == current)

    def render_tab(self, table: TabTable | None, wait: str) -> None:
        """`table` None: it is being read."""
        rows = table.rows if table is not None else ()
        self.notes.setText("\n".join(table.notes) if table is not None else "")
        self.notes.setVisible(bool(self.notes.text()))
        self.empty.show_words(table.empty if table is not None else wait)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        if table is not None:
            self.table.show_rows(table.columns, rows, self.table.current_key)

    def set_words(self, wording: Wording, hint: Callable[[Action], str]) -> None:
        """Names in the language of the moment."""
        t = wording.t
        self.back.set_name(t("Back to the members"))
        self.reveal.set_name(t("Show the phone number"))
        self.edit.set_label(t("Tags and notes"), hint=hint(Action.CHOOSE_1))
        self.adjust.set_label(t("Points by hand"), hint=hint(Action.CHOOSE_2))
        self.merge.set_label(t("Merge"), hint=hint(Action.CHOOSE_3))
        self.table.set_name(t("What this tab tells of the member"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text().upper()
        place = TAB_KEYS.find(typed) if len(typed) == 1 else -1
        if 0 <= place < len(self.tabs):
            self.tab_chosen.emit(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """After another size of the window or of the text."""
        narrow = self.width() < NARROW_BELOW
        wanted = Theme.current().size(LEFT_NARROW if narrow else LEFT_WIDE)
        self._left.setFixedWidth(min(wanted, self.width() * 2 // 5))
        self._place_tabs()

    def _build_left(self) -> Card:
        self._left = card = Card(padding=(16, 16), spacing=12)
        head = QHBoxLayout()
        head.setSpacing(12)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._name = Text(role="h1", weight=600, wrap=True)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        card.body.addLayout(head)
        self._who = QWidget()
        column = QVBoxLayout(self._who)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._build_standing())
        column.addWidget(Rule())
        column.addWidget(self._build_told(), 1)
        self.edit = SecondaryButton(icon="edit", height=48)
        self.edit.clicked.connect(self.edit_requested)
        self.adjust = SecondaryButton(icon="coins", height=48)
        self.adjust.clicked.connect(self.adjust_requested)
        self.merge = SecondaryButton(icon="user-plus", height=48)
        self.merge.clicked.connect(self.merge_requested)
        for key in (self.edit, self.adjust, self.merge):
            column.addWidget(key)
        card.body.addWidget(self._who, 1)
        return card

    def _build_standing(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(6)
        tier = QHBoxLayout()
        tier.setSpacing(10)
        self.badge = TierBadge()
        self._tier = Text(role="body_l", weight=600, wrap=True)
        self._state = Chip("")
        tier.addWidget(self.badge)
        tier.addWidget(self._tier, 1)
        tier.addWidget(self._state)
        phone = QHBoxLayout()
        phone.setSpacing(8)
        self._phone = Text(role="body_l", weight=500)
        self.reveal = IconButton("eye", "reveal")
        self.reveal.clicked.connect(self.reveal_requested)
        phone.addWidget(self._phone, 1)
        phone.addWidget(self.reveal)
        self._card = Text(role="body", tone="text_secondary")
        column.addLayout(tier)
        column.addLayout(phone)
        column.addWidget(self._card)
        return column

    def _build_told(self) -> ScrollArea:
        area = ScrollArea(spacing=8)
        column = area.body
        self._figures, self._about = QVBoxLayout(), QVBoxLayout()
        self._figures.setSpacing(4)
        self._about.setSpacing(8)
        column.addLayout(self._figures)
        column.addWidget(Rule())
        column.addLayout(self._about, 1)
        return area

    def _build_tab(self) -> Card:
        card = Card(padding=(0, 0), spacing=0)
        self.notes = Text(role="body", tone="text_secondary", wrap=True)
        self.notes.setContentsMargins(12, 12, 12, 8)
        self.table = RowTable()
        self.empty = EmptyState(icon="list")
        card.body.addWidget(self.notes)
        card.body.addWidget(self.table, 1)
        card.body.addWidget(self.empty, 1)
        return card

    def _make_tabs(self, names: tuple[str, ...]) -> None:
        self._tab_words = names
        for key in self.tabs:
            key.hide()
            key.deleteLater()
        self.tabs = []
        for place, name in enumerate(names):
            hint = TAB_KEYS[place] if place < len(TAB_KEYS) else ""
            key = ChoiceButton(name, hint=hint)
            key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            key.setAutoExclusive(True)
            key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            key.clicked.connect(lambda _=False, at=place: self.tab_chosen.emit(at))
            self.tabs.append(key)
        self._place_tabs()

    def _place_tabs(self) -> None:
        """In one row where they have room, else in two."""
        size = Theme.current().size
        room = max(1, self.width() - self._left.maximumWidth() - size(48))
        wide = max([size(118), *(key.minimumSizeHint().width() + GAP for key in self.tabs)])
        in_a_row = max(3, min(len(self.tabs) or 1, room // wide))
        for place, key in enumerate(self.tabs):
            self._tab_row.addWidget(key, place // in_a_row, place % in_a_row)


def _fill(column: QVBoxLayout, widgets: Sequence[QWidget]) -> None:
    """These instead of whatever stood there."""
    while (item := column.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for widget in widgets:
        column.addWidget(widget)


def _told(label: str, text: str) -> QWidget:
    row = QWidget()
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(Text(label, role="caption", tone="text_secondary"))
    column.addWidget(Text(text, role="body", wrap=True))
    row.setAccessibleName(f"{label} {text}")
    return row
