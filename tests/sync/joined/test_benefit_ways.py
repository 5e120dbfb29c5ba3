"""Benefits ticked off at tills of a chain: asked for, set aside, bound offline, used elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from app.domain.entitlement_fact import KeptEntitlementUsed
from app.domain.facts import read_fact
from app.domain.grant import PointGrant, Promised
from app.domain.redeem_way import UsableBenefit
from app.services.entitlement import AskHeadOffice, EntitlementTicked, NoneLeft, tick_entitlement
from app.services.find_member import MemberPutOn
from app.services.lines import clear_basket
from app.services.present import till_state
from app.services.reservation import ask_reservation
from app.services.scan import scan_code
from app.services.tick_way import Asked
from app.services.till_state import TillState
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


def here(counter: Counter) -> tuple[int, UsableBenefit | None]:
    """What the card of the member says: how often he has it left, and how often here."""
    panel = present(counter).member
    assert panel is not None
    (shown,) = (each for each in panel.entitlements if each.entitlement_id == PARKING)
    return shown.left, shown.here


def present(counter: Counter) -> TillState:
    shop = counter.real.shop
    return till_state(shop.desk.state, shop.now())


def test_the_card_says_how_often_here_before_anybody_tries(chain: Chain) -> None:
    counter = chain.first
    serve(counter, chain)
    assert here(counter) == (2, None), "head office is asked, and nobody was promised any"
    counter.do(clear_basket)
    chain.pull_the_cables()
    serve(counter, chain)
    assert here(counter) == (2, UsableBenefit(1, "member_limit"))
    assert isinstance(tick(counter), EntitlementTicked)
    assert here(counter) == (1, UsableBenefit(0, "member_limit"))
    assert tick(counter) == NoneLeft(PARKING, "offline")


def test_what_is_promised_to_another_till_is_not_shown_as_usable(chain: Chain) -> None:
    counter = chain.first
    aside = Promised("grant-9", "till-09", entitlements={PARKING: 1})

    def tell(work: Any) -> None:
        told = work.confirmed.get(chain.member())
        more = replace(told, version=told.version + 1, promises=(aside,))
        work.confirmed.tell([more], 1)

    counter.real.store.lane.run(tell)
    serve(counter, chain)
    assert here(counter) == (2, UsableBenefit(1, "promised"))
    counter.do(clear_basket)
    chain.pull_the_cables()
    serve(counter, chain)
    assert here(counter) == (2, UsableBenefit(1, "promised")), "the limit lets one through as well"
    grant = PointGrant(
        "0190a000-0000-7000-8000-000000000003", chain.member(), entitlements={PARKING: 1},
        ends_ms=2**53,
    )  # fmt: skip
    counter.do(clear_basket)
    counter.real.store.lane.run(lambda work: work.grants.put(grant))
    serve(counter, chain)
    assert here(counter) == (2, UsableBenefit(1, "promised")), "one is this till's, one another's"
    assert isinstance(tick(counter), EntitlementTicked)
    assert here(counter) == (1, UsableBenefit(0, "promised"))
    assert tick(counter) == NoneLeft(PARKING, "offline")


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
