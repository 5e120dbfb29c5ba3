"""Grants of a till of a chain: asked for beside the till, spent with and without a connection,
given back when their time is over. Real till, real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services.answers import Changed
from app.services.find_member import MemberPutOn
from app.services.grant import keep_grants
from app.services.redeem import redeem_points
from app.services.reservation import (
    NothingToReserve,
    ReservationBegun,
    ask_reservation,
    begin_reservation,
    settle_reservation,
)
from app.services.scan import scan_code
from app.store.waiting_lane import WaitingLane
from sync.server.grant import grants_standing
from tests.real_shop import OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain
from tests.sync.joined.test_redeeming import _last_fact as last_fact

pytestmark = pytest.mark.slow
SHARE = 468
"""A fifth of 2,340 points."""
WEEK_MS = 7 * 24 * 3600 * 1000


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """The member has bought at the first till today, and a part of his points belongs to it."""
    with a_chain(tmp_path) as made:
        first = made.first
        ring_up(first, made.card(), OIL)
        first.sell()
        first.until_sent()
        assert keep(first) == 1
        yield made


def keep(counter: Counter, tried: set[str] | None = None) -> int:
    """As the caretaker does it every minute."""
    known = set() if tried is None else tried
    lane = WaitingLane(counter.real.store.lane)
    return keep_grants(shop=counter.real.shop, lane=lane, tried=known)


def ring_up(counter: Counter, card: str, *codes: str) -> Any:
    for code in codes:
        counter.do(scan_code, text=code)
    answer = counter.do(scan_code, text=card)
    assert isinstance(answer, MemberPutOn), answer
    return answer.state


def granted(counter: Counter) -> list[Any]:
    return list(counter.real.store.lane.run(lambda work: work.grants.open_grants()))


def standing(chain: Chain) -> int:
    office = chain.office.ready
    tenant = office.tenant.tenant
    return len(office.database.read(lambda connection: grants_standing(connection, tenant)))


def test_regulars_are_asked_for_once(chain: Chain) -> None:
    (grant,) = granted(chain.first)
    assert grant.member_id == chain.member()
    assert SHARE <= sum(grant.buckets.values()) <= SHARE + 40, "a fifth of what he has by now"
    assert standing(chain) == 1
    assert keep(chain.first) == 0
    assert keep(chain.second) == 0, "he was never a customer there"


def test_offline_it_goes_before_the_limit(chain: Chain) -> None:
    counter = chain.first
    (grant,) = granted(counter)
    chain.pull_the_cables()
    state = ring_up(counter, chain.card(), OIL, OIL, OIL, OIL)
    assert state.redeem.way == "grant"
    assert isinstance(counter.do(redeem_points, points=900), Changed)
    counter.sell()
    fact = last_fact(counter)
    assert (fact.points_spent, fact.grant, fact.reservation) == (900, grant.grant_id, None)
    chain.put_them_back()
    assert chain.cases() == []


def test_online_the_rest_is_kept_beside_it(chain: Chain) -> None:
    counter = chain.first
    (grant,) = granted(counter)
    ring_up(counter, chain.card(), OIL, OIL, OIL, OIL, OIL, OIL)
    assert isinstance(counter.do(redeem_points, points=2_300), Changed)
    begun = counter.do(begin_reservation)
    assert isinstance(begun, ReservationBegun), begun
    assert begun.wanted.points == 2_300 - sum(grant.buckets.values())
    told = ask_reservation(shop=counter.real.shop, wanted=begun.wanted)
    wanted = begun.wanted.reservation_id
    settled = counter.do(settle_reservation, reservation_id=wanted, answer=told)
    assert settled.again is None
    assert settled.state.totals.points_used == 2_300
    counter.sell()
    fact = last_fact(counter)
    assert (fact.points_spent, fact.grant) == (2_300, grant.grant_id)
    assert fact.reservation == wanted
    counter.until_sent()
    assert chain.cases() == []
    chain.pull_the_cables()
    state = ring_up(counter, chain.card(), OIL, OIL)
    assert state.redeem.way == "floor", "nothing of it is left"


def test_what_it_covers_is_not_asked_for(chain: Chain) -> None:
    counter = chain.first
    (grant,) = granted(counter)
    ring_up(counter, chain.card(), OIL)
    assert isinstance(counter.do(redeem_points, points=400), Changed)
    assert isinstance(counter.do(begin_reservation), NothingToReserve)
    counter.sell()
    fact = last_fact(counter)
    assert (fact.points_spent, fact.grant, fact.reservation) == (400, grant.grant_id, None)
    counter.until_sent()
    assert chain.cases() == []


def test_when_its_time_is_over_the_till_gives_it_back(chain: Chain) -> None:
    counter = chain.first
    counter.until(lambda: granted(counter), "it is here")
    chain.story.go_on(milliseconds=WEEK_MS + 60_000)
    counter.line.sync_now()
    counter.until_online()
    tried = {chain.member()}
    assert keep(counter, tried) == 0
    assert granted(counter) == []
    counter.until_sent()
    assert standing(chain) == 0, "it belongs to everybody again"
