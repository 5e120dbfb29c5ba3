"""Money acts: cash, terminals and giving a part back, as one thing that is busy or free.

Owns: which of the three is at work, and passing on what came of it. Does not own: the acts
themselves (cash_act.py, terminal_flow.py, part_back.py), what is drawn and said (controller.py).
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.payment import PaymentAttempt, Tender
from app.services.till_state import TillState
from ui.payment.cash_act import CashAct
from ui.payment.part_back import PartBack
from ui.payment.sentences import PartAnswer, part_words, set_aside_words
from ui.payment.terminal_flow import TerminalFlow
from ui.payment.terminal_view import TerminalAct
from ui.payment.view_model import Phase
from ui.window_parts import WindowParts


class MoneyActs(QObject):
    """Everything that moves money at the payment screen; one at a time.

    Signals:
        changed: Phase, seconds or busy are other ones.
        needs_attention: Only a person can go on now.
        done: The sale is done. arg: SaleDone.
        said: A part was taken, went back or stays, or nobody waits any more. arg: PartWords.
        refused: It did not happen. arg: the answer that says why.
    """

    changed = Signal()
    needs_attention = Signal()
    done = Signal(object)
    said = Signal(object)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, over: QWidget) -> None:
        super().__init__()
        self._parts = parts
        self.cash, self.flow = CashAct(parts, over), TerminalFlow(parts)
        self.back = PartBack(parts, over)
        for act in (self.cash, self.flow, self.back):
            act.setParent(self)
            act.changed.connect(self.changed)
        for takes in (self.cash, self.flow):
            takes.done.connect(self.done)
            takes.part_taken.connect(self._moved)
            takes.refused.connect(self.refused)
        self.flow.ended.connect(self.refused)
        self.flow.was_set_aside.connect(self._set_aside)
        self.flow.needs_attention.connect(self.needs_attention)
        self.back.needs_attention.connect(self.needs_attention)
        self.back.went_back.connect(self._moved)
        self.back.stays.connect(self._moved)
        self.back.refused.connect(self.refused)

    @property
    def phase(self) -> Phase:
        """Where taking the money, or giving a part of it back, stands."""
        return self.back.phase if self.back.phase is not Phase.CHOOSE else self.flow.phase

    @property
    def is_busy(self) -> bool:
        """An answer is awaited."""
        return self.cash.is_busy or self.flow.is_busy or self.back.is_busy

    @property
    def is_free(self) -> bool:
        """Nothing is under way and no terminal waits for a word."""
        return self.phase is Phase.CHOOSE and not self.is_busy

    @property
    def asked(self) -> PaymentAttempt | Tender | None:
        """What a terminal was asked for, to take or to give back."""
        if self.phase is Phase.CHOOSE:
            return None
        return self.back.tender if self.back.phase is not Phase.CHOOSE else self.flow.attempt

    @property
    def elapsed_s(self) -> int:
        """How long the terminal has been asked."""
        is_back = self.back.phase is not Phase.CHOOSE
        return self.back.elapsed_s if is_back else self.flow.elapsed_s

    def begin(self, state: TillState) -> None:
        """The screen is entered; something may have been found open."""
        self.flow.begin(state.attempt)
        self.back.begin(state)

    def act(self, act: TerminalAct) -> None:
        """What the person at the till says to what a terminal left open."""
        if self.back.phase is Phase.CHOOSE:
            self.flow.act(act)
        else:
            self.back.act(act)

    def _moved(self, answer: PartAnswer) -> None:
        self.said.emit(part_words(answer, self._parts.wording))

    def _set_aside(self) -> None:
        self.said.emit(set_aside_words(self._parts.wording))
