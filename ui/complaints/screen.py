"""Complaints screen: the lists on the left, one case in the middle; widgets only.

Owns: the layout, letters of moves. Does not own: texts (view_model.py, case_view.py), acts
(controller.py, move_acts.py), the case's own layout (case_panel.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.wording import Wording
from ui.complaints.aside import Aside
from ui.complaints.case_panel import CasePanel
from ui.complaints.queue import Queue
from ui.complaints.view_model import DESKS, QueueRow
from ui.kit.buttons import ChoiceButton, IconButton, SecondaryButton
from ui.kit.feedback import Banner
from ui.kit.text import Text
from ui.theme.theme import Theme, follow

NARROW_BELOW = 1200
QUEUE_WIDE, QUEUE_NARROW = 336, 288
_FIGURES = "12345"
QWIDGETSIZE_MAX = 16_777_215
"""Qt's word for no bound; its Python names do not have it."""


class ComplaintsScreen(QWidget):
    """The complaints desk.

    Signals:
        back_requested, new_requested, library_requested: pressed.
        desk_chosen: a list. arg: its place. row_chosen: a case. arg: its place.
    """

    back_requested = Signal()
    new_requested = Signal()
    library_requested = Signal()
    desk_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._new_words, self._new_hint = ("", ""), ""
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(12)
        column.addLayout(self._build_head())
        self.notice = Banner()
        column.addWidget(self.notice)
        across = QHBoxLayout()
        across.setSpacing(16)
        self.queue = Queue()
        self.case = CasePanel()
        self.aside = Aside()
        self.case.parts.addWidget(self.aside)
        across.addWidget(self.queue)
        across.addWidget(self.case, 1)
        column.addLayout(across, 1)
        follow(self, self._fit_head)

    def render_list(
        self, tabs: Sequence[str], shown: int, rows: Sequence[QueueRow], current: int,
        words: tuple[str, str],
    ) -> None:  # fmt: skip
        """`words`: what an empty list says, what stands below a full one."""
        for place, (key, label) in enumerate(zip(self.tabs, tabs, strict=True)):
            key.set_label(label, hint=_FIGURES[place])
            key.setChecked(place == shown)
        self._fit_title()
        self.queue.show_rows(rows, current, *words)

    def set_words(self, wording: Wording, new_hint: str, library_hint: str) -> None:
        t = wording.t
        self._new_words, self._new_hint = (t("New complaint"), t("Log one")), new_hint
        self._name_new()
        self._title.setText(t("Complaints"))
        self.back.set_name(t("Back to the desk"))
        self.library.set_name(t("Library and causes"), hint=library_hint)

    def _name_new(self) -> None:
        whole, short = self._new_words
        narrow = self.width() < NARROW_BELOW
        self.new.set_label(short if narrow else whole, hint="")
        bare = self.new.sizeHint().width()
        self.new.set_label(self.new.text(), hint=self._new_hint)
        # Where room is short the key stands in the corner: the lists need the width.
        self.new.setMaximumWidth(bare if narrow else QWIDGETSIZE_MAX)
        self.new.setAccessibleName(whole)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        place = _FIGURES.find(text) if len(text) == 1 else -1
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.case.turn(-1 if event.key() == Qt.Key.Key_PageUp else 1)
            event.accept()
            return
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if place >= 0:
            self.desk_chosen.emit(place)
        elif plain and text.upper() == "M" and not self.case.member.isHidden():
            self.case.member_requested.emit()
        elif not (plain and len(text) == 1 and self.case.letter_pressed(text)):
            super().keyPressEvent(event)
            return
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW_BELOW
        size = Theme.current().size(QUEUE_NARROW if narrow else QUEUE_WIDE)
        self.queue.setFixedWidth(min(size, self.width() * 2 // 5))
        self.case.fit(narrow=narrow)
        self.aside.fit(narrow=narrow)
        self._fit_head()

    def _fit_head(self) -> None:
        self._name_new()
        self._fit_title()

    def _fit_title(self) -> None:
        """The lists with their keys matter more than the name of the room."""
        tabs = max(key.sizeHint().width() for key in self.tabs) * len(self.tabs)
        others = (self.back, self._title, self.library, self.new)
        wanted = tabs + sum(each.sizeHint().width() for each in others) + 8 * 12
        self._title.setVisible(wanted <= self.width() - 32)

    def _build_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        row.addWidget(self.back)
        row.addWidget(self._title)
        row.addSpacing(8)
        self.tabs = tuple(ChoiceButton() for _ in DESKS)
        for place, key in enumerate(self.tabs):
            key.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, at=place: self.desk_chosen.emit(at))
            row.addWidget(key, 1)
        row.addSpacing(8)
        self.library = IconButton("list", "library", framed=True)
        self.library.clicked.connect(self.library_requested)
        row.addWidget(self.library)
        self.new = SecondaryButton(icon="plus", height=48)
        self.new.clicked.connect(self.new_requested)
        row.addWidget(self.new)
        return row
