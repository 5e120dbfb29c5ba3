"""Lanes: the threads that obey the heart, and the heart's door to the till.

Owns: the push and the pull thread (two more are in ask.py, the last in photo.py), doing what an
action says by ports and transport, the times at which the heart is asked again. Does not own: any
decision (core.py).

Whatever goes wrong in a store (a full disk, a closed file) is told to the heart, which asks again
later; a lane never ends before `stop`, and never forgets. Nobody but the lanes' own threads calls
the listener, so `wake` costs a committing thread nothing.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from sync import action as ac
from sync import event as ev
from sync.ask import AskLane, DeskLane
from sync.back_off import Chance, Limits
from sync.core import Core
from sync.errors import SyncError, TooLarge, Unreachable
from sync.event import Lane, Now
from sync.photo import PhotoLane
from sync.ports import Clock, Credentials, Inbox, OtherServer, Outbox, PhotoBox
from sync.protocol import (
    PUSH_BYTES_MAX,
    LookUp,
    LookUpAnswer,
    PullAnswer,
    Push,
    PushAnswer,
    encoded,
)
from sync.read_ahead import Pulled, ReadAhead
from sync.session import Session
from sync.snapshot import SnapshotFetcher
from sync.status import Status
from sync.transport import ANSWER_S, Call, Transport
from sync.untold import ask_untold

LOG = logging.getLogger(__name__)
WATCHDOG_S = 60.0
SOONEST_S = 0.02
JOIN_S = 5.0

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Till:
    """What the lanes need of a till that is enrolled."""

    outbox: Outbox
    inbox: Inbox
    clock: Clock
    credentials: Credentials
    url: str
    epoch: int
    workspace: Path
    """A folder of the till's own, for snapshots on their way."""
    language: str = "zh-CN"
    """Of sentences the server says."""
    photos: PhotoBox | None = None
    """None = it sends no pictures."""


def by_the_store(
    till: Till, action: ac.ListWaiting | ac.CountBacklog | ac.Settle | ac.PushAgain | ac.Apply
) -> ev.Event:
    """What needs no server."""
    match action:
        case ac.ListWaiting(limit):
            return ev.Listed(till.outbox.waiting(limit), till.outbox.backlog())
        case ac.CountBacklog():
            return ev.Counted(till.outbox.backlog())
        case ac.Settle(answers, server_epoch):
            till.outbox.settle(answers, server_epoch=server_epoch)
            return ev.Settled()
        case ac.PushAgain(epoch, above):
            return ev.MarkedAgain(till.outbox.push_again(epoch, above))
        case ac.Apply(answer):
            return ev.PullApplied(till.inbox.apply(answer))


class Lanes:
    """Sync of one till while it runs. After a new enrolment: stop these, and make others."""

    def __init__(
        self,
        till: Till,
        *,
        chance: Chance,
        on_status: Callable[[Status], None],
        limits: Limits | None = None,
    ) -> None:
        self._till = till
        self._core = Core(chance, limits)
        self._on_status = on_status
        self._lock = threading.Condition()
        self._telling = threading.RLock()
        self._told: Status | None = None
        self._posted: deque[ev.Event] = deque()
        self._slots: dict[Lane, deque[ac.Action]] = {"push": deque(), "pull": deque()}
        self._begun = self._is_cut = False
        self._stopping = False
        self._session = Session(till.credentials, till.clock)
        self._wires = {lane: self._transport() for lane in self._slots}
        self._ahead = ReadAhead(self._transport(), self._pull)
        self._tokens: dict[Lane, str] = {}
        self._snapshots = SnapshotFetcher(self._fetched, till.workspace, self._pause)
        self._threads = [
            threading.Thread(target=self._run, args=(lane,), name=f"sync-{lane}", daemon=True)
            for lane in self._slots
        ]
        self.ask = AskLane(self._transport(), self._session, till.clock, self._post)
        self.desk = DeskLane(self._transport(), self._session, till.clock, self._post)
        self.photos = PhotoLane((self._transport(), self._session), till.clock, till.photos)

    # ------------------------------------------------------------------ from outside

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()
        self.ask.start()
        self.desk.start()
        self.photos.start()

    def stop(self) -> None:
        """End at once, also in the middle of a long poll. What was on its way is sent again."""
        with self._lock:
            self._stopping = True
            self._lock.notify_all()
        for wire in self._wires.values():
            wire.abort()
        self._ahead.stop()
        self.ask.stop()
        self.desk.stop()
        self.photos.stop()
        for thread in (*self._threads, self.ask.thread, self.desk.thread, self.photos.thread):
            if thread.ident is not None:
                thread.join(JOIN_S)
        for wire in self._wires.values():
            wire.close()

    def wake(self) -> None:
        """Something was committed to the outbox."""
        self._post(ev.Committed())

    def sync_now(self) -> None:
        """A person asks for it."""
        self._post(ev.SyncNow())

    def link_back(self) -> None:
        """The machine has a network again."""
        self._post(ev.LinkBack())

    def switch(self, *, on: bool) -> None:
        """Pull the cable (nothing is said to the server, nothing heard of it), or put it back."""
        self._is_cut = not on
        self.ask.switch(on=on)
        self.desk.switch(on=on)
        self.photos.switch(on=on)
        self._ahead.switch(on=on)
        self._post(ev.Switched(on))

    @property
    def status(self) -> Status:
        """How sync stands."""
        with self._lock:
            return self._core.status

    # ------------------------------------------------------------------ the threads

    def _post(self, event: ev.Event) -> None:
        with self._lock:
            self._posted.append(event)
            self._lock.notify_all()

    def _run(self, lane: Lane) -> None:
        if lane == "push":
            self._begin()
        while (action := self._next(lane)) is not None:
            self._tell(self._done(lane, action))

    def _begin(self) -> None:
        """Tell the heart where this till stands, as soon as the store can say it."""
        while not self._stopping:
            try:
                inbox = self._till.inbox
                known = inbox.cursors()
                cursors = {stream: known.get(stream, 0) for stream in inbox.streams()}
                started = ev.Started(self._till.epoch, inbox.server_epoch(), cursors)
            except Exception:  # the store's own errors: it may be able to later
                LOG.exception("sync cannot begin: the store does not answer")
                with self._lock:
                    self._lock.wait_for(lambda: self._stopping, 1.0)
            else:
                with self._lock:
                    # A cable pulled before the start stays pulled: nothing is said even once.
                    while self._posted:
                        self._core.step(self._posted.popleft(), self._now())
                    self._begun = True
                self._tell(started)
                return

    def _next(self, lane: Lane) -> ac.Action | None:
        """The lane's next action; meanwhile the heart hears of what was posted, and of time."""
        while True:
            with self._lock:
                if self._stopping:
                    return None
                if self._slots[lane]:
                    return self._slots[lane].popleft()
                if self._posted and self._begun:
                    event: ev.Event = self._posted.popleft()
                elif self._lock.wait(self._wait_s()):
                    continue
                else:
                    event = ev.Ticked()
            self._tell(event)

    def _wait_s(self) -> float:
        """Until the heart wants to be asked again; the watchdog does not believe it for long."""
        now = self._now()
        next_ms = self._core.next_ms(now)
        if next_ms is None:
            return WATCHDOG_S
        return min(WATCHDOG_S, max(SOONEST_S, (next_ms - now.monotonic_ms) / 1000))

    def _tell(self, event: ev.Event) -> None:
        with self._lock:
            for action in self._core.step(event, self._now()):
                self._slots[ac.lane_of(action)].append(action)
            self._lock.notify_all()
        with self._telling:
            status = self.status
            if status != self._told and not self._stopping:
                self._told = status
                try:
                    self._on_status(status)
                except Exception:  # a window that is closing must not end sync
                    LOG.exception("the status could not be shown")

    def _now(self) -> Now:
        return Now(self._till.clock.wall_ms(), self._till.clock.monotonic_ms())

    def _transport(self) -> Transport:
        return Transport(self._till.url, language=self._till.language)

    # ------------------------------------------------------------------ what an action says

    def _done(self, lane: Lane, action: ac.Action) -> ev.Event:
        """Do it. However it ends, the heart is told."""
        try:
            return self._do(lane, action)
        except SyncError as error:
            match action:
                case ac.RenewToken(lane):
                    return ev.TokenFailed(lane, error)
                case ac.SendPush():
                    return ev.PushFailed(error)
                case _:
                    return ev.PullFailed(error)
        except Exception:  # the store's own errors; and a lane that died would sync no more
            LOG.exception("%s: %s has to wait", lane, type(action).__name__)
            return ev.StoreFailed(lane)

    def _do(self, lane: Lane, action: ac.Action) -> ev.Event:
        match action:
            case ac.SendPush():
                return self._push(action)
            case ac.PullStream():
                sent, answer = self._ahead.pull(self._wires[lane], action)
                return ev.Pulled(answer, sent)
            case ac.RenewToken(of_lane):
                self._session.renew(self._wires[of_lane], self._tokens.get(of_lane))
                return ev.TokenRenewed(of_lane)
            case ac.Bootstrap():
                return self._bootstrap(action)
            case ac.AskUntold(after):
                return ev.UntoldAsked(ask_untold(self._till.inbox, after, self._looked_up))
            case _:
                return by_the_store(self._till, action)

    def _pull(self, wire: Transport, asked: ac.PullStream) -> Pulled:
        return self._said("pull", _question(asked), PullAnswer, wire)

    def _push(self, action: ac.SendPush) -> ev.Event:
        outbox = self._till.outbox
        push = Push(
            ops=tuple(outbox.load(action.op_ids)) if action.op_ids else (),
            keys=tuple(outbox.keys_for(action.op_ids)) if action.op_ids else (),
            offset_ms=action.offset_ms,
            final=action.final,
        )
        # The heart counts on two members an op; it cannot know better.
        many_keys = len(push.keys) > 2 * len(push.ops) > 2
        if many_keys and len(encoded(push)) > PUSH_BYTES_MAX:
            raise TooLarge("too_large", 413, "found before sending")
        sent, answer = self._said("push", Call("push", push), PushAnswer)
        return ev.Pushed(answer, sent)

    def _bootstrap(self, action: ac.Bootstrap) -> ev.Event:
        if action.anew:
            self._till.inbox.doubt()
        found = self._snapshots.bring(self._till.inbox, action.server_epoch)
        return ev.PullApplied(found) if isinstance(found, OtherServer) else ev.Bootstrapped(found)

    def _looked_up(self, wanted: LookUp) -> LookUpAnswer:
        return self._said("pull", Call("ask/lookup", wanted), LookUpAnswer)[1]

    def _said(
        self, lane: Lane, call: Call, kind: type[M], wire: Transport | None = None
    ) -> tuple[Now, M]:
        """When it left, and the answer; over the lane's own connection where no other is given."""
        call = self._signed(lane, call)
        sent = self._now()
        answer = (wire or self._wires[lane]).send(call, kind)
        if self._is_cut:
            raise Unreachable("the cable was pulled before the answer came")
        return sent, answer

    def _fetched(self, call: Call) -> bytes:
        return self._wires["pull"].fetch(self._signed("pull", call))

    def _signed(self, lane: Lane, call: Call) -> Call:
        self._tokens[lane] = self._session.token(self._wires[lane])
        return replace(call, token=self._tokens[lane])

    def _pause(self, seconds: float) -> None:
        with self._lock:
            if self._lock.wait_for(lambda: self._stopping, seconds):
                raise Unreachable("sync stops")


def _question(asked: ac.PullStream) -> Call:
    query: dict[str, str | int | list[str]] = {
        "stream": asked.stream,
        "after": asked.after,
        "wait": asked.wait_s,
        "also": [f"{other}:{place}" for other, place in asked.also],
    }
    return Call("pull", query=query, answer_s=ANSWER_S + asked.wait_s)
