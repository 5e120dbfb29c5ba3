"""Row table: a plain table of the desk: columns, rows, one of them current.

Owns: painting it, which columns have room, that more rows are asked for before the last one is in
sight. Does not own: what the rows say (ui/table_rows.py), what opening one means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ui.table_rows import TableColumn, TableRow
from ui.theme import icons
from ui.theme.theme import follow

Index = QModelIndex | QPersistentModelIndex
_ACROSS = Qt.Orientation.Horizontal
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE
_ROW, _HEAD, _PADDING, _BAR, _ICON, _STRETCH_MIN = 48, 40, 12, 4, 18, 200
_NEAR_END, _MEASURED = 8, 50
_WRAP = int(Qt.TextFlag.TextWordWrap)
_TALLEST = 10_000


class _RowModel(QAbstractTableModel):
    """The rows there are so far."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.columns: tuple[TableColumn, ...] = ()
        self.rows: list[TableRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else len(self.columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != _ACROSS or section >= len(self.columns):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if self.columns[section].right else _LEFT)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.columns[section].name
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.cells[index.column()].text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.words
        return None

    def show_all(self, columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> None:
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), list(rows)
        self.endResetModel()

    def add(self, rows: Sequence[TableRow]) -> None:
        first = len(self.rows)
        self.beginInsertRows(QModelIndex(), first, first + len(rows) - 1)
        self.rows.extend(rows)
        self.endInsertRows()

    def say_again(self, columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> None:
        """The same rows in other words."""
        self.columns, self.rows = tuple(columns), list(rows)
        self.headerDataChanged.emit(_ACROSS, 0, max(0, len(columns) - 1))
        if rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(columns) - 1))


class _RowDelegate(QStyledItemDelegate):
    """Paints a cell."""

    def __init__(self, table: RowTable) -> None:
        super().__init__(table)
        self._table = table
        self._theme = follow(table)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        table = self._table
        cell = table.rows[index.row()].cells[index.column()]
        is_current = index.row() == table.currentIndex().row()
        painter.save()
        if is_current:
            painter.fillRect(area, self._theme.colour("row_current"))
            if index.column() == 0:
                bar = QRect(area.x(), area.y(), _BAR, area.height())
                painter.fillRect(bar, self._theme.colour("primary"))
        line = QRect(area.x(), area.bottom(), area.width(), 1)
        painter.fillRect(line, self._theme.colour("hairline"))
        inside = area.adjusted(_PADDING, 0, -_PADDING, 0)
        if cell.icon:
            side = self._theme.size(_ICON)
            colour = self._theme.tokens[cell.tone]
            drawn = icons.pixmap(cell.icon, colour, side, table.devicePixelRatioF())
            painter.drawPixmap(inside.x(), area.center().y() - side // 2, drawn)
            inside.adjust(side + 6, 0, 0, 0)
        font = self._theme.font("body", 600 if cell.strong else 400)
        painter.setFont(font)
        painter.setPen(self._theme.colour(cell.tone))
        column = table.columns[index.column()]
        flags, shown = int(_RIGHT if column.right else _LEFT), cell.text
        if column.wraps:
            flags |= _WRAP
        else:
            shown = QFontMetrics(font).elidedText(
                cell.text, Qt.TextElideMode.ElideRight, inside.width()
            )
        painter.drawText(inside, flags, shown)
        painter.restore()


class RowTable(QTableView):
    """The table.

    Signals:
        opened: A row was double-clicked, or tapped while it was current. arg: its key.
        current_changed: arg: the key of the current row, empty for none.
        near_end: The last rows are in sight: more may be added.
    """

    opened = Signal(str)
    current_changed = Signal(str)
    near_end = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = follow(self, self._size)
        self.setProperty("kit", "log")
        self._model = _RowModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_RowDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setMinimumSectionSize(24)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)  # never the first letters of a head
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalScrollBar().valueChanged.connect(self._look_ahead)
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        self._size()

    @property
    def rows(self) -> Sequence[TableRow]:
        return self._model.rows

    @property
    def columns(self) -> Sequence[TableColumn]:
        return self._model.columns

    @property
    def current_key(self) -> str:
        row = self.currentIndex().row()
        return self.rows[row].key if 0 <= row < len(self.rows) else ""

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)

    def show_rows(
        self, columns: Sequence[TableColumn], rows: Sequence[TableRow], current: str = ""
    ) -> None:
        """These rows instead of whatever stood there. `current`: by its key."""
        self._model.show_all(columns, rows)
        self._size()
        place = next((at for at, row in enumerate(rows) if current and row.key == current), -1)
        if place >= 0:
            self.go_to(place)
        else:
            self.scrollToTop()

    def add_rows(self, rows: Sequence[TableRow]) -> None:
        """More of the same list."""
        if rows:
            self._model.add(rows)

    def say_again(self, columns: Sequence[TableColumn], rows: Sequence[TableRow]) -> None:
        """The same rows in other words; the current one stays."""
        self._model.say_again(columns, rows)
        self._size()

    def step(self, by: int) -> None:
        """One row up or down; the first one where none is current."""
        row = self.currentIndex().row()
        self.go_to(row + by if self.currentIndex().isValid() else 0)

    def go_to(self, place: int) -> None:
        if self.rows:
            row = max(0, min(len(self.rows) - 1, place))
            self.setCurrentIndex(self._model.index(row, 0))
            self._look_ahead()

    def open_current(self) -> None:
        """Enter: the current row; the first one where none is."""
        if self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        elif self.rows:
            self.go_to(0)
            self._open(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Home:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to(len(self.rows) - 1)
        else:
            event.ignore()  # arrows, Enter, figures and Esc belong to the screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()
        self._look_ahead()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt override
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit(self.current_key)

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.rows) and self.rows[row].key:
            self.opened.emit(self.rows[row].key)

    def _look_ahead(self) -> None:
        """Whether the last rows come into sight."""
        bottom = self.rowAt(self.viewport().height() - 1)
        last = len(self.rows) - 1 if bottom < 0 else max(bottom, self.currentIndex().row())
        if self.rows and last >= len(self.rows) - _NEAR_END:
            self.near_end.emit()

    def _size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.size(_ROW))
        self.horizontalHeader().setFixedHeight(self._theme.size(_HEAD))
        self._give_room()

    def _give_room(self) -> None:
        """Columns that may be left out go while the stretching one has too little."""
        header, size = self.horizontalHeader(), self._theme.size
        shown = list(enumerate(self.columns))
        room = self.viewport().width()

        def rest() -> int:
            return room - sum(size(column.width) for _, column in shown)

        for place, column in [pair for pair in shown if pair[1].can_hide]:
            if rest() < size(_STRETCH_MIN):
                shown.remove((place, column))
        widths = self._widths([place for place, _ in shown])
        for place, column in enumerate(self.columns):
            self.setColumnHidden(place, place not in widths)
            fix, stretch = QHeaderView.ResizeMode.Fixed, QHeaderView.ResizeMode.Stretch
            header.setSectionResizeMode(place, fix if column.width else stretch)
            if column.width and place in widths:
                self.setColumnWidth(place, widths[place])
        self._heighten()

    def _heighten(self) -> None:
        """Rows of a column that wraps are as high as its words need."""
        for place, column in enumerate(self.columns):
            if not column.wraps or self.isColumnHidden(place):
                continue
            least, width = self._theme.size(_ROW), self.columnWidth(place) - 2 * _PADDING
            for at, row in enumerate(self.rows):
                cell = row.cells[place]
                metrics = QFontMetrics(self._theme.font("body", 600 if cell.strong else 400))
                room = QRect(0, 0, max(1, width), _TALLEST)
                wanted = metrics.boundingRect(room, _WRAP, cell.text).height() + _PADDING
                self.setRowHeight(at, max(least, wanted))

    def _widths(self, shown: Sequence[int]) -> dict[int, int]:
        """How wide each shown column is; the stretching one takes what is left.

        It is what a row is known by, so it keeps what its words need: the others give what theirs
        do not, then the widest the most. What is over goes to heads longer than their column.
        """
        size, header = self._theme.size, self.horizontalHeader()
        fixed = [place for place in shown if self.columns[place].width]
        widths = {place: size(self.columns[place].width) for place in fixed}
        wanted = sum(
            min(size(_STRETCH_MIN), self._needed(place)) for place in shown if place not in widths
        )
        over = self.viewport().width() - sum(widths.values()) - wanted
        if over < 0 < wanted:
            for place in sorted(fixed, key=lambda each: -widths[each]):
                spare = min(-over, max(0, widths[place] - self._needed(place)))
                widths[place] -= spare
                over += spare
            for place in fixed:
                widths[place] += over * widths[place] // sum(widths.values())
        for place in fixed:
            more = max(0, min(over, header.sectionSizeHint(place) - widths[place]))
            widths[place] += more
            over -= more
        return {place: widths.get(place, 0) for place in shown}

    def _needed(self, place: int) -> int:
        """What the head and the first rows of a column ask for."""
        wide = self.horizontalHeader().sectionSizeHint(place)
        for row in self.rows[:_MEASURED]:
            cell = row.cells[place]
            metrics = QFontMetrics(self._theme.font("body", 600 if cell.strong else 400))
            icon = self._theme.size(_ICON) + 6 if cell.icon else 0
            wide = max(wide, metrics.horizontalAdvance(cell.text) + icon + 2 * _PADDING + 2)
        return wide
