"""Scrolling: how what is in a scroll area stands to its bar.

Owns: the room beside the bar. Does not own: areas and what is in them.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLayout, QScrollArea

_OFF_BAR = 8


def keep_off_bar(area: QScrollArea, inside: QLayout) -> None:
    """Flush with what stands above and below; a step off the bar while there is one."""
    area.verticalScrollBar().rangeChanged.connect(
        lambda _, last: inside.setContentsMargins(0, 0, _OFF_BAR if last else 0, 0)
    )
