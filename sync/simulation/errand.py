"""Errands: what a till's heart asks for, done in a world - by the real store, over its network.

Owns: every action of the heart, one for one as the lanes do it (sync/lane.py). Does not own: when
(till.py), what goes wrong on the way (network.py, lane.py).
"""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any, Protocol

import msgspec

from sync import action as ac
from sync import event as ev
from sync import protocol as p
from sync.errors import Garbled, SyncError
from sync.ports import Applied, OtherServer
from sync.simulation.lane import Died, DiskFull
from sync.simulation.listening import Waiting
from sync.simulation.network import Failed, Heard, Line, Reply, Serve
from sync.simulation.owner import Owner
from sync.simulation.world import SECOND_MS
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox


class Sending(Owner, Protocol):
    """A till whose errands are done."""

    snapshot: list[tuple[str, bytes]]
    """What its inbox will find in the next whole copy."""

    @property
    def folder(self) -> Path: ...

    @property
    def outbox(self) -> TillOutbox: ...

    @property
    def inbox(self) -> TillInbox: ...

    def settled(self, action: ac.Settle) -> None:
        """Answers were written down."""

    def applied(self, stream: str, cursor: int) -> None:
        """It stands at this place of the stream now."""


class Errands:
    """Of one life of one till."""

    def __init__(self, till: Sending) -> None:
        self._till = till

    def done(self, action: ac.Action) -> ev.Event | None:
        """What came of it; None where an answer is awaited."""
        match action:
            case ac.SendPush():
                self._push(action)
            case ac.PullStream():
                self._pull(action)
            case ac.Bootstrap():
                self._bootstrap(action)
            case ac.AskUntold(after):
                found = self._till.inbox.untold(after)
                self._ask_untold(deque(found.member_ids), found.after)
            case ac.RenewToken(lane):
                return ev.TokenRenewed(lane)
            case _:
                return self._of_store(action)
        return None

    def _of_store(
        self, action: ac.ListWaiting | ac.CountBacklog | ac.Settle | ac.PushAgain | ac.Apply
    ) -> ev.Event:
        outbox = self._till.outbox
        match action:
            case ac.ListWaiting(limit):
                return ev.Listed(outbox.waiting(limit), outbox.backlog())
            case ac.CountBacklog():
                return ev.Counted(outbox.backlog())
            case ac.Settle(answers, server_epoch):
                outbox.settle(answers, server_epoch=server_epoch)
                self._till.settled(action)
                return ev.Settled()
            case ac.PushAgain(epoch, above):
                return ev.MarkedAgain(outbox.push_again(epoch, above))
            case ac.Apply(answer):
                applied = self._till.inbox.apply(answer)
                if isinstance(applied, Applied):
                    self._till.applied(answer.stream, applied.cursor)
                return ev.PullApplied(applied)

    def _push(self, action: ac.SendPush) -> None:
        push = p.Push(
            ops=tuple(self._till.outbox.load(action.op_ids)) if action.op_ids else (),
            keys=tuple(self._till.outbox.keys_for(action.op_ids)) if action.op_ids else (),
            offset_ms=action.offset_ms,
            final=action.final,
        )
        data, sent, caller = p.encoded(push), self._till.now(), self._till.caller()

        def hear(answer: Heard) -> None:
            found = read(answer, p.PushAnswer)
            failed = isinstance(found, SyncError)
            self._till.hear(ev.PushFailed(found) if failed else ev.Pushed(found, sent))

        self.ask("push", lambda reply: reply(self._till.server.push(caller, data)), hear)

    def _pull(self, action: ac.PullStream) -> None:
        sent, caller, wait_ms = self._till.now(), self._till.caller(), action.wait_s * SECOND_MS

        def serve(reply: Reply) -> None:
            asked = Waiting(caller, action.stream, action.after, action.also, reply)
            self._till.server.pull(asked, wait_ms)

        def hear(answer: Heard) -> None:
            found = read(answer, p.PullAnswer)
            failed = isinstance(found, SyncError)
            self._till.hear(ev.PullFailed(found) if failed else ev.Pulled(found, sent))

        self.ask("pull", serve, hear, wait_ms)

    def _bootstrap(self, action: ac.Bootstrap) -> None:
        caller = self._till.caller()

        def serve(reply: Reply) -> None:
            reply(msgspec.json.encode(self._till.server.snapshot(caller)))

        def hear(answer: Heard) -> None:
            found = read(answer, tuple[list[tuple[str, bytes]], dict[str, int], int])
            if isinstance(found, SyncError):
                self._till.hear(ev.PullFailed(found))
                return
            event = self._adopted(action, *found)
            if event is not None:
                self._till.hear(event)

        self.ask("snapshot", serve, hear)

    def _adopted(
        self,
        action: ac.Bootstrap,
        rows: list[tuple[str, bytes]],
        places: dict[str, int],
        epoch: int,
    ) -> ev.Event | None:
        known = action.server_epoch
        if known is not None and known != epoch:
            return ev.PullApplied(OtherServer(known, epoch))
        self._till.snapshot = rows
        try:
            if action.anew:
                self._till.inbox.doubt()
            self._till.inbox.adopt(self._till.folder, b"", places, epoch)
        except Died:
            self._till.die()
            return None
        except DiskFull:
            return ev.StoreFailed("pull")
        for stream, place in places.items():
            self._till.applied(stream, place)
        return ev.Bootstrapped(places)

    def _ask_untold(self, member_ids: deque[str], after: str | None) -> None:
        """One after the other; whoever is not asked by an end of the till is asked again."""
        if not member_ids:
            self._till.hear(ev.UntoldAsked(after))
            return
        member_id = member_ids.popleft()
        caller, data = self._till.caller(), p.encoded(p.LookUp(member=member_id))

        def hear(answer: Heard) -> None:
            found = read(answer, p.LookUpAnswer)
            if isinstance(found, SyncError):
                self._till.hear(ev.PullFailed(found))
                return
            try:
                self._till.inbox.heard(member_id, found)
            except Died:
                self._till.die()
            except DiskFull:
                self._till.hear(ev.StoreFailed("pull"))
            else:
                self._ask_untold(member_ids, after)

        self.ask("look up", lambda reply: reply(self._till.server.look_up(caller, data)), hear)

    def ask(self, what: str, serve: Serve, hear: Reply, wait_ms: int = 0) -> None:
        life = self._till.life

        def heard(answer: Heard) -> None:
            if life == self._till.life:
                hear(answer)

        self._till.network.request(Line(self._till.place.name, what, wait_ms), serve, heard)


def read(answer: Heard, kind: Any) -> Any:
    """The message, or why there is none."""
    if isinstance(answer, Failed):
        return answer.error
    try:
        return p.decoded(answer, kind)
    except msgspec.DecodeError as error:
        return Garbled(str(error))
