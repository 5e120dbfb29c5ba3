"""Releasing: what was held or could not be read counts in the end as if it always had."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from app.domain import effects as do
from app.domain.account import FoldItem, Mark, fold
from app.domain.facts import FactHead, MemberJoined, UnknownFact, read_head
from app.domain.member import PersonalData
from app.domain.pieces import Interval
from sync.protocol import AnswerChanged, Event
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rebuild import readable_now, verify
from sync.server.release import Released, release
from sync.server.sender import Sender
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_refund, a_sale, moment, op
from tests.sync.server.members import KEY, sealed
from tests.sync.server.tills import Chain, Till, fault_at, outcomes

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def let_go(chain: Chain, till: Till, *op_ids: str) -> Released:
    sender = Sender(chain.tenant, till.device, till.store)
    return chain.database.write(
        lambda connection: release(connection, sender, op_ids, chain.now_ms, chain.house)
    )


def test_a_released_sale_counts_as_if_it_never_was_held(chain: Chain) -> None:
    till = Till("till-02")
    sale = a_sale(1, TODAY, lines=(a_line(points_spent=10),), coupons_used=("C1",))
    till.record(sale)
    chain.push(till, revoked=True)
    assert let_go(chain, till, op(1)) == Released((op(1),), ())
    item = FoldItem(op(1), MEMBER, TODAY, sale.effects, Mark("till-02", 1, 1))
    assert chain.account(MEMBER) == fold([item])
    assert [row["earned"] for row in chain.rows(t.ledger)] == [59]
    told = [msgspec.json.decode(row["event"], type=Event) for row in chain.feed("device:till-02")]
    assert [each.answer.outcome for each in told if isinstance(each, AnswerChanged)] == ["accepted"]
    assert [row["kind"] for row in chain.feed(f"store:{STORE}")] == ["member", "fact", "member"]
    assert outcomes(chain.push(till)) == ["accepted again"]
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_a_released_refund_is_settled_against_the_others(chain: Chain) -> None:
    one, two, sale = Till("till-02"), Till("till-03"), a_sale(1, TODAY)
    one.record(sale)
    one.record(a_refund(2, sale, [Interval("1", 0, 3)], TODAY))
    two.record(a_refund(3, sale, [Interval("1", 0, 3)], TODAY))
    chain.push(one)
    chain.push(two, revoked=True)
    let_go(chain, two, op(3))
    [case] = chain.cases("piece_refunded_twice")
    assert case["op_id"] == op(3)
    assert chain.account(MEMBER).gained == {}
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_what_nobody_can_read_stays_and_so_does_what_waits_for_it(chain: Chain) -> None:
    till = Till("till-02")
    data = till.record(a_sale(1, TODAY)).data
    newer = data.replace(b'"do":"visit"', b'"do":"dance"').replace(b"sale_recorded.1", b"new.1")
    other = Till("till-03")
    other.append(op(1), newer)
    other.record(a_sale(2, TODAY))
    assert outcomes(chain.push(other)) == ["quarantined", "quarantined"]
    readable = chain.database.read(lambda connection: readable_now(connection, chain.tenant))
    assert readable == [op(2)]
    assert let_go(chain, other, op(1), op(2)) == Released((), (op(1), op(2)))
    assert chain.account(MEMBER).marks == {}


def test_once_it_can_be_read_all_that_waited_counts_in_order(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newer program is this one: yesterday's did not know the kind of effect."""
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    till.record(a_sale(2, TODAY))
    with monkeypatch.context() as yesterday:
        yesterday.setattr("sync.server.hearing.SALE_KINDS", frozenset())
        yesterday.setattr("sync.server.hearing.read_fact", of_yesterday)
        assert outcomes(chain.push(till)) == ["quarantined", "quarantined"]
    assert let_go(chain, till, op(2), op(1), op(9)) == Released((op(1), op(2)), (op(9),))
    account = chain.account(MEMBER)
    assert account.marks == {MEMBER: {"till-02": {1: 2}}}
    assert sum(account.gained.values()) == 118
    assert chain.rows(t.account)[0]["waiting"] == 0
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_what_was_said_again_meanwhile_is_covered_at_all_its_places(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    till.record(a_sale(2, TODAY, member=FRIEND))
    with monkeypatch.context() as yesterday:
        yesterday.setattr("sync.server.hearing.SALE_KINDS", frozenset())
        yesterday.setattr("sync.server.hearing.read_fact", of_yesterday)
        chain.push(till)
    chain.push(till.restored())
    assert chain.account(MEMBER).marks == {}
    let_go(chain, till, op(1), op(2))
    assert chain.account(MEMBER).marks == {MEMBER: {"till-02": {1: 1, 2: 1}}}
    assert chain.account(FRIEND).marks == {FRIEND: {"till-02": {1: 2, 2: 2}}}
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_what_a_revoked_till_says_of_a_member_waits_behind_what_nobody_could_read(
    chain: Chain,
) -> None:
    till = Till("till-02")
    data = till.record(a_sale(1, TODAY)).data
    other = Till("till-03")
    other.append(op(1), data.replace(b'"do":"visit"', b'"do":"dance"').replace(
        b"sale_recorded.1", b"new.1"
    ))  # fmt: skip
    other.record(a_sale(2, TODAY))
    answers = chain.push(other, revoked=True).answers
    assert [each.adjustments[0].kind for each in answers] == ["unreadable", "unreadable"]
    assert chain.account(MEMBER).marks == {}


def of_yesterday(data: bytes) -> UnknownFact:
    """As a program reads a fact whose effects it does not know."""
    head = read_head(data)
    assert isinstance(head, FactHead)
    return UnknownFact(kind=head.kind, op_id=head.op_id, member=head.member, head=None)


@pytest.mark.parametrize("at_fault", [1, 2])
def test_one_that_cannot_be_released_stops_none_of_the_others(chain: Chain, at_fault: int) -> None:
    till = Till("till-02")
    for number in (1, 2, 3):
        till.record(a_sale(number, TODAY))
    chain.push(till, revoked=True)
    others = [op(number) for number in (1, 2, 3) if number != at_fault]
    with fault_at(chain.database, op(at_fault), OverflowError("int too big to convert")):
        assert let_go(chain, till, op(3), op(1), op(2), op(9)) == Released(
            tuple(others), (op(at_fault), op(9))
        )
    assert [row["op_id"] for row in chain.rows(t.ledger)] == others
    states = {row["op_id"]: row["state"] for row in chain.rows(t.op)}
    assert states.pop(op(at_fault)) == "held"
    assert set(states.values()) == {"counted"}
    assert let_go(chain, till, op(at_fault)).op_ids == (op(at_fault),), "once the fault is mended"
    assert sum(chain.account(MEMBER).gained.values()) == 3 * 59
    assert chain.database.read(lambda connection: verify(connection, chain.tenant)).is_sound


def test_a_database_that_fails_is_not_the_fault_of_an_op(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    chain.push(till, revoked=True)
    with fault_at(chain.database, op(1), MemoryError()), pytest.raises(MemoryError):
        let_go(chain, till, op(1))
    assert [row["state"] for row in chain.rows(t.op)] == ["held"]


def test_nobody_releases_what_counts_already_or_is_anothers(chain: Chain) -> None:
    till, other = Till("till-02"), Till("till-03")
    till.record(a_sale(1, TODAY))
    other.record(a_sale(2, TODAY))
    chain.push(till)
    chain.push(other, revoked=True)
    assert let_go(chain, till, op(1), op(2)) == Released((), (op(1), op(2)))


def test_who_joined_under_held_keys_is_a_member_once_released(chain: Chain) -> None:
    till = Till("till-02")
    joined = MemberJoined(
        op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER, card="M7K2Q",
        effects=(do.Joined(),), claims=("7f" * 32,),
        profile=sealed(PersonalData(phone="+8613800138000", name="张三")),
    )  # fmt: skip
    till.record(joined)
    chain.push(till, revoked=True, keys=(KEY,))
    assert [row["status"] for row in chain.rows(t.member)] == ["frozen"]
    let_go(chain, till, op(1))
    assert [row["status"] for row in chain.rows(t.member)] == ["active"]
    assert [row["card"] for row in chain.rows(t.card)] == ["M7K2Q"]
    assert [row["member"] for row in chain.rows(t.identity_claim)] == [MEMBER]
    assert {row["field"] for row in chain.rows(t.profile_field)} == {"name", "phone"}
