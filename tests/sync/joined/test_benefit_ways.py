"""Benefits ticked off at tills of a chain: asked for, set aside, bound offline, used elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.entitlement_fact import KeptEntitlementUsed
from app.domain.facts import read_fact
from app.domain.grant import PointGrant
from app.services.entitlement import AskHeadOffice, EntitlementTicked, NoneLeft, tick_entitlement
from app.services.find_member import MemberPutOn
from app.services.lines import clear_basket
from app.services.reservation import ask_reservation
from app.services.scan import scan_code
from app.services.tick_way import Asked
from tests.real_shop import MILK
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import Chain, a_chain

pytestmark = pytest.mark.slow
PARKING = "parking"


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def serve(counter: Counter, chain: Chain) -> None:
    """The gold member is at the till, with something to buy."""
    counter.do(scan_code, text=MILK)
    answer = counter.do(scan_code, text=chain.card())
    assert isinstance(answer, MemberPutOn), answer


def tick(counter: Counter) -> Any:
    """As the window does it."""
    answer = counter.do(tick_entitlement, entitlement_id=PARKING)
    if not isinstance(answer, AskHeadOffice):
        return answer
    told = ask_reservation(shop=counter.real.shop, wanted=answer.wanted)
    asked = Asked(answer.wanted.reservation_id, told)
    return counter.do(tick_entitlement, entitlement_id=PARKING, asked=asked)


def last_use(counter: Counter) -> Any:
    stored = counter.real.store.lane.run(lambda work: work.facts.all_facts())
    facts = (read_fact(each.data) for each in stored)
    return [fact for fact in facts if getattr(fact, "entitlement", None) == PARKING][-1]


def test_head_office_is_asked_and_the_fact_names_what_it_kept(chain: Chain) -> None:
    counter = chain.first
    serve(counter, chain)
    assert tick(counter).left == 1
    fact = last_use(counter)
    assert isinstance(fact, KeptEntitlementUsed)
    kept = counter.real.store.lane.run(lambda work: work.grants.reservation(fact.reservation))
    assert kept is not None
    assert (kept.state, kept.entitlements) == ("posted", {PARKING: 1})
    counter.until_sent()
    assert chain.cases() == []


def test_what_was_used_up_elsewhere_is_refused(chain: Chain) -> None:
    first, second = chain.both
    serve(second, chain)
    second.line.switch(on=False)
    serve(first, chain)
    for _ in range(2):
        assert isinstance(tick(first), EntitlementTicked)
    first.until_sent()
    second.line.switch(on=True)
    second.line.sync_now()
    second.until_online()
    answer = tick(second)
    assert answer == NoneLeft(PARKING, "elsewhere") or answer == NoneLeft(PARKING), answer
    assert chain.cases() == []


def test_offline_one_is_let_through_and_those_of_a_grant_beside(chain: Chain) -> None:
    chain.pull_the_cables()
    for counter in chain.both:
        serve(counter, chain)
        assert isinstance(tick(counter), EntitlementTicked)
        assert tick(counter) == NoneLeft(PARKING, "offline")
    grant = PointGrant(
        "0190a000-0000-7000-8000-000000000003", chain.member(), entitlements={PARKING: 1},
        ends_ms=2**53,
    )  # fmt: skip
    second = chain.second
    second.real.store.lane.run(lambda work: work.grants.put(grant))
    assert isinstance(tick(second), EntitlementTicked), "the second is set aside for this till"
    chain.put_them_back()
    chain.first.until(chain.cases, "head office saw it")
    assert set(chain.cases()) == {("entitlement_used_twice", "open")}, "three of two"


def test_given_up_with_its_basket_it_is_there_again(chain: Chain) -> None:
    counter = chain.first
    serve(counter, chain)
    assert tick(counter).left == 1
    counter.do(clear_basket)
    serve(counter, chain)
    assert tick(counter).left == 1
    counter.until_sent()
    assert chain.cases() == []
