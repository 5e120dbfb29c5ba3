"""Text area: several lines of words, as long as somebody needs, with its length kept in bounds.

Owns: what Enter and Tab do in it. Does not own: its label and what is wrong with it (FieldRow).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ui.theme.theme import follow

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_KEPT = (
    Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Right,
    Qt.Key.Key_Backspace, Qt.Key.Key_Delete,
)  # fmt: skip
"""With Ctrl the text keeps these; every other held key is the dialog's."""


class TextArea(QPlainTextEdit):
    """Words. Tab goes on; Enter goes on too where `enter_goes_on`, Shift+Enter begins a line.

    Signals:
        committed: Enter, where it goes on.
        edited: The text changed.
    """

    committed = Signal()
    edited = Signal(str)

    def __init__(
        self, *, lines: int = 3, most: int = 2_000, enter_goes_on: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._lines, self._most, self._goes_on = lines, most, enter_goes_on
        self.setTabChangesFocus(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._theme = follow(self, self._fit)
        self.textChanged.connect(self._changed)
        self._fit()

    def text(self) -> str:
        return self.toPlainText()

    def setText(self, text: str) -> None:  # noqa: N802 - as of a line edit
        self.setPlainText(text)

    @property
    def beyond(self) -> int:
        """So many characters more than fit; what was typed is never cut."""
        return max(0, len(self.text()) - self._most)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & _HELD
        if event.key() in _ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            if held:
                event.ignore()
                return
            if self._goes_on:
                self.committed.emit()
                return
        is_typing = held == _HELD or (  # both together are AltGr, which types signs
            held == Qt.KeyboardModifier.ControlModifier and event.key() in _KEPT
        )
        if event.key() == Qt.Key.Key_Escape or (held and not is_typing):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _changed(self) -> None:
        self.edited.emit(self.text())

    def _fit(self) -> None:
        line = QFontMetrics(self._theme.font("body_l")).lineSpacing()
        self.setFixedHeight(self._lines * line + 32)
