"""Goods back: the open refund of a known sale - begun, chosen line by line, given up.

Owns: the refund as it is, which line is current, the new goods of an exchange. Does not own: the
sale's search (search.py), the money (giving_back.py), drawing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.ids import OpId
from app.domain.open_refund import REFUND_REASONS
from app.domain.quantity import THOUSAND, Quantity
from app.services.goods_exchange import ExchangeState, exchange_state, make_exchange
from app.services.refund import (
    NoOpenRefund,
    RefundChanged,
    RefundGivenUp,
    RefundOpenAlready,
    begin_refund,
    cancel_refund,
    choose_back,
    give_reason,
    open_refund,
    scan_back,
)
from app.services.refund_answers import NothingChosen
from app.services.refund_search import AllBackAlready
from app.services.refund_state import RefundLine, RefundState
from app.services.scan import scan_code
from ui.window_parts import WindowParts


class GoodsBack(QObject):
    """What comes back of one sale.

    Signals:
        opened: A refund is open now, begun or found again.
        changed: Something of it is another one.
        none_open: There is no open refund (any more).
        all_back: Nothing of that sale is left. arg: AllBackAlready.
        refused: It was not done. arg: the answer that says why.
        rung_up: New goods were scanned. arg: the answer of the scan.
    """

    opened = Signal()
    changed = Signal()
    none_open = Signal()
    all_back = Signal(object)
    refused = Signal(object)
    rung_up = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.state: RefundState | None = None
        self.exchange: ExchangeState | None = None
        self.current = ""

    @property
    def line(self) -> RefundLine | None:
        """The current line."""
        lines = self.state.lines if self.state is not None else ()
        return next((line for line in lines if line.line_id == self.current), None)

    @property
    def current_name(self) -> str:
        return self.line.name if self.line is not None else ""

    @property
    def has_chosen(self) -> bool:
        lines = self.state.lines if self.state is not None else ()
        return any(line.chosen.thousandths for line in lines)

    # ------------------------------------------------------------------ acts

    def find_open(self) -> None:
        """The refund that was not finished, also after a restart."""
        self._parts.ask(open_refund, self._begun)

    def begin(self, sale_id: OpId) -> None:
        self._parts.ask(begin_refund, self._begun, sale_id=sale_id)

    def give_up(self) -> None:
        self._parts.ask(cancel_refund, self._given_up)

    def scan(self, text: str) -> None:
        """Goods of the sale; in an exchange the new ones."""
        if self.state is not None and self.state.exchange:
            self._parts.ask(scan_code, self.rung_up.emit, text=text)
        else:
            self._parts.ask(scan_back, self._chosen, text=text)

    def step(self, line_id: str, by: int) -> None:
        """One piece more or fewer; of a weight all of it or nothing."""
        self.current = line_id
        line = self.line
        if line is None:
            return
        now = line.chosen.thousandths + by * THOUSAND
        if line.by_weight:
            now = line.left.thousandths if by > 0 else 0
        if now >= 0:
            self.choose(Quantity(now))

    def choose(self, quantity: Quantity) -> None:
        """So much of the current line."""
        self._ask(choose_back, line_id=self.current, quantity=quantity)

    def give_reason(self, number: int) -> None:
        """Its digit, from 1; then the next line without one is current."""
        line = self.line
        if line is None or not line.chosen.thousandths:
            self.refused.emit(NothingChosen())
        elif number <= len(REFUND_REASONS):
            reason = REFUND_REASONS[number - 1]
            self._parts.ask(give_reason, self._reasoned, line_id=self.current, reason=reason)

    def move(self, step: int) -> None:
        """Another line by an arrow key."""
        ids = [line.line_id for line in self.state.lines] if self.state is not None else []
        if ids:
            here = ids.index(self.current) if self.current in ids else -step
            self.current = ids[max(0, min(len(ids) - 1, here + step))]
            self.changed.emit()

    def toggle_exchange(self) -> None:
        state = self.state
        if state is not None:
            self._parts.ask(
                make_exchange, self._chosen, refund_id=state.refund_id, on=not state.exchange
            )

    def adopt(self, state: RefundState) -> None:
        """A newer one, from whoever asked."""
        self.state = state
        self.refresh_exchange()
        self.changed.emit()

    def refresh_exchange(self) -> None:
        """Both sides again: the new goods or those that come back are others."""
        state = self.state
        if state is None or not state.exchange or state.total is None:
            self.exchange = None
        else:
            self._parts.ask(exchange_state, self._weighed_up, refund_id=state.refund_id)

    def forget(self) -> None:
        """It is done or given up."""
        self.state, self.exchange, self.current = None, None, ""

    # ------------------------------------------------------------------ answers

    def _begun(self, answer: Any) -> None:
        match answer:
            case RefundChanged(state) | RefundOpenAlready(state):
                self.state = state
                known = {line.line_id for line in state.lines}
                if self.current not in known:
                    left = [line for line in state.lines if line.left.thousandths]
                    self.current = left[0].line_id if left else ""
                self.refresh_exchange()
                self.opened.emit()
                if isinstance(answer, RefundOpenAlready):
                    self.refused.emit(answer)
            case NoOpenRefund():
                self.forget()
                self.none_open.emit()
            case AllBackAlready():
                self.all_back.emit(answer)
            case _:
                self.refused.emit(answer)

    def _chosen(self, answer: Any) -> None:
        if isinstance(answer, RefundChanged):
            if answer.line_id is not None:
                self.current = answer.line_id
            self.adopt(answer.state)
        else:
            line_id = getattr(answer, "line_id", "")
            self.current = line_id or self.current
            self.refused.emit(answer)

    def _reasoned(self, answer: Any) -> None:
        self._chosen(answer)
        if isinstance(answer, RefundChanged) and answer.state.missing_reasons:
            self.current = answer.state.missing_reasons[0]
            self.changed.emit()

    def _weighed_up(self, answer: Any) -> None:
        self.exchange = answer if isinstance(answer, ExchangeState) else None
        self.changed.emit()

    def _given_up(self, answer: Any) -> None:
        if isinstance(answer, RefundGivenUp | NoOpenRefund):
            self.forget()
            self.none_open.emit()
        else:
            self.refused.emit(answer)

    def _ask(self, service: Callable[..., Any], **wanted: Any) -> None:
        self._parts.ask(service, self._chosen, **wanted)
