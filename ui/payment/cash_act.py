"""Cash at the payment screen: all that is due or a part of it, and the question before too much.

Owns: which service takes it, the question about an unlikely amount. Does not own: what is due, the
words (sentences.py).
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.domain.money import Money
from app.services.checkout import SaleDone
from app.services.payment import ConfirmAmount, TenderTaken, pay_cash
from app.services.tender import take_cash_part
from ui.kit.dialogs import ConfirmDialog
from ui.payment import sentences
from ui.window_parts import WindowParts


class CashAct(QObject):
    """Takes cash.

    Signals:
        changed: It is busy, or free again.
        done: The sale is done. arg: SaleDone.
        part_taken: It was a part; the rest is still to come. arg: TenderTaken.
        refused: A service said no. arg: its answer.
    """

    changed = Signal()
    done = Signal(object)
    part_taken = Signal(object)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, over: QWidget) -> None:
        super().__init__()
        self._parts, self._over = parts, over
        self.is_busy = False

    def take(
        self, received: Money | None, shown: Money, *, in_parts: bool, confirmed: bool = False
    ) -> None:
        """Take what was typed (None: exactly what is `shown` as due).

        `in_parts`: less than what is due is a part of it, not a mistake.
        """
        wanted = {"received": received, "shown": shown, "confirmed": confirmed}
        service = take_cash_part if in_parts and received is not None else pay_cash

        def answered(answer: Any) -> None:
            self._answered(answer, shown, in_parts=in_parts)

        self._set_busy(True)
        self._parts.ask(service, answered, on_error=self._failed, **wanted)

    def _answered(self, answer: Any, shown: Money, *, in_parts: bool) -> None:
        self._set_busy(False)
        match answer:
            case SaleDone():
                self.done.emit(answer)
            case TenderTaken():
                self.part_taken.emit(answer)
            case ConfirmAmount(received, _):
                wording = self._parts.wording
                question = sentences.amount_question(received, self._parts.state, wording)
                dialog = ConfirmDialog(self._over, question)
                dialog.accepted.connect(
                    lambda: self.take(received, shown, in_parts=in_parts, confirmed=True)
                )
                dialog.open()
            case _:
                self.refused.emit(answer)

    def _failed(self, error: BaseException) -> None:
        self._set_busy(False)
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)

    def _set_busy(self, busy: bool) -> None:
        self.is_busy = busy
        self.changed.emit()
