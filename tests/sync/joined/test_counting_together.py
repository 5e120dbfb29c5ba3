"""Proof of agreement as it comes about: beside the counter, every hour, and after a Z.

Real tills, real server: what the Z says of a day is what both of them counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.services.agreement_keeping import EVERY_MS, LastCompared, tend_agreement
from app.services.desk import today
from app.services.sync_state import Agreed, Agreement, NotCompared, day_agreement
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, OIL
from tests.services import shifts
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def tend(counter: Counter, last: LastCompared) -> bool:
    return tend_agreement(
        shop=counter.real.shop, lane=WaitingLane(counter.real.store.lane), last=last
    )


def day_of(counter: Counter) -> date:
    shop = counter.real.shop
    return today(shop.desk.state.program, shop.now())


def said(counter: Counter) -> Agreement:
    day = day_of(counter)
    return counter.real.store.lane.run(lambda work: day_agreement(work=work, day=day))


def test_a_day_is_counted_together_and_once_an_hour(chain: Chain) -> None:
    counter, last = chain.first, LastCompared()
    counter.sell(MILK, OIL)
    counter.until_sent()
    assert said(counter) == NotCompared()
    assert tend(counter, last)
    assert isinstance(said(counter), Agreed)
    assert not tend(counter, last), "the hour is not over"
    assert last.at_ms is not None
    last.at_ms -= EVERY_MS
    counter.sell(MILK)
    counter.until_sent()
    assert tend(counter, last)
    assert isinstance(said(counter), Agreed)
    assert chain.cases() == []


def test_after_a_z_it_is_counted_at_once(chain: Chain) -> None:
    counter, last = chain.first, LastCompared()
    counter.sell(MILK)
    counter.until_sent()
    assert tend(counter, last)
    shifts.with_shifts(counter.real)
    shifts.begin(counter.real)
    shifts.count(counter.real, shifts.FLOAT)
    shifts.close(counter.real)
    counter.until_sent()
    assert tend(counter, last), "the Z says what both counted"
    assert isinstance(said(counter), Agreed)
    assert not tend(counter, last)


def test_without_its_server_a_till_counts_later(chain: Chain) -> None:
    counter, last = chain.first, LastCompared()
    counter.sell(MILK)
    counter.until_sent()
    chain.pull_the_cables()
    assert not tend(counter, last)
    assert said(counter) == NotCompared()
    chain.put_them_back()
    assert tend(counter, last)
    assert isinstance(said(counter), Agreed)
