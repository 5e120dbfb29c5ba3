"""Frames: a camera's frame as grey pixels, for the reader and for the eye.

Owns: taking the brightness out of the pixel formats of cameras. Does not own: reading codes.

Most cameras send brightness apart from colour, so it is only copied; whatever else there is goes
through QImage. The preview is grey too: it shows what the till sees, and costs nothing more.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat

from app.domain.frame import GreyFrame

_Pixels = QVideoFrameFormat.PixelFormat
_BRIGHTNESS_FIRST = frozenset(
    {
        _Pixels.Format_NV12, _Pixels.Format_NV21, _Pixels.Format_YUV420P, _Pixels.Format_YUV422P,
        _Pixels.Format_YV12, _Pixels.Format_IMC1, _Pixels.Format_IMC2, _Pixels.Format_IMC3,
        _Pixels.Format_IMC4, _Pixels.Format_Y8,
    }
)  # fmt: skip
_EVERY_SECOND = {_Pixels.Format_YUYV: 0, _Pixels.Format_UYVY: 1}
"""Brightness and colour in turn; the place of the first brightness."""


def grey_of(frame: QVideoFrame) -> GreyFrame | None:
    """The brightness of a frame; None where the frame is empty or cannot be read."""
    kind = frame.pixelFormat()
    if kind not in _BRIGHTNESS_FIRST and kind not in _EVERY_SECOND:
        return _through_image(frame)
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        row, plane = frame.bytesPerLine(0), memoryview(frame.bits(0))
        if kind in _EVERY_SECOND:
            pixels, row = bytes(plane[_EVERY_SECOND[kind] :: 2]), row // 2
        else:
            pixels = bytes(plane)
        return GreyFrame(pixels, frame.width(), frame.height(), row)
    finally:
        frame.unmap()


def _through_image(frame: QVideoFrame) -> GreyFrame | None:
    """Colours as they lie in memory, a compressed picture, or whatever Qt makes of the rest."""
    form = QVideoFrameFormat.imageFormatFromPixelFormat(frame.pixelFormat())
    is_packed = frame.pixelFormat() == _Pixels.Format_Jpeg
    if form == QImage.Format.Format_Invalid and not is_packed:
        return _of_image(frame.toImage())
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return None
    try:
        data = bytes(frame.bits(0))
        if is_packed:
            return _of_image(QImage.fromData(data))
        row = frame.bytesPerLine(0)
        return _of_image(QImage(data, frame.width(), frame.height(), row, form))
    finally:
        frame.unmap()


def _of_image(colour: QImage) -> GreyFrame | None:
    image = colour.convertToFormat(QImage.Format.Format_Grayscale8)
    if image.isNull():
        return None
    pixels = bytes(image.constBits())
    return GreyFrame(pixels, image.width(), image.height(), image.bytesPerLine())


def preview_of(frame: GreyFrame, room: QSize) -> QImage:
    """A small picture of the frame that fits into `room` pixels."""
    form = QImage.Format.Format_Grayscale8
    whole = QImage(frame.pixels, frame.width, frame.height, frame.stride, form)
    # The scaled picture is a copy: the frame's bytes may go.
    return whole.scaled(
        room,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.FastTransformation,
    ).copy()
