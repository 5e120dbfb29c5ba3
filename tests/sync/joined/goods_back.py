"""Goods that come back at a counter of a chain: what cashiers do, by services.

Owns: selling to a member, finding the receipt, choosing and giving back with what head office keeps
for it. Does not own: any check.
"""

from __future__ import annotations

from typing import Any

from app.domain.money import Money
from app.domain.quantity import pieces
from app.domain.server_answer import LookedUp
from app.services.find_member import MemberPutOn
from app.services.look_up import look_up_member
from app.services.pieces_kept import AskToKeepPieces, PiecesSettled, settle_pieces
from app.services.refund import RefundChanged, begin_refund, choose_back
from app.services.refund_payment import confirm_refund
from app.services.refund_search import FindAnswer, SaleFound, SoldElsewhere, find_sale
from app.services.reservation import ask_reservation
from app.services.scan import scan_code
from tests.real_shop import MILK, TOWEL
from tests.sync.joined.counter import Counter


def sold_to(counter: Counter, name: str = "陈静") -> str:
    """Two towels and milk; the receipt's code, which head office has."""
    put_on = counter.do(scan_code, text=counter.real.cards[name])
    assert isinstance(put_on, MemberPutOn)
    code = str(counter.sell(TOWEL, TOWEL, MILK).receipt.code)
    counter.until_sent()
    return code


def found(counter: Counter, receipt: str) -> FindAnswer:
    """As the refund screen looks: here first, then at head office."""
    answer = counter.do(find_sale, text=receipt)
    if isinstance(answer, SoldElsewhere):
        looked_up = look_up_member(shop=counter.real.shop, wanted=answer.wanted)
        assert isinstance(looked_up, LookedUp), looked_up
        answer = counter.do(find_sale, text=receipt, looked_up=looked_up)
    return answer  # type: ignore[no-any-return] # services answer through one untyped door


def chosen(counter: Counter, receipt: str, count: int = 1) -> str:
    """So many towels come back; the open refund's id."""
    answer = found(counter, receipt)
    assert isinstance(answer, SaleFound), answer
    begun = counter.do(begin_refund, sale_id=answer.sale.sale_id)
    assert isinstance(begun, RefundChanged), begun
    line = begun.state.lines[0].line_id
    done = counter.do(choose_back, line_id=line, quantity=pieces(count), reason="quality")
    assert isinstance(done, RefundChanged), done
    return done.state.refund_id


def given_back(counter: Counter, refund_id: str) -> Any:
    """Confirmed; head office keeps the pieces first where it is asked to."""
    answer = counter.do(confirm_refund, refund_id=refund_id)
    if not isinstance(answer, AskToKeepPieces):
        return answer
    said = ask_reservation(shop=counter.real.shop, wanted=answer.wanted)
    settled = counter.do(
        settle_pieces,
        reservation_id=answer.wanted.reservation_id,
        receipt_code=answer.receipt_code,
        answer=said,
    )
    if not isinstance(settled, PiecesSettled):
        return settled
    return counter.do(confirm_refund, refund_id=refund_id)


def paid_back(counter: Counter, receipt: str) -> Money:
    answer = found(counter, receipt)
    assert isinstance(answer, SaleFound), answer
    return answer.sale.paid_back
