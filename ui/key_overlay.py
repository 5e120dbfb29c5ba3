"""Key overlay: what every key does on the screen in front (F1).

Owns: the list of keys and acts over the screen.
Does not own: which there are (screens), their names (key_map.py).
"""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import KeyHint, Text

_ROWS = 9
_GAP = 8
_WIDEST, _MARGIN = 960, 32
_FRAME = 220
"""Title, button and margins of the dialog and the window around it, in pixels."""


class KeyOverlay(KitDialog):
    """Keys in one or two columns where the window is high enough: three cut their sentences.

    F1, Esc or the button closes it.
    """

    def __init__(self, parent: QWidget, keys: Sequence[tuple[str, str]], wording: Wording) -> None:
        title = wording.t("Keys on this screen")
        super().__init__(
            parent, title=title, width=min(_WIDEST, parent.window().width() - 2 * _MARGIN)
        )
        self.body.addWidget(Text(title, role="title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(_GAP)
        shown = [(key, label) for key, label in keys if key]
        rows = self._rows_for(len(shown), parent.height())
        for position, (key, label) in enumerate(shown):
            row, column = position % rows, position // rows * 2
            grid.addWidget(KeyHint(key), row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Text(label, role="body_l"), row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        self.body.addLayout(grid)
        close = SecondaryButton(wording.t("Close"), hint="Esc")
        close.clicked.connect(self.reject)
        self.body.addWidget(close)
        self.primary = close

    @staticmethod
    def _rows_for(count: int, height: int) -> int:
        """As many rows as two columns need, if the window of this height has room for them."""
        room = max(1, (height - _FRAME) // (KeyHint("F1").sizeHint().height() + _GAP))
        return min(max(_ROWS, ceil(count / 2)), room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.reject()
        else:
            super().keyPressEvent(event)
