"""Goods brought back to another till than the one that sold them: each piece gives money once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as replace_struct

from app.domain.facts import RefundRecorded, read_fact
from app.domain.money import Money
from app.domain.quantity import pieces
from app.domain.server_answer import Enrolled
from app.services.pieces_kept import (
    AskToKeepPieces,
    PiecesGone,
    PiecesNotKept,
    PiecesSettled,
    settle_pieces,
)
from app.services.refund import RefundChanged, begin_refund, cancel_refund, choose_back, open_refund
from app.services.refund_answers import NothingChosen, RefundDone
from app.services.refund_payment import confirm_refund
from app.services.refund_search import (
    AllBackAlready,
    IsARefund,
    NotSoldHere,
    SaleFound,
    find_sale,
)
from app.services.reservation import ask_reservation, void_leftovers
from app.store.errors import DiskFull
from tests.real_shop import SETTINGS
from tests.services.test_shift_disk import limit_pages
from tests.sync.joined.counter import Counter, other_counter
from tests.sync.joined.goods_back import chosen, found, given_back, paid_back, sold_to
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow
MANY_PAGES = 1_000_000


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """人民路店, another store, and head office."""
    with a_chain(tmp_path) as made:
        yield made


@pytest.fixture
def first(chain: Chain) -> Counter:
    return chain.first


@pytest.fixture
def afar(chain: Chain) -> Counter:
    """A till of another store of the chain."""
    return chain.second


@pytest.fixture
def beside(tmp_path: Path, chain: Chain) -> Iterator[Counter]:
    """The next till of 人民路店."""
    counter = other_counter(tmp_path / "beside", story=chain.story)
    here = chain.first.real.shop.identity.store_number
    assert isinstance(counter.enrol(chain.office, chain.office.code(here, 5)), Enrolled)
    counter.until_sent()
    counter.until_online()
    yield counter
    counter.close()


def cut_off(counter: Counter) -> None:
    """Its cable is pulled."""
    counter.line.switch(on=False)
    counter.until(lambda: not counter.line.contact().is_there, "offline")


def fact_of(counter: Counter, refund_id: str) -> RefundRecorded:
    stored = counter.real.store.lane.run(lambda work: work.facts.get(refund_id))
    assert stored is not None
    read = read_fact(stored.data)
    assert isinstance(read, RefundRecorded)
    return read


def test_goods_of_another_store_come_back_while_head_office_answers(
    chain: Chain, first: Counter, afar: Counter
) -> None:
    receipt, member = sold_to(first), first.real.members["陈静"]
    done = given_back(afar, chosen(afar, receipt))
    assert isinstance(done, RefundDone), done
    assert done.paid > Money(0)
    fact = fact_of(afar, done.refund_id)
    assert fact.reservation is not None and fact.member == member
    assert void_leftovers(shop=afar.real.shop, lane=afar.real.store.lane) == 0
    afar.until_sent()
    first.until(lambda: first.account(member) == afar.account(member), "both see the same")
    first.until(lambda: paid_back(first, receipt) == done.paid, "the shop that sold it was told")
    assert isinstance(found(first, done.receipt.code), IsARefund)
    # What came back at home meanwhile is asked for anew, not read from what was once told.
    last = given_back(first, chosen(first, receipt))
    assert isinstance(last, RefundDone)
    first.until_sent()
    assert paid_back(afar, receipt) == done.paid + last.paid
    cut_off(afar)
    gone = afar.do(find_sale, text=receipt)
    assert isinstance(gone, NotSoldHere) and gone.why == "offline"
    assert chain.cases() == []


def test_a_disk_that_fills_while_head_office_keeps_the_goods_gives_money_once(
    chain: Chain, first: Counter, afar: Counter
) -> None:
    """At whichever step it fills: what head office keeps stays kept, and the same refund goes on
    when there is room again."""
    receipt = sold_to(first)
    # A head of the paper that surely needs pages of its own, so that the file has to grow.
    afar.real.use_settings(replace_struct(SETTINGS, store_address="人民路 118 号" * 1_000))
    afar.real.sign_in("王芳")
    refund = chosen(afar, receipt)
    limit_pages(afar.real, None)
    asked = until_room(afar, confirm_refund, refund_id=refund)
    assert isinstance(asked, AskToKeepPieces), asked
    said = ask_reservation(shop=afar.real.shop, wanted=asked.wanted)
    settled = until_room(
        afar, settle_pieces, reservation_id=asked.wanted.reservation_id,
        receipt_code=asked.receipt_code, answer=said,
    )  # fmt: skip
    assert isinstance(settled, PiecesSettled), settled
    limit_pages(afar.real, None)
    before = afar.real.shop.desk.state
    with pytest.raises(DiskFull):
        afar.do(confirm_refund, refund_id=refund)
    assert afar.real.shop.desk.state is before
    assert paid_back(afar, receipt) == Money(0)
    limit_pages(afar.real, MANY_PAGES)
    assert void_leftovers(shop=afar.real.shop, lane=afar.real.store.lane) == 0, "it is not over"
    kept = afar.do(open_refund)
    assert isinstance(kept, RefundChanged), kept
    done = given_back(afar, kept.state.refund_id)
    assert isinstance(done, RefundDone), done
    assert fact_of(afar, refund).reservation == asked.wanted.reservation_id
    afar.until_sent()
    first.until(lambda: paid_back(first, receipt) == done.paid, "the shop that sold it was told")
    assert paid_back(afar, receipt) == done.paid, "once"
    assert chain.cases() == []


def until_room(counter: Counter, act: Callable[..., Any], **wanted: Any) -> Any:
    """On a disk that is full; where that keeps it from being done, again with room."""
    try:
        return counter.do(act, **wanted)
    except DiskFull:
        limit_pages(counter.real, MANY_PAGES)
        answer = counter.do(act, **wanted)
        limit_pages(counter.real, None)
        return answer


def test_two_stores_cannot_take_one_piece_back_at_once(
    chain: Chain, first: Counter, afar: Counter, beside: Counter
) -> None:
    receipt = sold_to(first)
    beside.until(lambda: isinstance(beside.do(find_sale, text=receipt), SaleFound), "it is told")
    here, there = chosen(beside, receipt, 2), chosen(afar, receipt, 2)
    asked = afar.do(confirm_refund, refund_id=there)
    assert isinstance(asked, AskToKeepPieces)
    said = ask_reservation(shop=afar.real.shop, wanted=asked.wanted)
    # The next till of the shop that sold it asks as well while it can, and hears no.
    assert given_back(beside, here) == PiecesGone(receipt)
    # A lost answer: the same question, the same answer; then the customer goes away.
    again = afar.do(confirm_refund, refund_id=there)
    assert isinstance(again, AskToKeepPieces) and again.wanted == asked.wanted
    settle = {"reservation_id": asked.wanted.reservation_id, "receipt_code": receipt}
    assert afar.do(settle_pieces, answer=said, **settle) == PiecesSettled()
    assert void_leftovers(shop=afar.real.shop, lane=afar.real.store.lane) == 0
    afar.do(cancel_refund)
    assert void_leftovers(shop=afar.real.shop, lane=afar.real.store.lane) == 1
    done = given_back(beside, here)
    assert isinstance(done, RefundDone)
    beside.until_sent()
    assert not isinstance(found(afar, receipt), AllBackAlready), "the milk is left"
    # Out of reach, another store's goods wait; those of this one do not.
    waits = chosen_milk(afar, receipt)
    cut_off(afar)
    assert given_back(afar, waits) == PiecesNotKept(receipt)
    cut_off(beside)
    assert isinstance(given_back(beside, chosen_milk(beside, receipt)), RefundDone)
    beside.line.switch(on=True)
    beside.until_sent()
    assert chain.cases() == []


def test_who_chooses_otherwise_is_not_refused_what_was_kept_for_himself(
    first: Counter, afar: Counter
) -> None:
    receipt = sold_to(first)
    refund_id = chosen(afar, receipt, 1)
    asked = afar.do(confirm_refund, refund_id=refund_id)
    assert isinstance(asked, AskToKeepPieces)
    said = ask_reservation(shop=afar.real.shop, wanted=asked.wanted)
    settle = {"reservation_id": asked.wanted.reservation_id, "receipt_code": receipt}
    assert afar.do(settle_pieces, answer=said, **settle) == PiecesSettled()
    line = afar.do(open_refund).state.lines[0].line_id
    afar.do(choose_back, line_id=line, quantity=pieces(2), reason="quality")
    done = given_back(afar, refund_id)
    assert isinstance(done, RefundDone), done


def chosen_milk(counter: Counter, receipt: str) -> str:
    answer = found(counter, receipt)
    assert isinstance(answer, SaleFound), answer
    begun = counter.do(begin_refund, sale_id=answer.sale.sale_id)
    assert isinstance(begun, RefundChanged), begun
    line = begun.state.lines[-1].line_id
    counter.do(choose_back, line_id=line, quantity=pieces(1), reason="expired")
    return begun.state.refund_id


def test_what_came_back_beside_meanwhile_is_not_given_back_twice(
    first: Counter, beside: Counter
) -> None:
    receipt = sold_to(first)
    beside.until(lambda: isinstance(beside.do(find_sale, text=receipt), SaleFound), "it is told")
    slow = chosen(first, receipt, 2)
    done = given_back(beside, chosen(beside, receipt, 1))
    assert isinstance(done, RefundDone)
    beside.until_sent()

    def left() -> int:
        state = first.do(open_refund).state
        return int(state.lines[0].left.pieces)

    first.until(lambda: left() == 1, "the sister till's refund arrived")
    shown = first.do(open_refund).state
    assert shown.lines[0].chosen == pieces(1), "so much less is chosen"
    last = given_back(first, slow)
    assert isinstance(last, RefundDone) and last.paid == done.paid
    state = first.do(find_sale, text=receipt)
    assert isinstance(state, SaleFound)
    again = first.do(begin_refund, sale_id=state.sale.sale_id)
    assert first.do(confirm_refund, refund_id=again.state.refund_id) == NothingChosen()
