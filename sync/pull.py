"""Pull: the half of the heart that listens. One stream at a time, the next one by turns.

Owns: which stream is asked next and for how long, what an answer must look like to be applied,
commands of the server, when a snapshot is needed. Does not own: the cursors (the inbox moves them
with the events, this only remembers what it said), waiting times (back_off.py), bytes (lane.py).

A command is obeyed before the cursor passes it: a crash in between makes it come again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias, assert_never

from msgspec import structs

from app.domain.enrolment import NO_SERVER_EPOCH
from sync.action import Apply, AskUntold, Bootstrap, PullAction, PullStream, RenewToken
from sync.back_off import BackOff, Chance, Limits
from sync.errors import NotAllowed, Refused, SyncError
from sync.event import Now
from sync.ports import Applied, Hole, OtherServer
from sync.protocol import Commanded, Positioned, PullAnswer
from sync.push import ANEW
from sync.rota import Rota
from sync.status import NEEDS_PERSON, Reason, reason_of

DOUBTS_MAX = 3
"""So many answers in a row that do not fit, and a snapshot is fetched instead."""

Taken: TypeAlias = Literal["taken", "misfit", "forgotten"]


class Puller:
    """What is known about pulling. Every method is told the time, none does anything itself."""

    def __init__(self, chance: Chance, limits: Limits) -> None:
        self.net = BackOff(chance, limits)
        self.store = BackOff(chance, limits)
        self._rota = Rota(limits.pull_wait_s)
        self.busy: PullAction | RenewToken | None = None
        self.reason: Reason | None = None
        self.cursors: dict[str, int] = {}
        self.last_ms: int | None = None
        self.bootstrap_wanted = False
        self.enrol_again = False
        self.switched_off = False
        self.server_epoch: int | None = None
        self._behind: set[str] = set()
        self._rest: PullAnswer | None = None
        self._obeyed: set[tuple[str, int]] = set()
        self._halted: set[str] = set()
        self._doubts: dict[str, int] = {}
        self._epoch_is_kept = False
        self._is_anew = False
        self._untold: str | None = None
        """Behind whom to go on asking; None = all were asked."""
        self._renew = self._renewed = False

    # ------------------------------------------------------------------ what it is told

    def started(self, cursors: Mapping[str, int], *, epoch_is_kept: bool) -> None:
        """The streams of this till and how far they are; whether it knows its server's epoch."""
        self.cursors = dict(cursors)
        self._behind = set(cursors)
        self._epoch_is_kept = epoch_is_kept
        self._is_anew = self.server_epoch == NO_SERVER_EPOCH
        self._untold = ""

    def answered(self, asked: PullStream, answer: PullAnswer, now: Now) -> Taken:
        """Something came. What does not follow what we have is not let near the store."""
        self.busy = None
        self.net.good()
        self._renewed = False
        self.reason = None
        # First: such a server may call our place too old besides, and needs our facts before all.
        if answer.stream == asked.stream and answer.head < asked.after:
            return self._doubt(asked.stream, now, "forgotten")
        if answer.too_old and answer.stream == asked.stream:
            self.bootstrap_wanted = True
            return "taken"
        if not _fits(answer, asked):
            return self._doubt(asked.stream, now, "misfit")
        self._doubts.pop(asked.stream, None)
        self._behind |= self._rota.further(answer.heads, asked, self.cursors)
        if answer.events or not self._epoch_is_kept:
            self._rest = answer
        else:
            self._finish(answer, now)
        return "taken"

    def failed(self, error: SyncError, now: Now) -> None:
        """Nothing came."""
        self.busy = None
        if isinstance(error, NotAllowed) and error.code in ANEW and not self._renewed:
            self._renew = True
            return
        self._renewed = False
        self.reason = reason_of(error)
        self._behind = set(self.cursors)
        self.net.fail(now.monotonic_ms, error.retry_after_s if isinstance(error, Refused) else None)

    def renewed(self) -> None:
        """There is another token. Refused again, a person has to act."""
        self.busy = None
        self._renew = False
        self._renewed = True

    def hurried(self, now: Now, spread_ms: int) -> None:
        """There is reason to think that it works by now."""
        self.net.hurry(now.monotonic_ms, spread_ms)

    def asked_for(self, now: Now) -> None:
        """A person wants it now."""
        self.hurried(now, 0)
        self.store.hurry(now.monotonic_ms)
        self._behind = set(self.cursors)

    def applied(self, asked: Apply, result: Applied | Hole | OtherServer, now: Now) -> None:
        """The inbox took the events, or said why not."""
        self.busy = None
        self.store.good()
        rest, self._rest = self._rest, None
        stream = asked.answer.stream
        match result:
            case Applied(cursor) if _is_in(asked, cursor):
                self._epoch_is_kept = True
                self.cursors[stream] = cursor
                if rest is not None:
                    self._go_on(rest, cursor, now)
            case Applied(cursor) | Hole(cursor):
                self.cursors[stream] = cursor
                self._doubt(stream, now, "misfit")
            case OtherServer():
                pass  # the heart goes on from here
            case never:
                assert_never(never)

    def bootstrapped(self, cursors: Mapping[str, int]) -> None:
        """The snapshot is in: everything before its places is known."""
        self.busy = self._rest = None
        self.net.good()
        self.store.good()
        self.bootstrap_wanted = self._is_anew = False
        self.cursors.update(cursors)
        self._behind = set(self.cursors)
        self._untold = ""

    def untold_asked(self, after: str | None) -> None:
        """The server said what it knows of some whom it had not told of."""
        self.busy = None
        self.net.good()
        self.store.good()
        self._renewed = False
        self._untold = after

    def store_failed(self, now: Now) -> None:
        """The store could not; what it was to do stays to be done."""
        self.busy = None
        self.store.fail(now.monotonic_ms)

    def restored(self) -> None:
        """The server was restored: what we know of its streams is worth nothing."""
        self._rest = None
        self.bootstrap_wanted = True

    # ------------------------------------------------------------------ what is due

    def due(self, now: Now, *, wait_for_push: bool) -> PullAction | RenewToken | None:
        """The next thing to do now, or None. `wait_for_push`: facts must be marked again first."""
        if self.busy is not None:
            return None
        self.busy = self._next(now.monotonic_ms, wait_for_push=wait_for_push)
        return self.busy

    def next_ms(self, now: Now) -> int | None:
        """When to look again if nothing happens (monotonic)."""
        waits_until = max(self.store.due_ms, self.net.due_ms)
        return waits_until if self.busy is None and now.monotonic_ms < waits_until else None

    def command(self) -> Commanded | None:
        """What has to be obeyed before anything else of its stream is applied."""
        if self.busy is not None or self._rest is None or not self._rest.events:
            return None
        first = self._rest.events[0]
        return first.event if self._is_open(first) and isinstance(first.event, Commanded) else None

    def obeyed(self) -> None:
        """The first command that waits was obeyed: the cursor may pass it."""
        assert self._rest is not None, "nothing was commanded"
        self._obeyed.add((self._rest.stream, self._rest.events[0].at))

    def halted(self) -> None:
        """The command cannot be obeyed here: its stream stands still until a person acted."""
        assert self._rest is not None, "nothing was commanded"
        self._halted.add(self._rest.stream)
        self._rest = None
        self.enrol_again = True

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not everything is known, the weightier first."""
        found: list[Reason] = ["enrol_again"] if self.enrol_again else []
        found += [self.reason] if self.reason else []
        found += ["store_failed"] if self.store.failures else []
        found += ["restored_server"] if self.bootstrap_wanted else []
        return tuple(sorted(found, key=lambda reason: reason not in NEEDS_PERSON))

    def _next(self, now_ms: int, *, wait_for_push: bool) -> PullAction | RenewToken | None:
        if now_ms < self.store.due_ms:
            return None
        if self._rest is not None and not self.bootstrap_wanted:
            return None if wait_for_push else Apply(self._until_command(self._rest))
        if self.switched_off or now_ms < self.net.due_ms:
            return None
        if self._renew:
            return RenewToken("pull")
        if self.bootstrap_wanted:
            return None if wait_for_push else Bootstrap(self.server_epoch, self._is_anew)
        if self._untold is not None and self._epoch_is_kept and self._behind <= self._halted:
            return AskUntold(self._untold)
        open_to_us = {one: at for one, at in self.cursors.items() if one not in self._halted}
        return self._rota.next(open_to_us, self._behind, now_ms)

    def _until_command(self, answer: PullAnswer) -> PullAnswer:
        """The events before the first command that was not obeyed yet."""
        for index, one in enumerate(answer.events):
            if self._is_open(one):
                return structs.replace(answer, events=answer.events[:index])
        return answer

    def _is_open(self, one: Positioned) -> bool:
        stream = self._rest.stream if self._rest else ""
        return isinstance(one.event, Commanded) and (stream, one.at) not in self._obeyed

    def _doubt(self, stream: str, now: Now, why: Taken) -> Taken:
        self._doubts[stream] = self._doubts.get(stream, 0) + 1
        self.net.fail(now.monotonic_ms)
        if self._doubts[stream] < DOUBTS_MAX:
            return "misfit"
        self._doubts.clear()
        self.bootstrap_wanted = True
        self._is_anew |= why == "forgotten"
        return why

    def _go_on(self, rest: PullAnswer, cursor: int, now: Now) -> None:
        left = tuple(one for one in rest.events if one.at > cursor)
        if left:
            self._rest = structs.replace(rest, events=left)
        else:
            self._finish(rest, now)

    def _finish(self, answer: PullAnswer, now: Now) -> None:
        self._rest = None
        if self.cursors[answer.stream] < answer.head:
            if not answer.events:  # there is more, and it gives none: not at once again
                self.net.fail(now.monotonic_ms)
            return
        self._behind.discard(answer.stream)
        if not self._behind:
            self.last_ms = now.wall_ms


def _is_in(asked: Apply, cursor: int) -> bool:
    """The inbox went as far as it was given; anything else is a fault of its own."""
    return all(one.at <= cursor for one in asked.answer.events)


def _fits(answer: PullAnswer, asked: PullStream) -> bool:
    """It is about this stream, follows without a gap, and knows of all it tells."""
    places = [one.at for one in answer.events]
    follows = places == list(range(asked.after + 1, asked.after + 1 + len(places)))
    known = answer.head >= asked.after + len(places)
    return answer.stream == asked.stream and follows and known
