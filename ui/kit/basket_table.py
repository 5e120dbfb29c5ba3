"""Basket table: the lines of a sale as one view with a delegate, however many there are.

Owns: the heights of lines and the widths of columns, where the stepper stands.
Does not own: prices and sentences: a row is plain text, made by the till's view model; painting
(basket_delegate.py); which line is current (line_table.py).
"""

from collections.abc import Sequence

from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QWidget

from ui.kit.basket_delegate import NAME_PADDING, RIGHT_PADDING, BasketDelegate
from ui.kit.basket_model import BasketModel, BasketRow, Column
from ui.kit.line_table import LineTable

__all__ = ["BasketRow", "BasketTable"]


class BasketTable(LineTable):
    """The view. Rows 64 px, the current one 80 with a bar, a tint and a larger amount."""

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = BasketModel(self)
        self._wraps: dict[str, bool] = {}
        self.setItemDelegate(BasketDelegate(self, self._does_wrap))
        self._begin(self._model, name_column=Column.NAME)

    def set_words(
        self,
        *,
        name: str,
        item: str,
        quantity: str,
        unit_price: str,
        amount: str,
        fewer: str,
        more: str,
    ) -> None:
        """Names and headers in the language of the moment."""
        self.setAccessibleName(name)
        self._model.set_headers(item, quantity, unit_price, amount)
        self._stepper.set_words(fewer, more)

    def show_rows(self, rows: Sequence[BasketRow], current_id: str = "") -> None:
        """Show these lines; `current_id` becomes current and is scrolled into view."""
        self._model.set_rows(rows)
        self._set_widths()
        self._make_current(current_id)

    @property
    def rows(self) -> tuple[BasketRow, ...]:
        """What is shown."""
        return self._model.rows

    @property
    def line_ids(self) -> Sequence[str]:
        return [row.line_id for row in self.rows]

    def _on_theme(self) -> None:
        self._wraps.clear()
        super()._on_theme()

    def _set_widths(self) -> None:
        # The stepper is centred on the quantity figures, so it reaches into the price column,
        # which is wide enough for both. It is as large at any text size, as names need the room.
        size, narrow = self._theme.size, self._is_narrow
        amount = max(size(92 if narrow else 104), self._widest_amount())
        widths = {
            Column.NUMBER: size(40 if narrow else 44),
            Column.QUANTITY: 92 if narrow else size(113),
            Column.UNIT_PRICE: 60 + size(76) if narrow else size(67 + 104),
            Column.AMOUNT: amount + RIGHT_PADDING,
        }
        for column, width in widths.items():
            if self.columnWidth(column) != width:
                self.setColumnWidth(column, width)

    def _widest_amount(self) -> int:
        """Room for the longest amount and a gap before it: a price must not touch it."""
        longest = max((row.amount for row in self.rows), key=len, default="")
        return QFontMetrics(self._theme.font("title", 600)).horizontalAdvance(longest) + 16

    def _size_rows(self) -> None:
        sizes, header = self._theme.sizes, self.verticalHeader()
        if header.defaultSectionSize() != self._theme.size(sizes.row):
            header.setDefaultSectionSize(self._theme.size(sizes.row))
        current = self.currentIndex().row()
        for place, row in enumerate(self.rows):
            wanted = self._theme.size(sizes.row_current if place == current else sizes.row)
            if self._does_wrap(row):
                wanted = max(wanted, self._wrapped_height())
            if header.sectionSize(place) != wanted:
                header.resizeSection(place, wanted)

    def _does_wrap(self, row: BasketRow) -> bool:
        """Whether the name takes two lines: two goods of a kind differ in their last words."""
        if row.problem:
            return False
        if row.name not in self._wraps:
            width = QFontMetrics(self._theme.font("body_l", 600)).horizontalAdvance(row.name)
            self._wraps[row.name] = width > self.columnWidth(Column.NAME) - NAME_PADDING
        return self._wraps[row.name]

    def _wrapped_height(self) -> int:
        name, below = self._theme.font("body_l", 600), self._theme.font("body")
        return 2 * (QFontMetrics(name).height() - 4) + QFontMetrics(below).height() + 10

    def _on_settled(self) -> None:
        self._wraps.clear()
        super()._on_settled()

    def _place_stepper(self) -> None:
        index = self.currentIndex()
        if not index.isValid() or index.row() >= len(self.rows):
            self._stepper.hide()
            return
        row = self.rows[index.row()]
        if row.problem:
            self._stepper.hide()
            return
        cell = self.visualRect(index.siblingAtColumn(Column.QUANTITY))
        width = 136 if self._is_narrow else 144
        left = cell.right() + (60 if self._is_narrow else self._theme.size(67)) - width
        self._stepper.show_quantity(row.quantity, can_step=row.can_step)
        self._stepper.setVisible(row.can_step)
        self._stepper.setGeometry(left, cell.center().y() - 24, width, 48)
