"""Paper view: a page as it comes out of the printer, in the window.

Owns: the picture, its size, scrolling. Does not own: laying a page out (devices), painting it
(pdf.py).
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from app.domain.page import Page
from ui.kit.panels import Card
from ui.printing.pdf import page_image
from ui.theme.theme import follow

_UM_PER_INCH = 25_400
_PAPER_MARGIN = 14
_PAPER_LEAST_PERCENT, _PAPER_LEAST_PX = 66, 250  # of the width; below both nobody reads it


class PaperView(Card):
    """The receipt as it comes out of the printer, on a sunken ground; a long one scrolls."""

    def __init__(self) -> None:
        super().__init__(kit="sunken", padding=(0, 0))
        self._page: Page | None = None
        self._sheet = _Sheet()
        self._scroll = QScrollArea()
        self._scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._sheet)
        self.body.addWidget(self._scroll)

    def set_name(self, name: str) -> None:
        self._scroll.setAccessibleName(name)

    def show_page(self, page: Page | None) -> None:
        """None: there is nothing to lay a receipt out with."""
        self._page = page
        self._paint()
        self._scroll.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._paint()

    def _paint(self) -> None:
        if self._page is None:
            self._sheet.show_image(QImage(), 1.0)
            return
        ratio, page = self.devicePixelRatioF(), self._page
        whole_width = self.width() - 6 * _PAPER_MARGIN
        # A usual receipt is seen whole, down to its code; only a long one scrolls.
        fitting = (self.height() - 3 * _PAPER_MARGIN) * page.width_um // page.height_um
        least = min(whole_width * _PAPER_LEAST_PERCENT // 100, _PAPER_LEAST_PX)
        width = max(min(whole_width, fitting), least) * ratio
        dpi = max(40, int(width * _UM_PER_INCH / self._page.width_um))
        self._sheet.show_image(page_image(self._page, dpi=dpi), ratio)


class _Sheet(QWidget):
    """The white paper with its edge."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self._theme = follow(self)

    def show_image(self, image: QImage, ratio: float) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self._pixmap.setDevicePixelRatio(ratio)
        size = self._pixmap.deviceIndependentSize().toSize()
        self.resize(size + QSize(2, 2 + 2 * _PAPER_MARGIN))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.drawPixmap(1, _PAPER_MARGIN + 1, self._pixmap)
        painter.setPen(self._theme.colour("border_subtle"))
        painter.drawRoundedRect(
            self.rect().adjusted(0, _PAPER_MARGIN, -1, -_PAPER_MARGIN - 1), 4, 4
        )
        painter.end()
