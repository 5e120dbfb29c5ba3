"""The till that gets killed while goods come back: sells, refunds and exchanges without end.

Owns: one cashier's refunds, each said before it is tried and after it was answered. Does not own:
any check (test_kill_refund.py), how a till is opened (shop.py).
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from app.domain.quantity import pieces
from app.services.checkout import SaleDone
from app.services.goods_exchange import ExchangeToPay, confirm_exchange, make_exchange
from app.services.payment import pay_cash
from app.services.ports import UnitOfWork
from app.services.refund import RefundChanged, begin_refund, choose_back, open_refund
from app.services.refund_answers import (
    AskTerminalBack,
    GivingBackUnknown,
    NotGivenBack,
    RefundDone,
    TerminalsDone,
)
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_refund,
    finish_giving_back,
    open_tries,
    query_terminal_back,
)
from app.services.refund_state import RefundState
from app.services.scan import scan_code
from app.services.shop import Shop
from tests.kill.child import Cashier
from tests.kill.shop import OpenTill, Place, keys_in_files, open_as_till, sign_in
from tests.real_shop import MILK, OIL, TOWEL

GOODS = (MILK, OIL, TOWEL)


def take_goods_back(folder: Path, seed: str, refunds: int | None, pipe: Connection) -> None:
    """Settle what a kill left open, finish it, then sell and refund, without end unless told."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        sign_in(till)
        cashier = Cashier(till, chance, pipe)
        cashier.settle_open_attempts()
        counter = RefundCounter(till, cashier, chance)
        counter.settle_tries()
        counter.finish_what_is_open()
        cashier.say(opened=True)
        while refunds is None or counter.done < refunds:
            counter.one_round()


class RefundCounter:
    """A cashier who takes goods back, some of them against new ones."""

    def __init__(self, till: OpenTill, cashier: Cashier, chance: Random) -> None:
        self._shop = till.shop
        self._cashier = cashier
        self._chance = chance
        self.done = 0

    def settle_tries(self) -> None:
        """What may have given money back before the kill is asked about, never asked for again."""
        for attempt in self._cashier.do(lambda shop, work: open_tries(work=work)):
            result = query_terminal_back(shop=self._shop, attempt=attempt)
            self._settle(attempt, result)

    def finish_what_is_open(self) -> None:
        """The refund a kill left half done, and the basket beside it."""
        found = self._cashier.do(open_refund)
        if isinstance(found, RefundChanged):
            if found.state.total is None:
                self._choose(found.state)
            self._confirm(found.state.refund_id, exchange=found.state.exchange)
        if self._cashier.do(_basket_has_goods):
            self._cashier.do(pay_cash)

    def one_round(self) -> None:
        """A sale, and then something of a sale with pieces left comes back."""
        for code in self._chance.choices(GOODS, k=self._chance.randint(1, 3)):
            self._cashier.do(scan_code, text=code)
        self._cashier._pay()
        sales = self._cashier.do(_with_pieces_left)
        begun = self._cashier.do(begin_refund, sale_id=self._chance.choice(sales))
        assert isinstance(begun, RefundChanged), begun
        refund = begun.state.refund_id
        self._choose(begun.state)
        exchange = self._chance.random() < 0.4
        if exchange:
            self._cashier.do(make_exchange, refund_id=refund)
            self._cashier.do(scan_code, text=self._chance.choice(GOODS))
        self._confirm(refund, exchange=exchange)

    def _choose(self, state: RefundState) -> None:
        for line in state.lines:
            left = line.left.pieces
            if left and (self._chance.random() < 0.6 or line is state.lines[-1]):
                count = self._chance.randint(1, left)
                self._back(line.line_id, count)
        if self._cashier.do(open_refund).state.total is None:
            line = next(each for each in state.lines if each.left.thousandths)
            self._back(line.line_id, 1)

    def _back(self, line_id: str, count: int) -> None:
        answer = self._cashier.do(
            choose_back, line_id=line_id, quantity=pieces(count), reason="unwanted"
        )
        assert isinstance(answer, RefundChanged), answer

    def _confirm(self, refund: str, *, exchange: bool) -> None:
        self._cashier.say(trying="exchange" if exchange else "refund", refund=refund)
        while True:
            if exchange and not self._cashier.do(_basket_has_goods):
                self._cashier.do(scan_code, text=self._chance.choice(GOODS))
            confirm = confirm_exchange if exchange else confirm_refund
            answer = self._cashier.do(confirm, refund_id=refund)
            while isinstance(answer, AskTerminalBack):
                result: Any = ask_terminal_back(shop=self._shop, attempt=answer.attempt)
                answer = self._settle(answer.attempt, result)
            if isinstance(answer, NotGivenBack | TerminalsDone):
                continue  # the bank said no, try again; or it is the till's turn
            if isinstance(answer, ExchangeToPay):
                answer = self._cashier.do(pay_cash)
            assert isinstance(answer, RefundDone | SaleDone), answer
            self.done += 1
            self._cashier.say(refunded=refund)
            return

    def _settle(self, attempt: Any, result: Any) -> Any:
        """Tell the till what the bank said, and ask it until it says something."""
        while True:
            answer = self._cashier.do(
                finish_giving_back, attempt_id=attempt.attempt_id, result=result
            )
            if not isinstance(answer, GivingBackUnknown):
                if isinstance(answer, RefundDone):
                    self._cashier.say(refunded=answer.refund_id)
                return answer
            result = query_terminal_back(shop=self._shop, attempt=attempt)


def _basket_has_goods(*, shop: Shop, work: UnitOfWork) -> bool:
    return not shop.desk.state.basket.is_empty


def _with_pieces_left(*, shop: Shop, work: UnitOfWork) -> list[str]:
    sales = work.sales.latest(12)
    return [
        sale.sale_id
        for sale in sales
        if not any(refund.last_piece for refund in work.refunds.of_sale(sale.sale_id))
    ]
