"""Safety dialog: what is kept where, what is not, and what to do; widgets only.

Owns: the layout. Does not own: texts (view_model.py), the way to the backups (watch.py).
"""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.panels import Rule
from ui.kit.text import ElidedText, IconLabel, Text
from ui.safety.view_model import SafetyView
from ui.theme.theme import Theme

_WIDTH, _EDGE = 600, 24


class SafetyDialog(KitDialog):
    """It says; `go_on` leads to the backups, for whoever may change something there."""

    def __init__(
        self, parent: QWidget, view: SafetyView, wording: Wording, *, leads_on: bool
    ) -> None:
        t = wording.t
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=view.title, width=width, padding=24)
        self.view = view
        is_well = not view.happened
        head = QHBoxLayout()
        head.setSpacing(12)
        icon, tone = ("check-circle", "success") if is_well else ("alert", "warning")
        head.addWidget(IconLabel(icon, tone=tone, size=28))
        head.addWidget(Text(view.title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        for sentence in filter(None, (view.happened, view.cure)):
            weight = 500 if sentence == view.cure else 400
            self.body.addWidget(Text(sentence, role="body_l", weight=weight, wrap=True))
        self.body.addWidget(Text(view.kept, role="body", tone="text_secondary", wrap=True))
        self.body.addWidget(Rule())
        for label, text in view.lines:
            row = QHBoxLayout()
            row.setSpacing(12)
            row.addWidget(Text(label, role="body", tone="text_secondary"))
            row.addWidget(ElidedText(text, role="body", weight=500), 1)
            self.body.addLayout(row)
        if not is_well and not leads_on:
            self.body.addWidget(Text(t("Tell the store manager."), role="body_l", weight=500))
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.close_key = SecondaryButton(t("Close"), hint="Esc", height=64)
        self.close_key.clicked.connect(self.reject)
        answers.addWidget(self.close_key, 1)
        self.go_on = PrimaryButton(t("To the backups"), hint="Enter")
        self.go_on.setVisible(leads_on)
        self.go_on.clicked.connect(self.accept)
        answers.addWidget(self.go_on, 1)
        self.primary = self.go_on if leads_on else self.close_key
        self.body.addLayout(answers)
