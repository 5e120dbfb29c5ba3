"""Refund table: the lines of a sale that may come back, as one view with a delegate.

Owns: its columns, how a line is painted, the stepper of the current one. Does not own: quantities
and sentences: a row is plain text (view_model.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ui.kit.line_table import LineTable
from ui.refund.table_model import Column, Index, RefundModel
from ui.refund.view_model import Headers, RefundRow
from ui.theme.theme import follow

_BAR, _LEFT_PADDING, _RIGHT_PADDING, _NAME_GAP = 4, 20, 20, 8
_STEPPER = 144
_HIGHEST = 1000
_NAME_MIN = 112
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
Words = tuple[str, str, int, str]
"""A text with its role, weight and tone."""


class RefundDelegate(QStyledItemDelegate):
    """Paints the cells: the reason under the name, what comes back under the price."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._theme = follow(table)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        assert isinstance(row, RefundRow)
        area: QRect = option.rect
        is_current = index.row() == self._table.currentIndex().row()
        painter.save()
        self._paint_ground(painter, area, index, is_current=is_current)
        match Column(index.column()):
            case Column.NAME:
                name = (row.name, "body_l", 600, self._main_tone(row))
                self._paint_two(painter, area.adjusted(0, 0, -_NAME_GAP, 0), name, self._small(row))
            case Column.SOLD:
                self._figure(painter, area, row.sold, "text_secondary")
            case Column.RETURNED:
                self._figure(painter, area, row.returned, "text_secondary")
            case Column.LEFT:
                self._figure(painter, area, row.left, self._main_tone(row))
            case Column.NOW if not (is_current and row.can_step):
                tone = "text_primary" if row.is_chosen else "text_secondary"
                self._figure(painter, area, row.now, tone, _CENTRE, row.is_chosen)
            case Column.EACH:
                inside = area.adjusted(0, 0, -_RIGHT_PADDING, 0)
                each = (row.each, "body_l", 600 if row.is_chosen else 400, self._main_tone(row))
                back = (f"−{row.back}" if row.back else "", "body", 500, "saving")
                self._paint_two(painter, inside, each, back, _RIGHT)
            case _:
                pass  # the stepper stands there
        painter.restore()

    def _small(self, row: RefundRow) -> Words:
        """What stands under the name: why, else what the hidden columns would say."""
        is_compact = self._table.isColumnHidden(Column.SOLD)
        if row.note or not is_compact:
            return (row.note, "body", 400, row.note_tone)
        return (row.counts, "body", 400, "text_secondary")

    def _main_tone(self, row: RefundRow) -> str:
        return "text_primary" if row.can_step or row.is_chosen else "text_secondary"

    def _paint_ground(
        self, painter: QPainter, area: QRect, index: Index, *, is_current: bool
    ) -> None:
        if is_current:
            painter.fillRect(area, self._theme.colour("row_current"))
            if index.column() == Column.MARK:
                bar = QRect(area.x(), area.y(), _BAR, area.height())
                painter.fillRect(bar, self._theme.colour("primary"))
            return
        left = area.width() if index.column() == Column.MARK else 0
        right = _RIGHT_PADDING if index.column() == Column.EACH else 0
        line = QRect(area.x() + left, area.bottom(), area.width() - left - right, 1)
        painter.fillRect(line, self._theme.colour("hairline"))

    def _paint_two(
        self,
        painter: QPainter,
        area: QRect,
        upper: Words,
        lower: Words,
        side: Qt.AlignmentFlag = _LEFT,
    ) -> None:
        """A line and a smaller one; each takes more where it is too long for one."""
        shown = [each for each in (upper, lower) if each[0]]
        fonts = [self._theme.font(role, weight) for _, role, weight, _ in shown]
        heights = [
            _height(words, QFontMetrics(font), area.width())
            for (words, *_), font in zip(shown, fonts, strict=True)
        ]
        top = area.y() + (area.height() - sum(heights)) // 2
        for place, (text, _, _, tone) in enumerate(shown):
            painter.setFont(fonts[place])
            painter.setPen(self._theme.colour(tone))
            line = QRect(area.x(), top, area.width(), heights[place])
            if heights[place] > QFontMetrics(fonts[place]).height():
                option = QTextOption(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
                painter.drawText(line.toRectF(), text, option)
            else:
                painter.drawText(line, side, _elided(text, fonts[place], area.width()))
            top += heights[place]

    def _figure(
        self,
        painter: QPainter,
        area: QRect,
        text: str,
        tone: str,
        side: Qt.AlignmentFlag = _RIGHT,
        strong: bool = False,
    ) -> None:
        font = self._theme.font("body_l", 600 if strong else 400)
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        painter.drawText(area, side, _elided(text, font, area.width()))


def _height(text: str, metrics: QFontMetrics, width: int) -> int:
    """Of as many lines as it takes; a word longer than a line is broken into two."""
    if metrics.horizontalAdvance(text) <= width:
        return metrics.height()
    room = QRect(0, 0, width, _HIGHEST)
    wrapped = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text).height()
    return max(2 * metrics.height(), wrapped)


def _elided(text: str, font: QFont, width: int) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


class RefundTable(LineTable):
    """The view. Rows 64 px, the current one 80 with a bar, a tint and a stepper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = RefundModel(self)
        self.setItemDelegate(RefundDelegate(self))
        self._begin(self._model, name_column=Column.NAME)

    def set_words(self, *, name: str, fewer: str, more: str) -> None:
        """Names in the language of the moment."""
        self.setAccessibleName(name)
        self.horizontalHeader().setAccessibleName(name)
        self._stepper.set_words(fewer, more)

    def show_rows(self, headers: Headers, rows: Sequence[RefundRow], current_id: str) -> None:
        """Show these lines; `current_id` becomes current and is scrolled into view."""
        self._model.set_headers(headers)
        self._model.set_rows(rows)
        self._set_widths()
        self._make_current(current_id)

    @property
    def rows(self) -> tuple[RefundRow, ...]:
        """What is shown."""
        return self._model.rows

    @property
    def line_ids(self) -> Sequence[str]:
        return [row.line_id for row in self.rows]

    def _set_widths(self) -> None:
        size = self._theme.size
        narrow = self._is_narrow
        head = QFontMetrics(self._theme.font("body", 500))
        count = {
            column: max(
                size(52 if narrow else 68),
                head.horizontalAdvance(str(self._model.headerData(column, _ACROSS))) + 20,
            )
            for column in (Column.SOLD, Column.RETURNED, Column.LEFT)
        }
        widths = {
            Column.MARK: _LEFT_PADDING,
            **count,
            Column.NOW: _STEPPER + (24 if narrow else 56),
            Column.EACH: size(88 if narrow else 100) + _RIGHT_PADDING,
        }
        # In large text at the small window the name needs the room of two columns.
        room = self.viewport().width() - sum(widths.values())
        for column in (Column.SOLD, Column.RETURNED):
            self.setColumnHidden(column, room < size(_NAME_MIN))
        for column, width in widths.items():
            if self.columnWidth(column) != width:
                self.setColumnWidth(column, width)

    def _size_rows(self) -> None:
        header, sizes = self.verticalHeader(), self._theme.sizes
        current = self.currentIndex().row()
        for place in range(len(self.rows)):
            wanted = self._theme.size(sizes.row_current if place == current else sizes.row)
            wanted = max(wanted, self._wrapped_height(self.rows[place]))
            if header.sectionSize(place) != wanted:
                header.resizeSection(place, wanted)

    def _wrapped_height(self, row: RefundRow) -> int:
        """What a name or a note in more lines needs: two of a kind differ in their last words."""
        name = QFontMetrics(self._theme.font("body_l", 600))
        note = QFontMetrics(self._theme.font("body"))
        room = self.columnWidth(Column.NAME) - _NAME_GAP
        small = row.note or (row.counts if self.isColumnHidden(Column.SOLD) else "")
        names, notes = _height(row.name, name, room), _height(small, note, room) if small else 0
        is_wrapped = names > name.height() or notes > note.height()
        return names + notes + 8 if is_wrapped else 0

    def _on_settled(self) -> None:
        self._set_widths()
        super()._on_settled()

    def _place_stepper(self) -> None:
        index = self.currentIndex()
        if not index.isValid() or index.row() >= len(self.rows):
            self._stepper.hide()
            return
        row = self.rows[index.row()]
        cell = self.visualRect(index.siblingAtColumn(Column.NOW))
        self._stepper.show_quantity(row.now, can_step=row.can_step)
        self._stepper.setVisible(row.can_step)
        left = cell.center().x() - _STEPPER // 2
        self._stepper.setGeometry(left, cell.center().y() - 24, _STEPPER, 48)


_ACROSS = Qt.Orientation.Horizontal
