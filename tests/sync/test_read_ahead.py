"""Reading ahead: the next page is there when it is asked for, and never anything else.

Owns: what is fetched ahead, handed over once, let go of, and its errors. Does not own: the lanes
around it over real HTTP (test_lane.py).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from sync import protocol as p
from sync.action import PullStream
from sync.errors import Unreachable
from sync.event import Now
from sync.read_ahead import PAGES, Pulled, ReadAhead
from sync.transport import Transport
from tests.domain.heart_builders import op

LONG_S = 60.0
NOW = Now(5, 5)


def page(after: int, count: int = 2, head: int = 6) -> p.PullAnswer:
    """Places behind `after`."""
    events = tuple(
        p.Positioned(at=place, event=p.GrantEnded(grant=op(place), why="released"))
        for place in range(after + 1, after + 1 + count)
    )
    return p.PullAnswer(stream="chain", events=events, head=head, server_ms=1, server_epoch=1)


class Wire:
    """A server of pages: `now` are the questions of the lane, `ahead` those before it asks."""

    def __init__(self, head: int = 6) -> None:
        self.head, self.fails_at = head, -1
        self.lane, ahead = Transport("http://127.0.0.1:9"), Transport("http://127.0.0.1:9")
        self.now: list[PullStream] = []
        self.ahead: list[PullStream] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.count = 2
        self.reader = ReadAhead(ahead, self.answer)

    def answer(self, wire: Transport, asked: PullStream) -> Pulled:
        if wire is self.lane:
            self.now.append(asked)
            return NOW, page(asked.after, self.count, self.head)
        self.ahead.append(asked)
        assert self.gate.wait(LONG_S)
        if self.error is not None:
            raise self.error
        if asked.after == self.fails_at:
            raise Unreachable("cut")
        return NOW, page(asked.after, self.count, self.head)

    def pull(self, asked: PullStream) -> p.PullAnswer:
        return self.reader.pull(self.lane, asked)[1]

    def came(self, count: int) -> None:
        """So many pages are here, fetched ahead."""
        self.until(lambda: len(self.reader._pages) == count)
        for each in [*self.reader._pages]:
            each.pulled.exception(LONG_S)

    def until(self, is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + LONG_S
        while not is_so():
            assert time.monotonic() < end
            time.sleep(0.001)


def asked(after: int, wait_s: int = 0) -> PullStream:
    return PullStream("chain", after, wait_s)


def test_pages_that_follow_are_fetched_ahead_and_each_once() -> None:
    wire = Wire()
    assert [wire.pull(asked(place)) for place in (0, 2, 4)] == [page(0), page(2), page(4)]
    assert wire.now == [asked(0)]
    assert wire.ahead == [asked(2), asked(4)]
    wire.pull(asked(4))
    assert wire.now == [asked(0), asked(4)], "what was handed over is asked for anew"


def test_a_few_wait_and_never_more() -> None:
    wire = Wire(head=100)
    wire.pull(asked(0))
    wire.came(PAGES)
    assert wire.ahead == [asked(2), asked(4)], "nobody took one yet"
    assert wire.pull(asked(2)) == page(2, head=100)
    wire.came(PAGES)
    assert wire.ahead == [asked(2), asked(4), asked(6)]
    assert [wire.pull(asked(place)) for place in range(4, 40, 2)] == [
        page(place, head=100) for place in range(4, 40, 2)
    ]
    assert wire.now == [asked(0)]
    wire.reader.stop()


@pytest.mark.parametrize(
    ("question", "count"),
    [
        pytest.param(asked(4), 2, id="the last page"),
        pytest.param(asked(0), 0, id="nothing came"),
        pytest.param(asked(0, wait_s=25), 2, id="it had waited for news"),
    ],
)
def test_where_no_page_is_sure_to_follow_none_is_asked_for(
    question: PullStream, count: int
) -> None:
    wire = Wire()
    wire.count = count
    wire.pull(question)
    wire.pull(asked(2))
    assert wire.now == [question, asked(2)]


@pytest.mark.parametrize(
    "other", [asked(1), asked(2, wait_s=25), PullStream("store:1", 2, 0)], ids=repr
)
def test_another_question_is_asked_as_ever(other: PullStream) -> None:
    wire = Wire()
    wire.pull(asked(0))
    wire.pull(other)
    assert wire.now == [asked(0), other]


def test_one_at_a_time_over_its_connection() -> None:
    wire = Wire()
    wire.gate.clear()
    wire.pull(asked(0))
    wire.pull(asked(1))
    wire.gate.set()
    wire.pull(asked(2))
    assert wire.now == [asked(0), asked(1)]
    wire.pull(asked(4))
    assert wire.ahead == [asked(2), asked(4)], "what came is no longer in the way"


def test_pages_of_another_place_are_let_go_of() -> None:
    wire = Wire(head=100)
    wire.pull(asked(0))
    wire.came(PAGES)
    wire.pull(asked(50))
    assert wire.pull(asked(52)) == page(52, head=100)
    assert wire.now == [asked(0), asked(50)]
    assert asked(52) in wire.ahead
    wire.pull(asked(2))
    assert wire.now[-1] == asked(2), "they are from before"


def test_what_was_on_its_way_for_a_place_that_was_left_leads_to_nothing() -> None:
    wire = Wire(head=100)
    wire.gate.clear()
    wire.pull(asked(0))
    wire.until(lambda: wire.ahead == [asked(2)])
    wire.reader.switch(on=False)
    wire.reader.switch(on=True)
    wire.gate.set()
    wire.until(lambda: not wire.reader._is_fetching)
    assert wire.ahead == [asked(2)]
    wire.pull(asked(2))
    assert wire.now == [asked(0), asked(2)], "asked for again: it is from before the cable"


def test_what_fails_fails_for_who_asks_and_is_asked_again() -> None:
    wire = Wire()
    wire.error = Unreachable("cut")
    wire.pull(asked(0))
    with pytest.raises(Unreachable):
        wire.pull(asked(2))
    assert wire.pull(asked(2)) == page(2)
    assert wire.now == [asked(0), asked(2)]


def test_what_fails_further_ahead_fails_in_its_turn() -> None:
    wire = Wire(head=100)
    wire.fails_at = 4
    wire.pull(asked(0))
    wire.came(PAGES)
    assert wire.pull(asked(2)) == page(2, head=100)
    with pytest.raises(Unreachable):
        wire.pull(asked(4))
    assert wire.ahead == [asked(2), asked(4)], "nothing is asked behind it"
    assert wire.pull(asked(4)) == page(4, head=100)


def test_a_machine_without_threads_asks_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    wire = Wire(head=100)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert [wire.pull(asked(place)) for place in (0, 2)] == [
        page(place, head=100) for place in (0, 2)
    ]
    monkeypatch.undo()
    assert [wire.pull(asked(place)) for place in (4, 6)] == [
        page(place, head=100) for place in (4, 6)
    ]
    assert (wire.now, wire.ahead[:1]) == ([asked(0), asked(2), asked(4)], [asked(6)])
    wire.reader.stop()


def test_a_pulled_cable_ends_it() -> None:
    wire = Wire()
    wire.pull(asked(0))
    wire.came(PAGES)
    wire.reader.switch(on=False)
    wire.pull(asked(2))
    assert wire.now == [asked(0), asked(2)]
    assert wire.ahead == [asked(2), asked(4)], "nothing is asked ahead meanwhile"
    wire.reader.switch(on=True)
    wire.pull(asked(0))
    wire.pull(asked(2))
    assert len(wire.now) == 3
    wire.reader.stop()
