"""Screen of the segments: groups, cohorts, and the members behind either; widgets only.

Owns: which of them is in front, the arrows left and right, the figures of the pages. Does not own:
each page (pages.py), texts, acts (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.wording import Wording
from ui.figures.head_row import HeadRow
from ui.figures.list_page import ListPage
from ui.key_map import Action
from ui.kit.buttons import SecondaryButton
from ui.kit.feedback import Banner, Busy
from ui.kit.text import Text
from ui.segments.pages import CohortsPage, GroupsPage

_PAGES = "123"
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class SegmentsScreen(QWidget):
    """The room's second and third page.

    Signals:
        back_requested, count_requested, stop_requested: pressed.
        page_chosen: arg: its place. across: arg: -1 or 1.
    """

    back_requested = Signal()
    count_requested = Signal()
    stop_requested = Signal()
    page_chosen = Signal(int)
    across = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.head = HeadRow(1)
        self.notice, self.busy = Banner(), Busy()
        self.notes = Text(role="body", tone="text_secondary", wrap=True)
        self.groups, self.cohorts, self.behind = GroupsPage(), CohortsPage(), ListPage()
        self._inner, self._stack = QStackedWidget(), QStackedWidget()
        self._inner.addWidget(self.groups)
        self._inner.addWidget(self.cohorts)
        self._stack.addWidget(self._build_board())
        self._stack.addWidget(self.behind)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    @property
    def is_behind(self) -> bool:
        """Whether the members behind something are in front."""
        return self._stack.currentWidget() is self.behind

    def show_behind(self, is_behind: bool) -> None:
        """Put them in front, or away."""
        self._stack.setCurrentIndex(1 if is_behind else 0)
        self.setFocus()

    def show_page(self, place: int) -> None:
        """1: groups, 2: cohorts; the notes are about the groups."""
        self.notes.setVisible(place == 1)
        self.head.set_page(place)
        self._inner.setCurrentIndex(place - 1)

    def show_busy(self, sentence: str, stop: str) -> None:
        """`sentence` empty: nothing is under way."""
        self.busy.setVisible(bool(sentence))
        self.busy.show_wait(sentence, cancel_label=stop)

    def hush(self) -> None:
        """Nothing is said any more."""
        self.notice.show_banner("")
        self.behind.notice.show_banner("")

    def set_words(self, title: str, wording: Wording, hint: Callable[[Action], str]) -> None:
        """Names in the language of the moment."""
        self.head.set_words(title, wording)
        self.count.set_label(wording.t("Re-evaluate"), hint=hint(Action.CHOOSE_2))
        self.groups.set_words(wording, hint(Action.CHOOSE_1))
        self.cohorts.set_words(wording, hint(Action.CHOOSE_3), hint(Action.CHOOSE_1))
        self.behind.set_words(wording, hint)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        place = _PAGES.find(event.text()) if len(event.text()) == 1 else -1
        if step is not None and not self.is_behind:
            self.across.emit(step)
            event.accept()
        elif place >= 0:
            self.page_chosen.emit(place)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _build_board(self) -> QWidget:
        board = QWidget()
        column = QVBoxLayout(board)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        self.head.page_chosen.connect(self.page_chosen)
        self.head.back_requested.connect(self.back_requested)
        self.count = SecondaryButton(icon="refresh")
        self.count.clicked.connect(self.count_requested)
        self.head.row.addStretch(1)
        self.head.row.addWidget(self.count)
        self.busy.cancelled.connect(self.stop_requested)
        self.busy.hide()
        for each in (self.head, self.notice, self.notes, self.busy):
            column.addWidget(each)
        column.addWidget(self._inner, 1)
        return board
