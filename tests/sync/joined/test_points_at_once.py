"""Points that a member spends at once, for a coupon, follow the same steps as those of a sale.

Real tills, real server. 王小红 has 640 points; the coupon costs 450 of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.server_answer import PointsKept
from app.domain.stored_program import StoredProgram
from app.services.answers import Changed
from app.services.entitlement import AskHeadOffice
from app.services.redeem import redeem_points
from app.services.reservation import ask_reservation, void_leftovers
from app.services.reward import RewardCoupon, RewardRefused, take_reward
from app.services.tick_way import Asked
from app.store.waiting_lane import WaitingLane
from tests.real_shop import OIL
from tests.shop_rules import REWARDS
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, RULES, Chain, a_chain
from tests.sync.joined.test_coupon_ways import reserve, ring_up

pytestmark = pytest.mark.slow
COST, LIMIT = 450, 500


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """The first till's rules have the reward."""
    rules = RULES.replace('"2026.2"', '"2026.3"').replace("2025-11-02", "2025-11-03") + REWARDS
    told = StoredProgram("renmin", "2026.3", date(2025, 10, 1), date(2025, 11, 3), rules)
    with a_chain(tmp_path) as made:
        made.first.real.store.lane.run(lambda work: work.programs.tell(told))
        made.first.do_open()
        yield made


def have_coupon(counter: Counter, **asked: Asked) -> Any:
    return counter.do(take_reward, reward_id="five-off", **asked)


def floor_points(counter: Counter, member: str) -> int:
    used = counter.real.store.lane.run(lambda work: work.grants.floor_used("boot-1", 0))
    return used[member].points if member in used else 0


def test_offline_the_limit_holds_for_them_and_for_sales_together(chain: Chain) -> None:
    counter, member = chain.first, chain.member(POORER)
    chain.pull_the_cables()
    ring_up(counter, chain.card(POORER), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=100), Changed)
    counter.sell()
    ring_up(counter, chain.card(POORER), OIL)
    refused = have_coupon(counter)
    assert isinstance(refused, RewardRefused), refused
    assert (refused.reason, refused.missing) == ("OFFLINE_NEEDS_ONLINE", COST - (LIMIT - 100))
    assert floor_points(counter, member) == 100


def test_offline_within_the_limit_it_is_counted(chain: Chain) -> None:
    counter, member = chain.first, chain.member(POORER)
    chain.pull_the_cables()
    ring_up(counter, chain.card(POORER), OIL, OIL)
    assert isinstance(have_coupon(counter), RewardCoupon)
    assert floor_points(counter, member) == COST
    assert ring_up(counter, chain.card(POORER)).redeem.most == LIMIT - COST


def test_online_head_office_keeps_them_until_it_knows(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(POORER), OIL, OIL)
    asked = have_coupon(counter)
    assert isinstance(asked, AskHeadOffice), asked
    told = ask_reservation(shop=counter.real.shop, wanted=asked.wanted)
    assert isinstance(told, PointsKept), told
    answer = Asked(asked.wanted.reservation_id, told)
    assert isinstance(have_coupon(counter, asked=answer), RewardCoupon)
    counter.until_sent()
    lane = WaitingLane(counter.real.store.lane)
    assert void_leftovers(shop=counter.real.shop, lane=lane) == 1
    assert lane.run(lambda work: work.grants.open_reservations()) == []
    assert chain.cases() == []


def test_what_another_till_keeps_is_not_there(chain: Chain) -> None:
    counter, other = chain.both
    ring_up(counter, chain.card(POORER), OIL, OIL)
    asked = have_coupon(counter)
    ring_up(other, chain.card(POORER), OIL, OIL, OIL, OIL)
    assert isinstance(other.do(redeem_points, points=300), Changed)
    reserve(other)
    told = ask_reservation(shop=counter.real.shop, wanted=asked.wanted)
    refused = have_coupon(counter, asked=Asked(asked.wanted.reservation_id, told))
    assert isinstance(refused, RewardRefused), refused
    assert (refused.reason, refused.missing) == ("SET_ASIDE", COST - 340)
