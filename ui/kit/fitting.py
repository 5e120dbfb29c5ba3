"""Fitting: words that get a smaller font before anything of them is cut.

Owns: how small, in whole pixels. Does not own: who may shrink, and how far (buttons.py).
"""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics

PIXELS_MIN = 12


def smaller(font: QFont, percent: int) -> QFont:
    """The font at so many percent of its size; never below 12 px."""
    made = QFont(font)
    made.setPixelSize(max(PIXELS_MIN, font.pixelSize() * percent // 100))
    return made


def fitting(font: QFont, words: str, room: int, *, least_percent: int) -> QFont:
    """The largest smaller font in which nothing is cut, in steps of whole pixels of its size."""
    least = smaller(font, least_percent)
    made = QFont(font)
    while made.pixelSize() > least.pixelSize() and _is_cut(made, words, room):
        made.setPixelSize(made.pixelSize() - 1)
    return made


def _is_cut(font: QFont, words: str, room: int) -> bool:
    """Asked of the cut itself: a width in whole pixels may fit where its fraction does not."""
    return QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, room) != words
