"""Refund table model: the lines of a sale as plain text rows for a Qt view.

Owns: the columns, what a screen reader says of a row. Does not own: painting (table.py), the texts
(view_model.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from ui.refund.view_model import Headers, RefundRow

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns, left to right."""

    MARK = 0
    NAME = 1
    SOLD = 2
    RETURNED = 3
    LEFT = 4
    NOW = 5
    EACH = 6


class RefundModel(QAbstractTableModel):
    """The rows; the view keeps its place while they stay the same lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[RefundRow, ...] = ()
        self._headers = Headers("", "", "", "", "", "")

    @property
    def rows(self) -> tuple[RefundRow, ...]:
        return self._rows

    def set_headers(self, headers: Headers) -> None:
        self._headers = headers
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def set_rows(self, rows: Sequence[RefundRow]) -> None:
        new = tuple(rows)
        if [row.line_id for row in new] == [row.line_id for row in self._rows]:
            self._rows = new
            if new:
                last = self.index(len(new) - 1, len(Column) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
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
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return _cell(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if column is Column.NAME else _cell(row, column)
        if role == Qt.ItemDataRole.ToolTipRole and column is Column.NAME:
            return row.name
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        heads = self._headers
        if role == Qt.ItemDataRole.DisplayRole:
            texts = ("", heads.item, heads.sold, heads.returned, heads.left, heads.now, heads.each)
            return texts[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            middle = Qt.AlignmentFlag.AlignVCenter
            if section <= Column.NAME:
                return Qt.AlignmentFlag.AlignLeft | middle
            if section == Column.NOW:
                return Qt.AlignmentFlag.AlignHCenter | middle
            return Qt.AlignmentFlag.AlignRight | middle
        return None


def _cell(row: RefundRow, column: Column) -> str:
    texts = ("", row.name, row.sold, row.returned, row.left, row.now, row.each)
    return texts[column]
