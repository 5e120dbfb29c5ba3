"""Icons: our own outline drawings, tinted from the tokens when they are first needed.

Owns: finding `resources/icons/<name>.svg`, drawing it in a colour and size, keeping the result.
Does not own: the drawings (24 px view box, stroke 1.75, `currentColor`), where they are used.
"""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

ICON_FOLDER = Path(__file__).resolve().parent.parent.parent / "resources" / "icons"


def names() -> list[str]:
    """Every icon there is."""
    return sorted(path.stem for path in ICON_FOLDER.glob("*.svg"))


@lru_cache(maxsize=512)
def pixmap(name: str, colour: str, size: int, device_pixel_ratio: float = 1.0) -> QPixmap:
    """The icon in `colour` (`#RRGGBB`), `size` logical px square. Raises OSError if unknown."""
    side = round(size * device_pixel_ratio)
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _renderer(name, colour).render(painter, QRectF(0, 0, side, side))
    painter.end()
    drawn.setDevicePixelRatio(device_pixel_ratio)
    return drawn


def icon(name: str, colour: QColor, size: int, device_pixel_ratio: float = 1.0) -> QIcon:
    """The icon for Qt's own widgets (menus, line edits)."""
    return QIcon(pixmap(name, colour.name(), size, device_pixel_ratio))


@lru_cache(maxsize=256)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
