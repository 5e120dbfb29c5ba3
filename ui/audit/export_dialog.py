"""Export dialog: why the log (or another list) leaves the till; widgets only.

Owns: the layout, which key is which. Does not own: the reasons (words.py), exporting (export.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.reason_picker import ReasonPicker, ReasonRow
from ui.kit.text import Text
from ui.theme.theme import Theme

_WIDTH, _EDGE = 560, 24


class ExportDialog(KitDialog):
    """The question; `go_on` once a reason is chosen."""

    def __init__(
        self,
        parent: QWidget,
        sentence: str,
        reasons: Sequence[ReasonRow],
        wording: Wording,
        *,
        title: str = "",
    ) -> None:
        t = wording.t
        title = title or t("Export the audit log")
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        self.body.addWidget(Text(title, role="title", wrap=True))
        self.body.addWidget(Text(sentence, role="body_l", wrap=True))
        self.reasons = ReasonPicker()
        self.reasons.show_reasons(reasons, t("In a few words"))
        self.reasons.changed.connect(self._picked)
        self.body.addWidget(self.reasons)
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.cancel = SecondaryButton(t("Cancel"), hint="Esc", height=64)
        self.cancel.clicked.connect(self.reject)
        self.go_on = PrimaryButton(t("Export"), hint="Enter")
        self.go_on.setEnabled(False)
        self.primary = self.go_on
        answers.addWidget(self.cancel, 1)
        answers.addWidget(self.go_on, 1)
        self.body.addLayout(answers)

    def first_focus(self) -> QWidget | None:
        return self.cancel

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_typing = self.reasons.note.hasFocus()
        if is_typing or not self.reasons.press_figure(event.text()):
            super().keyPressEvent(event)
        event.accept()

    def _picked(self) -> None:
        self.go_on.setEnabled(bool(self.reasons.chosen))
