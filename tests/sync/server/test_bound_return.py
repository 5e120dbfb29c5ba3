"""Goods taken back without their sale at hand: counted against it as soon as both are known."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.domain.pieces import Interval
from sync.protocol import AnswerChanged, Event, PiecesWanted, Reserve
from sync.server.database import ServerDatabase
from sync.server.price_check import check_prices
from sync.server.reserve import reserve
from tests.domain.heart_builders import a_refund, a_return, a_sale, op
from tests.sync.server.asking import asking
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
SALE = a_sale(1, TODAY)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A shop that sold three pieces."""
    made, seller = Chain(database, tenant), Till("till-02")
    seller.record(SALE)
    made.push(seller)
    return made


def test_what_was_taken_back_without_a_receipt_is_gone_for_everybody(chain: Chain) -> None:
    other = Till("till-07")
    other.record(a_return(5, SALE, [("sku-1", 2000)], TODAY))
    assert outcomes(chain.push(other)) == ["accepted"]
    wanted = Reserve(
        reservation=op(11), sale=SALE.op_id, pieces=(PiecesWanted(line="1", start=0, end=2),)
    )
    answer = asking(chain, reserve, wanted)
    assert answer.refusal is not None
    assert (answer.refusal.code, answer.refusal.fields) == ("pieces_gone", {"1": "2-3"})


@pytest.mark.parametrize("first", ["refund", "return"])
def test_goods_paid_for_twice_are_a_case_whoever_came_first(chain: Chain, first: str) -> None:
    one, two = Till("till-02"), Till("till-07")
    one.record(SALE)
    one.record(a_refund(3, SALE, [Interval("1", 0, 2)], TODAY))
    two.record(a_return(5, SALE, [("sku-1", 2000)], TODAY))
    for till in (one, two) if first == "refund" else (two, one):
        chain.push(till)
    [case] = chain.cases("piece_refunded_twice")
    assert (case["op_id"], case["money_minor"]) == (op(5), 1990)


def test_a_return_that_took_what_was_there_is_no_case(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-07")
    one.record(SALE)
    one.record(a_refund(3, SALE, [Interval("1", 0, 1)], TODAY))
    two.record(a_return(5, SALE, [("sku-1", 2000)], TODAY))
    chain.push(one)
    chain.push(two)
    assert chain.cases() == []


def test_a_return_waits_for_a_sale_that_comes_weeks_later(
    database: ServerDatabase, tenant: str
) -> None:
    chain, other, seller = Chain(database, tenant), Till("till-07"), Till("till-02")
    other.record(a_return(5, SALE, [("sku-1", 2000)], TODAY))
    other.record(a_return(6, SALE, [("sku-1", 2000)], TODAY))
    assert outcomes(chain.push(other)) == ["accepted", "accepted"]
    while check_prices(database, tenant, chain.now_ms):
        pass
    assert chain.cases() == []
    seller.record(SALE)
    chain.push(seller)
    while check_prices(database, tenant, chain.now_ms):
        pass
    [case] = chain.cases("piece_refunded_twice")
    assert (case["op_id"], case["money_minor"]) == (op(6), 1990)
    [told] = chain.feed("device:till-07")
    event = msgspec.json.decode(told["event"], type=Event)
    assert isinstance(event, AnswerChanged)
    assert [each.kind for each in event.answer.adjustments] == ["piece_refunded_twice"]
