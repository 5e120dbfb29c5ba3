"""The half of the heart that sends: when, what may go along, what a failure costs.

Owns: the single cases of pushing, in the world of sync_world.py. Does not own: pulling
(test_pull.py), what joins both (test_core.py), the laws (test_core_laws.py).
"""

from __future__ import annotations

import pytest

from sync import action as ac
from sync import event as ev
from sync.batch import BACKLOG, next_batch, op_bytes
from sync.errors import (
    Busy,
    Refused,
    SyncError,
    TooLarge,
    Unreachable,
)
from sync.protocol import PUSH_BYTES_MAX, PUSH_OPS_MAX, MemberKey, Op, Push, PushAnswer, encoded
from tests.domain.heart_builders import op
from tests.sync.sync_world import WALL_MS, World, an_answer, an_op
from tests.sync.world_steps import (
    pull_until,
    push_until,
    quiet,
    sent,
    started,
    state,
    wait,
)

# ------------------------------------------------------------------ when it sends


def test_nothing_happens_before_the_start() -> None:
    world = World()
    world.tell(ev.Committed())
    assert not world.in_hand
    assert world.core.next_ms(world.now) is None
    assert state(world) == "checking"


def test_a_fact_is_looked_for_with_its_commit() -> None:
    world = quiet()
    world.store.commit(an_op(1, "wang"))
    world.tell(ev.Committed())
    world.do("push")
    assert world.in_hand["push"] == ac.SendPush((op(1),), final=True, offset_ms=0)


def test_a_fact_committed_during_a_push_leaves_with_the_next_one() -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.store.commit(an_op(2, "wang"))
    world.tell(ev.Committed())
    world.settle_down(30, world.drained)
    assert sent(world) == [(op(1),), (op(2),)]


def test_the_watchdog_looks_after_a_lost_wake_up() -> None:
    world = quiet()
    world.store.commit(an_op(1, "wang"))
    wait(world, 59_000)
    assert "push" not in world.in_hand
    wait(world, 1_000)
    assert isinstance(world.in_hand["push"], ac.ListWaiting)


def test_it_names_the_time_of_the_watchdog() -> None:
    world = quiet()
    next_ms = world.core.next_ms(world.now)
    assert next_ms is not None
    assert 0 < next_ms - world.now.monotonic_ms <= 60_000


@pytest.mark.parametrize(("count", "sizes"), [(3, [3]), (200, [200]), (450, [200, 200, 50])])
def test_a_backlog_leaves_in_batches(count: int, sizes: list[int]) -> None:
    world = started(*(an_op(n, f"member-{n}") for n in range(1, count + 1)))
    world.settle_down(60, world.drained)
    assert [len(one) for one in sent(world)] == sizes
    last = [one for one in world.seen if isinstance(one, ac.SendPush)][-1]
    assert last.final


def test_a_full_batch_of_the_largest_facts_and_keys_fits_in_one_push() -> None:
    waiting = [an_op(n, size=65_536) for n in range(1, 30)]
    batch = next_batch(waiting, (), PUSH_OPS_MAX)
    key = MemberKey(member=op(1), key_id="key-2026-11", secret=bytes(32))
    ops = tuple(
        Op(op_id=one.op_id, epoch=10**4, dseq=10**8, hash=bytes(32), data=bytes(one.size))
        for one in batch.ops
    )
    assert 5 <= len(ops) < 29
    assert len(encoded(Push(ops=ops, keys=(key,) * len(ops), final=True))) <= PUSH_BYTES_MAX


def test_one_fact_takes_no_more_than_it_is_said_to() -> None:
    key = MemberKey(member=op(1), key_id="key-2026-11", secret=bytes(32))
    for size in (0, 1, 750, 65_536):
        one = Op(op_id=op(1), epoch=10**4, dseq=10**8, hash=bytes(32), data=bytes(size))
        assert len(encoded(one)) + 2 * len(encoded(key)) + 10 <= op_bytes(size)


# ------------------------------------------------------------------ what may go along


def test_a_refund_waits_until_its_sale_is_settled() -> None:
    world = started(an_op(1, "wang", "sale-1"), an_op(2, "wang", "sale-1", needs=(op(1),)))
    world.settle_down(30, world.drained)
    assert sent(world) == [(op(1),), (op(2),)]


def test_of_a_backlog_a_refund_leaves_with_its_sale() -> None:
    """Passed over, it would be a hole in the chain: the server sends all that follows back."""
    others = [an_op(number, f"member-{number}") for number in range(3, BACKLOG + 2)]
    refund = an_op(2, "wang", "sale-1", needs=(op(1),))
    world = started(an_op(1, "wang", "sale-1"), refund, *others)
    world.settle_down(30, world.drained)
    assert sent(world)[0] == tuple(op(number) for number in range(1, BACKLOG + 2))


def test_a_retry_holds_back_its_member_and_nobody_else() -> None:
    world = started(an_op(1, "wang"), an_op(2, "li"), an_op(3, "wang", "zhao"), an_op(4, "zhao"))
    world.server.retry = {"wang"}
    push_until(world, ac.SendPush)
    assert world.in_hand["push"] == ac.SendPush((op(1), op(2), op(3), op(4)), True, None)
    world.do("push")
    push_until(world, ac.ListWaiting)
    world.do("push")
    assert list(world.store.pending) == [op(1), op(3)]
    assert "push" not in world.in_hand
    assert (world.core.status.state, world.core.status.reason) == ("behind", "held")
    world.server.retry.clear()
    world.store.commit(an_op(5, "li"))
    world.tell(ev.Committed())
    world.do("push")
    assert world.in_hand["push"] == ac.SendPush((op(5),), final=False, offset_ms=0)
    world.settle_down(60, world.drained)
    assert [one.dseq for one in world.server.order] == [2, 4, 5, 1, 3]
    assert state(world) == "online"


def test_many_held_ops_do_not_block_the_one_behind_them() -> None:
    held = [an_op(n, "wang") for n in range(1, 901)]
    world = started(*held, an_op(901, "li"))
    world.server.retry = {"wang"}
    world.settle_down(60, lambda: op(901) not in world.store.pending)
    assert op(901) in world.server.accepted
    world.server.retry.clear()
    world.settle_down(200, world.drained)
    assert [one.dseq for one in world.server.order][1:] == list(range(1, 901))


def test_after_some_retries_what_the_server_misses_is_pushed_again() -> None:
    """The till was told that op 1 is accepted, and the server has it no more."""
    world = quiet(an_op(1, "wang"))
    world.server.order.clear()
    world.server.accepted.clear()
    world.server.retry = {"wang"}
    world.store.commit(an_op(2, "wang"))
    world.settle_down(60, lambda: op(1) in world.store.pending)
    assert ac.PushAgain(1, 0) in world.seen
    world.server.retry.clear()
    world.settle_down(100, world.drained)
    assert [one.dseq for one in world.server.order] == [1, 2]
    assert world.seen.count(ac.PushAgain(1, 0)) == 1


def test_a_rejected_request_is_settled_and_blocks_nobody() -> None:
    world = started(an_op(1, "wang"), an_op(2, "wang"))
    world.server.outcomes = {op(1): "rejected"}
    world.settle_down(30, lambda: world.drained() and "push" not in world.in_hand)
    assert world.store.settled[op(1)].outcome == "rejected"
    assert op(2) in world.server.accepted
    status = world.core.status
    assert (status.state, status.reason) == ("needs_person", "set_aside")


def test_a_fork_stops_pushing_and_asks_for_a_person_but_settles_the_others() -> None:
    world = started(an_op(1, "wang"), an_op(2, "li"))
    world.server.forked = {op(2)}
    push_until(world, ac.Settle)
    world.do("push")
    world.do("push")
    assert list(world.store.pending) == [op(2)]
    assert world.store.forks == {op(2)}, "the store knows whose marks not to believe"
    assert "push" not in world.in_hand
    assert (world.core.status.state, world.core.status.reason) == ("needs_person", "enrol_again")
    world.tell(ev.SyncNow())
    wait(world, 400_000)
    world.store.commit(an_op(3, "zhao"))
    world.tell(ev.Committed())
    assert world.in_hand["push"] == ac.CountBacklog()
    world.do("push")
    assert len(sent(world)) == 1
    assert world.core.status.backlog.pending == 2
    assert world.core.status.reason == "enrol_again"


def test_an_answer_counts_only_for_the_op_and_place_it_names() -> None:
    """Ack by count would take the answer of another for this one."""
    world = started(an_op(1, "wang"), an_op(2, "li"))
    push_until(world, ac.SendPush)
    foreign = (an_answer(an_op(7, "wang")), an_answer(an_op(2, "li", dseq=9)))
    del world.in_hand["push"]
    world.tell(ev.Pushed(PushAnswer(answers=foreign, server_ms=WALL_MS, server_epoch=1), world.now))
    assert not [one for one in world.seen if isinstance(one, ac.Settle)]
    assert list(world.store.pending) == [op(1), op(2)]
    world.settle_down(60, world.drained)
    assert world.drained()


# ------------------------------------------------------------------ failures


def test_too_large_a_batch_is_halved_until_it_is_taken_and_grows_again() -> None:
    world = started(*(an_op(n) for n in range(1, 401)))
    push_until(world, ac.SendPush)
    world.do("push", TooLarge("too_large", 413))
    push_until(world, ac.SendPush)
    world.do("push", TooLarge("too_large", 413))
    push_until(world, ac.SendPush)
    assert [len(one) for one in sent(world)] == [200, 100, 50]
    world.settle_down(100, world.drained)
    sizes = [len(one) for one in sent(world)]
    assert sizes[3] > 50
    assert max(sizes[3:]) < 200


@pytest.mark.parametrize("error", [TooLarge("too_large", 413), Refused("bad_request", 400)])
def test_one_op_that_no_server_takes_waits_for_a_person_and_blocks_nobody(error: SyncError) -> None:
    world = started(*(an_op(n, f"member-{n}") for n in range(1, 9)))
    for _ in range(60):
        push = world.in_hand.get("push")
        if isinstance(push, ac.SendPush) and op(5) in push.op_ids:
            world.do("push", error)
        elif push is not None:
            world.do("push")
    assert list(world.store.pending) == [op(5)]
    status = world.core.status
    assert (status.state, status.reason) == ("needs_person", "op_refused")
    wait(world, 300_000)
    world.settle_down(60, world.drained)
    assert state(world) == "online"


def test_whoever_mended_a_refused_op_need_not_wait_for_it() -> None:
    """What stands behind it in its chain goes with it, as soon as somebody presses the key."""
    world = started(an_op(1, "wang"), an_op(2, "wang"), an_op(3, "wang"))
    for _ in range(20):
        push = world.in_hand.get("push")
        if isinstance(push, ac.SendPush) and op(1) in push.op_ids:
            world.do("push", Refused("bad_request", 400))
        elif push is not None:
            world.do("push")
    assert world.core.status.reason == "op_refused"
    assert list(world.store.pending) == [op(1), op(2), op(3)], "its member's others wait for it"
    before = world.now.monotonic_ms
    world.tell(ev.SyncNow())
    while world.in_hand.get("push") is not None:
        world.do("push")
    assert (list(world.store.pending), world.now.monotonic_ms) == ([], before)


def test_failures_wait_longer_and_longer_up_to_five_minutes() -> None:
    world = started(an_op(1, "wang"))
    waits = []
    for _ in range(14):
        push_until(world, ac.SendPush)
        world.do("push", Unreachable("no network"))
        if "pull" in world.in_hand:
            world.do("pull", Unreachable("no network"))
        due = world.core._push.net.due_ms  # the heart's own word; next_ms is of both lanes
        waits.append(due - world.now.monotonic_ms)
        wait(world, waits[-1])
    assert all(1_000 <= one <= 300_000 for one in waits)
    assert all(one <= 1_000 * 2**n for n, one in enumerate(waits, start=1))
    assert max(waits) > 30_000


@pytest.mark.parametrize(("said_s", "waits_ms"), [(90, 90_000), (0, 0), (10**9, 3_600_000)])
def test_retry_after_wins(said_s: float, waits_ms: int) -> None:
    world = quiet()
    world.store.commit(an_op(1, "wang"))
    world.tell(ev.Committed())
    push_until(world, ac.SendPush)
    world.do("push", Busy("too_many", 429, retry_after_s=said_s))
    if waits_ms:
        world.tell(ev.SyncNow())
        wait(world, waits_ms - 1)
        assert len(sent(world)) == 1
        wait(world, 1)
    push_until(world, ac.SendPush)
    assert len(sent(world)) == 2


def test_commits_while_offline_are_counted_and_do_not_shorten_the_wait() -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.do("push", Unreachable("no network"))
    world.store.commit(an_op(2, "li"))
    world.tell(ev.Committed())
    push_until(world, ac.CountBacklog)
    world.do("push")
    assert "push" not in world.in_hand
    assert world.core.status.backlog.pending == 2
    assert (world.core.status.state, world.core.status.reason) == ("offline", "unreachable")


def test_a_person_need_not_wait_for_the_back_off() -> None:
    world = started(an_op(1, "wang"))
    for _ in range(6):
        push_until(world, ac.SendPush)
        world.do("push", Unreachable("no network"))
        world.tell(ev.SyncNow())
    assert len(sent(world)) >= 6
    push_until(world, ac.SendPush)


def test_sync_now_makes_a_round_trip_even_if_nothing_is_pending() -> None:
    world = quiet()
    world.tell(ev.SyncNow())
    world.do("push")
    assert world.in_hand["push"] == ac.SendPush((), final=True, offset_ms=0)
    world.do("push")
    world.do("push")
    assert "push" not in world.in_hand
    assert world.core.status.last_push_ms == world.now.wall_ms


def test_the_first_reconnect_is_spread_over_half_a_minute() -> None:
    """Two hundred tills see the server come back; they must not come in the same second."""
    delays = []
    for seed in range(40):
        world = quiet(seed=seed)
        world.store.commit(an_op(1, "wang"))
        world.tell(ev.Committed())
        for _ in range(12):
            push_until(world, ac.SendPush)
            world.do("push", Unreachable("no network"))
            wait(world, world.core._push.net.due_ms - world.now.monotonic_ms)
        push_until(world, ac.SendPush)
        world.do("push", Unreachable("no network"))
        world.do("pull", Unreachable("no network"))
        world.tell(ev.LinkBack())
        delays.append(max(0, world.core._push.net.due_ms - world.now.monotonic_ms))
    assert max(delays) <= 30_000
    assert len({delay // 6_000 for delay in delays}) >= 4


@pytest.mark.parametrize("first", ["push", "pull", "ask"])
def test_one_lane_that_gets_through_hurries_the_other(first: str) -> None:
    world = started(an_op(1, "wang"))
    for _ in range(30):
        for lane in list(world.in_hand):
            world.do(lane, Unreachable("no network"))
        wait(world, 300_000 if {"push", "pull"} - set(world.in_hand) else 0)
    push_until(world, ac.SendPush)
    for lane in ("push", "pull"):
        if lane != first and lane in world.in_hand:
            world.do(lane, Unreachable("no network"))
    push, pull = world.core._push.net, world.core._pull.net
    if first == "ask":
        world.tell(ev.Heard(world.now.wall_ms, world.now))
        assert max(push.due_ms, pull.due_ms) <= world.now.monotonic_ms + 30_000
    else:
        if first == "pull":
            pull_until(world, ac.PullStream)
        world.do(first)
        other = pull if first == "push" else push
        assert other.due_ms <= world.now.monotonic_ms + 30_000
