"""Points, look-ups and passes of a till of a chain: real till, real server, and the server gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.codes import CodeKind, random_code
from app.domain.facts import SaleRecorded, read_fact
from app.domain.grant import PassKey, PointGrant
from app.domain.member_pass import MemberPassClaims, pass_code, signed_bytes
from app.domain.months import Month
from app.domain.redeem_way import RedeemWay
from app.domain.server_answer import LookedUp, LookUpWanted, NoAnswer
from app.services.answers import Changed
from app.services.find_member import (
    MemberElsewhere,
    MemberOutOfReach,
    MemberPutOn,
    MembersFound,
    NobodyFound,
    find_members,
)
from app.services.joining import Joined, NewMember, join_member
from app.services.look_up import look_up_member
from app.services.member_pass import PassNotTaken
from app.services.redeem import PointsRefused, redeem_points
from app.services.reservation import (
    NothingToReserve,
    ReservationBegun,
    ReservationSettled,
    ask_reservation,
    begin_reservation,
    settle_reservation,
    void_leftovers,
)
from app.services.scan import scan_code
from app.store.waiting_lane import WaitingLane
from tests.real_shop import OIL, TOWEL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import MEMBER, Chain, a_chain
from tests.sync.joined.office_here import OfficeHere

pytestmark = pytest.mark.slow
NOBODYS = random_code(CodeKind.MEMBER, 77).text
"""A card of a chain that this store has never seen."""


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


@pytest.fixture
def office(chain: Chain) -> OfficeHere:
    return chain.office


@pytest.fixture
def counter(chain: Chain) -> Counter:
    """人民路店, with everything sent, and the program at head office."""
    return chain.first


def _confirmed(counter: Counter, member: str) -> Any:
    return counter.real.store.lane.run(lambda work: work.confirmed.account(member))


def _ring_up(counter: Counter, *codes: str) -> Any:
    for code in codes:
        counter.do(scan_code, text=code)
    answer = counter.do(scan_code, text=counter.real.cards[MEMBER])
    assert isinstance(answer, MemberPutOn), answer
    return answer.state


def _reserve(counter: Counter) -> ReservationSettled:
    """As the payment screen does it."""
    begun = counter.do(begin_reservation)
    assert isinstance(begun, ReservationBegun), begun
    told = ask_reservation(shop=counter.real.shop, wanted=begun.wanted)
    settled = counter.do(
        settle_reservation, reservation_id=begun.wanted.reservation_id, answer=told
    )
    assert isinstance(settled, ReservationSettled)
    return settled


def _last_fact(counter: Counter) -> SaleRecorded:
    sale = counter.real.store.lane.run(lambda work: work.sales.latest(1))[0]
    sent = counter.real.store.lane.run(lambda work: work.outbox.get(sale.sale_id))
    assert sent is not None
    fact = read_fact(sent.data)
    assert isinstance(fact, SaleRecorded)
    return fact


def _reservation(counter: Counter, reservation_id: str) -> Any:
    return counter.real.store.lane.run(lambda work: work.grants.reservation(reservation_id))


def test_online_the_server_keeps_the_points_and_the_sale_posts_them(counter: Counter) -> None:
    state = _ring_up(counter, OIL, OIL, OIL, OIL)
    assert state.redeem == RedeemWay("online")
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    settled = _reserve(counter)
    kept = settled.state.redeem
    assert (kept.way, kept.most) == ("online", 600)
    assert settled.state.totals.points_used == 600
    assert isinstance(counter.do(begin_reservation), NothingToReserve)
    counter.sell()
    fact = _last_fact(counter)
    assert fact.points_spent == 600
    assert fact.reservation == kept.reservation
    assert _reservation(counter, str(kept.reservation)).state == "posted"
    counter.until_sent()
    sent = counter.real.store.lane.run(lambda work: work.outbox.get(fact.op_id))
    assert sent is not None
    assert sent.state == "acknowledged", sent


def test_without_an_answer_the_floor_limit_bounds_the_sale_and_what_was_asked_is_voided(
    counter: Counter, office: OfficeHere
) -> None:
    _ring_up(counter, OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    begun = counter.do(begin_reservation)
    assert isinstance(begun, ReservationBegun), "it has not noticed yet that nobody is there"
    office.close()
    told = ask_reservation(shop=counter.real.shop, wanted=begun.wanted)
    assert told == NoAnswer()
    counter.do(settle_reservation, reservation_id=begun.wanted.reservation_id, answer=told)
    assert _reservation(counter, begun.wanted.reservation_id).state == "asked"
    counter.until(lambda: not counter.line.contact().is_there, "offline")
    counter.sell()
    fact = _last_fact(counter)
    assert (fact.points_spent, fact.reservation, fact.grant) == (500, None, None)
    state = _ring_up(counter, OIL, OIL, OIL, OIL)
    assert (state.redeem.most, state.redeem.why) == (0, "member_limit")
    assert isinstance(counter.do(redeem_points, points=100), PointsRefused)
    office.open()
    counter.line.sync_now()
    counter.until_online()
    counter.until_sent()
    lane = WaitingLane(counter.real.store.lane)
    void_leftovers(shop=counter.real.shop, lane=lane)
    assert lane.run(lambda work: work.grants.open_reservations()) == []
    assert _reservation(counter, begun.wanted.reservation_id).state == "voided"


def test_a_grant_is_spent_first_and_never_twice(counter: Counter, office: OfficeHere) -> None:
    member = counter.real.members[MEMBER]
    month = Month.of(counter.clock.now().local("Asia/Shanghai").date()).index
    grant = PointGrant(
        "0190a000-0000-7000-8000-000000000001", member, {month + 1: 300}, ends_ms=2**53
    )
    counter.real.store.lane.run(lambda work: work.grants.put(grant))
    office.close()
    counter.until(lambda: not counter.line.contact().is_there, "offline")
    state = _ring_up(counter, OIL, OIL, OIL, OIL)
    assert (state.redeem.way, state.redeem.most) == ("grant", 800)
    assert isinstance(counter.do(redeem_points, points=400), Changed)
    counter.sell()
    fact = _last_fact(counter)
    assert (fact.points_spent, fact.grant) == (400, grant.grant_id)
    state = _ring_up(counter, OIL, OIL, OIL, OIL)
    assert (state.redeem.way, state.redeem.most) == ("floor", 400)


def test_a_member_of_another_shop_is_looked_up_or_the_sale_goes_on_without_him(
    chain: Chain, counter: Counter
) -> None:
    other = chain.second
    other.do(scan_code, text=TOWEL)
    card = counter.real.cards["陈静"]
    asked = other.do(scan_code, text=card)
    assert isinstance(asked, MemberElsewhere), asked
    told = look_up_member(shop=other.real.shop, wanted=asked.wanted)
    assert told == LookedUp((counter.real.members["陈静"],))
    assert isinstance(other.do(scan_code, text=card, looked_up=told), MemberPutOn)
    other.sell()
    chain.pull_the_cables()
    other.do(scan_code, text=TOWEL)
    assert other.do(scan_code, text=NOBODYS) == MemberOutOfReach()


def test_a_pass_identifies_offline_and_once(counter: Counter, office: OfficeHere) -> None:
    key = Ed25519PrivateKey.generate()
    now_ms = counter.clock.now().wall_ms
    known = PassKey("1", key.public_key().public_bytes_raw(), now_ms - 60_000, now_ms + 3_600_000)
    counter.real.store.lane.run(lambda work: work.grants.put_pass_keys([known]))
    office.close()
    counter.until(lambda: not counter.line.contact().is_there, "offline")
    member = counter.real.members[MEMBER]
    claims = MemberPassClaims(1, member, "gold", now_ms, 3_600)
    shown = pass_code(claims, key.sign(signed_bytes(claims))).text
    forged = pass_code(claims, Ed25519PrivateKey.generate().sign(signed_bytes(claims))).text
    assert counter.do(scan_code, text=forged) == PassNotTaken("forged")
    counter.do(scan_code, text=TOWEL)
    answer = counter.do(scan_code, text=shown)
    assert isinstance(answer, MemberPutOn), answer
    assert answer.state.member is not None
    assert answer.state.member.identified_by == "pass"
    counter.sell()
    assert _last_fact(counter).identified_by == "pass"
    counter.do(scan_code, text=TOWEL)
    assert counter.do(scan_code, text=shown) == PassNotTaken("used")


def test_a_member_of_another_shop_is_found_by_his_whole_number(
    chain: Chain, counter: Counter
) -> None:
    other, number = chain.second, "13712342468"
    new = NewMember(phone=number, name="赵敏", consents=frozenset({"membership"}))
    joined = counter.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    counter.until_sent()
    asked = other.do(find_members, text=number)
    assert isinstance(asked, MemberElsewhere), asked
    assert number not in str(asked.wanted), "no open number leaves the till"
    told = look_up_member(shop=other.real.shop, wanted=asked.wanted)
    found = other.do(find_members, text=number, looked_up=told)
    assert isinstance(found, MembersFound), found
    assert [hit.member_id for hit in found.hits] == [joined.member_id]
    nobody = look_up_member(shop=other.real.shop, wanted=LookUpWanted(phone_claim="0" * 64))
    unknown = other.do(find_members, text="13712349876", looked_up=nobody)
    assert unknown == NobodyFound("13712349876", "+8613712349876")
    chain.pull_the_cables()
    unknown = other.do(find_members, text="13712349876")
    assert unknown == NobodyFound("13712349876", "+8613712349876", only_here=True)
