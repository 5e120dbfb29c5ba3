"""A till's store and a server in memory, around the real heart, with faults on demand.

Owns: an honest small outbox, an inbox, a server that keeps what it accepted, and the rules that
nothing may break at any step. Does not own: what goes wrong when (the tests say so).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date

from app.domain.ids import OpId
from sync import action as ac
from sync import event as ev
from sync.back_off import Limits
from sync.core import Core
from sync.errors import SyncError, Unreachable
from sync.event import Now
from sync.ports import Applied, Backlog, Hole, OtherServer, Waiting
from sync.protocol import (
    FINAL_OUTCOMES,
    PUSH_OPS_MAX,
    Commanded,
    Event,
    GrantEnded,
    OpAnswer,
    Outcome,
    Positioned,
    PullAnswer,
    PushAnswer,
)
from tests.domain.heart_builders import op

WALL_MS = 1_795_320_000_000
STREAMS = ("chain", "device:till-2", "store:renmin-road")


def an_op(number: int, *aggregates: str, size: int = 900, **changes: object) -> Waiting:
    """The n-th op of the till, about these members or sales."""
    made = Waiting(op_id=op(number), epoch=1, dseq=number, size=size, aggregates=aggregates)
    return replace(made, **changes)  # type: ignore[arg-type]  # a builder takes any field


def an_answer(one: Waiting, outcome: Outcome = "accepted") -> OpAnswer:
    return OpAnswer(
        op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome=outcome, day=date(2026, 11, 21)
    )


def some_event(number: int) -> Event:
    return GrantEnded(grant=op(1000 + number), why="released")


@dataclass
class Server:
    """Accepts each op once and remembers; `restore` makes it forget."""

    epoch: int = 1
    accepted: dict[OpId, OpAnswer] = field(default_factory=dict)
    order: list[Waiting] = field(default_factory=list)
    retry: set[str] = field(default_factory=set)
    """Aggregates whose ops it does not look at for now."""
    forked: set[OpId] = field(default_factory=set)
    outcomes: dict[OpId, Outcome] = field(default_factory=dict)
    streams: dict[str, list[Event]] = field(default_factory=lambda: {one: [] for one in STREAMS})
    kept_from: int = 1
    calls_ahead_old: bool = False
    """As servers before this program did: who is ahead of the head is told to be too old."""

    def push(self, ops: list[Waiting], now: Now) -> PushAnswer:
        answers = tuple(self._answer(one) for one in ops)
        return PushAnswer(
            answers=answers, server_ms=now.wall_ms, server_epoch=self.epoch, heads=self.heads()
        )

    def _answer(self, one: Waiting) -> OpAnswer:
        if one.op_id in self.forked:
            return an_answer(one, "fork")
        if one.op_id in self.accepted:
            stored = self.accepted[one.op_id]
            # The stored answer, under the place it came with this time.
            return OpAnswer(
                op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome=stored.outcome,
                duplicate=True, day=stored.day,
            )  # fmt: skip
        if not self.retry.isdisjoint(one.aggregates):
            return an_answer(one, "retry")
        self.order.append(one)
        self.accepted[one.op_id] = an_answer(one, self.outcomes.get(one.op_id, "accepted"))
        return self.accepted[one.op_id]

    def heads(self) -> dict[int, int]:
        heads: dict[int, int] = {}
        known = {(one.epoch, one.dseq) for one in self.order if one.op_id in self.accepted}
        for epoch, _ in known:
            head = 0
            while (epoch, head + 1) in known:
                head += 1
            heads[epoch] = head
        return heads

    def pull(self, stream: str, after: int, now: Now) -> PullAnswer:
        events = self.streams[stream]
        came = [
            Positioned(at=at, event=event)
            for at, event in enumerate(events, start=1)
            if after < at <= after + 3
        ]
        return PullAnswer(
            stream=stream, events=tuple(came), head=len(events), server_ms=now.wall_ms,
            server_epoch=self.epoch,
            too_old=after < min(self.kept_from - 1, len(events)) or self._is_ahead(after, stream),
        )  # fmt: skip

    def _is_ahead(self, after: int, stream: str) -> bool:
        return self.calls_ahead_old and after > len(self.streams[stream])

    def restore(self, keep: int) -> None:
        """Only the first ops are left, as in a backup; the epoch says so."""
        self.epoch += 1
        self.order = self.order[:keep]
        known = {one.op_id for one in self.order}
        self.accepted = {op_id: said for op_id, said in self.accepted.items() if op_id in known}
        self.streams = {name: events[: keep // 2] for name, events in self.streams.items()}


@dataclass
class Store:
    """Outbox and inbox of one till."""

    ops: dict[OpId, Waiting] = field(default_factory=dict)
    pending: dict[OpId, None] = field(default_factory=dict)
    settled: dict[OpId, OpAnswer] = field(default_factory=dict)
    forks: set[OpId] = field(default_factory=set)
    """They stay pending; their places are another machine's."""
    cursors: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STREAMS, 0))
    received: dict[str, list[Event]] = field(default_factory=lambda: {one: [] for one in STREAMS})
    server_epoch: int | None = None

    def commit(self, one: Waiting) -> None:
        self.ops[one.op_id] = one
        self.pending[one.op_id] = None

    def waiting(self, limit: int) -> list[Waiting]:
        found = sorted((self.ops[one] for one in self.pending), key=lambda one: one.dseq)
        return found[:limit]

    def backlog(self) -> Backlog:
        aside = sum(one.outcome == "rejected" for one in self.settled.values())
        return Backlog(pending=len(self.pending), set_aside=aside)

    def settle(self, answers: tuple[OpAnswer, ...], server_epoch: int) -> None:
        self.server_epoch = self.server_epoch or server_epoch
        self.forks |= {one.op_id for one in answers if one.outcome == "fork"}
        for one in answers:
            if one.outcome == "fork":
                continue
            self.settled[one.op_id] = one
            self.pending.pop(one.op_id, None)

    def push_again(self, epoch: int, above: int) -> int:
        again = [one for one in self.ops.values() if one.epoch == epoch and one.dseq > above]
        self.pending.update(dict.fromkeys(one.op_id for one in again))
        return len(again)

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        if self.server_epoch is not None and answer.server_epoch != self.server_epoch:
            return OtherServer(self.server_epoch, answer.server_epoch)
        cursor = self.cursors[answer.stream]
        fresh = [one for one in answer.events if one.at > cursor]
        if fresh and fresh[0].at != cursor + 1:
            return Hole(cursor, fresh[0].at)
        self.server_epoch = answer.server_epoch
        self.received[answer.stream] += [one.event for one in fresh]
        self.cursors[answer.stream] = cursor + len(fresh)
        return Applied(self.cursors[answer.stream])


class World:
    """One till, one server, one clock. `do` ends what a lane has in hand, well or badly."""

    def __init__(self, seed: int = 1, limits: Limits | None = None) -> None:
        self.store = Store()
        self.server = Server()
        self.core = Core(random.Random(seed).random, limits)
        self.now = Now(WALL_MS, 0)
        self.in_hand: dict[str, ac.Action] = {}
        self.sent_at: dict[str, Now] = {}
        self.seen: list[ac.Action] = []
        self.said: dict[OpId, OpAnswer] = {}

    def start(self) -> None:
        self.tell(ev.Started(1, self.store.server_epoch, dict(self.store.cursors)))

    def restart(self) -> None:
        """What the heart knew is gone; what the store knew is not."""
        self.core = Core(random.Random(len(self.seen)).random)
        self.in_hand.clear()
        self.start()

    def pass_ms(self, ms: int) -> None:
        self.now = Now(self.now.wall_ms + ms, self.now.monotonic_ms + ms)

    def tell(self, event: ev.Event) -> None:
        actions = self.core.step(event, self.now)
        for one in actions:
            lane = ac.lane_of(one)
            assert lane not in self.in_hand, f"{lane} has {self.in_hand[lane]}, and gets {one}"
            self.in_hand[lane] = one
            self.sent_at[lane] = self.now
            self.seen.append(one)
            self._check(one)
        if not actions:
            next_ms = self.core.next_ms(self.now)
            assert next_ms is None or next_ms > self.now.monotonic_ms, "it would spin"

    def _check(self, one: ac.Action) -> None:
        match one:
            case ac.SendPush(op_ids=op_ids):
                self._check_push(op_ids)
            case ac.Settle(answers=answers):
                for answer in answers:
                    assert answer.outcome in FINAL_OUTCOMES | {"fork"}
                    assert self.said.get(answer.op_id) == answer, "settled what nobody said"
            case _:
                pass

    def _check_push(self, op_ids: tuple[OpId, ...]) -> None:
        assert len(op_ids) <= PUSH_OPS_MAX
        going = set(op_ids)
        ahead: set[str] = set()
        missing = set(self.store.pending)
        for one in self.store.waiting(10**6):
            if one.op_id in going:
                assert ahead.isdisjoint(one.aggregates), f"{one} goes before one that waits"
                assert not set(one.needs) & missing, f"{one} before what it needs"
                missing.discard(one.op_id)
            else:
                ahead.update(one.aggregates)

    # ------------------------------------------------------------------ the end of an action

    def do(self, lane: str, error: SyncError | None = None, *, arrives: bool = True) -> ac.Action:
        """End what the lane has in hand. `error`: so it failed, after the server acted or not."""
        one = self.in_hand.pop(lane)
        self.tell(self._outcome(one, error, arrives=arrives, sent=self.sent_at[lane]))
        return one

    def store_fails(self, lane: str) -> None:
        del self.in_hand[lane]
        self.tell(ev.StoreFailed("push" if lane == "push" else "pull"))

    def _outcome(
        self, one: ac.Action, error: SyncError | None, *, arrives: bool, sent: Now
    ) -> ev.Event:
        match one:
            case ac.RenewToken(lane):
                return ev.TokenFailed(lane, error) if error else ev.TokenRenewed(lane)
            case ac.SendPush(op_ids):
                return self._push(op_ids, error, arrives=arrives, sent=sent)
            case ac.PullStream(stream, after):
                if error:
                    return ev.PullFailed(error)
                return ev.Pulled(self.server.pull(stream, after, self.now), sent)
            case ac.Bootstrap(epoch):
                return self._bootstrap(epoch, error)
            case ac.AskUntold():
                return ev.PullFailed(error) if error else ev.UntoldAsked(None)
            case _:
                return self._of_store(one)

    def _of_store(
        self, one: ac.ListWaiting | ac.CountBacklog | ac.Settle | ac.PushAgain | ac.Apply
    ) -> ev.Event:
        match one:
            case ac.ListWaiting(limit):
                return ev.Listed(self.store.waiting(limit), self.store.backlog())
            case ac.CountBacklog():
                return ev.Counted(self.store.backlog())
            case ac.Settle(answers, server_epoch):
                self.store.settle(tuple(answers), server_epoch)
                return ev.Settled()
            case ac.PushAgain(epoch, above):
                return ev.MarkedAgain(self.store.push_again(epoch, above))
            case ac.Apply(answer):
                return ev.PullApplied(self.store.apply(answer))

    def _push(
        self, op_ids: tuple[OpId, ...], error: SyncError | None, *, arrives: bool, sent: Now
    ) -> ev.Event:
        if error is None or (arrives and isinstance(error, Unreachable)):
            answer = self.server.push([self.store.ops[one] for one in op_ids], self.now)
            if error is None:
                self.said.update((one.op_id, one) for one in answer.answers)
                return ev.Pushed(answer, sent)
        return ev.PushFailed(error)

    def _bootstrap(self, epoch: int | None, error: SyncError | None) -> ev.Event:
        if error:
            return ev.PullFailed(error)
        if epoch is not None and epoch != self.server.epoch:
            return ev.PullApplied(OtherServer(epoch, self.server.epoch))
        self.store.received = {name: list(all_) for name, all_ in self.server.streams.items()}
        self.store.cursors = {name: len(all_) for name, all_ in self.server.streams.items()}
        self.store.server_epoch = self.server.epoch
        return ev.Bootstrapped(dict(self.store.cursors))

    # ------------------------------------------------------------------ whole runs

    def settle_down(self, steps: int, done: Callable[[], bool] = lambda: False) -> None:
        """All goes well from now on, and nobody wakes the heart but the watchdog."""
        for _ in range(steps):
            if done():
                return
            if "push" in self.in_hand:
                self.do("push")
            elif "pull" in self.in_hand:
                pulled = self.in_hand["pull"]
                self.do("pull")
                if isinstance(pulled, ac.PullStream) and pulled.wait_s:
                    self.pass_ms(pulled.wait_s * 1000)
            else:
                self.pass_ms(60_000)
                self.tell(ev.Ticked())

    def drained(self) -> bool:
        return not self.store.pending and all(
            self.store.received[name] == events for name, events in self.server.streams.items()
        )


def a_command(command: str, **changes: int) -> Commanded:
    return Commanded(command=command, **changes)  # type: ignore[arg-type]  # a builder
