"""Refunds of one sale at several tills: each piece counts once, in whichever order they arrive."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import msgspec
import pytest

from app.domain.account import MemberAccount
from app.domain.facts import CouponReturned, PiecesSettled, read_fact
from app.domain.pieces import Interval
from sync.protocol import AnswerChanged, Event
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.sender import SERVER_DEVICE
from tests.domain.heart_builders import MEMBER, a_line, a_refund, a_sale, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
ALL = Interval("1", 0, 3)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def numbers(account: MemberAccount) -> tuple[object, ...]:
    return (
        account.gained, account.held, account.taken, account.prolonged, account.spend,
        account.visits, account.earned, account.awaiting,
    )  # fmt: skip


def test_a_refund_takes_its_points_back_and_stands_in_the_ledger(chain: Chain) -> None:
    till, sale = Till("till-02"), a_sale(1, TODAY)
    till.record(sale)
    till.record(a_refund(2, sale, [Interval("1", 0, 1)], TODAY))
    assert outcomes(chain.push(till)) == ["accepted", "accepted"]
    [_, row] = sorted(chain.rows(t.ledger), key=lambda row: str(row["op_id"]))
    assert (row["taken_back"], row["spend_minor"]) == (20, -1990)
    assert sum(chain.account(MEMBER).gained.values()) == 59 - 20


def test_what_is_found_later_comes_with_what_was_found_before(chain: Chain) -> None:
    """A till keeps the last answer it hears: the second must not take back the first."""
    two_lines = tuple(a_line(str(number)) for number in (1, 2))
    sale = a_sale(1, TODAY, lines=two_lines)
    here, early, there = Till("till-02"), Till("till-04"), Till("till-03")
    here.record(sale)
    there.record(a_refund(9, sale, [Interval("1", 0, 3), Interval("2", 0, 3)], TODAY))
    chain.push(here)
    chain.push(there)
    for number, line in ((3, "1"), (4, "2")):
        early.record(a_refund(number, sale, [Interval(line, 0, 3)], TODAY))
        chain.push(early)
    told = [msgspec.json.decode(row["event"], type=Event) for row in chain.feed("device:till-03")]
    answers = [each.answer for each in told if isinstance(each, AnswerChanged)]
    said = [[each.text["pieces"] for each in answer.adjustments] for answer in answers]
    assert said == [["1:0-3"], ["1:0-3", "2:0-3"]]


def test_a_refund_that_comes_before_its_sale_waits_inside_the_account(chain: Chain) -> None:
    here, there, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    here.record(sale)
    there.record(a_refund(2, sale, [ALL], TODAY))
    assert outcomes(chain.push(there)) == ["accepted"]
    assert list(chain.account(MEMBER).awaiting) == [op(2)]
    assert outcomes(chain.push(here)) == ["accepted"]
    account = chain.account(MEMBER)
    assert account.awaiting == {}
    assert account.gained == {}


def test_the_same_piece_refunded_at_two_tills_is_reversed_once_and_told(chain: Chain) -> None:
    one, two, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    first = a_refund(2, sale, [Interval("1", 0, 2)], TODAY)
    one.record(sale)
    one.record(first)
    second = a_refund(3, sale, [Interval("1", 1, 3)], TODAY)
    two.record(second)
    chain.push(one)
    [answer] = chain.push(two).answers
    assert answer.outcome == "accepted_adjusted"
    [adjustment] = answer.adjustments
    assert adjustment.kind == "piece_refunded_twice"
    assert adjustment.text == {
        "sale": op(1), "pieces": "1:1-2", "paid_out": "1990", "other_day": TODAY.isoformat(),
        "other_at": str(first.clock.wall_ms), "other_receipt": first.code, "other_op": op(2),
        "own_at": str(second.clock.wall_ms), "own_receipt": second.code, "own_op": op(3),
        "own_day": TODAY.isoformat(),
    }  # fmt: skip
    [case] = chain.cases("piece_refunded_twice")
    assert (case["subject"], case["money_minor"]) == (MEMBER, 1990)
    [own] = chain.rows(t.op, device=SERVER_DEVICE)
    fact = read_fact(own["data"])
    assert isinstance(fact, PiecesSettled)
    assert (fact.refund, fact.member) == (op(3), MEMBER)
    account = chain.account(MEMBER)
    assert (account.gained, sum(account.spend.raised.values())) == ({}, 5970)


def test_the_till_whose_refund_counts_no_more_is_told_afterwards(chain: Chain) -> None:
    """The smaller id counts, also where it comes last: the other till had a plain yes before."""
    one, two, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    one.record(sale)
    two.record(a_refund(3, sale, [ALL], TODAY))
    chain.push(one)
    assert outcomes(chain.push(two)) == ["accepted"]
    one.record(a_refund(2, sale, [ALL], TODAY))
    [mine] = chain.push(one).answers[-1].adjustments
    assert (mine.points, mine.text["other_op"]) == (0, op(3)), (
        "it counts, and he hears of the other"
    )
    [told] = chain.feed("device:till-03")
    event = msgspec.json.decode(told["event"], type=Event)
    assert isinstance(event, AnswerChanged)
    assert (event.answer.op_id, event.answer.outcome) == (op(3), "accepted_adjusted")
    assert [each.kind for each in event.answer.adjustments] == ["piece_refunded_twice"]


def test_every_order_of_sale_and_refunds_ends_in_the_same_account(chain: Chain) -> None:
    sale = a_sale(1, TODAY)
    facts = [
        sale,
        a_refund(2, sale, [Interval("1", 0, 2)], TODAY),
        a_refund(3, sale, [Interval("1", 1, 3)], TODAY),
    ]
    ends = []
    for order, arranged in enumerate(permutations(facts)):
        world = Chain(chain.database, f"{chain.tenant}-{order}")
        for number, fact in enumerate(arranged):
            till = Till(f"till-{number}")
            till.record(fact)
            world.push(till)
        ends.append(numbers(world.account(MEMBER)))
    assert all(each == ends[0] for each in ends)


def test_a_walk_ins_sale_refunded_twice_is_a_case_of_the_till(chain: Chain) -> None:
    one, two = Till("till-02"), Till("till-03")
    sale = a_sale(1, TODAY, member=None, effects=(), identified_by=None)
    one.record(sale)
    one.record(a_refund(2, sale, [ALL], TODAY, effects=()))
    two.record(a_refund(3, sale, [ALL], TODAY, effects=()))
    chain.push(one)
    [answer] = chain.push(two).answers
    assert [each.kind for each in answer.adjustments] == ["piece_refunded_twice"]
    assert chain.rows(t.op, device=SERVER_DEVICE) == []


def test_a_coupon_comes_back_with_the_last_piece(chain: Chain) -> None:
    till, sale = Till("till-02"), a_sale(1, TODAY, coupons_used=("C0000000000001",))
    till.record(sale)
    till.record(a_refund(2, sale, [Interval("1", 0, 2)], TODAY))
    chain.push(till)
    assert chain.rows(t.op, device=SERVER_DEVICE) == []
    till.record(a_refund(3, sale, [Interval("1", 2, 3)], TODAY, [Interval("1", 0, 2)]))
    chain.push(till)
    [own] = chain.rows(t.op, device=SERVER_DEVICE)
    assert isinstance(read_fact(own["data"]), CouponReturned)
    assert chain.account(MEMBER).coupon_returns == {"C0000000000001": {op(1)}}
    chain.push(till)
    assert len(chain.rows(t.op, device=SERVER_DEVICE)) == 1


def test_a_refund_by_a_revoked_till_settles_nothing_yet(chain: Chain) -> None:
    one, two, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    one.record(sale)
    one.record(a_refund(2, sale, [ALL], TODAY))
    two.record(a_refund(3, sale, [ALL], TODAY))
    chain.push(one)
    [answer] = chain.push(two, revoked=True).answers
    assert [each.kind for each in answer.adjustments] == ["revoked_device"]
    assert chain.rows(t.op, device=SERVER_DEVICE) == []
