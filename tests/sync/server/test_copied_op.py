"""A machine copied in the middle of a sale: two facts with one id, both kept, one exception."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.domain.facts import SaleRecorded
from sync.protocol import AnswerChanged, Event
from sync.server import tables as t
from sync.server.chain_audit import audit_chains
from sync.server.copied_op import copy_name, is_copy, said_id
from sync.server.database import ServerDatabase
from sync.server.rebuild import verify
from sync.server.release import Released, release
from sync.server.sender import Sender
from tests.domain.heart_builders import FRIEND, MEMBER, a_line, a_sale, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
MILK = a_line(points_earned=59, points_spent=20)
MORE = a_line(points_earned=159, points_spent=30, net_minor=15_970, list_minor=15_970)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows a member with points."""
    made = Chain(database, tenant)
    till = Till("till-09")
    till.record(a_sale(1, TODAY, lines=(a_line(points_earned=500),)))
    made.push(till)
    return made


def both() -> tuple[SaleRecorded, SaleRecorded]:
    """One basket, finished here and, with more in it, at the copy."""
    return a_sale(2, TODAY, lines=(MILK,)), a_sale(2, TODAY, lines=(MORE,))


@pytest.mark.parametrize("device", ["till-02", "till-03"])
def test_both_sales_are_kept_with_one_exception_and_nobody_is_stopped(
    chain: Chain, device: str
) -> None:
    """`device`: the copy enrolled as another till, or came back as the same one."""
    here, copy = Till("till-02"), Till(device, epoch=3)
    first, second = both()
    here.record(first)
    chain.push(here)
    said = copy.record(second)
    copy.record(a_sale(3, TODAY))
    answer = chain.push(copy)
    assert outcomes(answer) == ["quarantined", "accepted"]
    assert answer.heads[3] == 2
    assert [each.op_id for each in answer.answers] == [op(2), op(3)], "as its till knows them"
    [case] = chain.cases("copied_sale")
    told = msgspec.json.decode(case["story"])["said"]
    assert (told["own_receipt"], told["other_receipt"]) == (second.code, first.code)
    assert (told["own_op"], told["other_op"]) == (copy_name(said), op(2))
    assert [each.kind for each in answer.answers[0].adjustments] == ["copied_sale"]
    [row] = chain.feed("device:till-02")[-1:]
    event = msgspec.json.decode(row["event"], type=Event)
    assert isinstance(event, AnswerChanged)
    assert (event.answer.op_id, event.answer.adjustments[0].kind) == (op(2), "copied_sale")
    assert outcomes(chain.push(copy)) == ["quarantined again", "accepted again"]
    account = chain.account(MEMBER)
    assert sum(account.taken.values()) == 50, "what both spent is spent"
    assert sum(account.gained.values()) == 500 + 59 + 59, "what the second earned waits"
    assert account.marks[MEMBER][device][3] == 2, "its till shows none of it twice"
    other = Till("till-05")
    other.record(a_sale(9, TODAY))
    assert outcomes(chain.push(other)) == ["accepted"]
    assert [row["state"] for row in chain.rows(t.device_head)] == ["open"] * 4


def test_said_again_from_another_place_it_is_known_by_its_bytes(chain: Chain) -> None:
    here, copy = Till("till-02"), Till("till-03")
    first, second = both()
    here.record(first)
    copy.record(second)
    chain.push(here)
    chain.push(copy)
    again = copy.restored()
    assert outcomes(chain.push(again)) == ["quarantined again"]
    assert outcomes(chain.push(here.restored())) == ["accepted again"]
    assert len(chain.rows(t.op)) == 3
    assert len(chain.cases("copied_sale")) == 1


def test_both_in_one_push_are_kept_too(chain: Chain) -> None:
    till = Till("till-02")
    for sale in both():
        till.record(sale)
    answers = chain.push(till).answers
    assert [each.outcome for each in answers] == ["accepted_adjusted", "quarantined"]
    assert [[one.kind for one in each.adjustments] for each in answers] == [["copied_sale"]] * 2


def test_once_released_both_count(chain: Chain) -> None:
    here, copy = Till("till-02"), Till("till-03")
    first, second = both()
    here.record(first)
    said = copy.record(second)
    chain.push(here)
    chain.push(copy)
    sender = Sender(chain.tenant, copy.device, copy.store)
    name = copy_name(said)
    done = chain.database.write(lambda c: release(c, sender, (name,), chain.now_ms, chain.house))
    assert done == Released((name,), ())
    account = chain.account(MEMBER)
    assert (sum(account.gained.values()), sum(account.taken.values())) == (500 + 59 + 159, 50)
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound
    assert chain.database.write(lambda c: audit_chains(c, chain.tenant, chain.now_ms)) == 3
    assert chain.cases("digest_differs") == []
    [event] = [
        msgspec.json.decode(row["event"], type=Event) for row in chain.feed("device:till-03")
    ]
    assert isinstance(event, AnswerChanged)
    assert event.answer.op_id == op(2)
    known = [row["ref"] for row in chain.feed(f"store:{copy.store}") if row["kind"] == "fact"]
    assert name not in known, "tills know a sale by its id"


def test_a_copy_that_served_somebody_else_counts_for_whom_it_served(chain: Chain) -> None:
    here, copy = Till("till-02"), Till("till-03")
    here.record(a_sale(2, TODAY, lines=(MILK,)))
    copy.record(a_sale(2, TODAY, member=FRIEND, lines=(a_line(),)))
    chain.push(here)
    chain.push(copy)
    [case] = chain.cases("copied_sale")
    assert case["subject"] == FRIEND
    assert chain.account(FRIEND).marks == {FRIEND: {"till-03": {1: 1}}}


def test_a_name_tells_its_id() -> None:
    one = Till("till-02").record(a_sale(2, TODAY))
    name = copy_name(one)
    assert (said_id(name), said_id(op(2))) == (op(2), op(2))
    assert (is_copy(name), is_copy(op(2))) == (True, False)
    assert len(name) <= 64
