"""Adjust dialog: how many points are given or taken by hand, and why; widgets only.

Owns: the layout, reading the number, which key is which. Does not own: the reasons (the shop's
list), limits and the entry (app/services/adjustment.py), asking (acts.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.fields import FieldRow, TillLineEdit
from ui.kit.reason_picker import ReasonPicker, ReasonRow
from ui.kit.text import Text
from ui.theme.theme import Theme

_WIDTH, _EDGE = 560, 24
_SIGNS = {ord("\N{MINUS SIGN}"): "-", ord("－"): "-", ord("＋"): "+", ord(","): None}


class AdjustDialog(KitDialog):
    """The number is typed first; a figure chooses the reason once the field is left by Enter."""

    def __init__(
        self, parent: QWidget, sentence: str, reasons: Sequence[ReasonRow], wording: Wording
    ) -> None:
        t = wording.t
        title = t("Points by hand")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.body.addWidget(Text(sentence, role="body", tone="text_secondary", wrap=True))
        self.points = TillLineEdit()
        self.points.set_lets_keys_through(False)
        self.points.returnPressed.connect(self._typed)
        hint = t("500 gives points, -500 takes them")
        self.points_row = FieldRow(t("Points"), self.points, hint=hint)
        self.body.addWidget(self.points_row)
        self.reasons = ReasonPicker()
        self.reasons.show_reasons(reasons, t("In a few words"))
        self.reasons.changed.connect(self._picked)
        self.body.addWidget(self.reasons)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.go_on = PrimaryButton(t("Record"), hint="Enter")
        self.go_on.setEnabled(False)
        self.primary = self.go_on
        answers.addWidget(self.cancel, 1)
        answers.addWidget(self.go_on, 1)
        self.body.addLayout(answers)

    @property
    def count(self) -> int | None:
        """What was typed; None: it is no whole number."""
        text = self.points.text().strip().translate(_SIGNS).replace(" ", "")
        digits = text[1:] if text[:1] in ("+", "-") else text
        return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None

    def first_focus(self) -> QWidget | None:
        return self.points

    def refuse(self, sentence: str) -> None:
        """Say beside the number what is wrong with it; it stays as it was typed."""
        self.points_row.show_error(sentence)
        self.points.setFocus()
        self.points.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_typing = self.reasons.note.hasFocus() or self.points.hasFocus()
        if is_typing or not self.reasons.press_figure(event.text()):
            super().keyPressEvent(event)
        event.accept()

    def _typed(self) -> None:
        """Enter in the number: on to the reasons; with a reason, done."""
        if self.reasons.chosen:
            self.go_on.click()
        else:
            self.cancel.setFocus()

    def _picked(self) -> None:
        self.go_on.setEnabled(bool(self.reasons.chosen))
        if self.reasons.chosen and not self.reasons.note.isVisible():
            self.go_on.setFocus()
