"""Picture: a file somebody chose, made small enough to be kept beside a record. No widget.

Owns: reading it only where it is not too large, turning it upright, scaling it, JPEG. Does not own:
the limits (app.domain.photo.py), choosing the file (whoever asks for one).
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from app.domain.photo import (
    PHOTO_BYTES_MAX,
    NoPicture,
    PhotoTooLarge,
    check_photo_file,
)

SIDE_MAX = 1600
PIXELS_MAX = 120_000_000
"""Of the file's own picture: more would take the till's memory to be made small."""
_QUALITIES = (85, 70, 55, 40)


def read_picture(path: Path) -> bytes | PhotoTooLarge | NoPicture:
    """The file as JPEG with a side of at most 1600 points. Raises OSError where it cannot be read.

    What is hidden in the file (place, camera) is left behind: only what is seen is kept.
    """
    size = path.stat().st_size
    refused = check_photo_file(size)
    if refused is not None:
        return refused
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    wanted = reader.size()
    if wanted.isValid() and wanted.width() * wanted.height() > PIXELS_MAX:
        return PhotoTooLarge(size, PHOTO_BYTES_MAX)
    if wanted.isValid() and max(wanted.width(), wanted.height()) > SIDE_MAX:
        reader.setScaledSize(
            wanted.scaled(QSize(SIDE_MAX, SIDE_MAX), Qt.AspectRatioMode.KeepAspectRatio)
        )
    image = reader.read()
    return NoPicture() if image.isNull() else _small(image, size)


def _small(image: QImage, size: int) -> bytes | PhotoTooLarge:
    flat = image.convertToFormat(QImage.Format.Format_RGB32)
    for quality in _QUALITIES:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QImageWriter(buffer, QByteArray(b"jpeg"))
        writer.setQuality(quality)
        writer.write(flat)
        made = bytes(data.data())
        if len(made) <= PHOTO_BYTES_MAX:
            return made
    return PhotoTooLarge(size, PHOTO_BYTES_MAX)
