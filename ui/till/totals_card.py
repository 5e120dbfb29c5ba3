"""Totals card: what the basket costs, the big figure directly above the pay key.

Owns: the rows, the amount due. Does not own: the sums (services), the pay key (screen.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui.kit.panels import Card, FigureRow, Rule
from ui.kit.text import FitFigure, Text
from ui.phrases import FigureLine
from ui.till.view_model import TotalsView

_LONG_FIGURE = 9
"""Characters of an amount from ¥10,000 on: at 1024 px it needs the whole width."""


class FigureRows(QWidget):
    """Rows of label and figure; widgets are reused."""

    def __init__(self, *, spacing: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(spacing)
        self._rows: list[FigureRow] = []

    def show_lines(self, lines: Sequence[FigureLine]) -> None:
        while len(self._rows) < len(lines):
            row = FigureRow()
            self._rows.append(row)
            self._column.addWidget(row)
        for position, row in enumerate(self._rows):
            row.setVisible(position < len(lines))
            if position < len(lines):
                line = lines[position]
                tone = "saving" if line.is_saving else "text_primary"
                row.show_row(line.label, line.figure, tone=tone, shorter=line.shorter)

    @property
    def texts(self) -> list[tuple[str, str]]:
        return [row.texts for row in self._rows if not row.isHidden()]


class TotalsCard(Card):
    """List price, what was taken off, what is due."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(padding=(20, 14), spacing=10, parent=parent)
        self.rows = FigureRows()
        self.body.addWidget(self.rows)
        self.body.addWidget(Rule(strong=True))
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(8)
        names = QVBoxLayout()
        names.setSpacing(0)
        self._label = Text(role="title")
        self._saved = Text(role="body_l", tone="saving", weight=500)
        names.addStretch(1)
        names.addWidget(self._label)
        names.addWidget(self._saved)
        names.addStretch(1)
        self.due = FitFigure()
        self._foot.addLayout(names)
        self._foot.addWidget(self.due, 1)
        self.body.addLayout(self._foot)
        self._is_narrow = False

    def set_narrow(self, narrow: bool) -> None:
        self._is_narrow = narrow
        self._turn()

    def show_totals(self, view: TotalsView) -> None:
        self.rows.show_lines(view.rows)
        self._label.setText(view.due_label)
        self._saved.setText(view.saved)
        self._saved.setVisible(bool(view.saved))
        self.due.show_figure(view.due)
        self.due.setAccessibleName(f"{view.due_label} {view.due}")
        self._turn()

    def _turn(self) -> None:
        stacked = self._is_narrow and len(self.due.text()) > _LONG_FIGURE
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._foot.setDirection(down if stacked else across)
