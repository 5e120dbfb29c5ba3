"""Help dialog: topics and search on the left, the open page on the right; widgets only.

Owns: the layout, scrolling, which key does what in it. Does not own: texts (view_model.py), which
page is open (opener.py).
"""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.wording import Wording
from ui.help.book import Block
from ui.help.view_model import HelpView, KeyLine, TopicRow
from ui.kit.buttons import KitButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import SearchField
from ui.kit.looks import PLAIN
from ui.kit.panels import Rule
from ui.kit.text import KeyHint, Text
from ui.theme.theme import Theme

_WIDEST, _HIGHEST, _EDGE, _LIST = 1240, 900, 24, 300
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_KEY_COLUMN = 330
"""Px that a key with its sentence needs at 100 %."""


class TopicButton(KitButton):
    """One entry of the list."""

    def __init__(self, row: TopicRow) -> None:
        super().__init__(row.title, look=PLAIN)
        self.identifier = row.identifier
        self._left_aligned, self._padding = True, 12
        self.setCheckable(True)


class _PageArea(QScrollArea):
    """Scrolls by the wheel and by the dialog; keys are the dialog's, whoever has the focus."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()


class HelpDialog(KitDialog):
    """The help. Arrows go through the topics, page up and down through the open one.

    Signals:
        searched: arg: what stands in the search field.
        topic_chosen: arg: its identifier.
        stepped: An arrow. arg: +1 or -1.
    """

    searched = Signal(str)
    topic_chosen = Signal(str)
    stepped = Signal(int)

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        title = wording.t("Help")
        super().__init__(parent, title=title, width=_WIDEST, height=_HIGHEST, padding=20)
        self._keys: tuple[KeyLine, ...] = ()
        self.topics: list[TopicButton] = []
        self._shown: tuple[str, ...] = ()
        self._page: QWidget | None = None
        self.search = SearchField(icon="search")
        self.search.set_words(wording.t("Search the help"), wording.t("Search the help"))
        self.search.edit.textChanged.connect(self.searched)
        # Words are looked for here; a Chinese one takes an input method.
        self.search.edit.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        columns = QHBoxLayout()
        columns.setSpacing(20)
        columns.addWidget(self._build_list(wording))
        columns.addWidget(Rule(upright=True))
        columns.addLayout(self._build_page(), 1)
        self.body.addLayout(columns, 1)
        self._fit(parent.window().size())

    def first_focus(self) -> QWidget:
        """Not the search: with an input method on, letters of a scan would be lost in it."""
        return self._page_area

    def render_view(self, view: HelpView) -> None:
        """Draw it; the list is made anew only where it changes."""
        if tuple(row.identifier for row in view.rows) != self._shown:
            self._make_list(view.rows)
        for button, row in zip(self.topics, view.rows, strict=True):
            button.setChecked(row.is_current)
        self._show_current()
        self._title.setText(view.title)
        self._keys = view.keys
        self._show_page(_keys_page(view.keys, self._columns()) if view.keys else
                        _text_page(view.blocks))  # fmt: skip
        self._page_area.setAccessibleName(view.title)
        self._page_area.setAccessibleDescription(" ".join(block.text for block in view.blocks))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._show_current)  # only then the list has its height

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit(self.size())
        QTimer.singleShot(0, self, self._show_current)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in _PAGES:
            bar = self._page_area.verticalScrollBar()
            bar.setValue(bar.value() + _PAGES[key] * max(1, bar.pageStep() - 40))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search.edit.hasFocus():
            self._leave_search()
        elif key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            self._leave_search()
        elif event.text().isalnum() and not event.modifiers() & _COMMANDS:
            self.search.edit.setFocus(Qt.FocusReason.OtherFocusReason)
            QCoreApplication.sendEvent(self.search.edit, event)
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def page_texts(self) -> list[str]:
        """What the open page says, from its top."""
        assert self._page is not None, "render_view was not called yet"
        labels = [label.text() for label in self._page.findChildren(QLabel)]
        return [*labels, *(hint.text for hint in self._page.findChildren(KeyHint))]

    def _show_current(self) -> None:
        for button in self.topics:
            if button.isChecked():
                self._list_area.ensureWidgetVisible(button, 0)
                self._list_area.horizontalScrollBar().setValue(0)  # a long topic is no way aside

    def _build_list(self, wording: Wording) -> QWidget:
        self._list_side = whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(wording.t("Help"), role="h1"))
        column.addWidget(self.search)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(2)
        self._list.addStretch(1)
        self._list_area = _PageArea(inside)
        self._list_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(self._list_area, 1)
        self.back = SecondaryButton(wording.t("Back"), hint="Esc", icon="arrow-left", height=56)
        self.back.clicked.connect(self.reject)
        column.addWidget(self.back)
        return whole

    def _build_page(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(12)
        self._title = Text(role="h1", wrap=True)
        column.addWidget(self._title)
        self._page_area = _PageArea(QWidget())
        self._page_area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        column.addWidget(self._page_area, 1)
        return column

    def _make_list(self, rows: tuple[TopicRow, ...]) -> None:
        for old in self.topics:
            old.hide()
            old.deleteLater()
        self._shown, self.topics = tuple(row.identifier for row in rows), []
        for place, row in enumerate(rows):
            button = TopicButton(row)
            button.clicked.connect(lambda _=False, name=row.identifier: self._pressed(name))
            self._list.insertWidget(place, button)
            self.topics.append(button)

    def _pressed(self, identifier: str) -> None:
        self.topic_chosen.emit(identifier)

    def _show_page(self, page: QWidget) -> None:
        self._page = page
        self._page_area.setWidget(page)
        self._page_area.verticalScrollBar().setValue(0)

    def _leave_search(self) -> None:
        self._page_area.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fit(self, room: QSize) -> None:
        """As large as the window lets it; the list takes a third at most."""
        width = min(_WIDEST, room.width() - 2 * _EDGE)
        self.frame.setFixedSize(width, min(_HIGHEST, room.height() - 2 * _EDGE))
        self._list_side.setFixedWidth(min(Theme.current().size(_LIST), width // 3))
        if self._keys:
            self._show_page(_keys_page(self._keys, self._columns()))

    def _columns(self) -> int:
        room = self.frame.maximumWidth() - self._list_side.maximumWidth() - 90
        return max(1, room // Theme.current().size(_KEY_COLUMN))


def _text_page(blocks: tuple[Block, ...]) -> QWidget:
    """Paragraphs, steps with their figures, remarks with a dot."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(12)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, block in enumerate(blocks):
        text = Text(block.text, role="body_l", wrap=True)
        if block.kind == "text":
            grid.addWidget(text, row, 0, 1, 2)
            continue
        mark = f"{block.number}." if block.kind == "step" else "⋅"
        figure = Text(mark, role="body_l", tone="primary", weight=600)
        grid.addWidget(figure, row, 0, top | Qt.AlignmentFlag.AlignRight)
        grid.addWidget(text, row, 1)
    grid.setRowStretch(len(blocks), 1)
    return page


def _keys_page(keys: tuple[KeyLine, ...], columns: int) -> QWidget:
    """Every key of the screen below, read downwards."""
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 0, 12, 0)
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    height = ceil(len(keys) / columns)
    for place, line in enumerate(keys):
        row, column = place % height, place // height * 2
        grid.addWidget(KeyHint(line.key), row, column, Qt.AlignmentFlag.AlignRight)
        label = Text(line.label, role="body_l", wrap=True)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        grid.addWidget(label, row, column + 1)
        grid.setColumnStretch(column + 1, 1)
    grid.setRowStretch(height, 1)
    return page
