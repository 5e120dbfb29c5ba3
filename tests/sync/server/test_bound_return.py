"""Goods taken back without their sale at hand: counted against it as soon as both are known."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.domain.account_records import pack_key
from app.domain.business_day import business_day
from app.domain.facts import PiecesSettled, read_fact
from app.domain.moment import Moment
from app.domain.pieces import Interval
from sync.protocol import AnswerChanged, Event, PiecesWanted, Reserve
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.price_check import check_prices
from sync.server.release import release
from sync.server.reserve import reserve
from sync.server.sender import Sender
from tests.domain.heart_builders import MEMBER, a_line, a_refund, a_return, a_sale, op
from tests.domain.pack_samples import BOUGHT_ON, a_pack_sale
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


@pytest.mark.parametrize("first", ["sale", "return"])
def test_a_pack_taken_back_by_a_till_that_did_not_know_it_ends_its_tier(
    database: ServerDatabase, tenant: str, first: str
) -> None:
    """Once, whoever came first, and for whoever has it: goods beside it end nothing."""
    chain, seller, other = Chain(database, tenant), Till("till-02"), Till("till-07")
    sale = a_pack_sale(lines=(*a_pack_sale().lines, a_line("2", sku="sku-1")))
    seller.record(sale)
    other.record(a_return(5, sale, [("sku-1", 1000)], BOUGHT_ON))
    other.record(a_return(6, sale, [("SVC-1", 1000)], BOUGHT_ON))
    other.record(a_return(7, sale, [("SVC-1", 1000)], BOUGHT_ON))
    for till in (seller, other) if first == "sale" else (other, seller):
        chain.push(till)
    account = chain.account(MEMBER)
    assert set(account.packs_back) == {pack_key(sale.op_id, "silver-year")}
    other.record(a_return(8, sale, [("sku-1", 1000)], BOUGHT_ON))
    chain.push(other)
    settled = [read_fact(row["data"]) for row in chain.rows(t.op, kind="pieces_settled.1")]
    assert [(each.refund, each.day) for each in settled if isinstance(each, PiecesSettled)] == [
        (op(6), chain_day(chain))
    ]
    while check_prices(database, tenant, chain.now_ms):
        pass
    [case] = chain.cases("piece_refunded_twice")
    assert case["op_id"] == op(7)


def test_a_pack_taken_back_under_held_keys_ends_its_tier_once_that_is_released(
    database: ServerDatabase, tenant: str
) -> None:
    """As when it counts at once: such a return names its sale by nothing but the number."""
    chain, seller, other = Chain(database, tenant), Till("till-02"), Till("till-07")
    sale = a_pack_sale(lines=(*a_pack_sale().lines, a_line("2", sku="sku-1")))
    seller.record(sale)
    other.record(a_return(6, sale, [("SVC-1", 1000)], BOUGHT_ON))
    chain.push(seller)
    assert outcomes(chain.push(other, revoked=True)) == ["quarantined"]
    assert not chain.account(MEMBER).packs_back
    sender = Sender(tenant, other.device, other.store)
    done = database.write(lambda c: release(c, sender, (op(6),), chain.now_ms, chain.house))
    assert done.op_ids == (op(6),)
    assert set(chain.account(MEMBER).packs_back) == {pack_key(sale.op_id, "silver-year")}


def chain_day(chain: Chain) -> date:
    return business_day(Moment(chain.now_ms, 0, "server", 0), chain.shop_time)
