"""Coupons of a till of a chain: kept by head office, bound offline, never asked for where only
this till knows of them. Real tills, real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.grant import PointGrant
from app.services.find_member import MemberPutOn
from app.services.joining import Joined, NewMember, join_member
from app.services.reservation import (
    NothingToReserve,
    ReservationBegun,
    ReservationSettled,
    ask_reservation,
    begin_reservation,
    settle_reservation,
)
from app.services.scan import scan_code
from tests.real_shop import OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import MEMBER, POORER, Chain, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def ring_up(counter: Counter, card: str, *codes: str) -> Any:
    for code in codes:
        counter.do(scan_code, text=code)
    answer = counter.do(scan_code, text=card)
    assert isinstance(answer, MemberPutOn), answer
    return answer.state


def coupons_of(counter: Counter) -> tuple[str, ...]:
    return counter.real.shop.desk.state.quote.coupons_used


def reasons(counter: Counter) -> set[str]:
    """Why coupons that are not used are not."""
    quote = counter.real.shop.desk.state.quote
    return {why.reason for why in quote.not_applied if why.coupon_id is not None}


def reserve(counter: Counter) -> ReservationSettled:
    """As the payment screen does it, once more for what is left where some of it is refused."""
    begun = counter.do(begin_reservation)
    assert isinstance(begun, ReservationBegun), begun
    while True:
        told = ask_reservation(shop=counter.real.shop, wanted=begun.wanted)
        wanted = begun.wanted.reservation_id
        settled = counter.do(settle_reservation, reservation_id=wanted, answer=told)
        assert isinstance(settled, ReservationSettled)
        if settled.again is None:
            return settled
        begun = settled.again


def test_a_coupon_that_another_till_is_about_to_use_is_not_used_twice(chain: Chain) -> None:
    for counter in chain.both:
        ring_up(counter, chain.card(POORER), OIL, OIL)
        assert len(coupons_of(counter)) == 1
    with chain.second.deaf():
        kept = reserve(chain.first)
        assert kept.state.redeem.reservation is not None
        refused = reserve(chain.second)
    assert coupons_of(chain.second) == ()
    assert reasons(chain.second) == {"SET_ASIDE"}
    assert refused.state.redeem.gone != {}
    for counter in chain.both:
        counter.sell()
        counter.until_sent()
    assert chain.cases() == []


def test_what_was_used_meanwhile_is_refused_and_nothing_else(chain: Chain) -> None:
    first, second = chain.both
    ring_up(second, chain.card(MEMBER), OIL, OIL, OIL, OIL)
    (wanted,) = coupons_of(second)
    chain.pull_the_cables()
    first.line.switch(on=True)
    first.line.sync_now()
    first.until_online()
    ring_up(first, chain.card(MEMBER), OIL, OIL, OIL, OIL)
    reserve(first)
    first.sell()
    first.until_sent()
    second.line.switch(on=True)
    second.line.sync_now()
    second.until_online()
    second.until(lambda: used_at(second, chain.member(), wanted), "it heard of the use")
    ring_up(second, chain.card(MEMBER))
    again = coupons_of(second)
    assert again != (wanted,), "the next best one"
    assert len(again) == 1
    reserve(second)
    assert coupons_of(second) == again


def used_at(counter: Counter, member: str, coupon: str) -> bool:
    account = counter.account(member)
    return account is not None and bool(account.coupon_uses.get(coupon))


def test_offline_a_till_lets_one_coupon_of_a_member_through_and_says_why_no_more(
    chain: Chain,
) -> None:
    chain.pull_the_cables()
    counter = chain.first
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert len(coupons_of(counter)) == 1
    counter.sell()
    state = ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert coupons_of(counter) == ()
    assert reasons(counter) == {"OFFLINE_NEEDS_ONLINE"}
    assert (state.redeem.coupons_most, state.redeem.why_coupons) == (0, "member_limit")
    counter.sell()
    chain.put_them_back()
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert len(coupons_of(counter)) == 1, "it heard head office again"


def test_a_coupon_of_a_grant_is_no_part_of_that_limit(chain: Chain) -> None:
    counter, member = chain.first, chain.member()
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    (best,) = coupons_of(counter)
    grant = PointGrant("0190a000-0000-7000-8000-000000000002", member, {}, (best,), ends_ms=2**53)
    counter.real.store.lane.run(lambda work: work.grants.put(grant))
    chain.pull_the_cables()
    counter.sell()
    spent = counter.real.store.lane.run(
        lambda work: work.grants.floor_used("boot-1", 0).get(member)
    )
    assert spent is None
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert len(coupons_of(counter)) == 1, "the limit's own one is left"


def test_the_gift_of_joining_is_nobody_elses_and_works_offline(chain: Chain) -> None:
    chain.pull_the_cables()
    counter = chain.first
    for _ in range(2):
        counter.do(scan_code, text=OIL)
    new = NewMember(phone="13712342468", consents=frozenset({"membership"}))
    joined = counter.do(join_member, new=new)
    assert isinstance(joined, Joined), joined
    assert len(coupons_of(counter)) == 1
    assert isinstance(counter.do(begin_reservation), NothingToReserve)
    counter.sell()
    chain.put_them_back()
    assert chain.cases() == []
