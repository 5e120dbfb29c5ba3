"""Pick dialog: one of a few (or a few dozen) things, by its figure, the arrows or a tap.

Owns: the list, its keys, that the current one is in sight. Does not own: what the choice means.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from ui.kit.buttons import SecondaryButton
from ui.kit.choice_list import ChoiceList
from ui.kit.choice_row import ChoiceRow
from ui.kit.dialogs import KitDialog
from ui.kit.text import Text
from ui.rows import Pick
from ui.theme.theme import Theme

_WIDTH, _EDGE, _ROW, _GAP, _AROUND = 520, 24, 64, 8, 300
_FIGURES = "123456789"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PickDialog(KitDialog):
    """The list.

    Signals:
        picked: arg: the key.
    """

    picked = Signal(str)

    def __init__(
        self, parent: QWidget, *, title: str, picks: Sequence[Pick], chosen: str, back: str
    ) -> None:
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self._picks = tuple(picks)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.body.addWidget(self._build_list())
        self.back = SecondaryButton(back, hint="Esc", icon="arrow-left", height=56)
        self.back.clicked.connect(self.reject)
        self.body.addWidget(self.back)
        self._current = next(
            (place for place, pick in enumerate(self._picks) if pick.key == chosen), 0
        )
        self._mark()
        # Where it has to scroll to is known once it was laid out.
        QTimer.singleShot(0, self, self._mark)

    @property
    def rows(self) -> Sequence[ChoiceRow]:
        """What can be chosen, from the top."""
        return self._list.rows

    def first_focus(self) -> QWidget | None:
        """The frame keeps the keys: a focused row would answer Enter itself."""
        return self.back

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        place = _FIGURES.find(event.text()) if len(event.text()) == 1 else -1
        if 0 <= place < len(self._picks):
            self._take(place)
        elif key in _STEPS:
            self._current = max(0, min(len(self._picks) - 1, self._current + _STEPS[key]))
            self._mark()
        elif key in _ENTER and self._picks:
            self._take(self._current)
        else:
            super().keyPressEvent(event)
        event.accept()

    def _build_list(self) -> ChoiceList:
        rows = [
            ChoiceRow(pick.words, pick.detail, hint=_FIGURES[place] if place < 9 else "")
            for place, pick in enumerate(self._picks)
        ]
        wanted = sum(max(_ROW, row.sizeHint().height()) + _GAP for row in rows)
        parent = self.parentWidget()
        assert parent is not None, "a dialog lies over a window"
        most = parent.height() - Theme.current().size(_AROUND)
        self._list = ChoiceList(height=min(wanted, most))
        self._list.show_rows(rows)
        self._list.pressed.connect(self._take)
        return self._list

    def _take(self, place: int) -> None:
        self.accept()
        self.picked.emit(self._picks[place].key)

    def _mark(self) -> None:
        self._list.set_current(self._current)
