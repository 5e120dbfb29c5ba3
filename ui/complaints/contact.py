"""Contact: how to reach whoever complained, masked until somebody says why, then for ten seconds.

Owns: asking why, the ten seconds. Does not own: the right and the trace (app/services/reveal.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.services.complaint_view import CaseView
from app.services.reveal import NoPhone, PhoneRevealed, reveal_contact
from ui import formatting
from ui.complaints.answers import refusal_words
from ui.complaints.screen import ComplaintsScreen
from ui.key_map import Action
from ui.till.reveal_dialog import RevealDialog
from ui.window_parts import WindowParts

REVEALED_MS = 10_000


class Contact(QObject):
    """Of the case in the middle."""

    def __init__(self, parts: WindowParts, screen: ComplaintsScreen) -> None:
        super().__init__(screen)
        self._parts, self._screen = parts, screen
        self._view: CaseView | None = None
        self._revealed = ""
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.setInterval(REVEALED_MS)
        self._hide.timeout.connect(self.hide)
        self.dialog: RevealDialog | None = None

    def show(self, view: CaseView) -> None:
        """Another case hides the number of the last."""
        if self._view is not None and self._view.line.case_id != view.line.case_id:
            self._revealed = ""
        self._view = view
        self._draw()

    def hide(self) -> None:
        """Nobody reads it any more."""
        self._hide.stop()
        self._revealed = ""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()
        self._draw()

    def ask(self) -> None:
        """Why is it needed? Again: it is hidden."""
        if self._revealed:
            self.hide()
        elif self._can_be_shown and (self.dialog is None or not self.dialog.is_open):
            self.dialog = RevealDialog(self._screen, self._parts.wording)
            self.dialog.chosen.connect(self._reveal)
            self.dialog.open()

    @property
    def _can_be_shown(self) -> bool:
        view = self._view
        return view is not None and not view.erased and bool(view.member_id or view.contact)

    def _reveal(self, reason: str) -> None:
        if self._view is not None:
            case_id = self._view.line.case_id
            self._parts.ask(reveal_contact, self._came, case_id=case_id, reason=reason)

    def _came(self, answer: object) -> None:
        t = self._parts.wording.t
        if isinstance(answer, PhoneRevealed):
            self._revealed = formatting.national_phone(answer.phone)
            self._hide.start()
            self._draw()
            return
        no_number = t("There is no phone number: the card is anonymous.")
        words = (
            no_number if isinstance(answer, NoPhone) else refusal_words(answer, self._parts.wording)
        )
        self._screen.notice.show_banner(words, tone="warning")

    def _draw(self) -> None:
        label = self._parts.wording.t("Show the phone number") if self._can_be_shown else ""
        hint = self._parts.keys.hint(Action.REVEAL)
        self._screen.case.show_contact(self._revealed, label, hint)
