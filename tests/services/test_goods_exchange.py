"""An exchange: goods back and new goods in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.facts import RefundRecorded, SaleRecorded, read_fact
from app.domain.money import Money
from app.domain.quantity import pieces
from app.services.answers import PaymentUnderWay
from app.services.approval import ApprovalNeeded
from app.services.checkout import SaleDone
from app.services.goods_exchange import (
    ExchangeChanged,
    ExchangeState,
    ExchangeToPay,
    NotAnExchange,
    PaidInParts,
    confirm_exchange,
    exchange_state,
    make_exchange,
)
from app.services.payment import NotPayable, ask_terminal, finish_payment, pay_cash, start_payment
from app.services.redeem import redeem_points
from app.services.refund import (
    MoneyMoves,
    NoOpenRefund,
    RefundGivenUp,
    begin_refund,
    cancel_refund,
    choose_back,
    open_refund,
)
from app.services.refund_along import credit_of
from app.services.refund_answers import (
    GivingBackUnknown,
    IsAnExchange,
    RefundDoneBefore,
    TerminalsDone,
)
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_refund,
    finish_giving_back,
    query_terminal_back,
)
from app.services.scan import scan_code
from app.services.tender import CreditStays, TenderRemoved, remove_tender, take_cash_part
from tests.real_shop import MILK, OIL, TOWEL, RealShop
from tests.services.conftest import restarted
from tests.services.refunds import (
    Scripted,
    account_of,
    shop_with,
    sold,
    verified,
)


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def shop(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    yield from shop_with(bank, tmp_path)


def exchange(shop: RealShop, sale_id: str, count: int, *new: str, member: str = "") -> str:
    """So many pieces of a sale's first line back, new goods in the basket; the refund's id."""
    state = shop.do(begin_refund, sale_id=sale_id).state
    line = state.lines[0].line_id
    shop.do(choose_back, line_id=line, quantity=pieces(count), reason="size")
    shop.do(make_exchange, refund_id=state.refund_id)
    if member:
        shop.do(scan_code, text=shop.cards[member])
    for code in new:
        shop.do(scan_code, text=code)
    return str(state.refund_id)


def shown(shop: RealShop, refund: str) -> ExchangeState:
    state = shop.do(exchange_state, refund_id=refund)
    assert isinstance(state, ExchangeState), state
    return state


def both_facts(shop: RealShop, refund: str) -> tuple[RefundRecorded, SaleRecorded]:
    """The last two facts of the chain: the refund, and right behind it the sale it pays for."""
    back, sale = (
        read_fact(stored.data)
        for stored in list(shop.do(lambda shop, work: work.facts.all_facts()))[-2:]
    )
    assert isinstance(back, RefundRecorded)
    assert isinstance(sale, SaleRecorded)
    assert back.op_id == refund
    assert back.exchanged_for == sale.op_id
    return back, sale


def test_an_even_exchange_moves_no_money_at_all(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL)
    refund = exchange(shop, sale_id, 1, TOWEL)
    state = shown(shop, refund)
    assert (state.credit, state.to_pay, state.to_give) == (Money(1990), Money(0), Money(0))
    assert shop.do(confirm_refund, refund_id=refund) == IsAnExchange()
    done = shop.do(confirm_exchange, refund_id=refund, shown=Money(0))
    assert isinstance(done, SaleDone)
    assert (done.cash_back, done.change) == (Money(0), Money(0))
    back, sale = both_facts(shop, refund)
    assert [(t.kind, t.amount_minor, t.reference) for t in back.tenders] == [
        ("other", 1990, sale.op_id)
    ]
    assert [(t.kind, t.amount_minor, t.reference) for t in sale.tenders] == [
        ("other", 1990, refund)
    ]
    assert done.refund == back.receipt
    assert shop.do(open_refund) == NoOpenRefund()
    assert isinstance(shop.do(confirm_exchange, refund_id=refund), RefundDoneBefore)
    assert verified(shop) == []


def test_dearer_goods_wait_for_the_difference(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1, MILK)
    state = shown(shop, refund)
    assert (state.due, state.credit, state.to_pay) == (Money(5900), Money(1990), Money(3910))
    changed = shop.do(confirm_exchange, refund_id=refund, shown=Money(3900))
    assert isinstance(changed, ExchangeChanged)
    waiting = shop.do(confirm_exchange, refund_id=refund, shown=Money(3910))
    assert isinstance(waiting, ExchangeToPay)
    assert waiting.state.totals.due_cash == Money(3910)
    assert isinstance(shop.do(scan_code, text=OIL), PaymentUnderWay)
    done = shop.do(pay_cash, received=Money(4000))
    assert isinstance(done, SaleDone)
    assert (done.change, done.cash_back) == (Money(90), Money(0))
    _, sale = both_facts(shop, refund)
    assert [(t.kind, t.amount_minor) for t in sale.tenders] == [("other", 1990), ("cash", 3910)]
    assert verified(shop) == []


def test_the_difference_is_paid_by_code_and_a_crash_in_between_loses_nothing(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1, MILK)
    shop.do(confirm_exchange, refund_id=refund)
    attempt = shop.do(start_payment, kind="mobile").attempt
    assert attempt.amount == Money(3910)
    assert isinstance(shop.do(make_exchange, refund_id=refund, on=False), MoneyMoves)
    result = ask_terminal(shop=shop.shop, attempt=attempt)
    restarted(shop)
    done = shop.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone), done
    both_facts(shop, refund)
    assert list(bank.bank.taken().values()) == [Money(3910)]
    assert verified(shop) == []


def test_cheaper_goods_give_the_rest_back_in_whole_steps(shop: RealShop) -> None:
    sale_id = sold(shop, OIL)
    refund = exchange(shop, sale_id, 1, TOWEL)
    state = shown(shop, refund)
    assert (state.to_pay, state.to_give, state.credit) == (Money(0), Money(4810), Money(1990))
    done = shop.do(confirm_exchange, refund_id=refund, shown=Money(-4810))
    assert isinstance(done, SaleDone)
    assert done.cash_back == Money(4810)
    back, _ = both_facts(shop, refund)
    assert [(t.kind, t.amount_minor) for t in back.tenders] == [("cash", 4810), ("other", 1990)]
    assert verified(shop) == []


def test_what_was_paid_by_code_goes_back_by_code_before_both_are_recorded(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    refund = exchange(shop, sale_id, 1, TOWEL)
    bank.behaviour = "time_out"
    asked = shop.do(confirm_exchange, refund_id=refund)
    assert asked.attempt.amount == Money(4810)
    result = ask_terminal_back(shop=shop.shop, attempt=asked.attempt)
    key = asked.attempt.attempt_id
    assert isinstance(shop.do(finish_giving_back, attempt_id=key, result=result), GivingBackUnknown)
    assert isinstance(shop.do(scan_code, text=OIL), PaymentUnderWay)
    assert isinstance(shop.do(confirm_exchange, refund_id=refund), GivingBackUnknown)
    restarted(shop)
    shop.sign_in()
    found = query_terminal_back(shop=shop.shop, attempt=asked.attempt)
    assert isinstance(shop.do(finish_giving_back, attempt_id=key, result=found), TerminalsDone)
    done = shop.do(confirm_exchange, refund_id=refund)
    assert isinstance(done, SaleDone), done
    assert done.cash_back == Money(0)
    back, _ = both_facts(shop, refund)
    assert [(t.kind, t.amount_minor) for t in back.tenders] == [("mobile", 4810), ("other", 1990)]
    assert bank.bank.given_back() == {key: Money(4810)}
    assert verified(shop) == []


def test_new_goods_earn_and_spend_by_the_account_as_the_refund_leaves_it(shop: RealShop) -> None:
    """PEERS 14: a refund in the same exchange never lowers what new goods earn."""
    sale_id = sold(shop, MILK, member="陈静")
    member = shop.members["陈静"]
    refund = exchange(shop, sale_id, 1, OIL, member="陈静")
    state = shown(shop, refund)
    assert state.till.totals.points_earned == 55
    assert state.till.member is not None
    assert state.till.member.points == 35
    done = shop.do(confirm_exchange, refund_id=refund, shown=Money(-400))
    assert isinstance(done, SaleDone)
    assert done.points_balance == 35 + 55
    account = account_of(shop, member)
    assert sum(account.gained.values()) == 35 + 55
    assert verified(shop) == []


def test_points_that_the_refund_takes_back_cannot_pay_for_the_new_goods(shop: RealShop) -> None:
    sale_id = sold(shop, *[OIL] * 2, member="陈静")  # 35 + 110 points
    refund = exchange(shop, sale_id, 2, MILK, member="陈静")
    shop.do(redeem_points, points="max")
    assert shop.shop.desk.state.quote.points_redeemed == 100
    state = shown(shop, refund)
    assert state.till.totals.points_used == 0
    shop.do(confirm_exchange, refund_id=refund)
    done = shop.do(open_refund)
    assert done == NoOpenRefund()
    assert min(account_of(shop, shop.members["陈静"]).gained.values()) > 0


def test_a_restart_prices_the_new_goods_as_they_were_shown(shop: RealShop) -> None:
    sale_id = sold(shop, *[OIL] * 2, member="陈静")  # 35 + 110 points, 90 once one is back
    refund = exchange(shop, sale_id, 1, MILK, MILK, member="陈静")
    shop.do(redeem_points, points="max")
    waiting = shop.do(confirm_exchange, refund_id=refund)
    assert waiting.to_pay == Money(11_800 - 5_500)
    restarted(shop)
    shop.sign_in()
    assert shop.shop.desk.state.quote.points_redeemed == 0
    done = shop.do(pay_cash, shown=waiting.to_pay)
    assert isinstance(done, SaleDone), done
    assert verified(shop) == []


def test_a_failure_in_the_middle_leaves_neither_fact(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1, TOWEL)
    before = shop.shop.desk.state
    facts = len(shop.do(lambda shop, work: work.facts.all_facts()))

    class DiskGoneError(Exception):
        pass

    def broken(shop: Any, work: Any) -> None:
        def fail(*_: object) -> None:
            raise DiskGoneError

        monkeypatch.setattr(work.sales, "add", fail)
        confirm_exchange(shop=shop, work=work, refund_id=refund)

    with pytest.raises(DiskGoneError):
        shop.do(broken)
    assert shop.shop.desk.state is before
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts
    assert shop.do(lambda shop, work: work.refunds.count()) == 0
    assert isinstance(shop.do(confirm_exchange, refund_id=refund), SaleDone)
    assert len(shop.do(lambda shop, work: work.facts.all_facts())) == facts + 2


def test_an_exchange_can_be_a_plain_refund_again(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1, MILK)
    shop.do(confirm_exchange, refund_id=refund)
    assert len(shop.shop.desk.state.basket.tenders) == 1
    shop.do(make_exchange, refund_id=refund, on=False)
    assert not credit_of(shop.shop.desk.state.basket.tenders)
    assert shop.do(confirm_exchange, refund_id=refund) == NotAnExchange()
    assert shop.do(exchange_state, refund_id=refund) == NotAnExchange()
    assert shop.do(confirm_refund, refund_id=refund).cash == Money(1990)
    assert len(shop.shop.desk.state.basket.lines) == 1
    assert shop.do(exchange_state, refund_id=refund) == NoOpenRefund()


def test_a_part_paid_beside_the_credit_is_taken_off_first(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1, MILK)
    shop.do(confirm_exchange, refund_id=refund)
    shop.do(take_cash_part, received=Money(1000))
    assert shop.do(make_exchange, refund_id=refund, on=False) == PaidInParts()
    assert shop.do(confirm_exchange, refund_id=refund) == PaidInParts()
    assert isinstance(shop.do(remove_tender, place=0), CreditStays)
    assert isinstance(shop.do(remove_tender, place=1), TenderRemoved)
    assert isinstance(shop.do(pay_cash), SaleDone)
    both_facts(shop, refund)


def test_whoever_chooses_otherwise_takes_the_credit_off_the_basket(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL, TOWEL)
    refund = exchange(shop, sale_id, 1, MILK)
    shop.do(confirm_exchange, refund_id=refund)
    line = shop.do(open_refund).state.lines[0].line_id
    shop.do(choose_back, line_id=line, quantity=pieces(2))
    assert not credit_of(shop.shop.desk.state.basket.tenders)
    assert shown(shop, refund).credit == Money(3980)
    shop.do(confirm_exchange, refund_id=refund)
    shop.do(take_cash_part, received=Money(1000))
    assert isinstance(shop.do(cancel_refund), MoneyMoves)
    assert isinstance(shop.do(choose_back, line_id=line, quantity=pieces(1)), MoneyMoves)
    shop.do(remove_tender, place=1)
    assert isinstance(shop.do(cancel_refund), RefundGivenUp)
    assert not credit_of(shop.shop.desk.state.basket.tenders)
    assert shop.do(pay_cash).due == Money(5900)
    assert verified(shop) == []


def test_without_new_goods_there_is_nothing_to_exchange_for(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    refund = exchange(shop, sale_id, 1)
    assert shop.do(confirm_exchange, refund_id=refund) == NotPayable("empty")
    assert shop.do(make_exchange, refund_id="another") == NoOpenRefund()


def test_the_new_goods_of_an_exchange_come_back_in_cash_only_with_a_yes(shop: RealShop) -> None:
    refund = exchange(shop, sold(shop, TOWEL), 1, TOWEL)
    again = shop.do(confirm_exchange, refund_id=refund).sale_id
    state = shop.do(begin_refund, sale_id=again).state
    line = state.lines[0].line_id
    state = shop.do(choose_back, line_id=line, quantity=pieces(1), reason="unwanted").state
    assert [need.act for need in state.approvals] == ["refund_in_cash"]
    assert isinstance(shop.do(confirm_refund, refund_id=state.refund_id), ApprovalNeeded)
