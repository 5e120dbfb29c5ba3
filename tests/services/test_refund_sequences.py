"""Whole days of selling, refunding and exchanging that end with everything back: at exactly zero.

Owns: random sequences (fixed seeds) over the real store: split tenders, points, coupons, weights.
Does not own: single refunds (test_refund.py), the laws on paper (tests/domain/test_refund_laws.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from app.domain.facts import RefundRecorded, SaleRecorded, read_fact
from app.domain.money import Money
from app.domain.quantity import Quantity, pieces
from app.domain.view import view
from app.services.checkout import SaleDone
from app.services.goods_exchange import ExchangeToPay, confirm_exchange, make_exchange
from app.services.payment import ask_terminal, finish_payment, pay_cash, start_payment
from app.services.redeem import redeem_points
from app.services.refund import RefundChanged, begin_refund, choose_back
from app.services.refund_answers import AskTerminalBack, RefundDone, TerminalsDone
from app.services.refund_payment import ask_terminal_back, confirm_refund, finish_giving_back
from app.services.scan import scan_code
from app.services.tender import take_cash_part
from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL, RealShop
from tests.services.refunds import Scripted, account_of, shop_with, verified

GOODS = (MILK, OIL, TOWEL, APPLE_LABEL)
MEMBER = "张三丰"


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def shop(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    for made in shop_with(bank, tmp_path):
        made.sign_in("王芳")
        yield made


class Manager:
    """A manager at the till: sells, takes back, exchanges, by chance."""

    def __init__(self, shop: RealShop, chance: Random) -> None:
        self.shop = shop
        self.chance = chance

    def sell(self) -> None:
        if self.chance.random() < 0.7:
            self.shop.do(scan_code, text=self.shop.cards[MEMBER])
        for code in self.chance.choices(GOODS, k=self.chance.randint(1, 4)):
            self.shop.do(scan_code, text=code)
        if self.shop.shop.desk.state.seat is not None and self.chance.random() < 0.5:
            self.shop.do(redeem_points, points=self.chance.choice((100, 200, "max")))
        self._pay()

    def _pay(self) -> None:
        if self.chance.random() < 0.3:
            self.shop.do(take_cash_part, received=Money(self.chance.choice((500, 1000))))
        if self.shop.shop.desk.state.basket.is_empty:
            return
        if self.chance.random() < 0.5:
            attempt = self.shop.do(start_payment, kind="mobile")
            if isinstance(attempt, SaleDone):
                return
            attempt = attempt.attempt
            result = ask_terminal(shop=self.shop.shop, attempt=attempt)
            done = self.shop.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
        else:
            done = self.shop.do(pay_cash)
        assert isinstance(done, SaleDone), done

    def sales_left(self) -> list[str]:
        """Sales of which something is still out."""

        def left(shop: Any, work: Any) -> list[str]:
            return [
                sale.sale_id
                for sale in work.sales.latest(200)
                if not any(refund.last_piece for refund in work.refunds.of_sale(sale.sale_id))
            ]

        return list(self.shop.do(left))

    def take_back(self, *, may_exchange: bool) -> None:
        sale_id = self.chance.choice(self.sales_left())
        begun = self.shop.do(begin_refund, sale_id=sale_id)
        assert isinstance(begun, RefundChanged), begun
        refund = begun.state.refund_id
        lines = [line for line in begun.state.lines if line.left.thousandths]
        for line in self.chance.sample(lines, self.chance.randint(1, len(lines))):
            self.shop.do(
                choose_back, line_id=line.line_id, quantity=self._some(line), reason="unwanted"
            )
        if may_exchange and self.chance.random() < 0.3:
            self._exchange(refund)
            return
        answer = self.shop.do(confirm_refund, refund_id=refund)
        while isinstance(answer, AskTerminalBack):
            answer = self._terminal(answer)
        assert isinstance(answer, RefundDone), answer

    def _some(self, line: Any) -> Quantity:
        if line.by_weight:
            return Quantity(
                self.chance.choice((line.left.thousandths, 1 + line.left.thousandths // 3))
            )
        return pieces(self.chance.randint(1, line.left.pieces))

    def _exchange(self, refund: str) -> None:
        self.shop.do(make_exchange, refund_id=refund)
        if self.chance.random() < 0.5:
            self.shop.do(scan_code, text=self.shop.cards[MEMBER])
        for code in self.chance.choices(GOODS, k=self.chance.randint(1, 2)):
            self.shop.do(scan_code, text=code)
        answer = self.shop.do(confirm_exchange, refund_id=refund)
        while isinstance(answer, AskTerminalBack | TerminalsDone):
            if isinstance(answer, AskTerminalBack):
                answer = self._terminal(answer)
            else:
                answer = self.shop.do(confirm_exchange, refund_id=refund)
        if isinstance(answer, ExchangeToPay):
            self._pay()
        else:
            assert isinstance(answer, SaleDone), answer

    def _terminal(self, asked: AskTerminalBack) -> Any:
        result = ask_terminal_back(shop=self.shop.shop, attempt=asked.attempt)
        key = asked.attempt.attempt_id
        return self.shop.do(finish_giving_back, attempt_id=key, result=result)


def facts_of(shop: RealShop) -> tuple[list[SaleRecorded], list[RefundRecorded]]:
    facts = [
        read_fact(stored.data)
        for stored in shop.do(lambda shop, work: work.facts.all_facts(limit=10_000))
    ]
    return (
        [fact for fact in facts if isinstance(fact, SaleRecorded)],
        [fact for fact in facts if isinstance(fact, RefundRecorded)],
    )


@pytest.mark.parametrize("seed", range(4))
def test_when_everything_is_back_money_points_coupons_and_visits_are_as_before(
    shop: RealShop, bank: Scripted, seed: int
) -> None:
    counter = Manager(shop, Random(seed))
    before = account_of(shop, shop.members[MEMBER])
    for _ in range(8):
        counter.sell()
        if counter.chance.random() < 0.6:
            counter.take_back(may_exchange=True)
    while counter.sales_left():
        counter.take_back(may_exchange=False)

    sales, refunds = facts_of(shop)
    assert all(refund.points_kept == 0 for refund in refunds)
    for sale in sales:
        mine = [refund for refund in refunds if refund.sale == sale.op_id]
        assert sum(each.settled_minor for each in mine) == sum(
            tender.amount_minor for tender in sale.tenders
        )
        assert sum(each.round_off_minor for each in mine) == sale.round_off_minor
    money: Counter[str] = Counter()
    for tender in (each for sale in sales for each in sale.tenders):
        money[tender.kind] += tender.amount_minor
    for tender in (each for refund in refunds for each in refund.tenders):
        money[tender.kind] -= tender.amount_minor
    in_cash = sum(refund.cash_rest_minor for refund in refunds)
    # Credit that came back in cash was card or cash money once; all in all nothing is left.
    assert sum(money.values()) == in_cash
    taken = sum(amount.minor for amount in bank.bank.taken().values())
    given = sum(amount.minor for amount in bank.bank.given_back().values())
    assert taken - given == money["mobile"]

    after = account_of(shop, shop.members[MEMBER])
    assert (after.gained, after.taken, after.prolonged) == (
        before.gained, before.taken, before.prolonged,
    )  # fmt: skip
    program = shop.shop.desk.state.program
    was, now = (view(each, program, date(2026, 11, 21)) for each in (before, after))
    assert (now.balance, now.debt_points, now.visits) == (was.balance, 0, was.visits)
    assert now.spend_in_window == was.spend_in_window
    assert {c.coupon_id for c in now.coupons} == {c.coupon_id for c in was.coupons}
    assert verified(shop) == []
