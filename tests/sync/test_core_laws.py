"""Laws of the heart: whatever is lost, doubled or late, nothing is forgotten or overtakes.

Owns: days at a till invented by Hypothesis. Does not own: the single cases (test_core.py), the
checks made at every step (sync_world.py).
"""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync import event as ev
from sync.errors import Busy, Garbled, NotAllowed, NotSpoken, Refused, SyncError, TooLarge
from sync.errors import Unreachable as Lost
from sync.protocol import FINAL_OUTCOMES
from tests.sync.sync_world import STREAMS, World, a_command, an_op, some_event

MEMBERS = ("wang", "li", "zhao")
ERRORS: tuple[SyncError, ...] = (
    Lost("timed out"),
    Garbled("a page"),
    Busy("busy", 503),
    Busy("too_many", 429, retry_after_s=90),
    TooLarge("too_large", 413),
    Refused("bad_request", 400),
    NotAllowed("expired_credential", 401),
    NotAllowed("revoked_device", 403),
    NotSpoken("unknown_version", 400),
)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
ACTS = (ev.SyncNow(), ev.LinkBack(), ev.Switched(False), ev.Switched(True))


class TillAndServer(RuleBasedStateMachine):
    """A day at a till whose network, server and disk do what they like."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.made = 0

    @initialize(seed=st.integers(0, 100))
    def start(self, seed: int) -> None:
        self.world = World(seed)
        self.world.start()

    @rule(who=st.sets(st.sampled_from(MEMBERS), max_size=2), size=st.sampled_from([900, 65_000]),
          woken=st.booleans(), needs_last=st.booleans())  # fmt: skip
    def commit(self, who: set[str], size: int, *, woken: bool, needs_last: bool) -> None:
        self.made += 1
        last = list(self.world.store.ops)[-1:] if needs_last else []
        self.world.store.commit(an_op(self.made, *sorted(who), size=size, needs=tuple(last)))
        if woken:
            self.world.tell(ev.Committed())

    @precondition(lambda self: self.made < 300)
    @rule(count=st.sampled_from([30, 250]))
    def weeks_offline(self, count: int) -> None:
        for _ in range(count):
            self.made += 1
            self.world.store.commit(an_op(self.made, MEMBERS[self.made % 3]))

    @rule(stream=st.sampled_from(STREAMS), count=st.integers(1, 5))
    def publish(self, stream: str, count: int) -> None:
        events = self.world.server.streams[stream]
        events += [some_event(len(events) + n) for n in range(count)]

    @rule(above=st.integers(0, 5), what=st.sampled_from(["push_again", "bootstrap"]))
    def command(self, above: int, what: str) -> None:
        one = a_command(what, epoch=1, above=above) if what == "push_again" else a_command(what)
        self.world.server.streams["device:till-2"].append(one)

    @rule(ms=st.sampled_from([10, 900, 5_000, 61_000, 4_000_000]), ticked=st.booleans())
    def time_passes(self, ms: int, *, ticked: bool) -> None:
        self.world.pass_ms(ms)
        if ticked:
            self.world.tell(ev.Ticked())

    @precondition(lambda self: "push" in self.world.in_hand)
    @rule(error=st.none() | st.sampled_from(ERRORS), arrives=st.booleans())
    def push_ends(self, error: SyncError | None, *, arrives: bool) -> None:
        self.world.do("push", error, arrives=arrives)

    @precondition(lambda self: "pull" in self.world.in_hand)
    @rule(error=st.none() | st.sampled_from(ERRORS))
    def pull_ends(self, error: SyncError | None) -> None:
        self.world.do("pull", error)

    @rule(steps=st.integers(1, 12))
    def all_is_well_for_a_while(self, steps: int) -> None:
        self.world.settle_down(steps)

    @precondition(lambda self: self.world.in_hand)
    @rule()
    def disk_full(self) -> None:
        self.world.store_fails(min(self.world.in_hand))

    @rule(who=st.sampled_from(MEMBERS), on=st.booleans())
    def server_wants_another_first(self, who: str, *, on: bool) -> None:
        (self.world.server.retry.add if on else self.world.server.retry.discard)(who)

    @rule(keep=st.integers(0, 300))
    def server_is_restored(self, keep: int) -> None:
        self.world.server.restore(keep)

    @rule(event=st.sampled_from(ACTS))
    def somebody_acts(self, event: ev.Event) -> None:
        self.world.tell(event)

    @rule()
    def till_restarts(self) -> None:
        """What the heart knew is gone; what the store knew is not."""
        self.world.restart()

    @invariant()
    def what_is_not_pending_was_answered_finally(self) -> None:
        store = self.world.store
        for op_id in set(store.ops) - set(store.pending):
            assert store.settled[op_id].outcome in FINAL_OUTCOMES

    @invariant()
    def the_server_got_each_members_ops_in_their_order(self) -> None:
        if self.world.server.epoch > 1:
            return  # what is on its way when a server comes back from a backup overtakes the lost
        last: dict[str, int] = {}
        for one in self.world.server.order:
            for who in one.aggregates:
                assert last.get(who, 0) < one.dseq, f"{who}: {one.dseq} after {last[who]}"
                last[who] = one.dseq

    def teardown(self) -> None:
        world = self.world
        world.server.retry.clear()
        world.tell(ev.Switched(True))
        world.settle_down(600, self.both_have_all)
        assert world.drained(), (len(world.store.pending), world.core.status, world.in_hand)
        assert set(world.server.accepted) == set(world.store.ops)

    def both_have_all(self) -> bool:
        world = self.world
        return world.drained() and len(world.server.accepted) == len(world.store.ops)


TillAndServer.TestCase.settings = settings(max_examples=60, stateful_step_count=30, phases=QUICK)
# Making a found day smaller takes its time; it must not be cut off before it is shown.
test_a_day_at_the_till = pytest.mark.timeout(900)(TillAndServer.TestCase)
