"""Reading ahead: the next page is there when it is asked for, and never anything else.

Owns: what is fetched ahead, handed over once, let go of, and its errors. Does not own: the lanes
around it over real HTTP (test_lane.py).
"""

from __future__ import annotations

import threading

import pytest

from sync import protocol as p
from sync.action import PullStream
from sync.errors import Unreachable
from sync.event import Now
from sync.read_ahead import Pulled, ReadAhead
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
    """A server of pages; it answers once it is let."""

    def __init__(self) -> None:
        self.asked: list[PullStream] = []
        self.gate = threading.Event()
        self.gate.set()
        self.error: Exception | None = None
        self.ahead = ReadAhead(Transport("http://127.0.0.1:9"), self.pull)

    def pull(self, _: Transport, asked: PullStream) -> Pulled:
        self.asked.append(asked)
        assert self.gate.wait(LONG_S)
        if self.error is not None:
            raise self.error
        return NOW, page(asked.after)


def asked(after: int, wait_s: int = 0) -> PullStream:
    return PullStream("chain", after, wait_s)


def test_the_next_page_is_fetched_and_handed_over_once() -> None:
    wire = Wire()
    wire.ahead.pulled(asked(0), page(0))
    coming = wire.ahead.taken(asked(2))
    assert coming is not None
    assert coming.result(LONG_S) == (NOW, page(2))
    assert wire.ahead.taken(asked(2)) is None
    assert wire.asked == [asked(2)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        pytest.param(asked(4), page(4), id="the last page"),
        pytest.param(asked(0), page(0, count=0), id="nothing came"),
        pytest.param(asked(0, wait_s=25), page(0), id="it had waited for news"),
    ],
)
def test_where_no_page_is_sure_to_follow_none_is_asked_for(
    question: PullStream, answer: p.PullAnswer
) -> None:
    wire = Wire()
    wire.ahead.pulled(question, answer)
    assert wire.ahead.taken(asked(2)) is None
    assert wire.asked == []


def test_another_question_is_asked_as_ever() -> None:
    wire = Wire()
    wire.ahead.pulled(asked(0), page(0))
    assert wire.ahead.taken(asked(1)) is None
    assert wire.ahead.taken(asked(2, wait_s=25)) is None
    assert wire.ahead.taken(PullStream("store:1", 2, 0)) is None


def test_one_at_a_time_over_its_connection() -> None:
    wire = Wire()
    wire.gate.clear()
    wire.ahead.pulled(asked(0), page(0))
    wire.ahead.pulled(asked(2), page(2))
    assert wire.ahead.taken(asked(4)) is None
    coming = wire.ahead.taken(asked(2))
    wire.gate.set()
    assert coming is not None
    coming.result(LONG_S)
    wire.ahead.pulled(asked(2), page(2))
    assert wire.ahead.taken(asked(4)) is not None


def test_what_fails_fails_for_who_asks() -> None:
    wire = Wire()
    wire.error = Unreachable("cut")
    wire.ahead.pulled(asked(0), page(0))
    coming = wire.ahead.taken(asked(2))
    assert coming is not None
    with pytest.raises(Unreachable):
        coming.result(LONG_S)


def test_a_pulled_cable_ends_it() -> None:
    wire = Wire()
    wire.ahead.pulled(asked(0), page(0))
    wire.ahead.switch(on=False)
    assert wire.ahead.taken(asked(2)) is None
    wire.ahead.pulled(asked(2), page(2))
    assert wire.ahead.taken(asked(4)) is None
    wire.ahead.switch(on=True)
    wire.ahead.pulled(asked(2), page(2))
    assert wire.ahead.taken(asked(4)) is not None
    wire.ahead.stop()
