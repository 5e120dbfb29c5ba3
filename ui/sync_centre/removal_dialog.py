"""Removal dialog: may this till be emptied, given away or removed? Widgets and words.

Owns: the layout, what it says. Does not own: the answer (app/services/sync_state.py), exporting.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.services.photo import PhotosPending
from app.services.sync_state import FactsPending, MayReset
from app.wording import Wording
from ui.kit.buttons import PrimaryButton, SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import IconLabel, Text
from ui.theme.theme import Theme

_WIDTH, _EDGE = 560, 24
Answer = MayReset | FactsPending | PhotosPending


class RemovalDialog(KitDialog):
    """It says whether; where not, what waits can be exported (`accepted`)."""

    def __init__(self, parent: QWidget, answer: Answer, wording: Wording) -> None:
        t = wording.t
        title, sentences = removal_words(answer, wording)
        width = min(Theme.current().size(_WIDTH), parent.window().width() - 2 * _EDGE)
        super().__init__(parent, title=title, width=width, padding=24)
        may = isinstance(answer, MayReset)
        head = QHBoxLayout()
        head.setSpacing(12)
        icon, tone = ("check-circle", "success") if may else ("alert", "danger")
        head.addWidget(IconLabel(icon, tone=tone, size=28), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(Text(title, role="title", wrap=True), 1)
        self.body.addLayout(head)
        for sentence in sentences:
            self.body.addWidget(Text(sentence, role="body_l", wrap=True))
        answers = QHBoxLayout()
        answers.setSpacing(16)
        self.close_key = SecondaryButton(t("Close"), hint="Esc", height=64)
        self.close_key.clicked.connect(self.reject)
        self.export = PrimaryButton(t("Export what waits"), icon="download", hint="Enter")
        self.export.clicked.connect(self.accept)
        exports = isinstance(answer, FactsPending)
        self.export.setVisible(exports)
        answers.addWidget(self.close_key, 1)
        if exports:
            answers.addWidget(self.export, 1)
        self.primary = self.export if exports else self.close_key
        self.body.addLayout(answers)


def removal_words(answer: Answer, wording: Wording) -> tuple[str, tuple[str, ...]]:
    """The title, and what to do."""
    t, n = wording.t, wording.n
    if isinstance(answer, MayReset):
        return t("This till may be removed"), (
            t("The server has everything this till ever wrote."),
            t("Tell head office, so that nobody else can come in by this till."),
        )
    if isinstance(answer, PhotosPending):
        return t("Not yet: this till has what nobody else has"), (
            n(
                "{count} photo is not uploaded yet. Do not uninstall or reset this till.",
                "{count} photos are not uploaded yet. Do not uninstall or reset this till.",
                answer.count,
            ),
            t("Connect it and let it upload: photos go after everything else."),
        )
    return t("Not yet: this till has what nobody else has"), (
        n(
            "{count} record is not uploaded yet. Do not uninstall or reset this till.",
            "{count} records are not uploaded yet. Do not uninstall or reset this till.",
            answer.count.pending,
        ),
        t(
            "Connect it and let it upload. Where that cannot be, export what waits: head office "
            "brings the file in, with this till's recovery code."
        ),
    )
