"""Consent page of the customer display: the customer reads what he agrees to, and taps it himself.

Owns: the layout and the tick for messages, which is never set for him. Does not own: the texts
(view_model.py), what becomes of the answer (ui/join).
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QScroller, QVBoxLayout, QWidget

from ui.customer_display.view_model import DisplayView
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.panels import Card
from ui.kit.text import Text
from ui.kit.tick_row import TickRow

_TICK_HEIGHT = 64
"""A finger's, also where the screen is small and the text above it long."""


class ConsentPage(QWidget):
    """The question.

    Signals:
        agreed: To the membership. arg: whether to messages too.
        declined: pressed.
    """

    agreed = Signal(bool)
    declined = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 8, 32, 24)
        column.setSpacing(12)
        self._headline = Text(role="h1", weight=600, wrap=True)
        card = Card(padding=(20, 16), spacing=8)
        card.body.addWidget(self._build_words())
        self.marketing = TickRow()
        self.marketing.setMinimumHeight(_TICK_HEIGHT)
        self.agree = PrimaryButton(icon="check")
        self.decline = SecondaryButton(height=64)
        self.agree.clicked.connect(self._agree)
        self.decline.clicked.connect(self.declined)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.decline, 1)
        row.addWidget(self.agree, 2)
        column.addWidget(self._headline)
        column.addWidget(card, 1)
        column.addWidget(self.marketing)
        column.addLayout(row)

    def _build_words(self) -> QScrollArea:
        """Whatever its length, the whole text can be read: a finger draws it up."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        self._words = Text(role="title", weight=400, wrap=True)
        column.addWidget(self._words)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(inside)
        gesture = QScroller.ScrollerGestureType.LeftMouseButtonGesture
        QScroller.grabGesture(self.area.viewport(), gesture)
        return self.area

    def show_view(self, view: DisplayView) -> None:
        """Draw it; a tick stays while the same question is asked in another language."""
        asked = view.consent
        if asked is None:
            self.marketing.setChecked(False)
            return
        self._headline.setText(view.headline)
        if view.detail != self._words.text():
            self._words.setText(view.detail)
            self.area.verticalScrollBar().setValue(0)
        self.marketing.set_words(asked.marketing, "")
        self.marketing.setVisible(bool(asked.marketing))
        self.agree.set_label(asked.agree)
        self.decline.set_label(asked.decline)

    def _agree(self) -> None:
        self.agreed.emit(self.marketing.isChecked())
