"""Basket table: the lines of a sale as one view with a delegate, however many there are.

Owns: the heights of lines and the widths of columns, the stepper, which line is current.
Does not own: prices and sentences: a row is plain text, made by the till's view model;
painting is basket_delegate.py.
"""

from collections.abc import Sequence

from PySide6.QtCore import (
    QItemSelectionModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from ui.kit.basket_delegate import NAME_PADDING, RIGHT_PADDING, BasketDelegate
from ui.kit.basket_model import BasketModel, BasketRow, Column, Index
from ui.kit.keypad import Stepper
from ui.theme.theme import follow

__all__ = ["BasketRow", "BasketTable"]


class BasketTable(QTableView):
    """The view. Rows 64 px, the current one 80 with a bar, a tint, a larger amount and a stepper.

    Signals:
        current_changed: arg: the line id, or an empty text.
        stepped: The stepper of the current line. args: line id, +1 or -1.
    """

    current_changed = Signal(str)
    stepped = Signal(str, int)

    def __init__(self, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self._on_theme)
        self._model = BasketModel(self)
        self._is_narrow = False
        self._wraps: dict[str, bool] = {}
        self.setModel(self._model)
        self.setItemDelegate(BasketDelegate(self, self._does_wrap))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._style_headers()
        self._stepper = Stepper(parent=self.viewport())
        self._stepper.stepped.connect(self._on_step)
        self._stepper.hide()
        self.verticalScrollBar().valueChanged.connect(self._place_stepper)
        self._on_theme()

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
    def current_id(self) -> str:
        row = self.currentIndex().row()
        return self.rows[row].line_id if 0 <= row < len(self.rows) else ""

    def move_current(self, step: int) -> None:
        """Up (-1) or down (+1), stopping at the ends."""
        if self.rows:
            row = min(max(self.currentIndex().row() + step, 0), len(self.rows) - 1)
            self._make_current(self.rows[row].line_id)

    def set_narrow(self, narrow: bool) -> None:
        """The column widths of the 1024 px window."""
        self._is_narrow = narrow
        self._set_widths()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()  # letters, arrows and Enter belong to the screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt override
        super().currentChanged(current, previous)
        self._size_rows()
        self.current_changed.emit(self.current_id)

    def _make_current(self, line_id: str) -> None:
        ids = [row.line_id for row in self.rows]
        if line_id not in ids:
            self.selectionModel().clear()
        else:
            index = self._model.index(ids.index(line_id), Column.NAME)
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(
                index, rows | QItemSelectionModel.SelectionFlag.Rows
            )
        self._size_rows()
        if self.currentIndex().isValid():
            self.updateGeometries()  # the taller row must be counted before it is scrolled to
            self.scrollTo(self.currentIndex())
        self._place_stepper()

    def _style_headers(self) -> None:
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(24)
        # The header moves its sections after it has told: look again when it is done.
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(0)
        self._settle.timeout.connect(self._on_settled)
        header.sectionResized.connect(self._settle.start)

    def _on_theme(self) -> None:
        self.horizontalHeader().setFixedHeight(self._theme.size(42))
        self._wraps.clear()
        self._set_widths()
        self._size_rows()
        self._place_stepper()

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
        self._size_rows()
        self._place_stepper()

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

    def _on_step(self, step: int) -> None:
        if self.current_id:
            self.stepped.emit(self.current_id, step)
