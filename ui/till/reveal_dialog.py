"""Reveal dialog: why the whole phone number is to be shown; the answer is recorded.

Owns: the four reasons and their keys. Does not own: the right, the trace (services/reveal.py),
hiding the number again (controller.py).
"""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.services.reveal import RevealReason
from app.wording import N_, Wording
from ui.kit.buttons import SecondaryButton
from ui.kit.dialogs import KitDialog
from ui.kit.text import Text

REASON_WORDS: dict[RevealReason, str] = {
    "verify_identity": N_("To be sure who it is"),
    "contact_member": N_("To call or write to the member"),
    "member_asked": N_("The member asked for it"),
    "correct_data": N_("To correct the number"),
}
REASONS: tuple[RevealReason, ...] = get_args(RevealReason)


class RevealDialog(KitDialog):
    """One key or tap gives the reason and closes it.

    Signals:
        chosen: arg: the reason.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        title = wording.t("Why is the phone number needed?")
        super().__init__(parent, title=title, width=480)
        self.body.addWidget(Text(title, role="title", wrap=True))
        note = wording.t("It is shown for 10 seconds; who looked and why is recorded.")
        self.body.addWidget(Text(note, role="body", tone="text_secondary", wrap=True))
        for number, reason in enumerate(REASONS, start=1):
            self.body.addWidget(self._make_key(wording.t(REASON_WORDS[reason]), number))
        cancel = SecondaryButton(wording.t("Cancel"), hint="Esc")
        cancel.clicked.connect(self.reject)
        self.body.addSpacing(8)
        self.body.addWidget(cancel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        number = int(event.text()) if event.text() in ("1", "2", "3", "4") else 0
        if number:
            self._choose(number)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _make_key(self, label: str, number: int) -> SecondaryButton:
        key = SecondaryButton(label, hint=str(number), height=56)
        key.clicked.connect(lambda: self._choose(number))
        return key

    def _choose(self, number: int) -> None:
        self.chosen.emit(REASONS[number - 1])
        self.accept()
