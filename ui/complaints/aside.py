"""Aside of a case: what helped before, what may be given, the photos; widgets only.

Owns: the layout. Does not own: texts (aside_view.py), pictures (photos.py).
"""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from ui.complaints.aside_view import AsideShown
from ui.kit.panels import Card, FigureRow, Rule
from ui.kit.text import Text
from ui.photos.photos import Photos
from ui.theme.theme import Theme

WIDTH = 300


class Aside(Card):
    """Beside the story, below it on a narrow window."""

    def __init__(self) -> None:
        super().__init__(padding=(16, 12), spacing=10)
        self._shown: AsideShown | None = None
        self._title = Text(role="body_l", weight=600, wrap=True)
        self._found = QVBoxLayout()
        self._found.setSpacing(8)
        self._room_title = Text(role="body_l", weight=600)
        self._alone = Text(role="body", tone="text_secondary", wrap=True)
        self._given = Text(role="body", wrap=True)
        self._month = FigureRow(role="body")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self._photos_title = Text(role="body_l", weight=600)
        self.photos = Photos()
        self.body.addWidget(self._title)
        self.body.addLayout(self._found)
        self.body.addWidget(Rule())
        for widget in (self._room_title, self._alone, self._given, self._month, self._bar):
            self.body.addWidget(widget)
        self.body.addWidget(self._photos_title)
        self.body.addWidget(self.photos)
        self.body.addStretch(1)

    def show_aside(self, shown: AsideShown) -> None:
        if shown == self._shown:
            return
        self._shown = shown
        self._title.setText(shown.title)
        while (item := self._found.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        for title, answer in shown.found:
            self._found.addWidget(_entry(title, answer))
        self._room_title.setText(shown.room_title)
        self._alone.setText(shown.alone)
        self._given.setText(shown.given)
        self._given.setVisible(bool(shown.given))
        self._month.show_row(shown.month, shown.month_figure, tone=shown.month_tone)
        self._bar.setValue(shown.percent)
        self._bar.setAccessibleName(f"{shown.month} {shown.month_figure}")
        self._photos_title.setText(shown.photos)
        self._photos_title.setVisible(bool(shown.photos))

    def fit(self, *, narrow: bool) -> None:
        """As wide as its column; across the whole where it stands below the story."""
        if narrow:
            self.setMinimumWidth(0)
            self.setMaximumWidth(16_777_215)
        else:
            self.setFixedWidth(Theme.current().size(WIDTH))


def _entry(title: str, answer: str) -> QWidget:
    card = Card(kit="sunken", padding=(12, 8), spacing=2)
    card.body.addWidget(Text(title, role="body", weight=600, wrap=True))
    if answer:
        card.body.addWidget(Text(answer, role="body", tone="text_secondary", wrap=True))
    return card
