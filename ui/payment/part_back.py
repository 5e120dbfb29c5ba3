"""Part back: giving back a part of the money while the sale is not complete.

Owns: the question before it, the order of steps (ask, settle), the phase. Does not own: what is
drawn (view_model.py), the question to a terminal (terminal_talk.py), the steps themselves
(services/tender.py).

A terminal is asked once per key. Whatever goes wrong after that (an error, a lost answer, a crash)
ends in the phase BACK_UNKNOWN, whose only acts are to query and to count the part as paid.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.payment import QueryResult, Tender, said_by_hand
from app.services.tender import (
    AskTenderBack,
    ConfirmTenderBack,
    TenderBackUnknown,
    TenderKept,
    TenderRemoved,
    TenderStays,
    ask_tender_back,
    query_tender_back,
    remove_tender,
    stop_giving_back,
)
from app.services.till_state import TillState
from ui.kit.dialogs import ConfirmDialog
from ui.payment.taken import give_back_question, is_credit
from ui.payment.terminal_talk import TerminalTalk
from ui.payment.terminal_view import TerminalAct
from ui.payment.view_model import Phase
from ui.window_parts import WindowParts


class PartBack(QObject):
    """Where giving a part back stands.

    Signals:
        changed: Phase, seconds or busy are other ones.
        needs_attention: Only a person can go on now (unknown, or to be confirmed by hand).
        went_back: It is off the basket. arg: TenderRemoved.
        stays: It counts as before. arg: TenderStays or TenderKept.
        refused: A service said no. arg: its answer.
    """

    changed = Signal()
    needs_attention = Signal()
    went_back = Signal(object)
    stays = Signal(object)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, over: QWidget) -> None:
        super().__init__()
        self._parts, self._over = parts, over
        self.phase = Phase.CHOOSE
        self.tender: Tender | None = None
        self.is_busy = False
        self.dialog: ConfirmDialog | None = None
        self._place = 0
        self._talk = TerminalTalk(parts, self)
        self._talk.said.connect(self._settle)
        self._talk.ticked.connect(self.changed)

    @property
    def elapsed_s(self) -> int:
        """How long the terminal has been asked."""
        return self._talk.elapsed_s

    def begin(self, state: TillState) -> None:
        """The screen is entered; a terminal may have been asked before and not have said."""
        self._talk.reset()
        self.phase, self.tender, self.is_busy = Phase.CHOOSE, None, False
        for place, tender in enumerate(state.tenders):
            if state.giving_back and tender.attempt_id == state.giving_back:
                self._place, self.tender, self.phase = place, tender, Phase.BACK_UNKNOWN

    def ask(self, place: int, state: TillState) -> None:
        """Ask whether the part in this place goes back; then give it back."""
        tender = state.tenders[place] if 0 <= place < len(state.tenders) else None
        if tender is None or is_credit(tender) or self.is_busy or self.phase is not Phase.CHOOSE:
            return
        self._place, self.tender = place, tender
        question = give_back_question(tender, state, self._parts.wording)
        self.dialog = ConfirmDialog(self._over, question)
        self.dialog.accepted.connect(self._give_back)
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def close(self) -> None:
        """The screen is left: a question that is open is answered with no."""
        if self.dialog is not None:
            self.dialog.reject()

    def act(self, act: TerminalAct) -> None:
        """What the person at the till says or wants."""
        if self.is_busy or self.phase is Phase.CHOOSE:
            return
        match act:
            case "taken":
                self._settle(said_by_hand(moved=True))
            case "not_taken":
                self._settle(said_by_hand(moved=False))
            case "check":
                self._ask(remove_tender, place=self._place)
            case "keep":
                self._ask(stop_giving_back, place=self._place)
            case "cash":
                pass  # a part goes back as it was taken

    def _give_back(self) -> None:
        self._ask(remove_tender, place=self._place)

    def _settle(self, result: QueryResult) -> None:
        """What the terminal (or the cashier who looked at it) says."""
        self._ask(remove_tender, place=self._place, back=result)

    def _answered(self, answer: Any) -> None:
        self._talk.stop()
        self._set_busy(False)
        match answer:
            case AskTenderBack():
                self._talk_to_terminal(answer)
            case TenderBackUnknown():
                self._wait_for_person(Phase.BACK_UNKNOWN)
            case ConfirmTenderBack():
                self._wait_for_person(Phase.BACK_BY_HAND)
            case TenderRemoved():
                self._end()
                self.went_back.emit(answer)
            case TenderStays() | TenderKept():
                self._end()
                self.stays.emit(answer)
            case _:
                self.refused.emit(answer)

    def _talk_to_terminal(self, asked: AskTenderBack) -> None:
        """Asked before, it is queried under its key; never asked twice for one giving back."""
        self.is_busy, self.phase = True, Phase.GIVING_BACK
        talk = self._talk.query if asked.was_asked else self._talk.ask
        talk(
            query_tender_back if asked.was_asked else ask_tender_back,
            tender=asked.tender,
            key=asked.key,
        )
        self.changed.emit()

    def _wait_for_person(self, phase: Phase) -> None:
        self.phase = phase
        self.needs_attention.emit()

    def _end(self) -> None:
        self.phase, self.tender = Phase.CHOOSE, None
        self.changed.emit()

    def _ask(self, service: Callable[..., Any], **wanted: Any) -> None:
        self._set_busy(True)
        self._parts.ask(service, self._answered, on_error=self._failed, **wanted)

    def _failed(self, error: BaseException) -> None:
        """A service raised. With a terminal asked nobody knows whether money went back."""
        self._talk.stop()
        if self.phase is Phase.GIVING_BACK:
            self.phase = Phase.BACK_UNKNOWN
        self._set_busy(False)
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        self.changed.emit()

    def _forget(self) -> None:
        self.dialog = None
