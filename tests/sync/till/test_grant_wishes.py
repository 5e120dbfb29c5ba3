"""What a till asks to be set aside for it: a share of points, coupons and uses, never the last."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import msgspec
import pytest

from app.domain import effects as do
from app.domain.account import account_bytes
from app.domain.grant import PointGrant
from app.domain.link import Contact
from app.domain.server_answer import Declined, GrantAnswer, Granted, GrantWanted
from app.services.grant_keeping import tend_grants
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.server_port import NoServerHere
from app.store.waiting_lane import WaitingLane
from sync.protocol import OpAnswer, Promise
from tests.real_shop import MILK
from tests.services.conftest import use_program
from tests.shop_rules import REWARDS
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import a_member, account, told

WHO = "陈静"
_VERSIONS = count(100)
COUPONS = ("C1", "C2", "C3", "C4", "C5")


class Asked(NoServerHere):
    """Head office, which gives whatever is asked for, or declines by these codes first."""

    def __init__(self, *codes: str) -> None:
        self.codes, self.wanted = list(codes), list[GrantWanted]()

    def contact(self) -> Contact:
        return Contact(is_there=True, heard_monotonic_ms=0)

    def grant(self, wanted: GrantWanted) -> GrantAnswer:  # type: ignore[override] # it answers
        self.wanted.append(wanted)
        if self.codes:
            return Declined(self.codes.pop(0))
        return Granted(PointGrant(wanted.grant_id, wanted.member_id))


@pytest.fixture
def served(till: SyncedTill) -> SyncedTill:
    """陈静 bought milk, head office has it, and says that she has 1,000 points and five coupons;
    half of what a member has may be set aside."""
    use_program(till.shop, REWARDS)
    till.shop.sign_in()
    till.shop.do(scan_code, text=MILK)
    till.shop.do(scan_code, text=till.shop.cards[WHO])
    till.shop.do(pay_cash)
    answers = [
        OpAnswer(op_id=each.op_id, epoch=each.epoch, dseq=each.dseq, outcome="accepted")
        for each in till.outbox.waiting(999)
    ]
    till.outbox.settle(answers, server_epoch=1)
    say(till)
    state = till.shop.shop.desk.state
    half = msgspec.structs.replace(state.program.offline, grant_share="0.5")
    program = msgspec.structs.replace(state.program, offline=half)
    till.shop.shop.desk.adopt(replace(state, program=program))
    return till


def say(till: SyncedTill, *promises: Promise, points: int = 1_000) -> None:
    member = till.shop.members[WHO]
    given = [
        do.CouponGiven(coupon=coupon, offer="points-5", days=90 + at)
        for at, coupon in enumerate(COUPONS)
    ]
    has = account(do.Joined(), do.Gained(points=points, expires_in=12), *given, of=member)
    told(
        till,
        a_member(
            member=member, version=next(_VERSIONS), account=account_bytes(has), promises=promises,
            cards=(till.shop.cards[WHO],),
        ),
    )  # fmt: skip


def tend(till: SyncedTill, office: Asked) -> list[GrantWanted]:
    till.shop.shop = replace(till.shop.shop, server=office)
    tend_grants(shop=till.shop.shop, lane=WaitingLane(till.shop.store.lane), asked=set())
    member = till.shop.members[WHO]
    return [each for each in office.wanted if each.member_id == member]


def test_a_share_of_everything_is_asked_for_what_ends_first_first(served: SyncedTill) -> None:
    (wanted,) = tend(served, Asked())
    assert wanted.points == 500
    assert wanted.coupons == ("C1", "C2")
    assert wanted.entitlements == {"reward:towel": 1}, "of two towels a month; of one coupon none"


def test_what_is_promised_to_others_is_left_alone(served: SyncedTill) -> None:
    say(
        served,
        Promise(
            id="g", device="till-09", points=400, coupons=("C1", "C3", "C4"),
            entitlements={"reward:towel": 1},
        ),
    )  # fmt: skip
    (wanted,) = tend(served, Asked())
    assert (wanted.points, wanted.coupons, wanted.entitlements) == (300, ("C2",), {})


def test_where_one_of_them_is_gone_the_points_are_asked_for_alone(served: SyncedTill) -> None:
    first, second = tend(served, Asked("coupon_gone"))
    assert (first.points, len(first.coupons)) == (500, 2)
    assert second == replace(first, coupons=(), entitlements={})


def test_coupons_alone_are_worth_asking_for(served: SyncedTill) -> None:
    say(served, points=1)
    (wanted,) = tend(served, Asked())
    assert (wanted.points, wanted.coupons) == (0, ("C1", "C2"))
    assert len(tend(served, Asked("coupon_gone"))) == 1, "without points there is nothing else"
