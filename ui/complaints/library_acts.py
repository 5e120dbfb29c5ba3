"""Library acts: a solution from a case, from its letter to the library.

Owns: opening the dialog with what the case offers, sending, faults, drafts. Does not own: widgets
(library_dialog.py), what may stand in an entry (app/domain/solution.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from app.domain.solution import SolutionRefused
from app.services.approval import ApprovalNeeded
from app.services.complaint_view import CaseView
from app.services.solution import NewSolution, SolutionKept, keep_solution
from app.wording import N_, Wording
from ui.complaints.answers import refusal_words
from ui.complaints.drafts import Drafts
from ui.complaints.library_dialog import LibraryDialog
from ui.complaints.library_kinds import kinds_of
from ui.complaints.screen import ComplaintsScreen
from ui.navigation import AskApproval
from ui.window_parts import WindowParts

DRAFT = "library"
_WHY = {
    "empty": N_("Write at least a few words."),
    "too_long": N_("Too long: at most {count} characters. Shorten it."),
    "names_a_person": N_(
        "This looks like a number of a person. Every store reads it: leave it out."
    ),
}


def refused_solution(answer: SolutionRefused, wording: Wording) -> str:
    """What is wrong with a field."""
    if answer.why == "too_long":
        return wording.t(_WHY[answer.why], count=answer.most)
    return wording.t(_WHY[answer.why])


class LibraryActs(QObject):
    """What L begins. `done`: hears the sentence when an entry was written."""

    def __init__(
        self,
        parts: WindowParts,
        screen: ComplaintsScreen,
        drafts: Drafts,
        done: Callable[[str], None],
    ) -> None:
        super().__init__(screen)
        self._parts, self._screen, self._drafts, self._done = parts, screen, drafts, done
        self._new = NewSolution("", "", "", "")
        self._is_asking = False
        self.dialog: LibraryDialog | None = None

    def close(self) -> None:
        """Nobody is here any more; what was typed is kept."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def begin(self, view: CaseView) -> None:
        """Topic and cause come from the case, the words from a person."""
        if self.dialog is not None and self.dialog.is_open:
            return
        line = view.line
        self._new = NewSolution(line.topic, "", "", "", view.cause, line.case_id)
        title = self._parts.wording.t("What helped in {number}", number=line.number)
        rules, wording = self._parts.shop.desk.state.program.complaints, self._parts.wording
        kinds = kinds_of(line.topic, view.cause, rules, wording)
        self.dialog = dialog = LibraryDialog(self._screen, title, kinds, wording)
        kept = self._drafts.take(self._staff, DRAFT)
        if kept is not None:
            dialog.restore(kept)
        dialog.sent.connect(self._send)
        dialog.rejected.connect(self._keep)
        dialog.open()

    @property
    def _staff(self) -> str:
        staff = self._parts.shop.desk.state.staff
        return staff.staff_id if staff is not None else ""

    def _keep(self) -> None:
        if self.dialog is not None and any(self.dialog.filled):
            self._drafts.keep(self._staff, DRAFT, self.dialog.filled)

    def _send(self) -> None:
        if self.dialog is None or self._is_asking:
            return
        self._is_asking = True
        title, problem, answer = self.dialog.filled
        kinds = self.dialog.kinds
        new = replace(
            self._new, topic=kinds.topic, cause=kinds.cause, title=title, problem=problem,
            answer=answer,
        )  # fmt: skip
        self._parts.ask(keep_solution, self._answered, on_error=self._failed, new=new)

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        wording = self._parts.wording
        match answer:
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case SolutionKept():
                if self.dialog is not None and self.dialog.is_open:
                    self.dialog.accept()
                self._done(wording.t("It stands in the library of every store."))
            case SolutionRefused():
                self._fault(answer.field, refused_solution(answer, wording))
            case _:
                self._fault("", refusal_words(answer, wording))

    def _fault(self, field: str, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.show_fault(field, sentence)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)
