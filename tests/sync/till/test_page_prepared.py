"""A page whose members were read before it is applied: the same till in the end, and a shorter unit
of work.

Owns: what becomes of the reading. Does not own: what a page does (test_inbox.py).
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import msgspec
import pytest

from app.domain.confirmed import ConfirmedMember
from app.store.arrival import ArrivalRepository, Arriving
from sync.ports import Applied, OtherServer
from sync.protocol import MemberConfirmed, Positioned, PullAnswer
from sync.till.inbox import PAGES_READ
from tests.sync.till.a_till import SyncedTill
from tests.sync.till.events import STREAM, a_code, a_member, an_id, holder, names_found, points_of


def page(*members: MemberConfirmed, first: int = 1, epoch: int = 1) -> PullAnswer:
    placed = tuple(Positioned(at=at, event=each) for at, each in enumerate(members, first))
    head = first - 1 + len(members)
    return PullAnswer(stream=STREAM, events=placed, head=head, server_ms=0, server_epoch=epoch)


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The threads on which members were made ready, one entry a page."""
    ready, seen = ArrivalRepository.prepared, list[str]()

    def prepared(told: Sequence[ConfirmedMember]) -> Sequence[Arriving]:
        seen.append(threading.current_thread().name)
        return ready(told)

    monkeypatch.setattr(ArrivalRepository, "prepared", staticmethod(prepared))
    return seen


def test_what_was_read_before_is_not_read_again_while_a_sale_waits(
    till: SyncedTill, readers: list[str]
) -> None:
    answer = page(a_member(1), a_member(2))
    till.inbox.prepare(answer)
    assert till.inbox.apply(answer) == Applied(2)
    assert readers == [threading.current_thread().name]
    assert (points_of(till, an_id(1)), holder(till, a_code(2)).member_id) == (60, an_id(2))
    assert names_found(till, "sxx") == ["单雄信"] * 2


def test_pages_are_prepared_ahead_and_applied_in_turn(till: SyncedTill, readers: list[str]) -> None:
    pages = [page(a_member(number), first=number) for number in range(1, PAGES_READ + 1)]
    for each in pages:
        till.inbox.prepare(each)
    assert [till.inbox.apply(each) for each in pages] == [
        Applied(number) for number in range(1, PAGES_READ + 1)
    ]
    assert len(readers) == len(pages)
    assert points_of(till, an_id(PAGES_READ)) == 60


def test_a_page_nobody_read_is_read_when_it_is_applied(
    till: SyncedTill, readers: list[str]
) -> None:
    till.inbox.prepare(page(a_member(7, cards=())))
    assert till.inbox.apply(page(a_member(1), a_member(2))) == Applied(2)
    assert readers == [threading.current_thread().name, "store-lane"]
    assert till.run(lambda work: work.members.get(an_id(7))) is None
    assert points_of(till, an_id(2)) == 60


def test_pages_that_are_never_applied_are_forgotten(till: SyncedTill, readers: list[str]) -> None:
    first = page(a_member(1))
    till.inbox.prepare(first)
    for _ in range(PAGES_READ):
        till.inbox.prepare(page(a_member(2)))
    assert till.inbox.apply(first) == Applied(1)
    assert readers[-1] == "store-lane", "let go of and read anew"
    assert names_found(till, "sxx") == ["单雄信"]


def test_of_a_page_that_is_partly_known_only_the_rest_counts(till: SyncedTill) -> None:
    till.inbox.apply(page(a_member(1, 5), a_member(2)))
    again = page(a_member(1, 1, cards=()), a_member(2, 1, cards=()), a_member(3))
    till.inbox.prepare(again)
    assert till.inbox.apply(again) == Applied(3)
    assert holder(till, a_code(1)).member_id == an_id(1), "the older word about him is passed over"
    assert points_of(till, an_id(3)) == 60


def test_reading_ahead_changes_nothing_where_another_server_speaks(till: SyncedTill) -> None:
    answer = page(a_member(1), epoch=2)
    till.inbox.prepare(answer)
    assert till.inbox.apply(answer) == OtherServer(1, 2)
    assert till.run(lambda work: work.members.get(an_id(1))) is None


def test_a_page_that_cannot_be_read_is_refused_and_asked_for_again(till: SyncedTill) -> None:
    with pytest.raises(msgspec.DecodeError):
        till.inbox.prepare(page(a_member(1, account=b"\xc1 no account")))
    whole = page(a_member(1))
    till.inbox.prepare(whole)
    assert till.inbox.apply(whole) == Applied(1)
