"""Scrolling: how what is in a scroll area stands to its bar, and an area as high as what is in it.

Owns: the room beside the bar, asking for no more room than needed. Does not own: what is in areas.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

_BAR, _OFF_BAR = 12, 8
"""The bar is as wide in every size (ui/theme/qss.py)."""


def keep_off_bar(area: QScrollArea, inside: QLayout) -> None:
    """Flush with what stands above and below; a step off the bar while there is one."""
    area.verticalScrollBar().rangeChanged.connect(
        lambda _, last: inside.setContentsMargins(0, 0, _OFF_BAR if last else 0, 0)
    )


def stand_flush(area: QScrollArea, outside: QLayout) -> None:
    """What stands above or below ends where the cards in the area do, bar or no bar."""
    area.verticalScrollBar().rangeChanged.connect(
        lambda _, last: outside.setContentsMargins(0, 0, _BAR + _OFF_BAR if last else 0, 0)
    )


class ScrollArea(QScrollArea):
    """Up and down, where there is no room for all of it; never takes the focus. Put children into
    `body`."""

    def __init__(self, *, spacing: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.inside = QWidget()
        self.body = QVBoxLayout(self.inside)
        self.body.setContentsMargins(0, 0, 0, 0)
        if spacing is not None:
            self.body.setSpacing(spacing)
        keep_off_bar(self, self.body)
        self.setWidget(self.inside)


class RoomArea(ScrollArea):
    """As high as what is in it, as long as there is room; then it scrolls."""

    def __init__(self, *, spacing: int = 12, parent: QWidget | None = None) -> None:
        super().__init__(spacing=spacing, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        wanted = self.inside.sizeHint()
        width = self.viewport().width()
        if self.isVisible() and self.body.hasHeightForWidth():
            return QSize(wanted.width(), max(1, self.body.totalHeightForWidth(width)))
        return wanted

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)
