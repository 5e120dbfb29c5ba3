"""Receipt controller: the finished sale until the next act.

Owns: the countdown, printing again, handing the next scan to the till.
Does not own: widgets (screen.py), texts (view_model.py), what is printed (services/receipt.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from app.domain.receipt import Receipt
from app.services.answers import SignInFirst
from app.services.approval import ApprovalNeeded
from app.services.checkout import SaleDone
from app.services.receipt import ReceiptShown, Reprinted, reprint_receipt
from app.services.refund_answers import RefundDone, RefundDoneBefore
from app.services.refund_receipt import RefundReprinted, reprint_refund
from app.services.staff import lock_till
from app.services.survey import SurveyAsked
from app.services.till_state import TillState
from app.services.unlinked_return import ReturnDone
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.navigation import (
    AskApproval,
    Destination,
    LogComplaint,
    ScreenController,
    ToReceipt,
    ToRefund,
    ToSignIn,
    ToTill,
)
from ui.receipt import view_model
from ui.receipt.refund_view import present_refund
from ui.receipt.screen import ReceiptScreen
from ui.receipt.survey_act import SurveyAct
from ui.said import said
from ui.survey_words import for_cashier
from ui.window_parts import PrinterFacts, WindowParts

ASKED_TIMES = 4
"""The question stands so many times as long as a receipt without one."""
FIRST_COPY = 2
"""The number of the first one printed again."""
Refunded = RefundDone | RefundDoneBefore | ReturnDone


def _refund_id(done: Refunded) -> str:
    return str(done.return_id if isinstance(done, ReturnDone) else done.refund_id)


class ReceiptController(ScreenController):
    """Shows what was sold; the next scan starts the next sale at once."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self._done: SaleDone | None = None
        self._copy: Receipt | None = None
        self._refund: Refunded | None = None
        self._found: ReceiptShown | None = None
        self._next_copy = FIRST_COPY
        self._before: TillState | None = None
        self._back: Destination | None = None
        self._seconds_left: int | None = None
        self._screen = ReceiptScreen()
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._tick)
        self._screen.print_requested.connect(self.print)
        self._screen.print_again_requested.connect(self._try_again)
        self._screen.next_requested.connect(self.go_on)
        self._screen.refund_requested.connect(self.refund)
        self._screen.complaint_requested.connect(self.complain)
        self.survey = SurveyAct(parts, self)
        self.survey.changed.connect(self._asked)
        self._screen.score_pressed.connect(self._answer)
        self._screen.score_taken_back.connect(self.survey.take_back)
        self.speak(parts.wording)

    @property
    def widget(self) -> QWidget:
        return self._screen

    def enter(self, to: Destination) -> None:
        done = to.done if isinstance(to, ToReceipt) else None
        self._done = done if isinstance(done, SaleDone) else None
        self._found = done if isinstance(done, ReceiptShown) else None
        self._copy = done.receipt if isinstance(done, Reprinted | ReceiptShown) else None
        self._next_copy = done.copy if isinstance(done, ReceiptShown) else FIRST_COPY
        self._refund = done if isinstance(done, Refunded) else None
        self._before = to.before if isinstance(to, ToReceipt) else None
        self._back = to.back if isinstance(to, ToReceipt) else None
        self._name_next()
        seconds = self._parts.settings.receipt_return_s
        # Who looks a receipt up has come to do something with it.
        self._seconds_left = None if self._found is not None else seconds or None
        self.survey.begin(self._done)
        self._show_paper()
        self._draw()
        self._second.start()
        self._screen.next.setFocus()
        if self._done is None and self._copy is None and self._refund is None:
            self.print()

    def leave(self) -> None:
        self._second.stop()
        self.survey.end()

    def may_leave(self) -> bool:
        """Somebody goes elsewhere, or locks: what the customer answered is noted before."""
        self.survey.settle()
        return True

    def take_scan(self, text: str) -> bool:
        """The next sale has begun: the till takes the code."""
        self._parts.navigation.go(ToTill())
        self._parts.navigation.take_scan(text)
        return True

    def speak(self, wording: Wording) -> None:
        hint = self._parts.keys.hint
        hints = (hint(Action.REPRINT), hint(Action.REFUND), hint(Action.COMPLAINT))
        self._screen.retranslate(wording, hints=hints)
        self._name_next()
        self._draw()

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        onward = self._onward
        return (
            KeyAction(Action.REPRINT, t("Print"), self.print),
            KeyAction(Action.REFUND, t("Refund this sale"), self.refund, self._can_refund),
            KeyAction(Action.COMPLAINT, t("Log a complaint"), self.complain, self._can_complain),
            KeyAction(Action.CONFIRM, onward, self.go_on),
            KeyAction(Action.BACK, onward, self.go_on),
            KeyAction(Action.LOCK, t("Lock, change cashier"), self._lock),
        )

    def go_on(self) -> None:
        """Back to the till, to the next sale; to the case it was opened from."""
        self._parts.navigation.go(self._back or ToTill())

    @property
    def _onward(self) -> str:
        t = self._parts.wording.t
        return t("Next sale") if self._back is None else t("Back to the case")

    def _name_next(self) -> None:
        self._screen.next.set_label(self._onward, hint=self._parts.keys.hint(Action.BACK))

    def print(self) -> None:
        """Ctrl+R: the receipt once more; it says that it is a copy."""
        self._seconds_left = None  # who prints again wants to see what happens
        if self._refund is not None:
            refund_id = _refund_id(self._refund)
            self._parts.ask(reprint_refund, self._printed, refund_id=refund_id)
            return
        known = self._done or self._found
        sale_id = known.sale_id if known is not None else None
        self._parts.ask(reprint_receipt, self._printed, sale_id=sale_id)

    def refund(self) -> None:
        """F8: goods of this very sale come back; nobody scans its receipt again."""
        receipt = self._sale_receipt
        if receipt is not None and self._can_refund():
            self._parts.navigation.go(ToRefund(receipt.code))

    def complain(self) -> None:
        """Ctrl+N: somebody complains about this sale."""
        receipt = self._sale_receipt
        if receipt is not None and self._can_complain():
            self._seconds_left = None
            self._parts.navigation.open_dialog(LogComplaint(receipt=receipt.code))

    def _answer(self, score: int) -> None:
        if not self.survey.answer(score):
            self._parts.notifier.signal("scan_error")

    def _can_complain(self) -> bool:
        return self._sale_receipt is not None and self._parts.navigation.can_open(LogComplaint)

    @property
    def _sale_receipt(self) -> Receipt | None:
        return self._done.receipt if self._done is not None else self._copy

    def _can_refund(self) -> bool:
        """Not of a refund: what came back cannot come back again."""
        is_there = self._refund is None and self._sale_receipt is not None
        return is_there and self._parts.navigation.can_go(ToRefund)

    def _printed(self, answer: Any) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, self._printed))
            return
        if isinstance(answer, Reprinted | RefundReprinted):
            self._next_copy = answer.copy + 1
        if isinstance(answer, Reprinted):
            self._copy = answer.receipt if self._done is None else self._copy
            if self._done is None:
                self._show_paper()
        elif isinstance(answer, SignInFirst):
            self._parts.navigation.go(ToSignIn())
            return
        words = said(answer, self._parts.state, self._parts.wording)
        self._parts.notifier.announce(words.sentence)
        if words.sound:
            self._parts.notifier.signal(words.sound)
        self._draw()

    def _asked(self) -> None:
        """Who thinks about an answer has longer than a receipt is read; once it is given, no more
        than that."""
        if self._seconds_left is not None:
            seconds = self._parts.settings.receipt_return_s
            thinks = isinstance(self.survey.told, SurveyAsked)
            self._seconds_left = seconds * ASKED_TIMES if thinks else seconds
        self._draw()

    def _lock(self) -> None:
        self.survey.settle()
        self._parts.ask(lock_till)

    def _try_again(self) -> None:
        if self._parts.renderers.print_again is not None:
            self._parts.renderers.print_again()
        self._draw()

    def _tick(self) -> None:
        if self._seconds_left is not None:
            self._seconds_left -= 1
            if self._seconds_left <= 0:
                self.go_on()
                return
        self._draw()

    def _printer(self) -> PrinterFacts:
        ask = self._parts.renderers.printer
        return ask() if ask is not None else PrinterFacts("none")

    def _show_paper(self) -> None:
        known = self._done or self._refund
        receipt = known.receipt if known is not None else self._copy
        lay_out = self._parts.renderers.receipt_page
        page = lay_out(receipt) if lay_out is not None and receipt is not None else None
        self._screen.paper.show_page(page)

    def _draw(self) -> None:
        wording, printer = self._parts.wording, self._printer()
        if self._done is not None:
            view = view_model.present(
                self._done,
                self._before,
                wording,
                seconds_left=self._seconds_left,
                printer=printer,
            )
        elif self._refund is not None:
            view = present_refund(
                self._refund.receipt, wording, seconds_left=self._seconds_left, printer=printer
            )
        elif self._copy is not None:
            view = view_model.present_copy(
                self._copy,
                wording,
                seconds_left=self._seconds_left,
                printer=printer,
                is_found=self._found is not None,
            )
        else:
            return
        refund = wording.t("Refund it") if self._can_refund() else ""
        label = wording.t("Print copy {number}", number=self._next_copy)
        foot = replace(view.foot, print_label=label)
        self._screen.render_view(replace(view, refund=refund, foot=foot))
        told = self.survey.told
        self._screen.show_survey(None if told is None else for_cashier(told, wording))
        self._screen.complaint.setVisible(self._can_complain())
