"""Bars view: a Code 128 as dark ink on white paper in every theme.

Owns: its painting, with the quiet zone of 10 modules on both sides. Does not own: the bars.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme.theme import follow

QUIET_MODULES = 10


class BarsView(QWidget):
    """`widths`: modules, black first, then white and black in turn."""

    def __init__(
        self,
        widths: Sequence[int] = (),
        *,
        name: str = "",
        module_px: int = 2,
        height: int = 72,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._widths, self._module_px, self._height = widths, module_px, height
        self._theme = follow(self)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        modules = sum(self._widths) + 2 * QUIET_MODULES
        return QSize(modules * self._module_px, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("paper"))
        x, edge = QUIET_MODULES * self._module_px, 8
        for place, modules in enumerate(self._widths):
            width = modules * self._module_px
            if place % 2 == 0:
                painter.fillRect(x, edge, width, self._height - 2 * edge, self._theme.colour("ink"))
            x += width
        painter.end()
