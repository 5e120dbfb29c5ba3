"""Basket model: the lines of a sale as plain text rows for a Qt view.

Owns: what a screen reader says of the rows, replacing only what differs.
Does not own: how a row is drawn (basket_table.py), prices (the till's view model).
"""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from ui.rows import BasketRow, Column

__all__ = ["BasketModel", "BasketRow", "Column", "Index"]

Index = QModelIndex | QPersistentModelIndex


class BasketModel(QAbstractTableModel):
    """The rows of the basket; replaces only what differs, so the view keeps its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[BasketRow, ...] = ()
        self._headers: tuple[str, ...] = ("", "", "", "", "")

    @property
    def rows(self) -> tuple[BasketRow, ...]:
        return self._rows

    def set_headers(self, item: str, quantity: str, unit_price: str, amount: str) -> None:
        self._headers = ("", item, quantity, unit_price, amount)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 4)

    def set_rows(self, rows: Sequence[BasketRow]) -> None:
        new = tuple(rows)
        old_ids = [row.line_id for row in self._rows]
        if [row.line_id for row in new] == old_ids:
            self._rows = new
            if new:
                self.dataChanged.emit(self.index(0, 0), self.index(len(new) - 1, 4))
        elif [row.line_id for row in new[: len(old_ids)]] == old_ids:
            self.beginInsertRows(QModelIndex(), len(old_ids), len(new) - 1)
            self._rows = new
            self.endInsertRows()
            if old_ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(old_ids) - 1, 4))
        else:
            self.beginResetModel()
            self._rows = new
            self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cell(column)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.AccessibleTextRole:
            said = (row.name, row.problem or row.reason) if column is Column.NAME else ()
            said = (row.amount, row.saving) if column is Column.AMOUNT else said
            return " ".join(part for part in said if part) or row.cell(column)
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.NAME:
            return row.name
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._headers[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            left = section <= Column.NAME
            side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
