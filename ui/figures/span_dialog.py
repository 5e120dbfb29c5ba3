"""Span dialog: from which day to which; widgets, and what is wrong beside its field.

Owns: the two fields, reading them, staying open while they say no span. Does not own: what a span
is (span.py).
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui import formatting
from ui.figures.span import NotASpan, Span, read_span
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.text import Text
from ui.theme.theme import Theme

_WIDTH, _EDGE, _LENGTH_MAX = 480, 24, 12


class SpanDialog(KitDialog):
    """From … to ….

    Signals:
        chosen: arg: the Span.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, span: Span, wording: Wording) -> None:
        title = wording.t("From which day to which?")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self._wording = wording
        t = wording.t
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.first, self.last = TillLineEdit(), TillLineEdit()
        self._rows = {
            "first": FieldRow(t("First day"), self.first, hint=t("As 2026-11-01")),
            "last": FieldRow(t("Last day"), self.last),
        }
        days = (span.days.first, span.days.last)
        for edit, day, row in zip((self.first, self.last), days, self._rows.values(), strict=True):
            edit.setMaxLength(_LENGTH_MAX)
            edit.setText(formatting.day(day))
            self.body.addWidget(row)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.go_on = PrimaryButton(t("Show the figures"), hint="Enter")
        self.go_on.clicked.connect(self._read)
        self.primary = self.go_on
        answers.addWidget(self.cancel, 1)
        answers.addWidget(self.go_on, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        self.first.selectAll()
        return self.first

    def _read(self) -> None:
        read = read_span(self.first.text(), self.last.text())
        for row in self._rows.values():
            row.show_error("")
        if isinstance(read, NotASpan):
            self._rows[read.field].show_error(_why(read, self._wording))
            edit = self.first if read.field == "first" else self.last
            edit.setFocus()
            edit.selectAll()
            return
        self.accept()
        self.chosen.emit(read)


def _why(read: NotASpan, wording: Wording) -> str:
    t = wording.t
    match read.why:
        case "not_a_day":
            return t("This is no day. Write it as 2026-11-01.")
        case "ends_before":
            return t("The last day lies before the first. Change one of the two.")
        case "too_long":
            return t(
                "At most {days} days are added up at once. Choose a later first day, or look at "
                "one year after the other.",
                days=f"{read.most_days:,}",
            )
