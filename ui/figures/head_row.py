"""Head row: the way back, the name of the page, and the pages of the room side by side; widgets
only.

Owns: the layout that figures and segments share. Does not own: what the pages are.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from app.wording import N_, Wording
from ui.kit.buttons import ChoiceButton, IconButton
from ui.kit.text import Text

PAGES = (N_("Figures"), N_("Segments"), N_("Cohorts"))


class HeadRow(QWidget):
    """The row.

    Signals:
        back_requested: pressed.
        page_chosen: arg: its place.
    """

    back_requested = Signal()
    page_chosen = Signal(int)

    def __init__(self, page: int) -> None:
        super().__init__()
        self._page = page
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(8)
        self.back = IconButton("arrow-left", "back", framed=True)
        self.back.clicked.connect(self.back_requested)
        self._title = Text(role="h1", weight=600)
        self.row.addWidget(self.back)
        self.row.addSpacing(4)
        self.row.addWidget(self._title)
        self.row.addSpacing(4)
        self.pages: Sequence[ChoiceButton] = tuple(
            ChoiceButton(hint=str(place + 1)) for place in range(len(PAGES))
        )
        for place, key in enumerate(self.pages):
            key.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
            key.clicked.connect(lambda _=False, at=place: self._press(at))
            self.row.addWidget(key)
        self._mark()

    def set_page(self, page: int) -> None:
        """Which of them is in front."""
        self._page = page
        self._mark()

    def show_pages(self, *, are_there: bool) -> None:
        """Whether there are other pages than this one: then their row is the title, too."""
        self._title.setVisible(not are_there)
        for key in self.pages:
            key.setVisible(are_there)

    def set_words(self, title: str, wording: Wording) -> None:
        self._title.setText(title)
        self.back.set_name(wording.t("Back to the desk"))
        for key, name in zip(self.pages, PAGES, strict=True):
            key.set_label(wording.t(name))

    def _press(self, place: int) -> None:
        self._mark()
        self.page_chosen.emit(place)

    def _mark(self) -> None:
        for place, key in enumerate(self.pages):
            key.setChecked(place == self._page)
