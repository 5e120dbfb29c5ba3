"""Basket delegate: how one line of a sale is painted.

Owns: reason under the name, saving under the amount, the bar of the current line, what to do about
a line that cannot be sold. Does not own: rows and their heights (basket_table.py), the words.
"""

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from ui.kit.basket_model import BasketRow, Column, Index
from ui.theme import icons
from ui.theme.theme import follow

RIGHT_PADDING = 20
NAME_PADDING = 8
_BAR = 4


class BasketDelegate(QStyledItemDelegate):
    """Paints the cells of one table. `wraps`: whether the name of a row takes two lines."""

    def __init__(self, table: QTableView, wraps: Callable[[BasketRow], bool]) -> None:
        super().__init__(table)
        self._table, self._wraps = table, wraps
        self._theme = follow(table)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Qt.ItemDataRole.UserRole)
        assert isinstance(row, BasketRow)
        area: QRect = option.rect
        is_current = index.row() == self._table.currentIndex().row()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, area, index, is_current=is_current, problem=bool(row.problem))
        match Column(index.column()):
            case Column.NUMBER:
                self._paint_number(painter, area, row)
            case Column.NAME if not row.problem:
                self._paint_name(painter, area.adjusted(0, 0, -NAME_PADDING, 0), row)
            case column if row.problem:
                self._paint_problem(painter, area, row, column)
            case Column.QUANTITY if not (is_current and row.can_step):
                self._figure(painter, area, row.quantity, "text_primary")
            case Column.UNIT_PRICE:
                self._figure(painter, area, row.unit_price, "text_secondary")
            case Column.AMOUNT:
                self._paint_amount(painter, area, row, is_current=is_current)
            case _:
                pass  # the stepper stands there
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, area: QRect, index: Index, *, is_current: bool, problem: bool
    ) -> None:
        if is_current or problem:
            ground = "row_current" if is_current else "warning_bg"
            painter.fillRect(area, self._theme.colour(ground))
        if is_current and index.column() == Column.NUMBER:
            bar = QRect(area.x(), area.y(), _BAR, area.height())
            painter.fillRect(bar, self._theme.colour("warning" if problem else "primary"))
        if not is_current and not problem:
            left = 17 if index.column() == Column.NUMBER else 0
            right = RIGHT_PADDING if index.column() == Column.AMOUNT else 0
            line = QRect(area.x() + left, area.bottom(), area.width() - left - right, 1)
            painter.fillRect(line, self._theme.colour("hairline"))

    def _paint_number(self, painter: QPainter, area: QRect, row: BasketRow) -> None:
        place = area.adjusted(16 if len(row.number) < 3 else 8, 0, 0, 0)  # 100 keeps off the name
        if row.problem:
            side = self._theme.size(20)
            ratio = self._table.devicePixelRatioF()
            drawn = icons.pixmap("alert", self._theme.tokens["warning"], side, ratio)
            painter.drawPixmap(place.x(), place.center().y() - side // 2, drawn)
            return
        painter.setFont(self._theme.font("body"))
        painter.setPen(self._theme.colour("text_secondary"))
        painter.drawText(place, _LEFT, row.number)

    def _paint_amount(
        self, painter: QPainter, area: QRect, row: BasketRow, *, is_current: bool
    ) -> None:
        font = self._theme.font("title", 600) if is_current else self._theme.font("body_l", 600)
        place = area.adjusted(0, 0, -RIGHT_PADDING, 0)
        first, second = _split(place, font, self._theme.font("body", 500), bool(row.saving))
        painter.setFont(font)
        painter.setPen(self._theme.colour("text_primary"))
        painter.drawText(first, _RIGHT, row.amount)
        painter.setFont(self._theme.font("body", 500))
        painter.setPen(self._theme.colour("saving"))
        painter.drawText(second, _RIGHT, row.saving)

    def _paint_problem(
        self, painter: QPainter, area: QRect, row: BasketRow, column: Column
    ) -> None:
        """A line without a price: what to do about it spans the columns that stand empty.

        Each cell shows its own piece of the one sentence, for each paints its own ground.
        """
        font, small = self._theme.font("body_l", 600), self._theme.font("body")
        left = self._table.columnViewportPosition(Column.NAME)
        right = self._table.viewport().width() - RIGHT_PADDING
        whole = QRect(left, area.y(), right - left, area.height())
        first, second = _split(whole, font, small, has_second=True)
        if column == Column.NAME:
            name = first.intersected(area.adjusted(0, 0, -NAME_PADDING, 0))
            self._line_of_text(painter, name, row.name, font, "text_primary")
        elif column == Column.QUANTITY:
            self._figure(painter, first.intersected(area), row.quantity, "text_primary")
        painter.setClipRect(area)
        self._line_of_text(painter, second, row.problem, small, "warning")

    def _paint_name(self, painter: QPainter, area: QRect, row: BasketRow) -> None:
        font, small = self._theme.font("body_l", 600), self._theme.font("body")
        lines = [(row.name, font, "text_primary")]
        if self._wraps(row):
            head, tail = _in_two(row.name, font, area.width())
            lines = [(head, font, "text_primary"), (tail, font, "text_primary")]
        if row.reason:
            lines.append((row.reason, small, "text_secondary"))
        gap = 4 if len(lines) > 2 else 2
        heights = [QFontMetrics(each).height() - gap for _, each, _ in lines]
        heights[-1] += gap - 1 if len(lines) > 1 else gap
        top = area.y() + (area.height() - sum(heights)) // 2
        for (text, each, tone), height in zip(lines, heights, strict=True):
            place = QRect(area.x(), top, area.width(), height)
            self._line_of_text(painter, place, text, each, tone)
            top += height

    def _line_of_text(
        self, painter: QPainter, area: QRect, text: str, font: QFont, tone: str
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        painter.drawText(area, _LEFT, _elided(text, font, area.width()))

    def _figure(self, painter: QPainter, area: QRect, text: str, tone: str) -> None:
        painter.setFont(self._theme.font("body_l"))
        painter.setPen(self._theme.colour(tone))
        painter.drawText(area, _RIGHT, text)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _split(area: QRect, font: QFont, small: QFont, has_second: bool) -> tuple[QRect, QRect]:
    """The places of a line and the smaller one under it, as a pair in the middle of the cell."""
    if not has_second:
        return area, QRect()
    upper, lower = QFontMetrics(font).height() - 2, QFontMetrics(small).height() - 1
    top = area.y() + (area.height() - upper - lower) // 2
    return (
        QRect(area.x(), top, area.width(), upper),
        QRect(area.x(), top + upper, area.width(), lower),
    )


def _in_two(text: str, font: QFont, width: int) -> tuple[str, str]:
    """A text broken where its first line is full; between words where it can be."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(width)
    layout.endLayout()
    end = line.textLength()
    return text[:end].rstrip(), text[end:]


def _elided(text: str, font: QFont, width: int) -> str:
    return QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
