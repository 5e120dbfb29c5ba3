"""Story panel: one entry beside the table; widgets only.

Owns: the layout, scrolling where there is much to say. Does not own: the lines (story.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.audit.story import StoryLine, StoryView
from ui.kit.panels import Card, EmptyState, Rule
from ui.kit.text import Text
from ui.theme.theme import Theme, follow

LABEL = 96


class StoryPanel(Card):
    """What is known of the current entry."""

    def __init__(self) -> None:
        super().__init__(padding=(20, 16), spacing=8)
        self._view: StoryView | None = None
        self._title = Text(role="title", weight=600, wrap=True)
        self._when = Text(role="body", tone="text_secondary")
        self._hint = EmptyState(icon="list")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, 8, 0)
        self._lines.setSpacing(10)
        self._area.setWidget(inside)
        self._proof = Text(role="body", tone="text_secondary", wrap=True)
        for part in (self._title, self._when, self._hint):
            self.body.addWidget(part)
        self._rule = Rule()
        self.body.addWidget(self._rule)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._proof)

    @property
    def view(self) -> StoryView | None:
        """What is shown."""
        return self._view

    def show_story(self, view: StoryView | None, hint: str) -> None:
        """`view` None: no row is chosen, and `hint` says what to do."""
        self._hint.show_words(hint)
        self._hint.setVisible(view is None and bool(hint))
        for part in (self._title, self._when, self._rule, self._area, self._proof):
            part.setVisible(view is not None)
        if view is None or view == self._view:
            self._view = view
            return
        self._view = view
        self._title.setText(view.title)
        self._when.setText(view.when)
        self._proof.setText(view.proof)
        self._fill(view)

    def _fill(self, view: StoryView) -> None:
        story_rows(self._lines, view.lines)
        self._lines.addStretch(1)
        self._area.verticalScrollBar().setValue(0)


def story_rows(column: QVBoxLayout, lines: Sequence[StoryLine]) -> None:
    """Labels with their texts, instead of whatever stood there."""
    while (item := column.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
    for line in lines:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        label = _Label(line.label, [each.label for each in lines])
        across.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        across.addWidget(Text(line.text, role="body", wrap=True), 1)
        row.setAccessibleName(f"{line.label} {line.text}")
        column.addWidget(row)


class _Label(Text):
    """One of a column of labels, as wide as the longest word of them all at least: a date breaks
    nowhere, and in large text it needs more than the usual column.
    """

    def __init__(self, label: str, beside: Sequence[str]) -> None:
        super().__init__(label, role="body", tone="text_secondary", wrap=True)
        self._words = [word for each in beside for word in each.split()]
        follow(self, self._fit)
        self._fit()

    def _fit(self) -> None:
        theme = Theme.current()
        metrics = QFontMetrics(theme.font("body"))
        self.setFixedWidth(max([theme.size(LABEL), *map(metrics.horizontalAdvance, self._words)]))
