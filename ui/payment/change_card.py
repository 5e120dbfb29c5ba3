"""Change card: what was handed over or is to be taken, and what comes back or stays to pay.

Owns: its two rows. Does not own: the figures (view_model.py).
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from ui.kit.panels import Card, Rule
from ui.kit.text import ElidedText, FitFigure, IconLabel, NumberLabel, Text
from ui.payment.view_model import PaymentView


class ChangeCard(Card):
    """Received and change, at the foot of the left column."""

    def __init__(self) -> None:
        super().__init__(padding=(24, 16), spacing=12)
        self._icon = IconLabel("cash", size=24)
        self._tender = Text(role="body_l", weight=600)
        self._label = ElidedText(role="body_l", tone="text_secondary")
        self.received = NumberLabel(role="h1")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._tender)
        row.addWidget(self._label, 1)
        row.addWidget(self.received)
        self.body.addLayout(row)
        self._rule = Rule(strong=True)
        self.body.addWidget(self._rule)
        self.change_label, self.change = Text(role="title"), FitFigure()
        self.body.addLayout(big_row(self.change_label, self.change))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_change(self, view: PaymentView) -> None:
        """Without the second row while a terminal is asked: only what is typed leaves a rest."""
        shown = view.change
        self._icon.set_icon(shown.icon)
        self._tender.setText(shown.tender)
        self._label.set_text(shown.received_label)
        self.received.setText(shown.received)
        self.change_label.setText(shown.label)
        self.change.show_figure(shown.figure, tone=shown.tone)
        for part in (self._rule, self.change_label, self.change):
            part.setVisible(view.terminal is None)


def big_row(label: Text, figure: FitFigure) -> QHBoxLayout:
    """A name on the left, the one big figure on the right."""
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(label)
    row.addWidget(figure, 1)
    return row
