"""Checklist rows: training steps with a tick before each; widgets only.

Owns: the layout, making rows anew only where they change. Does not own: texts (checklist_view.py).
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.text import IconLabel, Text
from ui.staff.checklist_view import ChecklistView, StepRow

_DONE, _TO_DO = ("check-circle", "success"), ("circle", "text_secondary")


class ChecklistRows(QWidget):
    """Title and steps."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: ChecklistView | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._title = Text(role="body_l", weight=600)
        column.addWidget(self._title)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(6)
        column.addLayout(self._rows)

    def render_view(self, view: ChecklistView | None) -> None:
        """`view` None: nothing is known of it."""
        self.setVisible(view is not None)
        if view is None or view == self.shown:
            self.shown = view
            return
        self.shown = view
        self._title.setText(view.title)
        while (item := self._rows.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for each in view.rows:
            self._rows.addWidget(_row(each))


def _row(step: StepRow) -> QWidget:
    row = QWidget()
    row.setAccessibleName(f"{step.name} {step.detail}")
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 0, 0, 0)
    across.setSpacing(10)
    icon, tone = _DONE if step.is_done else _TO_DO
    top = Qt.AlignmentFlag.AlignTop
    across.addWidget(IconLabel(icon, tone=tone, size=20), 0, top)
    across.addWidget(Text(step.name, role="body", wrap=True), 2, top)
    across.addWidget(Text(step.detail, role="body", tone="text_secondary", wrap=True), 3, top)
    return row
