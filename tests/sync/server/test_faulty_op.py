"""One bad op of many: kept unread, while its neighbours, its till and its member go on."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy.exc import OperationalError

from app.domain.facts import (
    CardIssued,
    GrantReleased,
    MemberJoined,
    PointsAdjusted,
    TierGranted,
    canonical_bytes,
)
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rebuild import readable_now, verify
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_line, a_sale, moment, op
from tests.sync.server.tills import Chain, Till, fault_at, outcomes

TODAY = date(2026, 5, 29)
LONG = "x" * 4_000


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def said(kind: type[msgspec.Struct], **values: Any) -> dict[str, Any]:
    return {
        "kind": kind.__struct_config__.tag,
        "op_id": op(2),
        "store": STORE,
        "day": TODAY.isoformat(),
        "clock": msgspec.to_builtins(moment()),
        "member": MEMBER,
    } | values


def a_sale_saying(**values: Any) -> dict[str, Any]:
    sale: dict[str, Any] = msgspec.json.decode(canonical_bytes(a_sale(2, TODAY)))
    return sale | values


def adjusted(*effects: dict[str, Any]) -> dict[str, Any]:
    return said(PointsAdjusted, reason="x", effects=effects)


BEYOND = {
    "a tier for longer than there are years": a_sale_saying(
        effects=[{"do": "reach", "tier": "gold", "months": 200_000}]
    ),
    "points usable in the year 275000": adjusted(
        {"do": "hold", "points": 5, "expires_in": 12, "usable_in_days": 99_999_999}
    ),
    "points that expire before the year one": adjusted(
        {"do": "gain", "points": 5, "expires_in": -90_000}
    ),
    "more points than anybody can have": adjusted(
        {"do": "gain", "points": 2**52, "expires_in": 12}
    ),
    "a grant of a tier for ever": said(
        TierGranted, reason_type="x", effects=[{"do": "grant", "tier": "gold", "days": 10**9}]
    ),
    "a coupon of some kilobytes": adjusted({"do": "coupon", "coupon": LONG, "offer": "welcome"}),
    "an occasion of some kilobytes": adjusted(
        {"do": "occasion", "occasion": LONG, "points": 1, "expires_in": 1}
    ),
    "a member of some kilobytes": said(PointsAdjusted, reason="x", member=LONG),
    "a receipt number of some kilobytes": a_sale_saying(code=LONG),
    "a reservation of some kilobytes": a_sale_saying(reservation=LONG),
    "a grant of some kilobytes": said(GrantReleased, grant=LONG),
    "somebody joined who is nobody": said(MemberJoined, card="M1", member=None, claims=["c-1"]),
    "a claim of some kilobytes": said(MemberJoined, card="M1", claims=[LONG]),
    "a card of some kilobytes": said(CardIssued, card=LONG, replaces="M0"),
    "a card for nobody": said(CardIssued, card="M1", replaces="M0", member=None),
    "a kind of some kilobytes": said(PointsAdjusted) | {"kind": LONG},
    "lists in lists in lists": a_sale_saying(more="@"),
}


def bytes_of(fact: dict[str, Any]) -> bytes:
    deep = b"[" * 30_000 + b"]" * 30_000
    return msgspec.json.encode(fact).replace(b'"@"', deep)


@pytest.mark.parametrize("what", BEYOND)
def test_what_is_beyond_all_bounds_is_kept_unread_and_stops_nobody(chain: Chain, what: str) -> None:
    till, other = Till("till-02"), Till("till-03")
    till.record(a_sale(1, TODAY))
    till.append(op(2), bytes_of(BEYOND[what]))
    till.record(a_sale(3, TODAY))
    assert outcomes(chain.push(till)) == ["accepted", "quarantined", "accepted"]
    again = ["accepted again", "quarantined again", "accepted again"]
    assert outcomes(chain.push(till)) == again
    other.record(a_sale(4, TODAY, lines=(a_line(points_spent=30, points_earned=0),)))
    assert outcomes(chain.push(other)) == ["accepted"], "its member goes on at other tills"
    [case] = chain.cases("unreadable")
    assert case["op_id"] == op(2)
    assert chain.database.read(lambda c: readable_now(c, chain.tenant)) == []
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_an_op_that_no_step_can_bear_is_kept_and_all_others_count(chain: Chain) -> None:
    till = Till("till-02")
    for number in (1, 2, 3, 4):
        till.record(a_sale(number, TODAY, member=FRIEND if number == 2 else MEMBER))
    with fault_at(chain.database, op(2), OverflowError("int too big to convert")):
        answer = chain.push(till)
    assert outcomes(answer) == ["accepted", "quarantined", "accepted", "accepted"]
    assert answer.heads == {1: 4}
    assert [each.dseq for each in answer.answers] == [1, 2, 3, 4]
    [case] = chain.cases("unreadable")
    assert msgspec.json.decode(case["story"])["said"] == {"why": "fault: OverflowError"}
    assert [row["op_id"] for row in chain.rows(t.ledger)] == [op(1), op(3), op(4)]
    assert chain.account(MEMBER).marks == {MEMBER: {"till-02": {1: 4}}}
    assert outcomes(chain.push(till)) == [f"{each.outcome} again" for each in answer.answers]
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_a_database_that_fails_is_no_fault_of_an_op(chain: Chain) -> None:
    till = Till("till-02")
    till.record(a_sale(1, TODAY))
    full = OperationalError("INSERT", {}, Exception("database or disk is full"))
    with fault_at(chain.database, op(1), full), pytest.raises(OperationalError):
        chain.push(till)
    assert chain.rows(t.op) == []
    assert outcomes(chain.push(till)) == ["accepted"]
