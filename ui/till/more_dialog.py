"""More: every act of the till that has no place of its own in the key bar, each by one tap.

Owns: the tiles. Does not own: which acts there are (keys.py), doing them.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.text import Text
from ui.theme.theme import Theme
from ui.till.key_bar import BarKey

WIDTH, COLUMNS, EDGE = 860, 2, 24


class MoreDialog(KitDialog):
    """The tiles.

    Signals:
        pressed: arg: the Action. The dialog has closed.
    """

    pressed = Signal(object)

    def __init__(self, parent: QWidget, keys: Sequence[BarKey], wording: Wording) -> None:
        title = wording.t("More")
        # Large text needs the window's width before it is cut.
        width = min(max(WIDTH, Theme.current().size(WIDTH)), parent.window().width() - 2 * EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="h1"))
        grid = QGridLayout()
        grid.setSpacing(8)
        self.tiles: list[ChoiceRow] = []
        for place, key in enumerate(keys):
            tile = ChoiceRow(key.label, icon=key.icon, hint=key.hint)
            tile.setEnabled(key.is_enabled)
            tile.clicked.connect(lambda _=False, chosen=key: self._choose(chosen))
            grid.addWidget(tile, place // COLUMNS, place % COLUMNS)
            self.tiles.append(tile)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
        self.body.addLayout(grid)
        self.back = SecondaryButton(wording.t("Back"), hint="Esc", icon="arrow-left", height=64)
        self.back.clicked.connect(self.reject)
        self.body.addWidget(self.back)

    def _choose(self, key: BarKey) -> None:
        self.accept()
        self.pressed.emit(key.action)
