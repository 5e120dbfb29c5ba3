"""Settings screen: groups on the left, their values beside them, the marked one on the right.

Owns: the layout, the search field, which row is marked. Does not own: texts (view_model.py), the
editor (editor.py), pages of their own (pages.py), what a press does (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QHBoxLayout,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.kit.buttons import KitButton, SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.fields import SearchField
from ui.kit.looks import PLAIN
from ui.kit.panels import Card, EmptyState
from ui.kit.text import Text
from ui.settings.editor import Editor, scrolling
from ui.settings.page import PageWidget
from ui.settings.view_model import GroupRow, SettingRow, SettingsView
from ui.theme.theme import follow

RAIL, EDITOR_WIDE, EDITOR_NARROW, NARROW_BELOW = 208, 400, 320, 1200
_FIGURES = "123456789"


class GroupButton(KitButton):
    """One entry of the list of groups: icon, word, its figure."""

    def __init__(self, row: GroupRow, hint: str) -> None:
        super().__init__(row.title, icon=row.icon, hint=hint, look=PLAIN)
        self.identifier = row.identifier
        self._left_aligned, self._padding = True, 12
        self.setCheckable(True)
        self.setChecked(row.is_current)
        # The list is as wide as it is: a long word shrinks before it is cut.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, super().minimumSizeHint().height())


class SettingsScreen(QWidget):
    """The settings.

    Signals:
        group_chosen, row_chosen: arg: the identifier.
        searched: arg: what stands in the search field.
        back_requested: pressed.
    """

    group_chosen = Signal(str)
    row_chosen = Signal(str)
    searched = Signal(str)
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        # Not by a tap: a tap beside the value would take the focus from what is typed.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.groups: list[GroupButton] = []
        self.rows: list[ChoiceRow] = []
        self._group_rows: tuple[GroupRow, ...] = ()
        self._shown: tuple[SettingRow, ...] = ()
        self._is_narrow, self._marked = False, ""
        self._theme = follow(self, self._share_room)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        self._rail = self._build_rail()
        columns.addWidget(self._rail)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._build_values())
        columns.addWidget(self._stack, 1)

    def retranslate(self, wording: Wording, *, find_hint: str) -> None:
        """Every word anew. `find_hint`: the key that leads to the search."""
        t = wording.t
        self.search.set_hint(find_hint)
        self._heading.setText(t("Settings"))
        self.search.set_words(t("Search"), t("Search the settings"))
        self.back.set_label(t("Back"))
        self._empty.show_words(t("Nothing is called so: try another word."), icon="search")
        self.editor.retranslate(wording)

    def render_view(self, view: SettingsView, marked: str) -> None:
        """Draw it; buttons and rows are made anew only where they change."""
        self._show_groups(view.groups)
        self._title.setText(view.title)
        self._empty.setVisible(view.mode == "empty")
        self._area.setVisible(view.mode == "list")
        if view.rows != self._shown:
            self._make_rows(view.rows)
        self._mark(marked)
        self.editor.show_detail(view.detail, can_reset_group=view.can_reset_group)

    def show_page(self, page: PageWidget | None) -> None:
        """A page in place of the values; None: the values."""
        if page is not None and self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._stack.setCurrentIndex(0 if page is None else self._stack.indexOf(page))

    def take_focus(self) -> None:
        """On the screen itself: arrows then walk the list, figures choose a group."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def press_focused(self) -> bool:
        """Enter on a button that Tab has reached. False: the focus is on none."""
        key = self.focusWidget()
        if not isinstance(key, QAbstractButton) or not key.hasFocus():
            return False
        key.click()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        place = _FIGURES.find(event.text()) if len(event.text()) == 1 else -1
        if 0 <= place < len(self.groups):
            self.group_chosen.emit(self.groups[place].identifier)
            event.accept()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        theme = self._theme
        is_narrow = self.width() < NARROW_BELOW
        self._rail.setFixedWidth(min(theme.size(RAIL), self.width() // 4))
        wanted = theme.size(EDITOR_NARROW if is_narrow else EDITOR_WIDE)
        self.editor.setFixedWidth(min(wanted, self.width() * 2 // 5))
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._make_rows(self._shown)
            self._mark(self._marked)
        QTimer.singleShot(0, self, self._show_current_group)  # once the list has its height

    def _build_rail(self) -> Card:
        card = Card(padding=(12, 16), spacing=4)
        self._heading = Text(role="h1", weight=600)
        card.body.addWidget(self._heading)
        card.body.addSpacing(6)
        inside = QWidget()
        self._group_column = QVBoxLayout(inside)
        self._group_column.setContentsMargins(0, 0, 0, 0)
        self._group_column.setSpacing(2)
        self._group_column.addStretch(1)
        self._group_area = scrolling(inside)
        # Laid out only after it was chosen, the list grows longer than its room.
        bar = self._group_area.verticalScrollBar()
        bar.rangeChanged.connect(lambda *_: self._show_current_group())
        card.body.addWidget(self._group_area, 1)
        self.back = SecondaryButton(icon="arrow-left", hint="Esc")
        self.back.clicked.connect(self.back_requested)
        card.body.addWidget(self.back)
        return card

    def _build_values(self) -> QWidget:
        whole = QWidget()
        columns = QHBoxLayout(whole)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(16)
        card = Card(padding=(16, 16), spacing=8)
        self.search = SearchField(icon="search")
        self.search.edit.textChanged.connect(self.searched)
        self._title = Text(role="title", weight=600)
        self._empty = EmptyState(icon="search")
        inside = QWidget()
        self._row_column = QVBoxLayout(inside)
        self._row_column.setContentsMargins(0, 0, 0, 0)
        self._row_column.setSpacing(8)
        self._row_column.addStretch(1)
        self._area = scrolling(inside)
        # Rows are laid out after they were made: only then the marked one can be brought in view.
        self._area.verticalScrollBar().rangeChanged.connect(lambda: self._mark(self._marked))
        card.body.addWidget(self.search)
        card.body.addWidget(self._title)
        card.body.addWidget(self._empty, 1)
        card.body.addWidget(self._area, 1)
        self.editor = Editor()
        columns.addWidget(card, 1)
        columns.addWidget(self.editor)
        return whole

    def _show_groups(self, rows: tuple[GroupRow, ...]) -> None:
        words = [(row.identifier, row.title) for row in rows]
        if words != [(row.identifier, row.title) for row in self._group_rows]:
            for old in self.groups:
                old.hide()
                old.deleteLater()
            self.groups = []
            for place, row in enumerate(rows):
                hint = _FIGURES[place] if place < len(_FIGURES) else ""
                key = GroupButton(row, hint)
                key.clicked.connect(lambda _=False, name=row.identifier: self._pressed(name))
                self._group_column.insertWidget(place, key)
                self.groups.append(key)
        self._group_rows = rows
        for key, row in zip(self.groups, rows, strict=True):
            key.setChecked(row.is_current)
        self._show_current_group()

    def _show_current_group(self) -> None:
        """In large text the list of groups is longer than the window."""
        for key in self.groups:
            if key.isChecked():
                self._group_area.ensureWidgetVisible(key, 0, 8)

    def _pressed(self, identifier: str) -> None:
        for key, row in zip(self.groups, self._group_rows, strict=True):
            key.setChecked(row.is_current)  # until the answer of the controller
        self.group_chosen.emit(identifier)

    def _make_rows(self, rows: tuple[SettingRow, ...]) -> None:
        for old in self.rows:
            old.hide()
            old.deleteLater()
        self._shown, self.rows = rows, []
        for place, each in enumerate(rows):
            row = self._row(each)
            row.clicked.connect(lambda _=False, name=each.identifier: self.row_chosen.emit(name))
            self._row_column.insertWidget(place, row)
            self.rows.append(row)

    def _row(self, each: SettingRow) -> ChoiceRow:
        """The value stands at the end; where it would push the name away, under it."""
        icon = "arrow-right" if each.is_page else ""
        if self._is_narrow:
            below = "\n".join(filter(None, (each.value, each.sentence)))
            return ChoiceRow(each.name, below, icon=icon)
        return ChoiceRow(each.name, each.sentence, icon=icon, end=each.value, end_tone="primary")

    def _mark(self, identifier: str) -> None:
        self._marked = identifier
        for row, each in zip(self.rows, self._shown, strict=True):
            is_current = each.identifier == identifier
            row.set_current(is_current)
            if is_current:
                self._area.ensureWidgetVisible(row)
