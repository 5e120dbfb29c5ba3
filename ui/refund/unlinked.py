"""Unlinked return: goods without a receipt, gathered here until they are confirmed.

Owns: the goods scanned, their reasons, asking what they come to and confirming. Does not own: what
is drawn (return_view.py), prices and the approval it always needs (services/unlinked_return.py).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.money import ZERO
from app.domain.open_refund import REFUND_REASONS
from app.domain.quantity import THOUSAND, Quantity
from app.services.approval import ApprovalNeeded
from app.services.product import ProductHit, ProductsFound, find_products
from app.services.refund_answers import NothingChosen, ReasonMissing, RefundDoneBefore
from app.services.unlinked_return import (
    GoodsUnknown,
    ReturnDone,
    ReturnItem,
    ReturnShown,
    ReturnWanted,
    confirm_return,
    new_return,
    show_return,
)
from ui.navigation import AskApproval
from ui.refund.return_form import ReturnForm, ReturnLine
from ui.window_parts import WindowParts


class UnlinkedReturn(QObject):
    """One return without a receipt.

    Signals:
        changed: There is something else to show.
        done: It is recorded. arg: ReturnDone or RefundDoneBefore.
        refused: It was not done. arg: the answer that says why.
    """

    changed = Signal()
    done = Signal(object)
    refused = Signal(object)

    def __init__(self, parts: WindowParts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self.form: ReturnForm | None = None
        self.current = ""
        self.is_busy = False

    @property
    def is_on(self) -> bool:
        return self.form is not None

    def begin(self, sale_code: str = "") -> None:
        """Nothing gathered yet; `sale_code`: the number on the customer's paper, where known."""
        self.form = ReturnForm(new_return(shop=self._parts.shop), sale_code=sale_code)
        self.changed.emit()

    def end(self) -> None:
        """Forget it; nothing was recorded."""
        self.form, self.current, self.is_busy = None, "", False

    @property
    def line(self) -> ReturnLine | None:
        """The current line."""
        return self._line(self.current)

    @property
    def current_name(self) -> str:
        return self.line.name if self.line is not None else ""

    @property
    def has_chosen(self) -> bool:
        return self.form is not None and bool(self.form.lines)

    def scan(self, text: str) -> None:
        """Goods were scanned or typed: one more of them."""

        def found(answer: ProductsFound) -> None:
            is_one = answer.is_code or (len(answer.hits) == 1 and not answer.more)
            if self.form is None:
                return
            if is_one and answer.hits[0].unit_price is not None:
                self._one_more(answer.hits[0])
            else:
                self.refused.emit(GoodsUnknown(text))

        self._parts.look_up(find_products, found, text=text)

    def choose(self, quantity: Quantity) -> None:
        """So much of the current goods; zero takes them off the list."""
        if self.form is not None:
            lines = tuple(
                replace(line, quantity=quantity) if line.sku == self.current else line
                for line in self.form.lines
            )
            self._keep(tuple(line for line in lines if line.quantity.thousandths))

    def step(self, sku: str, by: int) -> None:
        """One more or one fewer."""
        self.current = sku
        if self.line is not None:
            self.choose(Quantity(max(0, self.line.quantity.thousandths + by * THOUSAND)))

    def give_reason(self, number: int) -> None:
        """Its digit, from 1; then the next goods without one are current."""
        if self.form is None or number > len(REFUND_REASONS):
            return
        reason = REFUND_REASONS[number - 1]
        lines = tuple(
            replace(line, reason=reason) if line.sku == self.current else line
            for line in self.form.lines
        )
        bare = next((line.sku for line in lines if line.reason is None), self.current)
        self.current = bare
        self._keep(lines)

    def move(self, step: int) -> None:
        """Other goods by an arrow key."""
        skus = [line.sku for line in self.form.lines] if self.form is not None else []
        if skus:
            here = skus.index(self.current) if self.current in skus else -step
            self.current = skus[max(0, min(len(skus) - 1, here + step))]
            self.changed.emit()

    def confirm(self) -> None:
        """Give cash for it: always with somebody's yes."""
        form = self.form
        if form is None or self.is_busy:
            return
        bare = next((line for line in form.lines if line.reason is None), None)
        if not form.lines:
            self.refused.emit(NothingChosen())
        elif bare is not None:
            self.refused.emit(ReasonMissing(bare.sku))
        else:
            self.is_busy = True
            self._parts.ask(
                confirm_return, self._answered, on_error=self._failed, wanted=_wanted(form)
            )

    def _line(self, sku: str) -> ReturnLine | None:
        lines = self.form.lines if self.form is not None else ()
        return next((line for line in lines if line.sku == sku), None)

    def _one_more(self, hit: ProductHit) -> None:
        assert self.form is not None, "asked while a return is open"
        if self._line(hit.sku) is not None:
            self.step(hit.sku, 1)
            return
        price = hit.unit_price or ZERO
        line = ReturnLine(hit.sku, hit.name, hit.unit, Quantity(THOUSAND), price, hit.weighed)
        self.current = hit.sku
        self._keep((*self.form.lines, line))

    def _keep(self, lines: tuple[ReturnLine, ...]) -> None:
        assert self.form is not None, "kept while a return is open"
        shown = self.form.shown if lines else None
        form = self.form = replace(self.form, lines=lines, shown=shown)
        if self.line is None:
            self.current = lines[-1].sku if lines else ""
        self.changed.emit()
        if lines:
            self._parts.ask(show_return, self._priced(form), wanted=_wanted(form))

    def _priced(self, asked: ReturnForm) -> Any:
        def priced(answer: object) -> None:
            if self.form is None or self.form.lines != asked.lines:
                return  # something else was scanned meanwhile: its own answer follows
            if isinstance(answer, ReturnShown):
                self.form = replace(self.form, shown=answer)
                self.changed.emit()
            else:
                self.refused.emit(answer)

        return priced

    def _answered(self, answer: Any) -> None:
        self.is_busy = False
        match answer:
            case ReturnDone() | RefundDoneBefore():
                self.end()
                self.done.emit(answer)
            case ApprovalNeeded():
                self._parts.navigation.open_dialog(AskApproval(answer, self._answered))
            case _:
                self.refused.emit(answer)

    def _failed(self, error: BaseException) -> None:
        self.is_busy = False
        if self._parts.on_fault is not None:
            self._parts.on_fault(error)


def _wanted(form: ReturnForm) -> ReturnWanted:
    """Lines without a reason yet are priced alike: a reason moves no money."""
    items = tuple(
        ReturnItem(line.sku, line.quantity, line.reason or "other") for line in form.lines
    )
    return ReturnWanted(form.return_id, items, form.sale_code)
