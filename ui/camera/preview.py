"""Preview: what the camera sees, and the corners within which the code is held.

Owns: painting it. Does not own: frames (frame_worker.py).
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from ui.theme.theme import follow

SIZE = QSize(480, 360)
_CORNER_PX, _MARGIN_PX, _STROKE_PX = 36, 56, 4


class CameraPreview(QWidget):
    """The moving picture, 4 to 3."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._theme = follow(self)
        self.setFixedSize(SIZE)

    @property
    def image(self) -> QImage:
        return self._image

    def show_image(self, image: QImage) -> None:
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("bg_sunken"))
        if not self._image.isNull():
            middle = QRectF(self._image.rect()).center() - QRectF(self.rect()).center()
            painter.drawImage(-middle, self._image)
        self._paint_corners(painter)
        painter.end()

    def _paint_corners(self, painter: QPainter) -> None:
        """White on dark: they are seen over any picture, in any theme."""
        inside = QRectF(self.rect()).adjusted(_MARGIN_PX, _MARGIN_PX, -_MARGIN_PX, -_MARGIN_PX)
        side = inside.height()
        inside = QRectF(inside.center().x() - side / 2, inside.top(), side, side)
        for token, width in (("ink", _STROKE_PX + 4), ("paper", _STROKE_PX)):
            pen = QPen(self._theme.colour(token), width)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for corner, dx, dy in (
                (inside.topLeft(), 1, 1),
                (inside.topRight(), -1, 1),
                (inside.bottomLeft(), 1, -1),
                (inside.bottomRight(), -1, -1),
            ):
                across, down = QPointF(dx * _CORNER_PX, 0), QPointF(0, dy * _CORNER_PX)
                painter.drawPolyline(QPolygonF([corner + across, corner, corner + down]))
