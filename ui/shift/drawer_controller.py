"""Drawer controller: F10 from its question to the act: the drawer opened, cash in, out, dropped.

Owns: the chain of its dialogs, what is said in the end. Does not own: the dialogs, the approval
panel (ui/approval), rights and limits (services).
"""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QObject

from app.domain.money import Money
from app.domain.shift import MOVE_REASONS, AmountRefused
from app.domain.shift_fact import Move
from app.services.approval import ApprovalNeeded
from app.services.cash_move import CashWasMoved, move_cash
from app.services.drawer import DrawerOpened, open_drawer
from app.services.shift import Reason
from app.services.till_state import TillState
from app.wording import Wording
from ui import formatting
from ui.kit.dialogs import KitDialog
from ui.navigation import AskApproval, CashDrawer, ToShift
from ui.shift.amount_dialog import AmountDialog
from ui.shift.drawer_dialog import DrawerDialog
from ui.shift.reason_dialog import ReasonDialog, ReasonQuestion
from ui.shift.sentences import MOVE_WORDS, moved_sentence, sentence
from ui.window_parts import WindowParts


class DrawerController(QObject):
    """One opening of the drawer's dialog. A language switch puts it away: nothing is lost yet."""

    def __init__(self, parts: WindowParts, intent: CashDrawer) -> None:
        super().__init__(parts.navigation)
        self._parts = parts
        self._dialog: KitDialog | None = None
        self._move: Move = "in"
        self._amount = Money(0)
        if intent.move:
            self._ask_amount(intent.move)
        else:
            self._ask_what()

    @property
    def dialog(self) -> KitDialog | None:
        """What is open now."""
        return self._dialog

    # ------------------------------------------------------------------ the window asks

    def take_scan(self, text: str) -> bool:
        """A badge or goods here are read by the screen below."""
        return False

    def show_state(self, state: TillState) -> None:
        """The dialog shows nothing of the basket."""

    def speak(self, wording: Wording) -> None:
        self.close()

    def close(self) -> None:
        if self._dialog is not None and self._dialog.is_open:
            self._dialog.reject()

    # ------------------------------------------------------------------ questions

    @property
    def _over(self) -> Any:
        front = self._parts.navigation.current
        assert front is not None, "a dialog lies over a screen"
        return front.widget

    def _ask_what(self) -> None:
        dialog = DrawerDialog(self._over, self._parts.wording)
        dialog.reason_chosen.connect(self._open_drawer)
        dialog.move_chosen.connect(self._ask_amount)
        dialog.shift_chosen.connect(lambda: self._parts.navigation.go(ToShift()))
        self._show(dialog)

    def _ask_amount(self, move: str) -> None:
        self._move = cast(Move, move)
        wording = self._parts.wording
        dialog = AmountDialog(
            self._over,
            wording,
            title=wording.t(MOVE_WORDS[self._move]),
            decimals=formatting.decimals(self._parts.state.program.currency),
        )
        dialog.chosen.connect(self._ask_why)
        self._show(dialog)

    def _ask_why(self, amount: Money) -> None:
        self._amount = amount
        wording = self._parts.wording
        question = ReasonQuestion(
            title=wording.t(MOVE_WORDS[self._move]),
            sentence=self._money(amount),
            reasons=MOVE_REASONS[self._move],
        )
        dialog = ReasonDialog(self._over, question, wording)
        dialog.chosen.connect(self._do_move)
        before = self._dialog
        if before is not None:
            before.accept()
        self._show(dialog)

    def _show(self, dialog: KitDialog) -> None:
        self._dialog = dialog
        dialog.rejected.connect(self._step_back)
        dialog.open()

    def _step_back(self) -> None:
        self._parts.navigation.dialog_closed(self)
        self.deleteLater()

    # ------------------------------------------------------------------ acts

    def _open_drawer(self, reason: str) -> None:
        self._parts.ask(open_drawer, self._drawer_answered, reason=reason)

    def _do_move(self, reason: Reason) -> None:
        self._parts.ask(
            move_cash, self._move_answered, move=self._move, amount=self._amount, reason=reason
        )

    def _drawer_answered(self, answer: object) -> None:
        if isinstance(answer, DrawerOpened):
            has_drawer = self._parts.settings.drawer
            self._end(lambda wording: _opened(wording, has_drawer))
        else:
            self._not_done(answer, self._drawer_answered)

    def _move_answered(self, answer: object) -> None:
        if isinstance(answer, CashWasMoved):
            move, amount = answer.move, self._money(answer.amount)
            self._end(lambda wording: moved_sentence(move, amount, wording))
        elif isinstance(answer, AmountRefused):
            self._ask_amount(self._move)
            dialog = self._dialog
            assert isinstance(dialog, AmountDialog)
            dialog.amount.set_text(formatting.figure(self._amount).replace(",", ""))
            dialog.show_error(sentence(answer, self._parts.state, self._parts.wording))
            self._parts.notifier.signal("scan_error")
        else:
            self._not_done(answer, self._move_answered)

    def _not_done(self, answer: object, then: Any) -> None:
        if isinstance(answer, ApprovalNeeded):
            self._parts.navigation.open_dialog(AskApproval(answer, then))
            return
        self._parts.notifier.signal("scan_error")
        state = self._parts.state
        self._parts.tell(lambda wording: sentence(answer, state, wording), "danger")
        self._step_back()

    def _end(self, say: Any) -> None:
        self._parts.notifier.signal("scan_ok")
        self._parts.tell(say)
        self._step_back()

    def _money(self, amount: Money) -> str:
        return formatting.money(amount, currency=self._parts.state.program.currency)


def _opened(wording: Wording, has_drawer: bool) -> str:
    if has_drawer:
        return wording.t("The drawer was told to open; recorded.")
    return wording.t("Recorded. No drawer is connected: open it by hand.")
