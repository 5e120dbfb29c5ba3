"""Stacked buttons: the icon above, the label and its key below: the key bar, the ways to pay.

Owns: where icon, label and key stand when all three have no room.
Does not own: the ground, the line of words and the sizes (buttons.py).
"""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.buttons import KitButton

_GAP, _EDGE = 5, 4


class KeyBarButton(KitButton):
    """A key of the key bar: icon above, label and key below, 64 px high."""

    def __init__(
        self, text: str = "", *, icon: str, hint: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon=icon, hint=hint, parent=parent)
        self._stacked, self._height, self._icon_size, self._role = True, 64, 24, "label"
        # Eight keys stand side by side: large text may become usual text before it is cut.
        self._shrinks_to = 66
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def hint_is_shown(self) -> bool:
        return self.hint_fits() or self._above_label(self._hint)[1] <= self.width()

    def _paint_words(self, painter: QPainter, colour: QColor, hint: QColor) -> None:
        key = "" if self.hint_fits() else self._hint
        side, key_width, gap = self._above_label(key)
        line = self._label_metrics().height()
        above = max(side, self._icon_size)
        top = (self.height() - above - line - 2) // 2
        tint = colour if self.isChecked() else self._theme.colour("text_secondary")
        tint = tint if self.isEnabled() else colour
        x = (self.width() - side - gap - key_width) // 2
        if side:
            self._draw_icon(painter, x, top, tint, side)
        if key_width:
            painter.setFont(self._theme.font("caption"))
            painter.setPen(hint)
            beside = QRect(x + side + gap, top, key_width + 1, above)
            painter.drawText(beside, Qt.AlignmentFlag.AlignCenter, key)
        below = QRect(0, top + above + 2, self.width(), line)
        self._paint_line(painter, below, colour, hint, with_icon=False)

    def _above_label(self, key: str) -> tuple[int, int, int]:
        """The icon, the key that found no room below, and the gap between them.

        Beside a key the icon is no larger than at 100 %, and where even that is too much the key
        stands there alone: it is what a hand looks for.
        """
        if not key:
            return self._icon_px(), 0, 0
        wide = QFontMetrics(self._theme.font("caption")).horizontalAdvance(key)
        fits = self._icon_size + _GAP + wide + 2 * _EDGE <= self.width()
        return (self._icon_size, wide, _GAP) if fits else (0, wide, 0)


class TenderTile(KeyBarButton):
    """One way to pay: 88 px high, checkable, one chosen at a time."""

    def __init__(
        self, text: str = "", *, icon: str, hint: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, icon=icon, hint=hint, parent=parent)
        self._height, self._role, self._icon_size = 88, "body_l", 26
        self.setCheckable(True)
        self.setAutoExclusive(True)
