"""Giving back: from the confirmed goods to the recorded refund, by approvals and terminals.

Owns: the order of steps (confirm, approve, record a try, ask, settle), the phase. Does not own:
what is drawn (terminal_view.py), the question to a terminal (ui/payment/terminal_talk.py), the
steps themselves (services), the goods.

A terminal is asked once per try. Whatever goes wrong after that (an error, a lost answer, a
crash) ends in the phase UNKNOWN, whose only acts are to query and to give the money in cash.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.grant import Reservation
from app.domain.money import ZERO
from app.domain.open_refund import RefundAttempt
from app.domain.payment import OPEN_STATES, waits_for_cashier
from app.domain.server_answer import ReserveAnswer
from app.services.approval import ApprovalNeeded
from app.services.checkout import SaleDone
from app.services.goods_exchange import ExchangeState, ExchangeToPay, confirm_exchange
from app.services.pieces_kept import AskToKeepPieces, PiecesSettled, settle_pieces
from app.services.refund import RefundChanged
from app.services.refund_answers import (
    AskTerminalBack,
    GaveBackByHand,
    GivingBackUnknown,
    NoTerminalBack,
    NotGivenBack,
    RefundDone,
    RefundDoneBefore,
    TerminalsDone,
)
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_back_by_hand,
    confirm_refund,
    finish_giving_back,
    give_back_in_cash,
    query_terminal_back,
)
from app.services.refund_state import RefundState
from app.services.reservation import ask_reservation
from ui.kept_points import KeptPoints
from ui.navigation import AskApproval
from ui.payment.terminal_talk import TerminalTalk
from ui.payment.terminal_view import TerminalAct
from ui.refund.money_view import net_of
from ui.refund.terminal_view import Phase, TerminalForm
from ui.window_parts import WindowParts


class GivingBack(QObject):
    """Where giving the money back stands.

    Signals:
        changed: Phase, seconds or busy are other ones.
        shown: A service answered with the refund as it is now. arg: RefundState.
        needs_attention: Only a person can go on now.
        done: The refund (or the exchange) is recorded. arg: the answer.
        left_to_pay: The customer still pays for the new goods.
        refused: It was not done. arg: the answer that says why.
    """

    changed = Signal()
    shown = Signal(object)
    needs_attention = Signal()
    done = Signal(object)
    left_to_pay = Signal()
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.form = TerminalForm()
        self._attempt: RefundAttempt | None = None
        self._state: RefundState | None = None
        self._exchange: ExchangeState | None = None
        self._talk = TerminalTalk(parts, self)
        self._talk.said.connect(self._said)
        self._talk.ticked.connect(self._tick)
        self._kept = KeptPoints(parts, self)

    @property
    def is_free(self) -> bool:
        """Nothing is under way and no terminal waits for a word."""
        return self.form.phase is Phase.CHOOSE and not self.form.is_busy

    def begin(self, state: RefundState) -> None:
        """The refund as it was found; a try may still be open in it."""
        self._talk.reset()
        self._state = state
        waiting = [a for a in state.attempts if a.state in OPEN_STATES and not a.is_set_aside]
        self.form = TerminalForm()
        if waiting:
            by_hand = waits_for_cashier(waiting[-1])
            self._wait_for_person(waiting[-1], Phase.BY_HAND if by_hand else Phase.UNKNOWN)

    def confirm(self, state: RefundState, exchange: ExchangeState | None) -> None:
        """Give it back as it is shown; an exchange settles both sides."""
        self._state, self._exchange = state, exchange
        if state.exchange:
            shown = net_of(exchange) if exchange is not None else None
            self._set_busy(True)
            self._kept.reserve()  # what the new goods spend: the credit fixes their prices
            wanted = {"refund_id": state.refund_id, "shown": shown}
            self._kept.then(partial(self._ask, confirm_exchange, **wanted))
        else:
            back = state.total.back if state.total is not None else None
            self._ask(confirm_refund, refund_id=state.refund_id, shown=back)

    def act(self, act: TerminalAct) -> None:
        """What the person at the till says or wants."""
        if self.form.is_busy or self._state is None:
            return
        attempt = self._attempt
        match act:
            case "taken" | "not_taken" if attempt is not None:
                given = act == "taken"
                self._ask(confirm_back_by_hand, attempt_id=attempt.attempt_id, given=given)
            case "check" if self.form.phase is Phase.REFUSED:
                self.form = TerminalForm()
                self.confirm(self._state, None)
            case "check" if attempt is not None:
                self._set_busy(True)
                self._talk.query(query_terminal_back, attempt=attempt)
            case "cash":
                self._ask(give_back_in_cash, refund_id=self._state.refund_id)
            case _:
                pass

    # ------------------------------------------------------------------ answers

    def _answered(self, answer: Any) -> None:
        self._talk.stop()
        self._set_busy(False)
        state = getattr(answer, "state", None)
        if isinstance(state, RefundState):
            self._state = state
            self.shown.emit(state)
        match answer:
            case RefundDone() | RefundDoneBefore() | SaleDone():
                self._reset()
                self.done.emit(answer)
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case ExchangeToPay():
                self._reset()
                self.left_to_pay.emit()
            case RefundChanged():
                self._reset()
            case AskToKeepPieces(wanted, receipt):
                self._set_busy(True)
                self._parts.ask_aside(
                    ask_reservation, self._kept_for(wanted, receipt), wanted=wanted
                )
            case PiecesSettled() if self._state is not None:
                self.confirm(self._state, self._exchange)
            case TerminalsDone(state):
                self._reset()
                self.confirm(state, None)
            case _:
                if not self._terminal_answered(answer):
                    self.refused.emit(answer)

    def _kept_for(self, wanted: Reservation, receipt: str) -> Callable[[Any], None]:
        def told(answer: ReserveAnswer) -> None:
            settle = {"reservation_id": wanted.reservation_id, "receipt_code": receipt}
            self._ask(settle_pieces, answer=answer, **settle)

        return told

    def _terminal_answered(self, answer: Any) -> bool:
        """What concerns a terminal. False: it is something else."""
        match answer:
            case AskTerminalBack(_, attempt):
                self._ask_terminal(attempt)
            case NotGivenBack(_, attempt, reason):
                self._wait_for_person(attempt, Phase.REFUSED, reason)
            case GivingBackUnknown(_, attempt):
                self._wait_for_person(attempt, Phase.UNKNOWN)
            case GaveBackByHand(_, attempt):
                self._wait_for_person(attempt, Phase.BY_HAND)
            case NoTerminalBack(state, kind):
                parts = state.total.payouts if state.total is not None else ()
                amount = next((each.amount for each in parts if each.kind == kind), ZERO)
                self.form = TerminalForm(Phase.NO_TERMINAL, kind, amount)
                self.needs_attention.emit()
            case _:
                return False
        return True

    def _ask_terminal(self, attempt: RefundAttempt) -> None:
        self._attempt = attempt
        self.form = TerminalForm(Phase.PROCESSING, attempt.kind, attempt.amount, is_busy=True)
        self._talk.ask(ask_terminal_back, attempt=attempt)
        self.changed.emit()

    def _said(self, result: Any) -> None:
        if self._attempt is not None:
            attempt_id = self._attempt.attempt_id
            self._ask(finish_giving_back, attempt_id=attempt_id, result=result)

    def _wait_for_person(self, attempt: RefundAttempt, phase: Phase, reason: str = "") -> None:
        self._attempt = attempt
        self.form = TerminalForm(phase, attempt.kind, attempt.amount, reason)
        self.needs_attention.emit()

    # ------------------------------------------------------------------ helpers

    def _ask(self, service: Callable[..., Any], **wanted: Any) -> None:
        self._set_busy(True)
        self._parts.ask(service, self._answered, on_error=self._failed, **wanted)

    def _failed(self, error: BaseException) -> None:
        """A service raised. With a try open nobody knows whether money went back."""
        self._talk.stop()
        if self._attempt is not None and self.form.phase is Phase.PROCESSING:
            self.form = replace(self.form, phase=Phase.UNKNOWN)
        self._set_busy(False)
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _reset(self) -> None:
        self._attempt = None
        self.form = TerminalForm()
        self.changed.emit()

    def _set_busy(self, busy: bool) -> None:
        self.form = replace(self.form, is_busy=busy)
        self.changed.emit()

    def _tick(self) -> None:
        self.form = replace(self.form, elapsed_s=self._talk.elapsed_s)
        self.changed.emit()
