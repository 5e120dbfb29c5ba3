"""Grants as a till comes by them: asked for beside the counter, spent offline, given back.

Real tills, real server. 王小红 has 640 points; a fifth of what she has may belong to one till.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.grant import PointGrant
from app.domain.ids import OpId
from app.services.answers import Changed
from app.services.find_member import MemberPutOn
from app.services.grant_keeping import tend_grants
from app.services.redeem import redeem_points
from app.services.scan import scan_code
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain, a_chain
from tests.sync.joined.test_coupon_ways import reserve, ring_up
from tests.sync.joined.test_ways_hold import last_fact

pytestmark = pytest.mark.slow
LIMIT = 500
WEEK_MS = 7 * 24 * 3_600_000


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """She bought milk at 人民路店, which took care of its grants afterwards."""
    with a_chain(tmp_path) as made:
        counter = made.first
        counter.do(scan_code, text=MILK)
        assert isinstance(counter.do(scan_code, text=made.card(POORER)), MemberPutOn)
        counter.sell()
        counter.until_sent()
        tend(counter, set())
        yield made


def tend(counter: Counter, asked: set[OpId]) -> int:
    return tend_grants(
        shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane), asked=asked
    )


def grants(chain: Chain) -> list[PointGrant]:
    member = chain.member(POORER)
    return list(chain.first.real.store.lane.run(lambda work: work.grants.of_member(member)))


def promised(counter: Counter, chain: Chain) -> int:
    member = chain.member(POORER)
    told = counter.real.store.lane.run(lambda work: work.confirmed.promised(member))
    return sum(each.points for each in told)


def granted(chain: Chain) -> int:
    (grant,) = grants(chain)
    return sum(grant.buckets.values())


def test_a_till_asks_for_a_part_and_spends_it_offline(chain: Chain) -> None:
    counter, part = chain.first, granted(chain)
    assert part in (640 // 5, 707 // 5), "the milk of just now may be known already"
    chain.pull_the_cables()
    redeem = ring_up(counter, chain.card(POORER), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.most) == ("grant", part + LIMIT)
    assert isinstance(counter.do(redeem_points, points=100), Changed)
    counter.sell()
    fact = last_fact(counter)
    assert (fact.points_spent, fact.grant) == (100, grants(chain)[0].grant_id)
    used = counter.real.store.lane.run(lambda work: work.grants.floor_used("boot-1", 0))
    assert used[chain.member(POORER)].points == 0
    chain.put_them_back()
    assert chain.cases() == []


def test_the_other_till_sees_the_balance_without_it(chain: Chain) -> None:
    other, part = chain.second, granted(chain)
    other.until(lambda: promised(other, chain) == part, "it was told")
    redeem = ring_up(other, chain.card(POORER), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.why) == ("online", "promised")
    seat = other.real.shop.desk.state.seat
    assert seat is not None
    assert redeem.most == seat.view.balance - part


def test_its_own_grant_is_no_part_less_for_the_till_that_asks_online(chain: Chain) -> None:
    counter = chain.first
    ring_up(counter, chain.card(POORER), OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=600), Changed)
    state = reserve(counter).state
    assert (state.redeem.most, state.totals.points_used) == (600, 600)
    counter.sell()
    counter.until_sent()
    assert chain.cases() == []


def test_each_sale_asks_once_and_a_grant_that_is_over_is_given_back(chain: Chain) -> None:
    counter, other = chain.both
    asked: set[OpId] = set()
    assert tend(counter, asked) == 0, "there is one already"
    chain.story.go_on(milliseconds=WEEK_MS)
    counter.line.sync_now()
    counter.until_online()
    # After a week the line begins anew: only while head office is there anything is given back.
    counter.until(lambda: tend(counter, asked) == 0 and not grants(chain), "it is given back")
    counter.until_sent()
    other.line.sync_now()
    other.until(lambda: promised(other, chain) == 0, "everybody may spend it again")
    assert tend(counter, asked) == 0
