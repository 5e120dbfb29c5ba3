"""Queue: the cases of one list as rows that are kept while their texts change; widgets only.

Owns: a row's look, which is marked. Does not own: texts (view_model.py), which list is shown
(controller.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.complaints.view_model import QueueRow
from ui.kit.panels import Card, EmptyState
from ui.kit.scrolling import ScrollArea
from ui.kit.text import ElidedText, IconLabel, NumberLabel, Text
from ui.theme.theme import repolish


class CaseRow(QPushButton):
    """One case: topic and clock, who, number with who has it and which clock, how urgent."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kit", "choice_row")
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(2)
        self._topic = ElidedText(role="body_l", weight=600)
        self._icon = IconLabel("clock", size=18)
        self._clock = NumberLabel(role="body_l", weight=600)
        self._who = ElidedText(role="body", weight=500)
        self._tier = Text(role="body", weight=600)
        self._clock_name = NumberLabel(role="body", tone="text_secondary")
        self._place = ElidedText(role="body", tone="text_secondary")
        self._urgency = Text(role="body", tone="warning", weight=500)
        for parts in (
            (self._topic, self._icon, self._clock),
            (self._who, self._tier),
            (self._place, self._clock_name),
            (self._urgency,),
        ):
            column.addLayout(_across(parts))
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_row(self, row: QueueRow) -> None:
        self._topic.set_text(row.topic)
        self._icon.set_icon(row.icon, tone=row.tone)
        self._clock.setText(row.clock)
        self._clock.set_tone(row.tone)
        self._who.set_text(row.who)
        self._tier.setText(row.tier)
        self._tier.set_tone(row.tier_tone)
        self._tier.setVisible(bool(row.tier))
        self._clock_name.setText(row.clock_name)
        self._clock_name.setVisible(bool(row.clock_name))
        self._place.set_text(row.place)
        self._urgency.setText(row.urgency)
        self._urgency.setVisible(bool(row.urgency))
        self.setAccessibleName(f"{row.topic} {row.who} {row.tier}".strip())
        told = (row.clock_name, row.clock, row.urgency, row.place)
        self.setAccessibleDescription(" ".join(filter(None, told)))
        self.updateGeometry()

    def set_current(self, current: bool) -> None:
        if self.property("current") != current:
            self.setProperty("current", current)
            repolish(self)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else QSize(240, 88)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())


def _across(parts: Sequence[QWidget]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(parts[0], 1)
    for part in parts[1:]:
        row.addWidget(part)
    return row


class Queue(Card):
    """The list on the left.

    Signals:
        chosen: A row was pressed. arg: its place.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__(padding=(12, 12), spacing=8)
        self.rows: list[CaseRow] = []
        self._empty = EmptyState(icon="check-circle")
        self._area = ScrollArea(spacing=8)
        self._column = self._area.body
        self._column.addStretch(1)
        self._foot = Text(role="body", tone="text_secondary", wrap=True)
        self.body.addWidget(self._empty, 1)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._foot)

    def show_rows(self, rows: Sequence[QueueRow], current: int, empty: str, foot: str) -> None:
        """`foot`: how the list is ordered, or that there are more."""
        self._empty.show_words(empty)
        self._empty.setVisible(not rows)
        self._area.setVisible(bool(rows))
        self._foot.setText(foot)
        self._foot.setVisible(bool(rows))
        while len(self.rows) < len(rows):
            self._add()
        while len(self.rows) > len(rows):
            gone = self.rows.pop()
            gone.hide()
            gone.deleteLater()
        for place, (widget, row) in enumerate(zip(self.rows, rows, strict=True)):
            widget.show_row(row)
            widget.set_current(place == current)
        if 0 <= current < len(self.rows):
            self._area.ensureWidgetVisible(self.rows[current])

    def _add(self) -> None:
        row, place = CaseRow(), len(self.rows)
        row.clicked.connect(lambda _=False, at=place: self.chosen.emit(at))
        self._column.insertWidget(place, row)
        self.rows.append(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for row in self.rows:
            row.updateGeometry()
