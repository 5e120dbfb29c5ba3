"""Push: the half of the heart that sends what is pending. Level-triggered, one push at a time.

Owns: when to look, what to send, what an answer means for an op. Does not own: the choice of a
batch (batch.py), waiting times (back_off.py), the status, threads and bytes (lane.py).

Nothing is believed about an op until the store kept a final answer for it: a lost wake-up costs a
minute (the watchdog looks), a lost answer a second push, a full disk a wait.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from sync.action import (
    CountBacklog,
    ListWaiting,
    PushAction,
    PushAgain,
    RenewToken,
    SendPush,
    Settle,
)
from sync.back_off import BackOff, Chance, Limits
from sync.batch import next_batch
from sync.errors import NotAllowed, Refused, SyncError, TooLarge
from sync.event import Now
from sync.held_op import HeldOps
from sync.offset import Offset
from sync.ports import Backlog, Waiting
from sync.protocol import FINAL_OUTCOMES, PUSH_OPS_MAX, OpAnswer, PushAnswer
from sync.status import NEEDS_PERSON, Reason, reason_of

KEPT_OUTCOMES = FINAL_OUTCOMES | {"fork"}
REFUSED_BATCH = "bad_request"
"""Something in the batch is not taken: it is cut in half until the one op is found."""
ANEW = frozenset({"no_credential", "expired_credential"})
"""A new token may help, once."""
RETRIES_TO_ASK = 3
"""After so many retries of one op, what the server misses before it is pushed again."""


class Pusher:
    """What is known about pushing. Every method is told the time, none does anything itself."""

    def __init__(self, chance: Chance, limits: Limits) -> None:
        self.chance = chance
        self.limits = limits
        self.net = BackOff(chance, limits)
        self.store = BackOff(chance, limits)
        self.busy: PushAction | RenewToken | None = None
        self.in_flight: tuple[Waiting, ...] = ()
        self.backlog = Backlog()
        self.reason: Reason | None = None
        self.last_ms: int | None = None
        self.forked = False
        self.switched_off = False
        self.heads_wanted_ms: int | None = None
        """Since when the server is to name what it has, so that the rest is pushed again."""
        self.again: deque[tuple[int, int]] = deque()
        self._again_asked: set[tuple[int, int]] = set()
        self._answered: PushAnswer | None = None
        self._listed: tuple[Waiting, ...] | None = None
        self._held = HeldOps(chance, limits)
        self._dirty = True
        self._uncounted = True
        self._looked_ms = 0
        self._window = limits.window
        self._ops_max = PUSH_OPS_MAX
        self._probe = False
        self._renew = False
        self._renewed = False

    # ------------------------------------------------------------------ what it is told

    def woken(self) -> None:
        """Something was committed."""
        self._dirty = self._uncounted = True

    def listed(self, waiting: Iterable[Waiting], backlog: Backlog, now: Now) -> None:
        """The oldest pending ops; one batch is made of them at once."""
        self._listed = tuple(waiting)
        self._looked_ms = now.monotonic_ms
        self._dirty = False
        if len(self._listed) < self._window:
            self._held.keep_only({one.op_id for one in self._listed})
        self.counted(backlog)

    def counted(self, backlog: Backlog) -> None:
        """How much is waiting."""
        self.busy = None
        self.store.good()
        self.backlog = backlog
        self._uncounted = False

    def answered(self, answer: PushAnswer, now: Now) -> None:
        """The server said something about each op. What is final goes to the store first, and where
        another machine used our places: a mark of such a place says nothing about our fact."""
        sent, self.in_flight, self.busy = self.in_flight, (), None
        self._probe = False
        self.net.good()
        self._renewed = False
        self._dirty = self._uncounted = True
        self._ops_max = min(PUSH_OPS_MAX, self._ops_max + max(1, self._ops_max // 8))
        places = {(one.op_id, one.epoch, one.dseq) for one in sent}
        ours = {
            one.op_id: one for one in answer.answers if (one.op_id, one.epoch, one.dseq) in places
        }
        self.reason = "enrol_again" if self.forked else None
        for op in sent:
            self._judge(op, ours.get(op.op_id), answer.heads, now)
        kept = tuple(one for one in ours.values() if one.outcome in KEPT_OUTCOMES)
        if kept:
            self._answered = PushAnswer(
                answers=kept, server_ms=answer.server_ms, server_epoch=answer.server_epoch
            )
        else:
            self.last_ms = now.wall_ms

    def failed(self, error: SyncError, now: Now) -> None:
        """No answer for any op: all are sent again, later or in smaller parts."""
        sent, self.in_flight, self.busy = self.in_flight, (), None
        self._dirty = True
        self._probe = False
        if isinstance(error, NotAllowed) and error.code in ANEW and not self._renewed:
            self._renew = True
            return
        self._renewed = False
        if _is_about_the_batch(error) and sent:
            self._cut(sent, now)
            return
        self.reason = reason_of(error)
        self.net.fail(now.monotonic_ms, error.retry_after_s if isinstance(error, Refused) else None)

    def renewed(self) -> None:
        """There is another token: the push goes out anew. Refused again, a person has to act."""
        self.busy = None
        self._renew = False
        self._renewed = True

    def hurried(self, now: Now, spread_ms: int) -> None:
        """There is reason to think that it works by now."""
        self._dirty = True
        self.net.hurry(now.monotonic_ms, spread_ms)

    def asked_for(self, now: Now) -> None:
        """A person wants it now: whatever waits tries again, and be it to see whether it works."""
        self.hurried(now, 0)
        self._probe = True
        self.store.hurry(now.monotonic_ms)
        self._held.release_all()

    def settled(self, now: Now) -> None:
        """The store keeps the answers."""
        self.busy = self._answered = None
        self.store.good()
        self.last_ms = now.wall_ms

    def marked_again(self) -> None:
        """Kept facts are pending once more."""
        self.busy = None
        self.store.good()
        self.again.popleft()
        self._dirty = self._uncounted = True

    def store_failed(self, now: Now) -> None:
        """The store could not; what it was to do stays to be done."""
        self.busy = None
        self.in_flight = ()
        self._dirty = True
        self.store.fail(now.monotonic_ms)

    def restored(self, heads: Mapping[int, int], epoch: int) -> None:
        """The server lost what it had above its heads: our kept facts go there again."""
        self.heads_wanted_ms = None
        self.again.extend((one, heads.get(one, 0)) for one in range(1, epoch + 1))

    # ------------------------------------------------------------------ what is due

    def due(self, now: Now, offset: Offset | None) -> PushAction | RenewToken | None:
        """The next thing to do now, or None. It is in hand until told otherwise."""
        if self.busy is not None:
            return None
        self.busy = self._next(now.monotonic_ms, offset)
        return self.busy

    def next_ms(self, now: Now) -> int | None:
        """When to look again if nothing happens (monotonic); asked when nothing is due."""
        if self.busy is not None or self.forked or self.switched_off:
            return None
        waits_until = max(self.store.due_ms, self.net.due_ms)
        if now.monotonic_ms < waits_until:
            return waits_until
        watchdog_ms = self._looked_ms + self.limits.watchdog_ms
        return min(watchdog_ms, self._held.next_ms(watchdog_ms))

    @property
    def is_asking(self) -> bool:
        """A push goes out even without ops: the answer itself is wanted."""
        return self._probe or self.heads_wanted_ms is not None

    @property
    def is_restoring(self) -> bool:
        """What a restored server lost, or a command named, is not pending again yet."""
        return self.heads_wanted_ms is not None or bool(self.again)

    @property
    def moving(self) -> bool:
        """Something is being done about what is pending."""
        return self.busy is not None and not self.store.failures

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why not everything is sent, the weightier first."""
        found: list[Reason] = ["enrol_again"] if self.forked else []
        found += [self.reason] if self.reason else []
        found += ["op_refused"] if self._held.any_refused else []
        found += ["store_failed"] if self.store.failures else []
        found += ["restored_server"] if self.is_restoring else []
        found += ["held"] if self._held.any else []
        return tuple(sorted(found, key=lambda reason: reason not in NEEDS_PERSON))

    def _next(self, now_ms: int, offset: Offset | None) -> PushAction | RenewToken | None:
        if now_ms < self.store.due_ms:
            return None
        if self._answered is not None:
            return Settle(self._answered.answers, self._answered.server_epoch)
        if self.again:
            return PushAgain(*self.again[0])
        if self.forked or self.switched_off or now_ms < self.net.due_ms:
            return CountBacklog() if self._uncounted else None
        if self._renew:
            return RenewToken("push")
        listed, self._listed = self._listed, None
        if listed is not None and (push := self._send(listed, offset)) is not None:
            return push
        return ListWaiting(self._window) if self._is_time_to_look(now_ms) else None

    def _is_time_to_look(self, now_ms: int) -> bool:
        if self._held.release(now_ms):
            self._dirty = True
        watchdog = now_ms - self._looked_ms >= self.limits.watchdog_ms
        return self._dirty or watchdog or self.is_asking

    def _send(self, listed: tuple[Waiting, ...], offset: Offset | None) -> PushAction | None:
        batch = next_batch(listed, self._held.waiting, self._ops_max)
        is_all = len(listed) < self._window
        if batch.blocked and not is_all and len(batch.ops) < self._ops_max:
            # Ops that wait must never block others: look further until a batch is full.
            self._window *= 2
            self._dirty = True
            return ListWaiting(self._window)
        self._window = self.limits.window
        if not batch.ops and not self.is_asking:
            return None
        self.in_flight = batch.ops
        return SendPush(
            tuple(one.op_id for one in batch.ops),
            final=is_all and not batch.left,
            offset_ms=offset.ms if offset else None,
        )

    # ------------------------------------------------------------------ what an answer means

    def _judge(
        self, op: Waiting, answer: OpAnswer | None, heads: Mapping[int, int], now: Now
    ) -> None:
        if answer is not None and answer.outcome in FINAL_OUTCOMES:
            self._held.settled(op.op_id)
            return
        if answer is not None and answer.outcome == "fork":
            self.forked = True
            return
        tries = self._held.hold(op.op_id, now.monotonic_ms)
        missing = (op.epoch, heads.get(op.epoch, 0))
        if tries >= RETRIES_TO_ASK and missing[1] < op.dseq and missing not in self._again_asked:
            # The server waits for an op that was told to be accepted: it is pushed again.
            self._again_asked.add(missing)
            self.again.append(missing)

    def _cut(self, sent: tuple[Waiting, ...], now: Now) -> None:
        self.reason = None
        if len(sent) > 1:
            self._ops_max = len(sent) // 2
        else:
            self._held.hold(sent[0].op_id, now.monotonic_ms, refused=True)


def _is_about_the_batch(error: SyncError) -> bool:
    too_large = isinstance(error, TooLarge)
    return too_large or (isinstance(error, Refused) and error.code == REFUSED_BATCH)
