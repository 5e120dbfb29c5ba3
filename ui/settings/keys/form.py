"""Keys form: presets, every act with its key, print and restore; widgets only.

Owns: the layout, which row has the mark. Does not own: texts (view_model.py), what a press does
(page.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.domain.key_map import Action
from app.wording import Wording
from ui.kit.buttons import ChoiceButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.settings.keys.view_model import KeyRow, KeysView, PresetView
from ui.theme.theme import Theme

_COLUMN = 340
"""Px that an act with its key needs at 100 %."""
_FRAME = 60
"""The card's edges and the scroll bar."""


class KeysForm(QWidget):
    """The page's widgets.

    Signals:
        preset_chosen: arg: its identifier.
        act_chosen: arg: the Action that is to get another key.
        restore_requested, print_requested, save_requested: pressed.
    """

    preset_chosen = Signal(str)
    act_chosen = Signal(object)
    restore_requested = Signal()
    print_requested = Signal()
    save_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.presets: list[ChoiceButton] = []
        self.rows: dict[Action, ChoiceRow] = {}
        self._shown: tuple[KeyRow, ...] = ()
        self._preset_views: tuple[PresetView, ...] = ()
        self._current: Action | None = None
        self._columns = 0
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        card = Card(padding=(16, 16), spacing=12)
        whole.addWidget(card)
        self._build(card)

    def retranslate(self, wording: Wording) -> None:
        t = wording.t
        self._title.setText(t("Keys"))
        self._how.setText(t("Choose an act and press its new key; it is in force at once."))
        self.restore.set_label(t("Standard keys again"))
        self.print.set_label(t("Print the keys"))
        self.save.set_label(t("Save as PDF"))

    def render_view(self, view: KeysView) -> None:
        """Draw it; buttons and rows are made anew only where they change."""
        self._show_presets(view.presets)
        self.restore.setEnabled(view.has_own or not view.presets[0].is_chosen)
        if view.rows != self._shown:
            self._make_rows(view.rows)

    def take_focus(self) -> None:
        """On the marked act, the first at the first time."""
        if self.rows:
            self.mark(self._current if self._current in self.rows else next(iter(self.rows)))

    def mark(self, action: Action | None) -> None:
        if action is None:
            return
        self._current = action
        for each, row in self.rows.items():
            row.set_current(each is action)
        row = self.rows[action]
        row.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(row)

    def step(self, by: int) -> None:
        """The mark one act on or back; those that keep their keys are passed over."""
        acts = [act for act, row in self.rows.items() if row.isEnabled()]
        focused = next((act for act, row in self.rows.items() if row.hasFocus()), None)
        here = focused or self._current or acts[0]
        self.mark(acts[max(0, min(len(acts) - 1, acts.index(here) + by))])

    def press_focused(self) -> None:
        """Enter: the button under the focus, else the marked act."""
        focused = self.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.hasFocus():
            focused.click()
        elif self._current is not None:
            self.act_chosen.emit(self._current)

    def show_can_print(self, can_print: bool) -> None:
        """Whether this machine has a printer for pages; a file can always be had."""
        self.print.setVisible(can_print)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_rows()

    def _build(self, card: Card) -> None:
        self._title = Text(role="title", weight=600)
        self._how = Text(role="body", tone="text_secondary", wrap=True)
        card.body.addWidget(self._title)
        card.body.addWidget(self._how)
        self._preset_row = QHBoxLayout()
        self._preset_row.setSpacing(8)
        card.body.addLayout(self._preset_row)
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 8, 0)
        self._grid.setSpacing(8)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inside)
        card.body.addWidget(self._area, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self.restore = SecondaryButton(icon="undo", height=56)
        self.restore.clicked.connect(self.restore_requested)
        self.print = SecondaryButton(icon="printer", height=56)
        self.print.clicked.connect(self.print_requested)
        self.save = SecondaryButton(icon="download", height=56)
        self.save.clicked.connect(self.save_requested)
        for key in (self.restore, self.print, self.save):
            foot.addWidget(key, 1)
        card.body.addLayout(foot)

    def _show_presets(self, views: tuple[PresetView, ...]) -> None:
        words = [(each.identifier, each.name) for each in views]
        if words != [(each.identifier, each.name) for each in self._preset_views]:
            for old in self.presets:
                old.hide()
                old.deleteLater()
            self.presets = []
            for each in views:
                key = ChoiceButton(each.name, height=56)
                key.clicked.connect(lambda _=False, name=each.identifier: self._pressed(name))
                self._preset_row.addWidget(key, 1)
                self.presets.append(key)
        self._preset_views = views
        self._check()

    def _check(self) -> None:
        for key, each in zip(self.presets, self._preset_views, strict=True):
            key.setChecked(each.is_chosen)

    def _pressed(self, identifier: str) -> None:
        self._check()  # until the answer of the page
        self.preset_chosen.emit(identifier)

    def _make_rows(self, rows: tuple[KeyRow, ...]) -> None:
        had_focus = any(row.hasFocus() for row in self.rows.values())
        for old in self.rows.values():
            old.hide()
            old.deleteLater()
        self._shown, self.rows, self._columns = rows, {}, 0
        for each in rows:
            row = ChoiceRow(each.name, each.note, hint=each.key)
            row.setAccessibleName(f"{each.name} {each.key}")
            row.setEnabled(not each.is_fixed)
            row.clicked.connect(lambda _=False, act=each.action: self._act_pressed(act))
            self.rows[each.action] = row
        self._lay_rows()
        self._mark_again(focus=had_focus)

    def _mark_again(self, *, focus: bool) -> None:
        if self._current is None:
            return
        self.rows[self._current].set_current(True)
        if focus:
            self.mark(self._current)

    def _act_pressed(self, action: Action) -> None:
        self.mark(action)
        self.act_chosen.emit(action)

    def _lay_rows(self) -> None:
        """As many columns as have room, read downwards."""
        columns = max(1, min(3, (self.width() - _FRAME) // Theme.current().size(_COLUMN)))
        if columns == self._columns:
            return
        self._columns = columns
        height = -(-len(self.rows) // columns)
        for place, row in enumerate(self.rows.values()):
            self._grid.addWidget(row, place % height, place // height)
            row.show()  # at once: what is not shown yet takes no focus
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
