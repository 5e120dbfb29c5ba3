"""Key cap: the outline of a key around its name, so that beside a count it is no second count.

Owns: painting it. Does not own: the name and where it stands (buttons.py).
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

CAP = 5
"""Beside the name, on either side."""
_FAINT, _RADIUS = 0.5, 4


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
