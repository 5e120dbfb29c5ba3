"""Intake acts: taking a case down, from the till, from a receipt, from a member or at the desk.

Owns: one opening of the dialog, scans into it, drafts, what is said at the end. Does not own:
widgets (intake.py), texts (intake_view.py), the case (app/services/complaint.py).
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.domain.codes import Code, CodeKind, parse_code
from app.services.approval import ApprovalNeeded
from app.services.complaint import ComplaintTaken, take_complaint
from app.services.complaint_intake import WhoComplains, who_complains
from app.services.complaint_view import CaseView, read_complaint
from app.services.find_member import MembersFound, find_members
from app.services.solution import suggest_solutions
from app.services.till_state import TillState
from app.wording import Wording
from ui.complaints.answers import refusal_words
from ui.complaints.case_view import CaseTold, case_shown
from ui.complaints.drafts import Drafts
from ui.complaints.intake import IntakeDialog
from ui.complaints.intake_view import field_of_intake, new_complaint, topic_group, who_shown
from ui.navigation import AskApproval, LogComplaint, ToComplaints
from ui.window_parts import WindowParts

DRAFT = "intake"


class IntakeActs(QObject):
    """One opening. What is typed and left is there again the next time the same person opens it."""

    def __init__(self, parts: WindowParts, intent: LogComplaint, drafts: Drafts) -> None:
        super().__init__()
        self._parts, self._drafts = parts, drafts
        self._known = WhoComplains()
        self._asked_text = ""
        self._is_asking = False
        front = parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        rules = parts.shop.desk.state.program.complaints
        topics = topic_group(rules.topics, parts.wording)
        self._dialog = dialog = IntakeDialog(front.widget, topics, parts.wording)
        dialog.sent.connect(self._send)
        dialog.typed.connect(self._suggest)
        dialog.open_case_requested.connect(self._show_open)
        dialog.finished.connect(self._closed)
        dialog.show_who(who_shown(self._known, parts.wording))
        kept = drafts.take(self._staff, DRAFT)
        if kept is not None:
            dialog.restore(kept)
        dialog.open()
        if intent.member_id or intent.receipt:
            self._ask_who(receipt=intent.receipt, member_id=intent.member_id)

    @property
    def dialog(self) -> IntakeDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A receipt or a member; anything else is refused by its tone, and nothing is sold."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.RECEIPT:
            self._ask_who(receipt=code.text, member_id="")
        else:
            self._parts.ask(find_members, self._found, text=text)
        return True

    def show_state(self, state: TillState) -> None:
        """Nothing of the basket is shown here."""

    def speak(self, wording: Wording) -> None:
        """The dialog keeps the language it was opened in: what is typed stays."""

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ who

    def _ask_who(self, *, receipt: str, member_id: str) -> None:
        self._parts.ask(who_complains, self._who_came, receipt=receipt, member_id=member_id)

    def _found(self, answer: object) -> None:
        if isinstance(answer, MembersFound) and len(answer.hits) == 1:
            receipt = self._known.receipt
            self._ask_who(receipt=receipt, member_id=answer.hits[0].member_id)
        else:
            t = self._parts.wording.t
            self._refuse("", t("Neither a receipt nor a member of this shop. Scan another."))

    def _who_came(self, answer: object) -> None:
        if not self._dialog.is_open:
            return
        if not isinstance(answer, WhoComplains):
            self._refuse("", refusal_words(answer, self._parts.wording))
            return
        self._known = answer
        self._dialog.show_fault("", "")
        self._dialog.show_who(who_shown(answer, self._parts.wording))
        if answer.who:
            self._parts.notifier.signal("member_ok")

    def _show_open(self) -> None:
        found = self._known.open
        if found is not None:
            self._parts.navigation.go(ToComplaints(found.first))

    def _suggest(self, text: str) -> None:
        self._asked_text = text

        def found(answer: object) -> None:
            if self._dialog.is_open and text == self._asked_text and isinstance(answer, tuple):
                self._dialog.suggest(answer if text.strip() else ())

        self._parts.ask(suggest_solutions, found, text=text)

    # ------------------------------------------------------------------ taking it down

    def _send(self) -> None:
        if self._is_asking:
            return
        filled = self._dialog.filled
        if not filled.topic:
            self._refuse("topic", self._parts.wording.t("Choose one of them."))
            return
        self._is_asking = True
        new = new_complaint(self._known, filled)
        self._parts.ask(take_complaint, self._taken, on_error=self._failed, new=new)

    def _taken(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, ApprovalNeeded):
            # The panel takes the dialog's place; what was typed waits among the drafts.
            self._parts.navigation.open_dialog(AskApproval(answer, self._taken))
        elif isinstance(answer, ComplaintTaken):
            self._drafts.take(self._staff, DRAFT)
            self._known = WhoComplains()
            if self._dialog.is_open:
                self._dialog.accept()
                self._drafts.take(self._staff, DRAFT)
            self._parts.ask(read_complaint, partial(_tell, self._parts), case_id=answer.case_id)
            if isinstance(self._parts.navigation.here, ToComplaints):
                self._parts.navigation.go(ToComplaints(answer.case_id))
        else:
            self._refuse(field_of_intake(answer), refusal_words(answer, self._parts.wording))

    def _refuse(self, field: str, sentence: str) -> None:
        self._parts.notifier.signal("scan_error")
        self._parts.notifier.announce(sentence, urgent=True)
        if self._dialog.is_open:
            self._dialog.show_fault(field, sentence)

    def _failed(self, error: BaseException) -> None:
        self._is_asking = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    @property
    def _staff(self) -> str:
        staff = self._parts.shop.desk.state.staff
        return staff.staff_id if staff is not None else ""

    def _closed(self) -> None:
        filled = self._dialog.filled
        if not filled.is_empty:
            self._drafts.keep(self._staff, DRAFT, filled)
        self._parts.navigation.dialog_closed(self)


def _tell(parts: WindowParts, answer: object) -> None:
    """Its number, and until when the customer is to hear."""
    if not isinstance(answer, CaseView):
        return
    program = parts.shop.desk.state.program

    def say(wording: Wording) -> str:
        told = CaseTold(program, (), parts.local_now(), wording)
        shown = case_shown(answer, told)
        by = shown.clocks[0].detail if shown.clocks else ""
        return wording.t(
            "Complaint {number} is logged. First response {by}.", number=shown.number, by=by
        )

    parts.tell(say)
