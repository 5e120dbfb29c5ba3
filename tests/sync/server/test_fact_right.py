"""What devices may write by themselves: the rest waits for head office, and counts nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from app.domain import effects as do
from app.domain.facts import (
    CouponIssued,
    MembersMerged,
    PointsAdjusted,
    ProgramRef,
    TierGranted,
    TierReviewed,
)
from sync.protocol import Push, PushAnswer
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.ingest import ingest
from sync.server.rebuild import verify
from sync.server.release import release
from sync.server.sender import Sender
from tests.domain.heart_builders import FRIEND, MEMBER, STORE, a_sale, moment, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """A server that knows nobody yet."""
    return Chain(database, tenant)


def origin(number: int) -> dict[str, Any]:
    return {
        "op_id": op(number),
        "store": STORE,
        "day": TODAY,
        "clock": moment(),
        "staff": "staff-li",
        "member": MEMBER,
    }


GAIN = do.Gained(points=1_000_000, expires_in=12)


def points() -> PointsAdjusted:
    return PointsAdjusted(**origin(1), effects=(GAIN,), reason="goodwill")


def coupon() -> CouponIssued:
    effects = (do.CouponGiven(coupon="C1", offer="welcome"),)
    return CouponIssued(**origin(1), effects=effects, why="win_back")


def tier() -> TierGranted:
    return TierGranted(
        **origin(1), effects=(do.TierGiven(tier="gold", days=90),), reason_type="vip"
    )


def review() -> TierReviewed:
    effect = do.Reviewed(tier="gold", before="regular", months=12)
    program = ProgramRef("renmin", "2026.1")
    return TierReviewed(
        **origin(1), effects=(effect,), before="regular", after="gold", program=program
    )


def merge() -> MembersMerged:
    return MembersMerged(**origin(1) | {"member": FRIEND}, into=MEMBER)


def pushed(chain: Chain, till: Till, **sender: Any) -> PushAnswer:
    who = Sender(chain.tenant, till.device, till.store, **sender)
    said = Push(ops=tuple(till.ops))
    return chain.database.write(
        lambda connection: ingest(connection, who, said, chain.now_ms, chain.house)
    )


@pytest.mark.parametrize("fact", [points, coupon, tier, review, merge], ids=lambda f: f.__name__)
def test_what_a_manager_answers_for_is_nothing_a_web_shop_may_do(chain: Chain, fact: Any) -> None:
    shop = Till("channel-1")
    shop.record(fact())
    answer = pushed(chain, shop, is_channel=True)
    assert outcomes(answer) == ["quarantined"]
    assert [each.kind for each in answer.answers[0].adjustments] == ["kind_not_allowed"]
    assert chain.rows(t.ledger) == []
    account = chain.account(fact().member)
    assert (account.gained, account.coupons, account.grants) == ({}, {}, {})
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_a_web_shop_sells_like_any_till(chain: Chain) -> None:
    shop = Till("channel-1")
    shop.record(a_sale(1, TODAY))
    assert outcomes(pushed(chain, shop, is_channel=True)) == ["accepted"]


@pytest.mark.parametrize("fact", [points, coupon, tier], ids=lambda f: f.__name__)
def test_a_manager_does_it_at_a_till(chain: Chain, fact: Any) -> None:
    till = Till("till-02")
    till.record(fact())
    assert outcomes(chain.push(till)) == ["accepted"]


def test_what_the_server_reviews_counts_only_from_before_the_till_was_let_in(chain: Chain) -> None:
    late, early = Till("till-02"), Till("till-03")
    late.record(review())
    assert outcomes(chain.push(late)) == ["quarantined"]
    early.record(replace(review(), op_id=op(2)))
    answer = chain.push(early, enrolled_ms=moment().wall_ms + 1)
    assert outcomes(answer) == ["accepted"]


def test_who_is_one_is_said_by_head_office_alone_once_a_till_is_let_in(chain: Chain) -> None:
    till = Till("till-02")
    till.record(merge())
    assert outcomes(chain.push(till)) == ["quarantined"]
    assert chain.rows(t.account, member=FRIEND)[0]["survivor"] == FRIEND
    assert chain.database.read(lambda c: verify(c, chain.tenant)).is_sound


def test_points_that_stand_on_no_receipt_wait_for_head_office(chain: Chain) -> None:
    till = Till("till-02")
    sale = a_sale(1, TODAY, more_effects=(GAIN,))
    assert sale.points_earned == 59
    till.record(sale)
    [answer] = chain.push(till).answers
    assert answer.outcome == "quarantined"
    assert [(each.kind, each.text) for each in answer.adjustments] == [
        ("sums_differ", {"what": "points"})
    ]
    account = chain.account(MEMBER)
    assert account.gained == {}
    held = sum(points for by_day in account.held.values() for points in by_day.values())
    assert held == 1_000_059, "seen, and not to be used"
    [case] = chain.cases("sums_differ")
    assert msgspec.json.decode(case["story"])["said"] == {"what": "points"}
    sender = Sender(chain.tenant, till.device, till.store)
    done = chain.database.write(
        lambda connection: release(connection, sender, [op(1)], chain.now_ms, chain.house)
    )
    assert done.op_ids == (op(1),)
    assert sum(chain.account(MEMBER).gained.values()) == 1_000_059
