"""Item list of the customer display: the newest goods on top, as many as there is room for.

Owns: painting the rows. Does not own: their texts (view_model.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.customer_display.view_model import ItemView
from ui.theme.theme import follow

_ROW, _NEWEST, _PADDING, _FOOT = 76, 92, 20, 40
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ItemList(QWidget):
    """The goods. Nothing here can be pressed."""

    def __init__(self) -> None:
        super().__init__()
        self._more: Callable[[int], str] = str
        self._items: tuple[ItemView, ...] = ()
        self._theme = follow(self, self.updateGeometry)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_items(self, items: Sequence[ItemView], more: Callable[[int], str]) -> None:
        """Draw these, the first one on top and larger. `more`: says how many have no room."""
        self._items, self._more = tuple(items), more
        self.setAccessibleName(", ".join(f"{each.name} {each.amount}" for each in items))
        self.update()

    @property
    def shown_count(self) -> int:
        """How many rows have room."""
        whole = self.height()
        newest, row = self._theme.size(_NEWEST), self._theme.size(_ROW)
        if newest + (len(self._items) - 1) * row <= whole:
            return len(self._items)
        room = whole - newest - self._theme.size(_FOOT)
        return min(len(self._items), 1 + max(0, room // row))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top, count = 0, self.shown_count
        for place, item in enumerate(self._items[:count]):
            height = self._theme.size(_ROW if place else _NEWEST)
            area = QRect(0, top, self.width(), height)
            self._paint_row(painter, item, area, is_newest=place == 0)
            top += height
        rest = len(self._items) - count
        if rest:
            painter.setFont(self._theme.font("body_l"))
            painter.setPen(self._theme.colour("text_secondary"))
            foot = QRect(_PADDING, top, self.width() - 2 * _PADDING, self._theme.size(_FOOT))
            painter.drawText(foot, _LEFT, self._more(rest))
        painter.end()

    def _paint_row(
        self, painter: QPainter, item: ItemView, area: QRect, *, is_newest: bool
    ) -> None:
        theme = self._theme
        if is_newest:
            painter.fillRect(area, theme.colour("row_current"))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour("hairline"))
        inner = area.adjusted(_PADDING, 8, -_PADDING, -8)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() * 11 // 20)
        lower = QRect(
            inner.left(), upper.bottom() + 1, inner.width(), inner.bottom() - upper.bottom()
        )
        big = theme.font("h1" if is_newest else "title", 600)
        small = theme.font("body_l")
        self._paint_line(
            painter, upper, big, (item.name, "text_primary"), (item.amount, "text_primary")
        )
        end = self._paint_prices(painter, lower, small, item)
        detail = QRect(lower.left(), lower.top(), end - lower.left() - 12, lower.height())
        self._paint_text(painter, detail, small, item.detail, "text_secondary")

    def _paint_line(
        self,
        painter: QPainter,
        area: QRect,
        font: QFont,
        left: tuple[str, str],
        right: tuple[str, str],
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(right[1]))
        painter.drawText(area, _RIGHT, right[0])
        taken = QFontMetrics(font).horizontalAdvance(right[0])
        room = QRect(area.left(), area.top(), area.width() - taken - 16, area.height())
        self._paint_text(painter, room, font, *left)

    def _paint_prices(self, painter: QPainter, area: QRect, font: QFont, item: ItemView) -> int:
        """The saving and the struck price, from the right; answers where they begin."""
        end = area.right() + 1
        for text, tone, is_struck in (
            (item.saving, "saving", False),
            (item.struck, "text_secondary", True),
        ):
            if not text:
                continue
            drawn = QFont(font)
            drawn.setStrikeOut(is_struck)
            width = QFontMetrics(drawn).horizontalAdvance(text)
            painter.setFont(drawn)
            painter.setPen(self._theme.colour(tone))
            painter.drawText(QRect(end - width, area.top(), width, area.height()), _RIGHT, text)
            end -= width + 16
        return end

    def _paint_text(
        self, painter: QPainter, area: QRect, font: QFont, text: str, tone: str
    ) -> None:
        painter.setFont(font)
        painter.setPen(self._theme.colour(tone))
        shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, shown)
