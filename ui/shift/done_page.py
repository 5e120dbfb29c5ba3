"""Done page: the shift is closed: its Z on paper, what was handed in, what goes on.

Owns: the layout. Does not own: the Z's look (devices), words (close_controller.py).
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.domain.page import Page
from ui.printing.paper_view import PaperView
from ui.shift.count_page import NARROW_BELOW
from ui.shift.start_page import StartPage, StartView

PAPER_WIDE, PAPER_NARROW = 520, 372


class DonePage(QWidget):
    """The end; `start` tells what was pressed."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setSpacing(0)
        self.start = StartPage()
        self.paper = PaperView()
        row.addWidget(self.start, 1)
        row.addWidget(self.paper)
        row.setContentsMargins(0, 16, 16, 16)

    def render_view(self, view: StartView, page: Page | None, name: str) -> None:
        self.start.render_view(view)
        self.paper.set_name(name)
        self.paper.show_page(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.paper.setFixedWidth(PAPER_NARROW if self.width() < NARROW_BELOW else PAPER_WIDE)
