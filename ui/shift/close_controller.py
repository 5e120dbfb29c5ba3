"""Close controller: 1 count, 2 check, 3 done, each as far as the store says.

Owns: which step is in front, what is typed until it is saved. Does not own: widgets, words
(check_view.py, close_view.py), counting and closing (services/shift_close.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from app.domain.cash_count import CountRefused
from app.domain.payment import PaymentAttempt
from app.services.answers import Changed, OpenShiftFirst
from app.services.approval import ApprovalNeeded
from app.services.payment import open_attempts
from app.services.ports import UnitOfWork
from app.services.shift import NO_REASON, CountFirst, DifferenceToExplain, Reason
from app.services.shift_close import (
    CloseInSight,
    ShiftWasClosed,
    back_to_selling,
    close_shift,
    count_cash,
    look_at_close,
)
from app.services.shift_report import ZReprinted, reprint_z
from app.services.shop import Shop
from app.services.staff import sign_out
from app.wording import Wording
from ui.key_map import Action, KeyAction
from ui.late_payments import LatePayments
from ui.navigation import AskApproval, Destination, ToShiftOpen, ToTill
from ui.shift.check_view import signed
from ui.shift.close_pages import CloseFacts, ClosePages, Step
from ui.shift.close_view import way_out
from ui.shift.drawer_screen import DrawerScreen
from ui.shift.reason_dialog import ReasonQuestion
from ui.shift.sentences import sentence
from ui.shift.start_page import SILENT
from ui.window_parts import WindowParts


class ShiftCloseController(DrawerScreen):
    """Closing the shift."""

    def __init__(self, parts: WindowParts) -> None:
        super().__init__(parts)
        self.pages = pages = ClosePages(parts.renderers)
        self._facts = CloseFacts()
        for page in (pages.blocked, pages.done.start):
            page.primary_requested.connect(self.confirm)
        pages.done.start.second_requested.connect(self._print_again)
        for counting in (pages.count, pages.check):
            counting.back_requested.connect(self.back)
        pages.count.confirm_requested.connect(self._save_count)
        pages.count.edited.connect(self._on_typed)
        pages.check.confirm_requested.connect(self._close)
        pages.check.recount_requested.connect(self.recount)
        pages.check.left_edited.connect(self._on_typed)
        pages.check.terminals_requested.connect(self._ask_terminals)
        self.speak(parts.wording)

    # ------------------------------------------------------------------ the window asks

    @property
    def widget(self) -> QWidget:
        return self.pages

    def enter(self, to: Destination) -> None:
        self._know(notice=SILENT)
        self._parts.ask(look_at_close, self._looked)

    def leave(self) -> None:
        super().leave()
        if self._facts.closed is not None:
            self._facts = CloseFacts()
            self.pages.count.grid.clear()

    def take_scan(self, text: str) -> bool:
        """Nothing is sold while the drawer is counted."""
        self._refuse(self._parts.wording.t("Close the shift or go back to selling first."))
        return True

    def key_actions(self) -> Sequence[KeyAction]:
        t = self._parts.wording.t
        grid = self.pages.count.grid
        return (
            KeyAction(Action.CONFIRM, t("Go on"), self.confirm),
            KeyAction(Action.FIND_ITEM, t("Count again (once)"), self.recount, self._may_recount),
            KeyAction(Action.LINE_UP, t("Field above"), partial(grid.step, -1)),
            KeyAction(Action.LINE_DOWN, t("Field below"), partial(grid.step, 1)),
            KeyAction(Action.BACK, t("One step back"), self.back),
        )

    def speak(self, wording: Wording) -> None:
        self.pages.retranslate(wording, self._parts.keys.hint(Action.FIND_ITEM))
        self._know(notice=SILENT)
        self._draw()

    # ------------------------------------------------------------------ acts

    def confirm(self) -> None:
        """Enter, on whichever step."""
        match self.pages.step:
            case "count":
                self.pages.count.press_confirm()
            case "check":
                self._close()
            case "done":
                self._parts.ask(sign_out)
            case "blocked":
                if self._facts.why is not None:
                    self._parts.navigation.go(way_out(self._facts.why))

    def back(self) -> None:
        """Esc: out of the count, or set the saved counts aside and sell on."""
        step, sight = self.pages.step, self._facts.sight
        is_saved = sight is not None and sight.count is not None
        if step == "count" and is_saved:
            self._show("check")  # a recount that is not made after all
        elif step == "check":
            self._parts.ask(back_to_selling, self._selling)
        elif step != "done":
            self._parts.navigation.go(ToTill())

    def recount(self) -> None:
        """F2: once more, from nothing; the first count is kept."""
        if self._may_recount():
            self.pages.count.grid.clear()
            self._show("count")

    def _may_recount(self) -> bool:
        sight = self._facts.sight
        return self.pages.step == "check" and sight is not None and sight.counts_left > 0

    def _save_count(self) -> None:
        sight, grid = self._facts.sight, self.pages.count.grid
        assert sight is not None, "the shift is known before it is counted"
        view = self.pages.counted(sight, self._parts.wording)
        if view.first_error:
            self._refuse(self._parts.wording.t("Mend the marked field first."))
            grid.go_to(view.first_error)
        elif not self._is_asking:
            self._is_asking = True
            self._parts.ask(count_cash, self._counted, on_error=self._failed, typed=grid.typed)

    def _close(self) -> None:
        self._close_with(NO_REASON)

    def _close_with(self, reason: Reason) -> None:
        sight = self._facts.sight
        assert sight is not None, "closing follows a count"
        left = self.pages.left(sight)
        if left is None:
            self._refuse(self._parts.wording.t("This is no amount."))
        elif not self._is_asking:
            self._is_asking = True
            self._parts.ask(
                close_shift, self._answered, on_error=self._failed, left=left, reason=reason
            )

    def _print_again(self) -> None:
        self._parts.ask(reprint_z, self._printed_again)

    def _printed_again(self, answer: object) -> None:
        if isinstance(answer, ZReprinted):
            number = answer.copy - 1
            self._parts.tell(
                lambda wording: wording.t(
                    "Printed again, marked as reprint {number}.", number=number
                )
            )
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _ask_terminals(self) -> None:
        late = LatePayments(self._parts, lambda say: self._parts.tell(say, "warning"))

        def ask(attempts: Sequence[PaymentAttempt]) -> None:
            late.ask(attempts, None)
            self._parts.ask(look_at_close, self._looked)

        self._parts.ask(_open_attempts, ask)

    # ------------------------------------------------------------------ answers

    def _looked(self, answer: Any) -> None:
        if self._facts.closed is not None:
            return
        if isinstance(answer, CloseInSight):
            self._know(sight=answer)
            self._show("count" if answer.count is None else "check")
        elif isinstance(answer, OpenShiftFirst):
            self._parts.navigation.go(ToShiftOpen())
        else:
            self._know(why=answer)
            self._show("blocked")

    def _counted(self, answer: object) -> None:
        self._is_asking = False
        if isinstance(answer, CloseInSight):
            self.pages.count.grid.clear()
            self._know(sight=answer, notice=SILENT)
            self._show("check")
            return
        self._refuse(sentence(answer, self._parts.state, self._parts.wording))
        if isinstance(answer, CountRefused):
            self.pages.count.grid.go_to(answer.field)

    def _answered(self, answer: object) -> None:
        self._is_asking = False
        match answer:
            case ShiftWasClosed():
                self._know(closed=answer, notice=SILENT)
                self.pages.check.left.set_text("")
                self._parts.notifier.signal("paid")
                self._show("done")
            case DifferenceToExplain():
                self._ask_why(answer)
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case CountFirst():
                self._show("count")
                self._refuse(sentence(answer, self._parts.state, self._parts.wording))
            case _:
                self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    def _ask_why(self, answer: DifferenceToExplain) -> None:
        wording = self._parts.wording
        amount = signed(answer.difference, self._parts.state.program.currency)
        question = ReasonQuestion(
            title=wording.t("Why does the drawer differ?"),
            sentence=wording.t("Difference {amount}", amount=amount),
            reasons=answer.reasons,
        )
        self._ask_reason(question, self._close_with)

    def _selling(self, answer: object) -> None:
        if isinstance(answer, Changed):
            self._parts.navigation.go(ToTill())
        else:
            self._refuse(sentence(answer, self._parts.state, self._parts.wording))

    # ------------------------------------------------------------------ drawing

    def _show(self, step: Step) -> None:
        self.pages.show_step(step)
        self._draw()
        self.pages.take_focus()

    def _know(self, **changed: Any) -> None:
        self._facts = replace(self._facts, **changed)

    def _draw(self) -> None:
        if self._parts.live.state is not None:
            self.pages.draw(self._facts, self._parts.state, self._parts.wording)


def _open_attempts(*, shop: Shop, work: UnitOfWork) -> Sequence[PaymentAttempt]:
    return open_attempts(work=work)
