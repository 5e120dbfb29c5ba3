"""A tier asked for at one store and decided at another, over the real server; two at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.tier_change import TierWish
from app.services.sync_state import SyncCentre, sync_centre
from app.services.tier_answers import AlreadyDecided, RequestDecided, TierAsked
from app.services.tier_change import change_tier, decide_request
from app.services.tier_desk import RequestPage, RequestRow, waiting_requests
from app.services.tier_member import TierOfMember, tier_of_member
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain, a_chain

pytestmark = pytest.mark.slow


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    with a_chain(tmp_path) as made:
        yield made


def ask(chain: Chain, counter: Counter) -> TierAsked:
    """李明 asks for gold for 王小红, who has silver."""
    member = chain.member(POORER)
    seen = of_member(counter, member)
    last = seen.today + timedelta(days=300)
    wish = TierWish("gold", seen.today, last, "goodwill", "短秤", ("C-1042",), locked=True)
    asked = counter.do(change_tier, member_id=member, wish=wish)
    assert isinstance(asked, TierAsked), asked
    return asked


def of_member(counter: Counter, member: str) -> TierOfMember:
    seen = counter.do(tier_of_member, member_id=member)
    assert isinstance(seen, TierOfMember), seen
    return seen


def rows(counter: Counter) -> tuple[RequestRow, ...]:
    page = counter.do(waiting_requests)
    assert isinstance(page, RequestPage), page
    return page.rows


def decide(counter: Counter, asked: TierAsked, verdict: str = "approved") -> Any:
    counter.real.sign_in("王芳")
    return counter.do(decide_request, request_id=asked.request, verdict=verdict)


def until_gold(counter: Counter, member: str) -> None:
    counter.until(lambda: of_member(counter, member).standing.tier == "gold", "he is gold")


def test_a_request_made_offline_waits_visibly_and_is_decided_at_another_store(
    chain: Chain,
) -> None:
    first, second = chain.both
    member = chain.member(POORER)
    chain.pull_the_cables()
    asked = ask(chain, first)
    assert asked.goes_out
    (row,) = rows(first)
    assert (row.on_way, row.may) == (True, False)
    assert of_member(first, member).standing.tier == "silver", "no effect yet"
    chain.put_them_back()
    second.until(lambda: rows(second), "the other store sees it")
    second.real.sign_in("王芳")
    (row,) = rows(second)
    assert (row.may, row.on_way, row.is_own) == (True, False, False)
    assert row.member is not None
    assert row.member.member_id == member
    told = of_member(second, member).events[0]
    assert (told.event.kind, told.words.evidence) == ("request", ("C-1042",))
    assert decide(second, asked) == RequestDecided(asked.request, "approved", counts=False)
    for counter in chain.both:
        until_gold(counter, member)
        counter.until(lambda c=counter: not rows(c), "off the list")  # type: ignore[misc]  # bound now
        kinds = [each.event.kind for each in of_member(counter, member).events]
        assert kinds[:3] == ["grant", "decision", "request"]
    again = decide(first, asked, "refused")
    assert isinstance(again, AlreadyDecided)
    assert (again.verdict, again.counts) == ("approved", True)


def test_two_managers_who_decide_at_once_end_in_one_decision_and_a_word(chain: Chain) -> None:
    first, second = chain.both
    member = chain.member(POORER)
    asked = ask(chain, first)
    first.until_sent()
    second.until(lambda: rows(second), "the other store sees it")
    chain.pull_the_cables()
    assert isinstance(decide(first, asked), RequestDecided)
    (row,) = rows(first)
    assert row.decided_on_way, "it waits, and says so"
    assert isinstance(decide(first, asked), AlreadyDecided), "not twice here either"
    assert isinstance(decide(second, asked, "refused"), RequestDecided)
    chain.put_them_back()
    for counter in chain.both:
        until_gold(counter, member)
    centre = second.do(sync_centre, link=second.link(), now=second.clock.now())
    assert isinstance(centre, SyncCentre), centre
    (dead,) = centre.dead
    assert dead.kind.startswith("tier_decided")
    assert dead.rejection.code == "tier_request_decided"
    assert dead.rejection.fields["verdict"] == "approved"
    assert rows(second) == ()
