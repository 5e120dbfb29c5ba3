"""The photo lane: parts, going on where it was, what is damaged or refused, and who looks at one.

Owns: that against a server in memory that can fail. Does not own: the real server
(server/test_photo.py), the whole way (joined/test_photo.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest

from app.domain.photo import PhotoSought, SealedPhoto
from sync.errors import Busy, Garbled, NotAllowed, Refused, Unreachable
from sync.photo import PUT_OFF_MS, PhotoLane
from sync.protocol import (
    PHOTO_PART_BYTES,
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
    Refusal,
)
from sync.transport import Call

DATA = bytes(range(256)) * 2 * 1024  # two parts
SOUGHT = PhotoSought("p1", "case", "member", "")


@dataclass
class Office:
    """Head office and the way to it. `fails`: raised instead of the next answers."""

    kept: dict[str, bytes] = field(default_factory=dict)
    fails: list[Exception] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    damages: bool = False
    tokens: int = 0

    def send(self, call: Call, kind: type[Any]) -> Any:
        message = call.message
        if self.fails:
            raise self.fails.pop(0)
        if isinstance(message, PhotoPart):
            self.asked.append((message.photo, message.start, len(message.data)))
            return self._take(message)
        assert isinstance(message, PhotoWanted)
        return self._give(message)

    def _take(self, part: PhotoPart) -> PhotoKept:
        said: dict[str, Any] = {"photo": part.photo, "server_epoch": 3, "server_ms": 0}
        if part.photo in self.refuses:
            return PhotoKept(**said, have=0, refusal=Refusal(code=self.refuses[part.photo]))
        have = self.kept.get(part.photo, b"")
        if part.start == len(have):
            have = self.kept[part.photo] = have + part.data
        if len(have) == part.size and self.damages:
            del self.kept[part.photo]
            return PhotoKept(**said, have=0, refusal=Refusal(code="wrong_hash"))
        return PhotoKept(**said, have=len(have))

    def _give(self, wanted: PhotoWanted) -> PhotoGiven:
        whole = self.kept.get(wanted.photo)
        if whole is None:
            return PhotoGiven(photo=wanted.photo, refusal=Refusal(code="not_here"), server_ms=0)
        data = whole[wanted.start : wanted.start + PHOTO_PART_BYTES]
        digest = sha256(whole[1:] if self.damages else whole).digest()
        return PhotoGiven(
            photo=wanted.photo, key="k", size=len(whole), sha256=digest, data=data, server_ms=0
        )

    # Session and transport, as far as the lane uses them.
    def token(self, transport: object, seconds: float = 0) -> str:
        return f"token {self.tokens}"

    def renew(self, transport: object, refused: str, seconds: float = 0) -> None:
        self.tokens += 1

    def abort(self) -> None:
        """Nothing is under way."""


@dataclass
class Box:
    """Pictures of a till that wait."""

    waiting: list[str]
    told: dict[str, int] = field(default_factory=dict)
    raises: bool = False

    def next(self, put_off: Set[str]) -> str | None:
        if self.raises:
            raise OSError("no room")
        return next((each for each in self.waiting if each not in put_off), None)

    def sealed(self, photo_id: str) -> SealedPhoto | None:
        if photo_id == "gone":
            return None
        return SealedPhoto(photo_id, "case", "member", "k", DATA)

    def sent(self, photo_id: str, server_epoch: int) -> None:
        self.waiting.remove(photo_id)
        self.told[photo_id] = server_epoch


@dataclass
class Clock:
    at_ms: int = 0

    def wall_ms(self) -> int:
        return self.at_ms

    def monotonic_ms(self) -> int:
        return self.at_ms


@dataclass
class Shop:
    office: Office
    box: Box
    clock: Clock
    lane: PhotoLane

    def send_all(self) -> None:
        for _ in range(50):
            if not self.lane._send_some():
                return
        raise AssertionError("it never ends")


def shop(*waiting: str) -> Shop:
    office, box, clock = Office(), Box(list(waiting)), Clock()
    lane = PhotoLane((office, office), clock, box)  # type: ignore[arg-type]  # as far as it uses
    return Shop(office, box, clock, lane)


@contextmanager
def running(made: Shop) -> Iterator[PhotoLane]:
    made.lane.start()
    try:
        yield made.lane
    finally:
        made.lane.stop()
        made.lane.thread.join(10)
        assert not made.lane.thread.is_alive()


def test_it_goes_in_parts_and_on_from_where_it_was_cut_off() -> None:
    here = shop("p1", "p2")
    assert here.lane._send_some()
    assert here.lane._send_some()
    assert here.office.asked == [("p1", 0, 0), ("p1", 0, PHOTO_PART_BYTES)]
    here.office.fails = [Unreachable("cut"), Garbled("half of it"), Busy("disk_full", 507)]
    assert [here.lane._send_some() for _ in range(3)] == [False] * 3
    assert here.lane.trouble == "disk_full"
    # The till is started again: it asks how much is there, and sends the rest alone.
    again = PhotoLane((here.office, here.office), here.clock, here.box)  # type: ignore[arg-type]  # as above
    here.lane, here.office.asked = again, []
    here.send_all()
    assert here.office.asked[:2] == [("p1", 0, 0), ("p1", PHOTO_PART_BYTES, PHOTO_PART_BYTES)]
    assert here.lane.trouble == ""
    assert (here.office.kept, here.box.told) == ({"p1": DATA, "p2": DATA}, {"p1": 3, "p2": 3})


def test_a_token_that_ended_is_asked_for_anew() -> None:
    here = shop("p1")
    here.office.fails = [NotAllowed("expired_credential", 401)]
    here.send_all()
    assert (here.box.waiting, here.office.tokens) == ([], 1)
    here.box.waiting = ["p3"]
    here.office.fails = [NotAllowed("revoked_device", 403)]
    assert not here.lane._send_some()
    assert here.box.waiting == ["p3"]


def test_one_that_is_refused_or_gone_keeps_no_other_waiting() -> None:
    here = shop("p1", "gone", "p2")
    here.office.refuses = {"p1": "unknown_photo"}
    here.send_all()
    assert here.box.waiting == ["p1", "gone"]
    here.office.refuses = {}
    here.send_all()
    assert here.box.waiting == ["p1", "gone"], "not at once again"
    here.clock.at_ms += PUT_OFF_MS + 1
    here.send_all()
    assert here.box.waiting == ["gone"]
    here.box.waiting = ["p4"]
    here.office.fails = [Refused("not_found", 404)]
    here.send_all()
    assert here.box.waiting == ["p4"], "an older server: later"


def test_damaged_on_its_way_it_begins_anew_and_not_for_ever() -> None:
    here = shop("p1")
    here.office.damages = True
    here.send_all()
    assert here.box.waiting == ["p1"]
    assert [start for _, start, _ in here.office.asked].count(0) == 4, "twice from its beginning"
    here.office.damages = False
    here.clock.at_ms += PUT_OFF_MS + 1
    here.send_all()
    assert here.box.waiting == []


def test_a_store_that_fails_and_a_cable_that_is_out_cost_time_only() -> None:
    here = shop("p1")
    here.box.raises = True
    assert not here.lane._send_some()
    here.box.raises = False
    here.lane.switch(on=False)
    assert not here.lane._send_some()
    with pytest.raises(Unreachable):
        here.lane.fetch(SOUGHT)
    here.lane.switch(on=True)
    here.send_all()
    assert here.box.waiting == []


def test_who_looks_at_a_case_gets_the_picture_or_hears_why_not() -> None:
    here = shop()
    with running(here) as lane:
        with pytest.raises(Refused, match="not_here"):
            lane.fetch(SOUGHT)
        here.office.kept["p1"] = DATA
        here.office.fails = [Unreachable("cut"), Garbled("half")]
        assert lane.fetch(SOUGHT) == SealedPhoto("p1", "case", "member", "k", DATA)
        here.office.fails = [Unreachable("cut")] * 3
        with pytest.raises(Unreachable):
            lane.fetch(SOUGHT)
        here.office.damages = True
        with pytest.raises(Garbled):
            lane.fetch(SOUGHT)
        here.office.damages = False
        here.box.waiting = ["p2"]
        lane.look()
        assert lane.fetch(SOUGHT).data == DATA
    with pytest.raises(Unreachable):
        lane.fetch(SOUGHT)
