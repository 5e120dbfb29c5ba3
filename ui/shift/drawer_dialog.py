"""Drawer dialog: everything about the cash drawer that is no sale, each by one digit or one tap.

Owns: the keys. Does not own: what they do (drawer_controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import Text
from ui.shift.sentences import DRAWER_REASONS, MOVE_WORDS, REASON_WORDS
from ui.theme.theme import Theme

_WIDTH, _MARGIN = 640, 24
_SHIFT = "shift"


class DrawerDialog(KitDialog):
    """The list.

    Signals:
        reason_chosen: Open the drawer. arg: why (a DrawerReason).
        move_chosen: arg: in, out or drop.
        shift_chosen: To the shift.
    """

    reason_chosen = Signal(str)
    move_chosen = Signal(str)
    shift_chosen = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        t = wording.t
        title = t("Cash drawer")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - _MARGIN)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.setSpacing(12)
        self.body.addWidget(Text(title, role="title"))
        note = t("Opened without a sale: why? It is recorded.")
        self.body.addWidget(Text(note, role="body_l", tone="text_secondary", wrap=True))
        self._acts: list[str] = []
        self.body.addLayout(self._make_keys([(r, t(REASON_WORDS[r])) for r in DRAWER_REASONS]))
        self.body.addWidget(Text(t("Cash without a sale"), role="body_l", tone="text_secondary"))
        moves = [(move, t(words)) for move, words in MOVE_WORDS.items()]
        self.body.addLayout(self._make_keys([*moves, (_SHIFT, t("Shift, X and Z"))]))
        cancel = SecondaryButton(t("Cancel"), hint="Esc", height=56)
        cancel.clicked.connect(self.reject)
        self.body.addSpacing(4)
        self.body.addWidget(cancel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = int(event.text()) if event.text() in set("123456789") else 0
        if 0 < number <= len(self._acts):
            self._choose(self._acts[number - 1])
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_keys(self, acts: list[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, (act, words) in enumerate(acts):
            self._acts.append(act)
            key = SecondaryButton(words, hint=str(len(self._acts)), height=56)
            key.clicked.connect(lambda _=False, act=act: self._choose(act))
            grid.addWidget(key, place // 2, place % 2)
        for column in range(2):
            grid.setColumnStretch(column, 1)
        return grid

    def _choose(self, act: str) -> None:
        self.accept()
        if act == _SHIFT:
            self.shift_chosen.emit()
        elif act in MOVE_WORDS:
            self.move_chosen.emit(act)
        else:
            self.reason_chosen.emit(act)
