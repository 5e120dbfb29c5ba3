"""Audit table: the trail as one view over a list that is read as it comes into sight.

Owns: the columns, painting a row, what a screen reader says of it. Does not own: reading rows
(trail_search.py), texts (story.py).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
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

from app.domain.audit import ChainedAuditEntry
from ui.audit.story import TrailRow
from ui.audit.trail_search import TrailSearch
from ui.theme import icons
from ui.theme.theme import follow

Index = QModelIndex | QPersistentModelIndex
MakeRow = Callable[[ChainedAuditEntry], TrailRow]
_ACROSS = Qt.Orientation.Horizontal
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_ROW, _HEAD, _PADDING, _BAR, _ICON = 48, 40, 12, 4, 20
_ABOUT_MIN = 90


class Column(IntEnum):
    """The columns, left to right."""

    WHEN = 0
    WHO = 1
    ACT = 2
    ABOUT = 3


class TrailModel(QAbstractTableModel):
    """As many rows as fit; the text of those in view."""

    def __init__(self, search: TrailSearch, parent: QWidget) -> None:
        super().__init__(parent)
        self._search = search
        self._make: MakeRow | None = None
        self._headers: tuple[str, ...] = ("", "", "", "")
        self._count = search.count
        search.begun.connect(self._begin)
        search.grew.connect(self._grow)
        search.arrived.connect(self._arrive)

    def speak(self, headers: tuple[str, ...], make: MakeRow) -> None:
        """Another language: the same rows in other words."""
        self._headers, self._make = headers, make
        self.headerDataChanged.emit(_ACROSS, 0, len(Column) - 1)
        if self._count:
            self.dataChanged.emit(self.index(0, 0), self.index(self._count - 1, len(Column) - 1))

    def entry(self, place: int) -> ChainedAuditEntry | None:
        """The entry of a row; None while it is being read."""
        return self._search.row(place) if 0 <= place < self._count else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt override
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        is_text = orientation == _ACROSS and role == Qt.ItemDataRole.DisplayRole
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_LEFT)
        return self._headers[section] if is_text else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if entry is None or self._make is None:
            return None
        row = self._make(entry)
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.when, row.who, row.act, row.about)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(filter(None, (row.when, row.who, row.act, row.about)))
        return None

    def _begin(self) -> None:
        self.beginResetModel()
        self._count = self._search.count
        self.endResetModel()

    def _grow(self, first: int, last: int) -> None:
        self.beginInsertRows(QModelIndex(), first, last)
        self._count = last + 1
        self.endInsertRows()

    def _arrive(self, first: int, last: int) -> None:
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(Column) - 1))


class _TrailDelegate(QStyledItemDelegate):
    """Paints a row; the broken one is red and has its mark."""

    def __init__(self, table: AuditTable) -> None:
        super().__init__(table)
        self._table = table
        self._theme = follow(table)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area: QRect = option.rect
        row = index.data(Qt.ItemDataRole.UserRole)
        is_current = index.row() == self._table.currentIndex().row()
        is_broken = isinstance(row, TrailRow) and row.number == self._table.broken
        painter.save()
        self._ground(painter, area, index, is_current=is_current, is_broken=is_broken)
        if isinstance(row, TrailRow):
            self._words(painter, area, index, row, is_broken=is_broken)
        elif index.column() == Column.ACT:
            painter.setPen(self._theme.colour("text_disabled"))
            painter.drawText(area.adjusted(8, 0, 0, 0), _LEFT, "…")
        painter.restore()

    def _ground(
        self, painter: QPainter, area: QRect, index: Index, *, is_current: bool, is_broken: bool
    ) -> None:
        if is_current or is_broken:
            token = "danger_bg" if is_broken else "row_current"
            painter.fillRect(area, self._theme.colour(token))
        if is_current and index.column() == Column.WHEN:
            bar = QRect(area.x(), area.y(), _BAR, area.height())
            painter.fillRect(bar, self._theme.colour("danger" if is_broken else "primary"))
        line = QRect(area.x(), area.bottom(), area.width(), 1)
        painter.fillRect(line, self._theme.colour("hairline"))

    def _words(
        self, painter: QPainter, area: QRect, index: Index, row: TrailRow, *, is_broken: bool
    ) -> None:
        column = Column(index.column())
        text = (row.when, row.who, row.act, row.about)[column]
        font = self._theme.font("body_l" if column is Column.ACT else "body",
                                500 if column is Column.ACT else 400)  # fmt: skip
        tone = "text_primary" if column in (Column.ACT, Column.WHO) else "text_secondary"
        inside = area.adjusted(_PADDING, 0, -4, 0)
        if is_broken and column is Column.ACT:
            side = self._theme.size(_ICON)
            drawn = icons.pixmap("alert-circle", self._theme.tokens["danger"], side,
                                 self._table.devicePixelRatioF())  # fmt: skip
            painter.drawPixmap(inside.x(), area.center().y() - side // 2, drawn)
            inside.adjust(side + 6, 0, 0, 0)
        painter.setFont(font)
        painter.setPen(self._theme.colour("danger" if is_broken else tone))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, _LEFT, shown)


class AuditTable(QTableView):
    """The view; rows of one height, so that a hundred thousand of them cost nothing.

    Signals:
        current_changed: Another row. arg: its place, -1 = none.
    """

    current_changed = Signal(int)

    def __init__(self, search: TrailSearch) -> None:
        super().__init__()
        self.broken = 0
        """The number of the entry where the chain breaks; 0 = nowhere."""
        self._is_narrow, self._widths = False, (0, 0)
        self._theme = follow(self, self._size)
        self.setProperty("kit", "log")
        self.trail = TrailModel(search, self)
        self.setModel(self.trail)
        self.setItemDelegate(_TrailDelegate(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        header, side = self.horizontalHeader(), self.verticalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.ABOUT, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._size()

    def set_words(self, name: str, headers: tuple[str, ...], make: MakeRow) -> None:
        """Names and rows in the language of the moment."""
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)
        self.trail.speak(headers, make)

    def set_narrow(self, narrow: bool) -> None:
        self._is_narrow = narrow
        self._size()

    def show_broken(self, number: int) -> None:
        """Mark the entry where the chain breaks."""
        self.broken = number
        self.viewport().update()

    def step(self, by: int) -> None:
        """One row up or down."""
        self.go_to(max(0, self.currentIndex().row()) + by if self.currentIndex().isValid() else 0)

    def go_to(self, place: int) -> None:
        """Make this row the current one."""
        count = self.trail.rowCount()
        if count:
            self.setCurrentIndex(self.trail.index(max(0, min(count - 1, place)), Column.WHEN))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Home:
            self.go_to(0)
        elif event.key() == Qt.Key.Key_End:
            self.go_to(self.trail.rowCount() - 1)
        else:
            event.ignore()  # arrows, `/` and Esc belong to the screen

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt override
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit(current.row() if current.isValid() else -1)

    def _size(self) -> None:
        size = self._theme.size
        self.verticalHeader().setDefaultSectionSize(size(_ROW))
        self.horizontalHeader().setFixedHeight(size(_HEAD))
        body = QFontMetrics(self._theme.font("body"))
        when = body.horizontalAdvance("2026-11-21 18:02:05")
        if self._is_narrow:
            when = body.horizontalAdvance("Nov 21 18:02:05")
        who, act = (84, 180) if self._is_narrow else (120, 240)
        self.setColumnWidth(Column.WHEN, when + 2 * _PADDING)
        self.setColumnWidth(Column.WHO, size(who))
        self._widths = when + 2 * _PADDING + size(who), size(act)
        self._give_room()

    def _give_room(self) -> None:
        """In large text at the small window the act takes the place of what it was about."""
        fixed, act = self._widths
        has_about = self.viewport().width() - fixed - act >= self._theme.size(_ABOUT_MIN)
        stretch, fix = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Fixed
        header = self.horizontalHeader()
        self.setColumnHidden(Column.ABOUT, not has_about)
        header.setSectionResizeMode(Column.ACT, fix if has_about else stretch)
        if has_about:
            self.setColumnWidth(Column.ACT, act)
