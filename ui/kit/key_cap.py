"""Key cap: the outline of a key around its name, so that beside a count it is no second count.

Owns: painting it. Does not own: the name and where it stands (buttons.py).
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

CAP = 5
"""Beside the name, on either side."""
_FAINT, _RADIUS = 0.5, 4
CORNER_IN = 3
"""So far off the edges a key in the corner stands."""


def paint_corner(painter: QPainter, button: QRect, name: str, font: QFont, colour: QColor) -> None:
    """Small, in the upper right corner of a button whose label leaves it no room beside."""
    metrics = QFontMetrics(font)
    wide = metrics.horizontalAdvance(name)
    left = button.right() - CORNER_IN - wide - CAP
    area = QRect(left, button.y() + CORNER_IN, wide + 1, metrics.ascent())
    painter.save()
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, name)
    painter.restore()


def paint_cap(painter: QPainter, area: QRect, high: int, colour: QColor) -> None:
    """Around `area`, as high as a line of its name; the painter's pen stays as it was."""
    cap = QRectF(area.x(), area.center().y() - high / 2, area.width(), high + 1)
    faint = QColor(colour)
    faint.setAlphaF(_FAINT)
    painter.save()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(faint, 1))
    painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    painter.restore()
