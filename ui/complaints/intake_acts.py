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
from ui.complaints.intake_drafts import About, LeftIntake, LeftIntakes
from ui.complaints.intake_view import (
    Intake,
    field_of_intake,
    new_complaint,
    topic_group,
    who_shown,
)
from ui.navigation import (
    AskApproval,
    Destination,
    LogComplaint,
    ToComplaints,
    ToMember,
    ToTill,
)
from ui.window_parts import WindowParts


class IntakeActs(QObject):
    """One opening. What is typed and left is there again the next time the same person opens it
    about the same customer."""

    def __init__(self, parts: WindowParts, intent: LogComplaint, drafts: Drafts) -> None:
        super().__init__()
        self._parts = parts
        staff = parts.shop.desk.state.staff
        self._drafts = LeftIntakes(drafts, staff.staff_id if staff is not None else "")
        self._known = WhoComplains()
        self._about = About(intent.receipt, intent.member_id)
        self._restored: LeftIntake | None = None
        self._asked_text = ""
        self._is_asking = self._is_done = self._is_send_waiting = False
        self._who_awaited = 0
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
        self._go_on_with(self._drafts.take(self._about))
        dialog.open()
        if not self._about.is_nobody:
            self._ask_who(self._about)

    @property
    def dialog(self) -> IntakeDialog:
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A receipt or a member; anything else is refused by its tone, and nothing is sold."""
        code = parse_code(text)
        if isinstance(code, Code) and code.kind is CodeKind.RECEIPT:
            is_again = code.text == self._known.receipt
            self._ask_who(About(code.text, self._known.member_id if is_again else ""))
        else:
            self._who_awaited += 1
            self._parts.ask(find_members, self._found, on_error=self._who_failed, text=text)
        return True

    def show_state(self, state: TillState) -> None:
        """Nothing of the basket is shown here."""

    def speak(self, wording: Wording) -> None:
        """The dialog keeps the language it was opened in: what is typed stays."""

    def close(self) -> None:
        self._dialog.reject()

    # ------------------------------------------------------------------ who

    def _ask_who(self, about: About) -> None:
        self._who_awaited += 1
        self._parts.ask(
            who_complains, partial(self._who_came, about), on_error=self._who_failed,
            receipt=about.receipt, member_id=about.member_id,
        )  # fmt: skip

    def _found(self, answer: object) -> None:
        self._who_awaited -= 1
        if isinstance(answer, MembersFound) and len(answer.hits) == 1:
            about = About(self._known.receipt, answer.hits[0].member_id)
            left = self._restored
            if left is not None and not left.about.is_same_customer(about):
                about = About(member_id=about.member_id)  # that receipt belongs to what was left
            self._ask_who(about)
        else:
            self._is_send_waiting = False
            t = self._parts.wording.t
            self._refuse("", t("Neither a receipt nor a member of this shop. Scan another."))

    def _who_came(self, asked: About, answer: object) -> None:
        self._who_awaited -= 1
        is_send_waiting, self._is_send_waiting = self._is_send_waiting, False
        if not self._dialog.is_open:
            return
        if not isinstance(answer, WhoComplains):
            self._refuse("", refusal_words(answer, self._parts.wording))
            return
        filled = self._dialog.filled
        before, self._known = self._known, answer
        self._about = About(answer.receipt, answer.member_id)
        self._dialog.show_fault("", "")
        self._judge_left(asked, before)
        self._dialog.show_who(who_shown(answer, self._parts.wording))
        if self._dialog.filled.is_empty and not self._about.is_nobody:
            self._go_on_with(self._drafts.take(self._about))
            if self._about != About(answer.receipt, answer.member_id):
                self._ask_who(self._about)
        if answer.who:
            self._parts.notifier.signal("member_ok")
        if is_send_waiting and self._dialog.filled == filled:
            self._send()  # what changed with the answer is read by a person first

    def _who_failed(self, error: BaseException) -> None:
        self._who_awaited -= 1
        self._is_send_waiting = False
        self._failed(error)

    # ------------------------------------------------------------------ what was left

    def _go_on_with(self, left: LeftIntake | None) -> None:
        if left is not None:
            self._restored = left
            self._about = self._about if left.about.is_nobody else left.about
            self._dialog.restore(left.filled)

    def _judge_left(self, asked: About, before: WhoComplains) -> None:
        """What is in the form stays only where it may stand for who is known now."""
        left = self._restored
        if left is None or left.about.is_nobody:
            return
        is_forgotten = not self._about.member_id and asked.member_id == left.about.member_id != ""
        if is_forgotten:  # whoever asked to be forgotten: his words too
            self._put_down()
        elif any(left.about.is_same_customer(each) for each in (asked, self._about)):
            self._restored = LeftIntake(left.filled, self._about)
        else:
            self._put_away(left, before)

    def _put_away(self, left: LeftIntake, known: WhoComplains) -> None:
        """Somebody else stands here now: what was left waits for whom it was about."""
        filled = self._dialog.filled
        self._put_down()
        if not filled.is_empty:
            wording = self._parts.wording
            self._drafts.leave(LeftIntake(filled, left.about))
            who = known.who or left.about.receipt
            sentence = wording.t("What was typed for {who} waits there.", who=who)
            self._dialog.notice.show_banner(sentence)
            self._parts.notifier.announce(sentence)

    def _put_down(self) -> None:
        self._restored = None
        self._dialog.restore(Intake())

    def _show_open(self) -> None:
        found = self._known.open
        if found is not None:
            self._parts.navigation.go(ToComplaints(found.first, self._came_from()))

    def _came_from(self) -> Destination | None:
        """Where Esc leads from a case that is opened out of this dialog; None: to the desk."""
        here = self._parts.navigation.here
        if isinstance(here, ToComplaints):
            back: Destination | None = here.back
            return back
        return here if isinstance(here, ToTill | ToMember) else None

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
        if self._who_awaited:
            self._is_send_waiting = True  # no case goes without the receipt that was just read
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
            self._is_done = True
            self._drafts.forget(self._about)  # left there while a colleague was asked
            if self._dialog.is_open:
                self._dialog.accept()
            self._parts.ask(read_complaint, partial(_tell, self._parts), case_id=answer.case_id)
            if isinstance(self._parts.navigation.here, ToComplaints):
                self._parts.navigation.go(ToComplaints(answer.case_id, self._came_from()))
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

    def _closed(self) -> None:
        filled = self._dialog.filled
        if not filled.is_empty and not self._is_done:
            self._drafts.leave(LeftIntake(filled, self._about))
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
