"""Photos on their way: the last lane, behind everything else.

Owns: its thread: sending those that wait, part by part and only while no fact waits; fetching one
that somebody wants to see, which comes between two parts. Does not own: facts (lane.py), other
questions (ask.py), which picture is next and what becomes of it (ports.PhotoBox).

Whatever goes wrong, the picture waits: it is tried again later, and goes on where it was.
"""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from app.domain.photo import PhotoSought, SealedPhoto
from sync.errors import Busy, Garbled, NotAllowed, Refused, Unreachable
from sync.ports import Clock, PhotoBox
from sync.protocol import (
    PHOTO_PART_BYTES,
    PHOTO_SEALED_MAX,
    Message,
    PhotoGiven,
    PhotoKept,
    PhotoPart,
    PhotoWanted,
)
from sync.push import ANEW
from sync.session import Session
from sync.transport import Call, Transport
from sync.waiting import end, wait_for

LOG = logging.getLogger(__name__)
LOOK_EVERY_S = 60.0
PUT_OFF_MS = 600_000
"""A picture that is refused is offered again later: its fact may have to be looked at first."""
PART_S = 20.0
FETCH_S = 30.0
"""Somebody looks at the case meanwhile; the picture comes beside it."""
TRIES = 3
FAULTS_MAX = 3

M = TypeVar("M", PhotoKept, PhotoGiven)


@dataclass(frozen=True, slots=True)
class _Job:
    sought: PhotoSought
    done: Future[SealedPhoto]


@dataclass(slots=True)
class _UnderWay:
    """One that is being sent. `have`: so much is there; None: it was not asked yet."""

    photo: SealedPhoto
    sha256: bytes
    have: int | None = None
    faults: int = 0
    """How often it stood still or was damaged on its way."""


@dataclass(slots=True)
class _PutOff:
    """Pictures that are not offered for a while, with the time until then (monotonic)."""

    until: dict[str, int] = field(default_factory=dict)

    def names(self, now_ms: int) -> frozenset[str]:
        self.until = {name: until for name, until in self.until.items() if until > now_ms}
        return frozenset(self.until)


class PhotoLane:
    """Pictures of one till. `box`: None = this till sends none."""

    def __init__(
        self,
        wire: tuple[Transport, Session],
        clock: Clock,
        box: PhotoBox | None,
    ) -> None:
        self._transport, self._session = wire
        self._clock, self._box = clock, box
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._cut, self._stopping = threading.Event(), threading.Event()
        self._way: _UnderWay | None = None
        self._put_off = _PutOff()
        self.trouble = ""
        """Why head office took no picture when it was asked last; empty: it took it, or nobody
        answered."""
        self.thread = threading.Thread(target=self._run, name="sync-photo", daemon=True)

    # ------------------------------------------------------------------ from outside

    def fetch(self, sought: PhotoSought, *, seconds: float = FETCH_S) -> SealedPhoto:
        """A picture that another till took. Blocks its caller for at most so long; raises
        Unreachable, Garbled or Refused (with the server's code where it has none for us)."""
        if self._cut.is_set() or self._stopping.is_set():
            raise Unreachable("nothing is said to the server at the moment")
        job = _Job(sought, Future())
        self._jobs.put(job)
        return wait_for(job.done, seconds)

    def look(self) -> None:
        """A picture may wait, and nothing else does."""
        self._jobs.put(None)

    def start(self) -> None:
        """Begin."""
        self.thread.start()

    def stop(self) -> None:
        """End at once; who waits is told Unreachable."""
        self._stopping.set()
        self._transport.abort()
        self._jobs.put(None)

    def switch(self, *, on: bool) -> None:
        """Pull the cable, or put it back."""
        (self._cut.clear if on else self._cut.set)()
        self.look()

    # ------------------------------------------------------------------ the lane

    def _run(self) -> None:
        wait_s = 0.0
        while not self._stopping.is_set():
            job = self._next(wait_s)
            if self._stopping.is_set():
                if job is not None:
                    end(job.done, Unreachable("sync stops"))
                break
            if job is not None:
                self._bring(job)
            else:
                wait_s = 0.0 if self._send_some() else LOOK_EVERY_S
        while not self._jobs.empty():
            left = self._jobs.get()
            if left is not None:
                end(left.done, Unreachable("sync stops"))

    def _next(self, wait_s: float) -> _Job | None:
        """Whoever looks at a case comes first; None: look whether a picture waits."""
        try:
            job = self._jobs.get(timeout=wait_s) if wait_s else self._jobs.get_nowait()
        except queue.Empty:
            return None
        while job is None and not self._jobs.empty():
            job = self._jobs.get()
        return job

    def _send_some(self) -> bool:
        """One part of the picture that is next; whether there may be more to send at once."""
        if self._box is None or self._cut.is_set():
            return False
        try:
            name = self._box.next(self._put_off.names(self._clock.monotonic_ms()))
            return name is not None and self._sent(self._box, name)
        except (Busy, NotAllowed, Unreachable, Garbled) as error:
            LOG.info("a picture waits: %s", type(error).__name__)
            self.trouble = error.code if isinstance(error, Busy | NotAllowed) else ""
        except Refused as error:
            return self._refused(error.code)
        except Exception:  # the store's own errors; and a lane that died would send no more
            LOG.exception("a picture has to wait")
        return False

    def _under_way(self, box: PhotoBox, name: str) -> _UnderWay | None:
        """The picture to go on with; None: forgotten just now, or nobody could open it there."""
        if self._way is None or self._way.photo.photo_id != name:
            found = box.sealed(name)
            self._way = None if found is None else _UnderWay(found, sha256(found.data).digest())
        return self._way

    def _sent(self, box: PhotoBox, name: str) -> bool:
        way = self._under_way(box, name)
        if way is None:
            self._put(name)
            return True
        photo, start = way.photo, way.have or 0
        # What is there already is asked first: another life of this till may have sent most of it.
        data = b"" if way.have is None else photo.data[start : start + PHOTO_PART_BYTES]
        part = PhotoPart(
            photo=photo.photo_id, about=photo.about, holder=photo.holder, key=photo.key_id,
            size=len(photo.data), sha256=way.sha256, start=start, data=data,
        )  # fmt: skip
        kept = self._said("photo", part, PhotoKept)
        if kept.refusal is not None:
            return self._refused(kept.refusal.code)
        self.trouble = ""
        if kept.have == len(photo.data):
            box.sent(photo.photo_id, kept.server_epoch)
            self._way = None
            return True
        stands_still = way.have is not None and kept.have <= way.have
        way.have, way.faults = kept.have, way.faults + stands_still
        return self._refused("stands_still") if way.faults >= FAULTS_MAX else True

    def _refused(self, code: str) -> bool:
        """It is offered again after a while; damaged on its way it begins anew, once at once."""
        way = self._way
        if way is not None and code == "wrong_hash" and not way.faults:
            way.faults, way.have = 1, None
        elif way is not None:
            LOG.warning("head office does not take a picture now: %s", code)
            self.trouble = code
            self._put(way.photo.photo_id)
            self._way = None
        return way is not None

    def _put(self, name: str) -> None:
        self._put_off.until[name] = self._clock.monotonic_ms() + PUT_OFF_MS

    # ------------------------------------------------------------------ fetching

    def _bring(self, job: _Job) -> None:
        if job.done.cancelled():
            return
        try:
            end(job.done, self._brought(job))
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it was
            end(job.done, error)

    def _brought(self, job: _Job) -> SealedPhoto:
        sought, data, first = job.sought, b"", PhotoGiven(photo="", server_ms=0)
        while not data or len(data) < first.size:
            if job.done.cancelled():
                raise Unreachable("nobody waits any more")
            wanted = PhotoWanted(
                photo=sought.photo_id, about=sought.about, holder=sought.holder, start=len(data)
            )
            given = self._asked(wanted)
            if given.refusal is not None:
                raise Refused(given.refusal.code, 200, given.refusal.text)
            first = first if data else given
            if not given.data or given.sha256 != first.sha256 or given.size > PHOTO_SEALED_MAX:
                raise Garbled("a part of another picture")
            data += given.data
        if len(data) != first.size or sha256(data).digest() != first.sha256:
            raise Garbled("a picture that is not what was kept")
        return SealedPhoto(sought.photo_id, sought.about, sought.holder, first.key, data)

    def _asked(self, wanted: PhotoWanted) -> PhotoGiven:
        for _ in range(TRIES - 1):
            try:
                return self._said("ask/photo", wanted, PhotoGiven)
            except (Unreachable, Garbled, Busy):
                if self._stopping.is_set() or self._cut.is_set():
                    break
        return self._said("ask/photo", wanted, PhotoGiven)

    # ------------------------------------------------------------------ the wire

    def _said(self, path: str, message: Message, kind: type[M]) -> M:
        if self._cut.is_set():
            raise Unreachable("nothing is said to the server at the moment")
        token = self._session.token(self._transport, PART_S)
        try:
            return self._send(path, message, kind, token)
        except NotAllowed as error:
            if error.code not in ANEW:
                raise
            self._session.renew(self._transport, token, PART_S)
            return self._send(path, message, kind, self._session.token(self._transport, PART_S))

    def _send(self, path: str, message: Message, kind: type[M], token: str) -> M:
        return self._transport.send(Call(path, message, token=token, answer_s=PART_S), kind)
