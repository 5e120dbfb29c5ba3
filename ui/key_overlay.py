"""Key overlay: what every key does on the screen in front (F1).

Owns: the list of keys and acts over the screen.
Does not own: which there are (screens), their names (key_map.py).
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import KeyHint, Text

_ROWS = 9


class KeyOverlay(KitDialog):
    """Keys in columns of nine; F1, Esc or the button closes it."""

    def __init__(self, parent: QWidget, keys: Sequence[tuple[str, str]], wording: Wording) -> None:
        title = wording.t("Keys on this screen")
        super().__init__(parent, title=title, width=760)
        self.body.addWidget(Text(title, role="title"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        shown = [(key, label) for key, label in keys if key]
        for position, (key, label) in enumerate(shown):
            row, column = position % _ROWS, position // _ROWS * 2
            grid.addWidget(KeyHint(key), row, column, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(Text(label, role="body_l"), row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        self.body.addLayout(grid)
        close = SecondaryButton(wording.t("Close"), hint="Esc")
        close.clicked.connect(self.reject)
        self.body.addWidget(close)
        self.primary = close

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F1:
            self.reject()
        else:
            super().keyPressEvent(event)
