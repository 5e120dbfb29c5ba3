"""Quantity entry: how many of the current line come back, typed in the field.

Owns: the field while it stands for a quantity. Does not own: what the quantity does.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.domain.quantity import NotAQuantity, Quantity, parse_quantity
from ui.refund.screen import RefundScreen
from ui.window_parts import WindowParts


class QuantityEntry(QObject):
    """`*`, a number, Enter.

    Signals:
        entered: arg: Quantity; zero: nothing of the line.
        ended: The field is the screen's again.
    """

    entered = Signal(object)
    ended = Signal()

    def __init__(self, parts: WindowParts, screen: RefundScreen, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._screen = parts, screen
        self.is_on = False

    def begin(self, name: str) -> None:
        """Type how many of these goods."""
        if name:
            self.is_on = True
            words = self._parts.wording.t("How many of {item} come back?", item=name)
            self._screen.show_field("", words, editable=True)
            self._screen.field.show_error("")
            self._screen.show_notice(words)
            self._screen.focus_field()

    def take(self, typed: str) -> None:
        """Enter: what stands there, or a word why it is none; an empty field ends it."""
        quantity = Quantity(0) if typed and not typed.strip("0.") else parse_quantity(typed)
        if typed and isinstance(quantity, NotAQuantity):
            sentence = self._parts.wording.t('"{text}" is no quantity.', text=typed)
            self._screen.field.show_error(sentence)
            self._parts.notifier.signal("scan_error")
            return
        self.end()
        if isinstance(quantity, Quantity):
            self.entered.emit(quantity)

    def end(self) -> None:
        """Put it away without an answer."""
        if self.is_on:
            self.is_on = False
            self._screen.field.clear()
            self._screen.show_notice("")
            self.ended.emit()
