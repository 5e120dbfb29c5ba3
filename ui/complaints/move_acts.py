"""Move acts: a move from its key to the service, with its dialog where it asks for something.

Owns: opening the dialog, sending, faults beside fields, a colleague's yes in place, drafts. Does
not own: widgets (move_dialog.py), forms (moves.py), what is said afterwards (controller.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject

from app.domain.complaint_rules import ComplaintChoice
from app.services.approval import ApprovalNeeded
from app.services.complaint_act import ComplaintChanged
from app.services.complaint_view import CaseView, Colleague
from app.services.erasure import ErasureAsked, ErasureHolds
from app.services.solution import suggest_solutions
from app.wording import Wording
from ui.complaints.answers import field_of, refusal_words
from ui.complaints.drafts import Drafts
from ui.complaints.move_dialog import MoveDialog
from ui.complaints.moves import Known, Move, form_of, question
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval
from ui.window_parts import WindowParts

_QUOTE_MAX = 120


def quoted(text: str, wording: Wording) -> str:
    """The customer's words in one line; curly marks stand well among Chinese signs only."""
    begins = " ".join(text.split())[:_QUOTE_MAX]
    if not begins:
        return ""
    return f"“{begins}”" if wording.is_chinese else f'"{begins}"'


class MoveActs(QObject):
    """What a letter begins. `done`: hears when the case changed."""

    def __init__(
        self,
        parts: WindowParts,
        screen: ComplaintsScreen,
        drafts: Drafts,
        done: Callable[[], None],
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._drafts, self._done = parts, screen, drafts, done
        self.causes: Sequence[ComplaintChoice] = ()
        self.colleagues: Sequence[Colleague] = ()
        self.dialog: MoveDialog | None = None
        self._move: Move | None = None
        self._view: CaseView | None = None
        self._is_asking = False
        self._asked_text = ""

    def close(self) -> None:
        """Nobody is here any more; what was typed is kept."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def begin(self, move: Move, view: CaseView) -> None:
        """Ask for what the move needs."""
        if self.dialog is not None and self.dialog.is_open:
            return
        wording = self._parts.wording
        self._move, self._view = move, view
        quote = quoted(view.text or "", wording)
        known = Known(self.causes, self.colleagues, wording, quote)
        form = form_of(move, view, known)
        self.dialog = dialog = MoveDialog(self._screen, form, wording)
        kept = self._drafts.take(self._staff, self._about)
        if kept is not None:
            dialog.restore(*kept)
        dialog.sent.connect(self._send)
        dialog.typed.connect(self._suggest)
        dialog.rejected.connect(self._keep)
        dialog.open()
        if form.suggests:
            dialog.suggest(view.suggested)

    @property
    def _staff(self) -> str:
        staff = self._parts.shop.desk.state.staff
        return staff.staff_id if staff is not None else ""

    @property
    def _about(self) -> str:
        assert self._move is not None and self._view is not None, "a move was begun"
        return f"{self._move.act} {self._view.line.case_id}"

    def _keep(self) -> None:
        dialog = self.dialog
        if dialog is not None and dialog.filled.text.strip():
            self._drafts.keep(self._staff, self._about, (dialog.filled, dialog.day_text))

    def _suggest(self, text: str) -> None:
        if self.dialog is None or self._view is None:
            return
        self._asked_text = text
        wanted = text.strip() or self._view.text or ""

        def found(answer: object) -> None:
            is_still = self.dialog is not None and self.dialog.is_open and text == self._asked_text
            if is_still and isinstance(answer, tuple) and self.dialog is not None:
                self.dialog.suggest(answer)

        self._parts.ask(suggest_solutions, found, text=wanted)

    def _send(self) -> None:
        dialog, move, view = self.dialog, self._move, self._view
        if dialog is None or move is None or view is None or self._is_asking:
            return
        t = self._parts.wording.t
        missing = next((at for at, group in enumerate(dialog.groups) if not group.chosen), None)
        if missing is not None:
            self._fault(str(missing), t("Choose one of them."))
            return
        try:
            day = dialog.read_day()
        except ValueError:
            self._fault("day", t("Type the day as {example}.", example="2026-11-30"))
            return
        service, wanted = question(move, view.line.case_id, replace(dialog.filled, day=day))
        self._is_asking = True
        self._parts.ask(service, self._answered, on_error=self._failed, **wanted)

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            return
        if isinstance(answer, ComplaintChanged | ErasureAsked | ErasureHolds):
            if self.dialog is not None and self.dialog.is_open:
                self.dialog.accept()
            self._done()
            return
        self._fault(field_of(answer), refusal_words(answer, self._parts.wording))

    def _fault(self, field: str, sentence: str) -> None:
        """Beside the field; what is about none of them stands on the screen as well."""
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.show_fault(field or ("text" if self.dialog.has_words else "0"), sentence)
        self._screen.notice.show_banner(sentence, tone="danger")

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
