"""What is promised to one till no other spends, whether or not it can ask. Real tills and server.

王小红 has 640 points and one coupon.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.answers import Changed
from app.services.lines import clear_basket
from app.services.redeem import redeem_points
from app.services.reservation import void_leftovers
from app.store.waiting_lane import WaitingLane
from tests.real_shop import OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain, a_chain
from tests.sync.joined.test_coupon_ways import coupons_of, reasons, reserve, ring_up

pytestmark = pytest.mark.slow
HAD, KEPT, LIMIT = 640, 300, 500


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Another till keeps a part of his points and his coupon, and this one has heard of it."""
    with a_chain(tmp_path) as made:
        ring_up(made.second, made.card(POORER), OIL, OIL)
        assert isinstance(made.second.do(redeem_points, points=KEPT), Changed)
        reserve(made.second)
        made.first.until(lambda: promises(made.first, made) == 1, "it was told")
        yield made


def promises(counter: Counter, chain: Chain) -> int:
    member = chain.member(POORER)
    return counter.real.store.lane.run(lambda work: len(work.confirmed.promised(member)))


def test_offline_it_is_left_alone_until_its_interval_is_over(chain: Chain) -> None:
    counter = chain.first
    chain.pull_the_cables()
    redeem = ring_up(counter, chain.card(POORER), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.most, redeem.why) == ("floor", HAD - KEPT, "balance")
    assert (coupons_of(counter), reasons(counter)) == ((), {"SET_ASIDE"})
    chain.story.go_on(milliseconds=3_600_000)
    redeem = ring_up(counter, chain.card(POORER)).redeem
    assert (redeem.most, len(coupons_of(counter))) == (LIMIT, 1)


def test_online_it_is_not_even_asked_for_and_free_again_when_it_is_given_up(chain: Chain) -> None:
    counter, other = chain.both
    redeem = ring_up(counter, chain.card(POORER), OIL, OIL, OIL, OIL).redeem
    assert (redeem.way, redeem.most, redeem.why) == ("online", HAD - KEPT, "promised")
    assert reasons(counter) == {"SET_ASIDE"}
    other.do(clear_basket)
    void_leftovers(shop=other.real.shop, lane=WaitingLane(other.real.store.lane))
    counter.until(lambda: promises(counter, chain) == 0, "it was told")
    redeem = ring_up(counter, chain.card(POORER)).redeem
    assert (redeem.most, redeem.why, len(coupons_of(counter))) == (None, None, 1)
