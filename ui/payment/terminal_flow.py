"""Terminal flow: one attempt to take money, from its record to a known result.

Owns: the order of steps (record, ask, settle), the phase, querying and setting aside. Does not own:
what is drawn (view_model.py), the question itself (terminal_talk.py), the steps themselves
(services/payment.py).

A terminal is asked once per attempt. Whatever goes wrong after that (an error, a lost answer, a
crash) ends in the phase UNKNOWN, whose only acts are to query and to use cash instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.money import Money
from app.domain.payment import PaymentAttempt, TenderKind, waits_for_cashier
from app.services.answers import Changed
from app.services.checkout import SaleDone
from app.services.payment import (
    ConfirmByHand,
    NoSuchAttempt,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    PaymentWithoutSale,
    TenderTaken,
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    query_terminal,
    set_payment_aside,
    start_payment,
)
from ui.payment.terminal_talk import TerminalTalk
from ui.payment.terminal_view import TerminalAct
from ui.payment.view_model import Phase
from ui.window_parts import WindowParts


class TerminalFlow(QObject):
    """Where a terminal payment stands.

    Signals:
        changed: Phase, seconds or busy are other ones.
        needs_attention: Only a person can go on now (unknown, or to be confirmed by hand).
        done: The sale is done. arg: SaleDone.
        part_taken: It was a part; the rest is still to come. arg: TenderTaken.
        ended: The attempt is over without a sale. arg: the answer that says why.
        was_set_aside: Another tender is used; the attempt is still queried later.
        refused: A service said no. arg: its answer.
    """

    changed = Signal()
    needs_attention = Signal()
    done = Signal(object)
    part_taken = Signal(object)
    ended = Signal(object)
    was_set_aside = Signal()
    refused = Signal(object)

    def __init__(self, parts: WindowParts) -> None:
        super().__init__()
        self._parts = parts
        self.attempt: PaymentAttempt | None = None
        self.phase = Phase.CHOOSE
        self.is_busy = False
        self._payer_code: str | None = None
        self._talk = TerminalTalk(parts, self)
        self._talk.said.connect(self._answered)
        self._talk.ticked.connect(self.changed)

    @property
    def elapsed_s(self) -> int:
        """How long the terminal has been asked."""
        return self._talk.elapsed_s

    def begin(self, attempt: PaymentAttempt | None) -> None:
        """The screen is entered; `attempt` is one that was found open."""
        self._talk.reset()
        self.attempt, self.is_busy = attempt, False
        self.phase = Phase.CHOOSE if attempt is None else _phase_of(attempt)

    def start(
        self,
        kind: TenderKind,
        shown: Money,
        *,
        part: Money | None = None,
        payer_code: str | None = None,
    ) -> None:
        """Record an attempt, for all that is `shown` as due or a part of it, then ask the terminal.

        The payer's code is forgotten with the call.
        """
        self._payer_code = payer_code
        self._busy()
        self._ask(start_payment, self._started, kind=kind, shown=shown, part=part)

    def act(self, act: TerminalAct) -> None:
        """What the person at the till says or wants."""
        attempt = self.attempt
        if attempt is None or self.is_busy:
            return
        self._busy()
        match act:
            case "taken" | "not_taken":
                taken = act == "taken"
                self._ask(
                    confirm_by_hand, self._settled, attempt_id=attempt.attempt_id, taken=taken
                )
            case "check":
                self._talk.query(query_terminal, attempt=attempt)
            case "cash":
                self._ask(set_payment_aside, self._put_aside, attempt_id=attempt.attempt_id)
            case "keep":
                self._free()  # of giving back: not ours

    def _started(self, answer: Any) -> None:
        payer_code, self._payer_code = self._payer_code, None
        if isinstance(answer, SaleDone):  # nothing was due: no terminal is asked
            self._settled(answer)
            return
        if not isinstance(answer, PaymentStarted):
            self._free()
            self.refused.emit(answer)
            return
        self.attempt, self.phase = answer.attempt, Phase.PROCESSING
        self._talk.ask(ask_terminal, attempt=answer.attempt, payer_code=payer_code)
        self.changed.emit()

    def _answered(self, result: Any) -> None:
        if self.attempt is not None:
            attempt_id = self.attempt.attempt_id
            self._ask(finish_payment, self._settled, attempt_id=attempt_id, result=result)

    def _settled(self, answer: Any) -> None:
        self._talk.stop()
        self.is_busy = False
        match answer:
            case SaleDone():
                self.attempt, self.phase = None, Phase.CHOOSE
                self.done.emit(answer)
            case TenderTaken():
                self.attempt, self.phase = None, Phase.CHOOSE
                self.part_taken.emit(answer)
            case PaymentDeclined() | PaymentWithoutSale() | NoSuchAttempt():
                self.attempt, self.phase = None, Phase.CHOOSE
                self.ended.emit(answer)
            case PaymentUnknown(_, attempt) | ConfirmByHand(_, attempt):
                self.attempt, self.phase = attempt, _phase_of(attempt)
                self.needs_attention.emit()
            case _:
                self._free()
                self.refused.emit(answer)

    def _put_aside(self, answer: Any) -> None:
        self._free()
        if isinstance(answer, Changed | NoSuchAttempt):
            self.attempt, self.phase = None, Phase.CHOOSE
            self.was_set_aside.emit()
        else:
            self.refused.emit(answer)

    def _ask(self, service: Callable[..., Any], done: Callable[[Any], None], **wanted: Any) -> None:
        self._parts.ask(service, done, on_error=self._failed, **wanted)

    def _failed(self, error: BaseException) -> None:
        """A service raised. With an attempt open nobody knows whether money was taken."""
        self._talk.stop()
        if self.attempt is not None:
            self.phase = Phase.UNKNOWN
        self._free()
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _busy(self) -> None:
        self.is_busy = True
        self.changed.emit()

    def _free(self) -> None:
        self.is_busy = False
        self.changed.emit()


def _phase_of(attempt: PaymentAttempt) -> Phase:
    """An open attempt: the cashier knows, or only a query can tell."""
    return Phase.BY_HAND if waits_for_cashier(attempt) else Phase.UNKNOWN
