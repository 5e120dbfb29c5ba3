"""Why sheet: the parts of one line's price, over the right column.

Owns: the widgets. Does not own: the texts (view_model.py), when it opens (the till's controller).
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.kit.panels import Rule
from ui.kit.right_sheet import RightSheet
from ui.kit.text import ElidedText, IconLabel, NumberLabel, Text
from ui.why.view_model import PartView, UnusedView, WhyView


class WhySheet(RightSheet):
    """The sheet. `show_why` draws another line in place."""

    def __init__(self, over: QWidget, *, close_label: str) -> None:
        super().__init__(over, title="", close_label=close_label, icon="help")
        self.view: WhyView | None = None

    def show_why(self, view: WhyView, close_label: str) -> None:
        if view == self.view:
            return
        self.view = view
        self.set_words(view.title, close_label)
        self.clear_contents()
        self.body.setSpacing(8)
        self.add_to_body(Text(view.goods, role="body_l", tone="text_secondary", wrap=True))
        self.add_to_body(_part(view.listed), *(_part(part, off=True) for part in view.own))
        if view.line_price is not None:
            self.add_to_body(Rule(), _part(view.line_price, strong=True))
        self.add_to_body(*(_part(part, off=True) for part in view.shares))
        self.add_to_body(Rule(strong=True), _paid(view))
        if view.unused:
            title = Text(view.unused_title, role="body_l", weight=600)
            self.add_to_body(title, *(_unused(other) for other in view.unused))
        self.add_to_foot(Rule(), _proof(view))


def _part(part: PartView, *, off: bool = False, strong: bool = False) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    row = QHBoxLayout()
    row.setSpacing(12)
    weight = 600 if strong else 500
    row.addWidget(Text(part.name, role="body_l", weight=600 if strong else 0, wrap=True), 1)
    row.addWidget(
        NumberLabel(part.figure, role="body_l", weight=weight, tone="saving" if off else "")
    )
    column.addLayout(row)
    if part.detail:
        column.addWidget(Text(part.detail, role="body", tone="text_secondary", wrap=True))
    box.setAccessibleName(" ".join(filter(None, (part.name, part.figure, part.detail))))
    return box


def _paid(view: WhyView) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(Text(view.paid_label, role="title"))
    row.addStretch(1)
    row.addWidget(NumberLabel(view.paid, role="amount", weight=700))
    box.setAccessibleName(f"{view.paid_label} {view.paid}")
    return box


def _unused(other: UnusedView) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    words = QVBoxLayout()
    words.setSpacing(0)
    words.addWidget(ElidedText(other.name, role="body_l", weight=500))
    words.addWidget(Text(other.why, role="body", tone="text_secondary", wrap=True))
    icon = QVBoxLayout()
    icon.addWidget(IconLabel("x-circle", tone="border_control"))
    icon.addStretch(1)
    row.addLayout(icon)
    row.addLayout(words, 1)
    box.setAccessibleName(f"{other.name} {other.why}")
    return box


def _proof(view: WhyView) -> QWidget:
    """That the parts add up, and by which rules, in two lines: each is read whole."""
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(IconLabel("check-circle", tone="success", size=18))
    row.addWidget(Text(view.proof, role="body", tone="success", weight=500), 1)
    column.addLayout(row)
    column.addWidget(Text(view.version, role="body", tone="text_secondary", wrap=True))
    return box
