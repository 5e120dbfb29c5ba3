"""Acts on an entry of the library: writing one, changing it, retiring it and back.

Owns: the dialog's errand, faults beside their field. Does not own: widgets (library_dialog.py of
ui/complaints), what may stand in an entry (app/domain/solution.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.domain.complaint_rules import ComplaintChoice
from app.domain.solution import Solution, SolutionRefused
from app.services.approval import ApprovalNeeded
from app.services.solution import NewSolution, SolutionKept, keep_solution
from ui.complaints.answers import refusal_words
from ui.complaints.library_acts import refused_solution
from ui.complaints.library_dialog import LibraryDialog
from ui.complaints.library_kinds import kinds_of
from ui.kit.dialogs import ConfirmDialog, Question
from ui.kit.pick_dialog import PickDialog
from ui.navigation import AskApproval
from ui.phrases import words
from ui.rows import Pick
from ui.window_parts import WindowParts


class EntryActs(QObject):
    """One act at a time. `done`: hears the sentence and the entry's id."""

    def __init__(self, parts: WindowParts, over: QWidget, done: Callable[[str, str], None]) -> None:
        super().__init__(over)
        self._parts, self._over, self._done = parts, over, done
        self.dialog: LibraryDialog | None = None

    def close(self) -> None:
        """Nobody is here any more."""
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.reject()

    def write(self, topics: Sequence[ComplaintChoice]) -> None:
        """A new one: first its topic, then its words."""
        t, wording = self._parts.wording.t, self._parts.wording
        picks = [Pick(each.id, words(each.name, wording)) for each in topics]
        title = t("What is it about?")
        pick = PickDialog(self._over, title=title, picks=picks, chosen="", back=t("Back"))
        pick.picked.connect(self._write_about)
        pick.open()

    def change(self, entry: Solution | None) -> None:
        """Its words and what it is about; what it said before stays in its story."""
        if entry is not None:
            t = self._parts.wording.t
            self._open(_as_new(entry), t("Change what helps"))

    def retire(self, entry: Solution) -> None:
        """Asked first: from then on no store is told of it."""
        t = self._parts.wording.t
        new = replace(_as_new(entry), retired=not entry.retired)
        if entry.retired:
            self._send(new)
            return
        question = Question(
            t("Retire '{title}'?", title=entry.title),
            t("No store is told of it any more. What it said stays here and can serve again."),
            go_on=t("Retire"),
            stay=t("Cancel"),
            icon="x-circle",
        )
        dialog = ConfirmDialog(self._over, question)
        dialog.accepted.connect(partial(self._send, new))
        dialog.open()

    def _write_about(self, topic: str) -> None:
        self._open(NewSolution(topic, "", "", ""), self._parts.wording.t("What helps with what"))

    def _open(self, new: NewSolution, title: str) -> None:
        if self.dialog is not None and self.dialog.is_open:
            return
        rules, wording = self._parts.shop.desk.state.program.complaints, self._parts.wording
        kinds = kinds_of(new.topic, new.cause, rules, wording)
        self.dialog = dialog = LibraryDialog(self._over, title, kinds, wording)
        dialog.restore((new.title, new.problem, new.answer))
        dialog.sent.connect(partial(self._send_typed, new))
        dialog.open()

    def _send_typed(self, new: NewSolution) -> None:
        if self.dialog is not None:
            (title, problem, answer), kinds = self.dialog.filled, self.dialog.kinds
            self._send(
                replace(
                    new, topic=kinds.topic, cause=kinds.cause, title=title, problem=problem,
                    answer=answer,
                )
            )  # fmt: skip

    def _send(self, new: NewSolution) -> None:
        self._parts.ask(keep_solution, self._answered, new=new)

    def _answered(self, answer: object) -> None:
        wording = self._parts.wording
        match answer:
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case SolutionKept():
                if self.dialog is not None and self.dialog.is_open:
                    self.dialog.accept()
                said = wording.t("It stands so in the library of every store.")
                self._done(said, answer.solution_id)
            case SolutionRefused():
                self._fault(answer.field, refused_solution(answer, wording))
            case _:
                self._fault("", refusal_words(answer, wording))

    def _fault(self, field: str, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        if self.dialog is not None and self.dialog.is_open:
            self.dialog.show_fault(field, sentence)
        else:
            self._parts.tell(lambda _: sentence, "warning")


def _as_new(entry: Solution) -> NewSolution:
    return NewSolution(
        entry.topic, entry.title, entry.problem, entry.answer, entry.cause, entry.from_case,
        entry.solution_id, entry.retired,
    )  # fmt: skip
