"""Look-ups: by card, claim, id and receipt; and the store hears of who was found from then on."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from app.domain import effects as do
from app.domain.account import account_of
from app.domain.facts import MemberJoined
from app.domain.pieces import Interval
from sync.protocol import LookUp, LookUpAnswer, decoded
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.look_up import look_up
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_refund, a_sale, moment, op
from tests.sync.server.asking import TODAY, a_device, ask, points
from tests.sync.server.members import KEY
from tests.sync.server.tills import Chain, Till

HAIDIAN = "haidian"
CARD, CLAIM = "M000000000001", "7f" * 32
SALE = a_sale(2, TODAY)
REFUND = a_refund(3, SALE, [Interval("1", 0, 1)], TODAY)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A member who joined, bought and brought a piece back in 人民路."""
    made = Chain(database, tenant)
    till = Till("till-02")
    till.record(
        MemberJoined(
            op_id=op(1), store=STORE, day=TODAY, clock=moment(), member=MEMBER, card=CARD,
            effects=(do.Joined(),), claims=(CLAIM,),
        )
    )  # fmt: skip
    till.record(SALE)
    till.record(REFUND)
    made.push(till, keys=(KEY,))
    return made


def at_haidian(chain: Chain, **asked: Any) -> LookUpAnswer:
    return ask(chain, look_up, LookUp(**asked), a_device(chain.tenant, "till-11", HAIDIAN))


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"card": CARD}, id="card"),
        pytest.param({"claim": CLAIM}, id="claim"),
        pytest.param({"member": MEMBER}, id="member"),
        pytest.param({"receipt": SALE.code}, id="receipt"),
    ],
)
def test_a_member_of_another_store_is_found(chain: Chain, asked: dict[str, str]) -> None:
    [found] = at_haidian(chain, **asked).members
    assert (found.member, found.cards, found.keys) == (MEMBER, (CARD,), (KEY,))
    assert account_of(found.account) == chain.account(MEMBER)


@pytest.mark.parametrize("code", [SALE.code, REFUND.code], ids=["sale", "refund"])
def test_a_receipt_brings_the_sale_and_its_refunds(chain: Chain, code: str) -> None:
    facts = at_haidian(chain, receipt=code).facts
    assert [msgspec.json.decode(each.data)["op_id"] for each in facts] == [
        SALE.op_id,
        REFUND.op_id,
    ]
    assert [(each.device, each.dseq, each.day) for each in facts] == [
        ("till-02", 2, TODAY),
        ("till-02", 3, TODAY),
    ]


@pytest.mark.parametrize("asked", ["card", "claim", "member", "receipt"])
def test_what_nobody_knows_is_empty(chain: Chain, asked: str) -> None:
    answer = at_haidian(chain, **{asked: FRIEND})
    assert (answer.members, answer.facts, answer.server_ms) == ((), (), chain.now_ms)
    # Only who names an id had it from this chain: before it was restored.
    assert len(chain.rows(t.member_store, member=FRIEND)) == (asked == "member")


def test_who_was_met_before_a_restore_is_told_of_when_he_arrives_again(chain: Chain) -> None:
    """The server has forgotten him and that this store met him; another till brings him back."""
    for _ in range(2):
        assert at_haidian(chain, member=FRIEND).members == ()
    assert chain.feed(f"store:{HAIDIAN}") == []
    other = Till("till-03")
    other.record(points(9, 50, member=FRIEND))
    chain.push(other)
    assert [row["ref"] for row in chain.feed(f"store:{HAIDIAN}")] == [FRIEND]


def test_the_store_hears_of_him_from_then_on(chain: Chain) -> None:
    at_haidian(chain, card=CARD)
    at_haidian(chain, card=CARD)
    stream = f"store:{HAIDIAN}"
    assert [(row["kind"], row["ref"]) for row in chain.feed(stream)] == [("member", MEMBER)]
    other = Till("till-03")
    other.record(points(9, 50))
    chain.push(other)
    assert [row["ref"] for row in chain.feed(stream)] == [MEMBER, MEMBER]


def test_a_walk_in_receipt_brings_no_member(chain: Chain) -> None:
    till = Till("till-03")
    sale = a_sale(5, TODAY, member=None, effects=(), identified_by=None)
    till.record(sale)
    chain.push(till)
    answer = at_haidian(chain, receipt=sale.code)
    assert (answer.members, len(answer.facts)) == ((), 1)


@pytest.mark.parametrize("said", [b"{}", b'{"card":"M1","receipt":"R1"}'], ids=["none", "two"])
def test_asking_by_none_or_two_is_not_understood(said: bytes) -> None:
    with pytest.raises(msgspec.ValidationError, match="exactly one"):
        decoded(said, LookUp)
