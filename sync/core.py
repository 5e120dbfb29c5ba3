"""The heart: `step(event, now)` says what to do next. Sans-IO: no thread, clock, chance or byte.

Owns: how pushing and pulling hang together (the server's epoch, its clock, commands, the status).
Does not own: each half (push.py, pull.py), doing what is said (lane.py).

Every step looks at the whole state ("is anything pending and is it time?"), so a lost event costs
time and nothing else; tick at `next_ms` and at least once a minute. Each half has at most one
action in hand, and hears of its end by the event that the action names. Not for several threads
at once: the lanes hold a lock around it. A new enrolment is a new heart.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, assert_never

from sync import action as ac
from sync import event as ev
from sync.action import Action
from sync.back_off import Chance, Limits
from sync.commanded import obey
from sync.errors import Busy, Garbled, Refused, SyncError
from sync.event import Now
from sync.offset import Offset, measured
from sync.ports import OtherServer
from sync.pull import Puller
from sync.push import Pusher
from sync.status import Signs, Status, state_of

_PushEvent: TypeAlias = (
    ev.Committed | ev.Listed | ev.Counted | ev.Pushed | ev.PushFailed | ev.Settled | ev.MarkedAgain
)
_PullEvent: TypeAlias = (
    ev.Pulled | ev.PullFailed | ev.PullApplied | ev.Bootstrapped | ev.UntoldAsked
)
_LaneEvent: TypeAlias = ev.TokenRenewed | ev.TokenFailed | ev.StoreFailed
LOST_LINK = frozenset({"unreachable", "garbled"})


class Core:
    """The heart of one till's sync. `chance` spreads the tills of a chain over time."""

    def __init__(self, chance: Chance, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._push = Pusher(chance, self._limits)
        self._pull = Puller(chance, self._limits)
        self._epoch: int | None = None
        self._server_epoch: int | None = None
        self._offset: Offset | None = None
        self._link: bool | None = None
        self._switched_off = False
        self._status = Status()

    def step(self, event: ev.Event, now: Now) -> tuple[Action, ...]:
        """Take in one event; the actions that are due now, at most one for each lane.

        Anything but a switched cable is passed over before Started.
        """
        match event:
            case ev.Started():
                self._start(event)
            case ev.Switched():
                self._of_others(event, now)
            case _ if self._epoch is None:
                return ()
            case (
                ev.Committed() | ev.Listed() | ev.Counted() | ev.Pushed() | ev.PushFailed()
                | ev.Settled() | ev.MarkedAgain()
            ):  # fmt: skip
                self._of_push(event, now)
            case (
                ev.Pulled() | ev.PullFailed() | ev.PullApplied() | ev.Bootstrapped()
                | ev.UntoldAsked()
            ):  # fmt: skip
                self._of_pull(event, now)
            case ev.TokenRenewed() | ev.TokenFailed() | ev.StoreFailed():
                self._of_lane(event, now)
            case ev.SyncNow() | ev.LinkBack() | ev.Ticked() | ev.Heard():
                self._of_others(event, now)
            case never:
                assert_never(never)
        obey(self._push, self._pull, self._epoch or 0)
        actions = () if self._epoch is None else self._due(now)
        self._status = self._seen(now)
        return actions

    @property
    def status(self) -> Status:
        """How sync stands after the last step."""
        return self._status

    def next_ms(self, now: Now) -> int | None:
        """Monotonic time at which something will be due if nothing happens; None = by events."""
        if self._epoch is None:
            return None
        times = (self._push.next_ms(now), self._pull.next_ms(now))
        return min((time for time in times if time is not None), default=None)

    # ------------------------------------------------------------------ events

    def _start(self, event: ev.Started) -> None:
        self._epoch = event.epoch
        self._know(event.server_epoch)
        self._pull.started(event.cursors, epoch_is_kept=event.server_epoch is not None)

    def _of_push(self, event: _PushEvent, now: Now) -> None:
        """The end of an action that is not in hand was told twice, or too late: passed over."""
        match event, self._push.busy:
            case ev.Committed(), _:
                self._push.woken()
            case ev.Listed(waiting, backlog), ac.ListWaiting():
                self._push.listed(waiting, backlog, now)
            case ev.Counted(backlog), ac.CountBacklog():
                self._push.counted(backlog)
            case ev.Pushed(), ac.SendPush():
                self._pushed(event, now)
            case ev.PushFailed(error), ac.SendPush():
                self._failed(error)
                self._push.failed(error, now)
            case ev.Settled(), ac.Settle():
                self._push.settled(now)
            case ev.MarkedAgain(), ac.PushAgain():
                self._push.marked_again()
            case _:
                pass

    def _of_pull(self, event: _PullEvent, now: Now) -> None:
        match event, self._pull.busy:
            case ev.Pulled(), ac.PullStream() as asked:
                self._pulled(event, asked, now)
            case ev.PullFailed(error), ac.PullStream() | ac.Bootstrap() | ac.AskUntold():
                self._failed(error)
                self._pull.failed(error, now)
            case ev.PullApplied(result), ac.Apply() as asked:
                self._pull.applied(asked, result, now)
                if isinstance(result, OtherServer):
                    self._other_server(result.told, now)
            case ev.PullApplied(OtherServer(told=told)), ac.Bootstrap():
                self._pull.failed(Garbled("a snapshot of another server epoch"), now)
                self._other_server(told, now)
            case ev.Bootstrapped(cursors), ac.Bootstrap():
                self._link = True
                self._pull.bootstrapped(cursors)
            case ev.UntoldAsked(after), ac.AskUntold():
                self._link = True
                self._pull.untold_asked(after)
            case _:
                pass

    def _of_lane(self, event: _LaneEvent, now: Now) -> None:
        half = self._push if event.lane == "push" else self._pull
        match event:
            case ev.StoreFailed() if half.busy is not None:
                half.store_failed(now)
            case ev.TokenRenewed() if isinstance(half.busy, ac.RenewToken):
                half.renewed()
            case ev.TokenFailed(error=error) if isinstance(half.busy, ac.RenewToken):
                self._failed(error)
                half.renewed()
                half.failed(error, now)
            case _:
                pass

    def _of_others(
        self, event: ev.SyncNow | ev.LinkBack | ev.Switched | ev.Ticked | ev.Heard, now: Now
    ) -> None:
        match event:
            case ev.SyncNow():
                self._ask_both(now)
            case ev.LinkBack():
                self._link = True if self._link else None
                self._hurry_both(now)
            case ev.Switched(on):
                self._switched_off = not on
                self._push.switched_off = self._pull.switched_off = not on
                self._link = None
                self._ask_both(now)
            case ev.Heard(server_ms, sent):
                self._link = True
                self._offset = measured(self._offset, server_ms, sent, now)
                if self._push.net.failures and self._pull.net.failures:
                    self._hurry_both(now)
            case ev.Ticked():
                pass
            case never:
                assert_never(never)

    # ------------------------------------------------------------------ answers

    def _pushed(self, event: ev.Pushed, now: Now) -> None:
        answer = event.answer
        self._offset = measured(self._offset, answer.server_ms, event.sent, now)
        self._link = True
        if self._server_epoch is not None and answer.server_epoch < self._server_epoch:
            # Said before the server was restored: it may have forgotten what it says here.
            self._push.failed(Garbled("an answer of a former server epoch"), now)
            return
        if self._push.net.failures and self._pull.reason in LOST_LINK:
            self._pull.hurried(now, self._limits.spread_ms)
        self._push.answered(answer, now)
        if self._server_epoch is not None and answer.server_epoch > self._server_epoch:
            self._other_server(answer.server_epoch, event.sent)
        self._know(answer.server_epoch)
        wanted_ms = self._push.heads_wanted_ms
        if wanted_ms is not None and event.sent.monotonic_ms >= wanted_ms:
            self._push.restored(answer.heads, self._epoch or 0)

    def _pulled(self, event: ev.Pulled, asked: ac.PullStream, now: Now) -> None:
        answer = event.answer
        self._link = True
        if not asked.wait_s:  # a long poll says nothing about the way
            self._offset = measured(self._offset, answer.server_ms, event.sent, now)
        known = self._server_epoch
        if known is not None and answer.server_epoch < known:
            self._pull.failed(Garbled("an answer of a former server epoch"), now)
            return
        if self._pull.net.failures and self._push.reason in LOST_LINK:
            self._push.hurried(now, self._limits.spread_ms)
        taken = self._pull.answered(asked, answer, now)
        if known is not None and answer.server_epoch > known:
            self._other_server(answer.server_epoch, now)
        elif taken == "forgotten":
            self._other_server(known or answer.server_epoch, now)
        self._know(answer.server_epoch)

    def _failed(self, error: SyncError) -> None:
        is_refused = isinstance(error, Refused) and not isinstance(error, Busy)
        self._link = is_refused

    def _other_server(self, told: int, since: Now) -> None:
        """The server was restored: our facts are marked again first, the snapshot comes last.

        The inbox remembers the new epoch with the snapshot. So a crash in between begins anew.
        """
        self._know(told)
        self._pull.restored()
        self._push.heads_wanted_ms = since.monotonic_ms

    def _know(self, server_epoch: int | None) -> None:
        self._server_epoch = self._pull.server_epoch = server_epoch

    def _hurry_both(self, now: Now) -> None:
        self._push.hurried(now, self._limits.spread_ms)
        self._pull.hurried(now, self._limits.spread_ms)

    def _ask_both(self, now: Now) -> None:
        self._push.asked_for(now)
        self._pull.asked_for(now)

    # ------------------------------------------------------------------ what follows

    def _due(self, now: Now) -> tuple[Action, ...]:
        push = self._push.due(now, self._offset)
        pull = self._pull.due(now, wait_for_push=self._push.is_restoring)
        return tuple(action for action in (push, pull) if action is not None)

    def _seen(self, now: Now) -> Status:
        backlog = self._push.backlog
        signs = Signs(
            link=self._link,
            switched_off=self._switched_off,
            moving=self._push.moving,
            pending=backlog.pending,
            set_aside=backlog.set_aside,
            reasons=self._push.reasons + self._pull.reasons,
        )
        state, reason = state_of(signs)
        known = self._status
        return replace(
            known,
            state=state,
            since_ms=now.wall_ms if state != known.state else known.since_ms,
            reason=reason,
            backlog=backlog,
            sending=bool(self._push.in_flight),
            last_push_ms=self._push.last_ms,
            last_pull_ms=self._pull.last_ms,
            offset=self._offset,
        )
