"""Goods that come back: refunds in parts, exchanges, returns without a receipt, one step at a time.

Owns: those steps and what they put into or take out of the hands. Does not own: selling (hands.py).
"""

from __future__ import annotations

from typing import Any

from app.devices.terminals import Behaviour
from app.domain.money import Money
from app.domain.quantity import Quantity, pieces
from app.services.checkout import SaleDone
from app.services.goods_exchange import (
    ExchangeToPay,
    PaidInParts,
    confirm_exchange,
    make_exchange,
)
from app.services.payment_answer import NotPayable
from app.services.refund import (
    MoneyMoves,
    RefundChanged,
    RefundGivenUp,
    TooManyBack,
    begin_refund,
    cancel_refund,
    choose_back,
    open_refund,
)
from app.services.refund_answers import (
    AskTerminalBack,
    GaveBackByHand,
    GivingBackUnknown,
    NotGivenBack,
    NothingChosen,
    RefundDone,
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
from app.services.refund_search import AllBackAlready
from app.services.refund_state import RefundLine
from app.services.unlinked_return import (
    ReturnDone,
    ReturnItem,
    ReturnWanted,
    confirm_return,
    new_return,
)
from tests.machine.hands import NOBODY_ELSE, Hands

Portion = tuple[int, int]
"""Which of the lines that are left, and how many percent of what is left of it."""


def begin(hands: Hands, sale_id: str, portions: list[Portion]) -> None:
    """Open a refund and choose; of a sale that is all back nothing can be chosen."""
    begun = hands.do(begin_refund, sale_id=sale_id)
    if isinstance(begun, AllBackAlready):
        assert is_all_back(hands, sale_id)
        return
    assert isinstance(begun, RefundChanged), begun
    hands.refund = begun.state.refund_id
    left = [line for line in begun.state.lines if line.left.thousandths]
    assert left, "something is left of it"
    for place, percent in portions:
        line = left[place % len(left)]
        answer = hands.do(
            choose_back,
            line_id=line.line_id,
            quantity=_portion(line, percent),
            reason="unwanted",
        )
        assert isinstance(answer, RefundChanged), answer


def _portion(line: RefundLine, percent: int) -> Quantity:
    if line.by_weight:
        return Quantity(max(1, line.left.thousandths * percent // 100))
    return pieces(max(1, -(-line.left.pieces * percent // 100)))


def ask_for_more_than_left(hands: Hands, place: int) -> None:
    """One more than can still come back is refused, whatever was chosen before stays."""
    before = hands.do(open_refund).state
    line = before.lines[place % len(before.lines)]
    more = Quantity(line.left.thousandths + (1 if line.by_weight else 1000))
    answer = hands.do(choose_back, line_id=line.line_id, quantity=more, reason="unwanted")
    if isinstance(answer, MoneyMoves):
        return
    assert isinstance(answer, TooManyBack), answer
    assert answer.left == line.left
    assert hands.do(open_refund).state == before


def is_all_back(hands: Hands, sale_id: str) -> bool:
    def look(shop: Any, work: Any) -> bool:
        return any(each.last_piece for each in work.refunds.of_sale(sale_id))

    return bool(hands.shop.do(look))


def give_up(hands: Hands) -> None:
    answer = hands.do(cancel_refund)
    if isinstance(answer, RefundGivenUp):
        hands.refund = ""
    else:
        assert isinstance(answer, MoneyMoves), answer


def exchange(hands: Hands, *, on: bool) -> None:
    answer = hands.do(make_exchange, refund_id=hands.refund, on=on)
    assert isinstance(answer, RefundChanged | MoneyMoves | PaidInParts), answer


def confirm(hands: Hands, behaviour: Behaviour) -> None:
    """Confirm what is open, as a refund or as an exchange, until it is done or waits for money."""
    hands.bank.behaviour = behaviour
    for _ in range(12):
        begun = hands.do(open_refund)
        service = confirm_exchange if begun.state.exchange else confirm_refund
        answer = hands.do(service, refund_id=hands.refund)
        while isinstance(answer, AskTerminalBack):
            answer = _ask_the_terminal(hands, answer)
        if _is_through(hands, answer):
            return
        hands.bank.behaviour = "approve"  # the second time it works
    raise AssertionError("it never ends")


def _is_through(hands: Hands, answer: Any) -> bool:
    match answer:
        case RefundDone():
            hands.in_drawer -= answer.cash.minor
            hands.refund = ""
            assert hands.shop.paper.others[-1] == answer.receipt
            assert answer.receipt.paid_minor == answer.paid.minor
            return True
        case SaleDone():
            hands.is_sold(answer, 0)
            return True
        case ExchangeToPay() | NothingChosen() | NotPayable() | PaidInParts():
            return True
        case TerminalsDone():
            return False
        case NotGivenBack():
            back = hands.do(give_back_in_cash, refund_id=hands.refund)
            return isinstance(back, str)  # nobody else may say yes
        case _:
            assert answer == NOBODY_ELSE, answer
            return True


def _ask_the_terminal(hands: Hands, asked: AskTerminalBack) -> Any:
    attempt = asked.attempt
    key = attempt.attempt_id
    result = ask_terminal_back(shop=hands.shop.shop, attempt=attempt)
    answer = hands.do(finish_giving_back, attempt_id=key, result=result)
    while isinstance(answer, GivingBackUnknown):
        known = query_terminal_back(shop=hands.shop.shop, attempt=attempt)
        answer = hands.do(finish_giving_back, attempt_id=key, result=known)
    if isinstance(answer, GaveBackByHand):
        given = hands.bank.behaviour not in ("decline", "expired")
        answer = hands.do(confirm_back_by_hand, attempt_id=key, given=given)
        hands.card_slips -= attempt.amount.minor if given else 0
    elif not isinstance(answer, NotGivenBack):
        hands.by_bank -= attempt.amount.minor
    return answer


def without_receipt(hands: Hands, sku: str, count: int) -> None:
    """Goods nobody can name a sale of: cash against a manager's yes."""
    wanted = ReturnWanted(
        new_return(shop=hands.shop.shop), (ReturnItem(sku, pieces(count), "unwanted"),)
    )
    answer = hands.do(confirm_return, wanted=wanted)
    if answer == NOBODY_ELSE:
        return
    assert isinstance(answer, ReturnDone), answer
    assert answer.cash == Money(answer.receipt.paid_minor)
    hands.in_drawer -= answer.cash.minor
    again = hands.do(confirm_return, wanted=wanted)
    assert not isinstance(again, ReturnDone), "confirmed twice is once"
