"""The heart as a whole: rights, a full disk, a restored server, what a person is told.

Owns: the cases where both halves meet, in the world of sync_world.py. Does not own: the halves
(test_push.py, test_pull.py), the laws (test_core_laws.py).
"""

from __future__ import annotations

import pytest

from app.domain.enrolment import NO_SERVER_EPOCH
from sync import action as ac
from sync import event as ev
from sync.errors import (
    Busy,
    Garbled,
    NotAllowed,
    NotSpoken,
    Refused,
    SyncError,
    Unreachable,
)
from sync.event import Now
from sync.ports import Applied, Backlog, OtherServer
from tests.domain.heart_builders import op
from tests.sync.sync_world import World, an_op, some_event
from tests.sync.world_steps import (
    pull_until,
    push_until,
    quiet,
    sent,
    started,
    state,
    wait,
)

# ------------------------------------------------------------------ rights


@pytest.mark.parametrize("lane", ["push", "pull"])
def test_a_token_that_has_ended_is_asked_for_anew_once(lane: str) -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.do(lane, NotAllowed("expired_credential", 401))
    assert world.in_hand[lane] == ac.RenewToken("push" if lane == "push" else "pull")
    world.do(lane)
    (push_until if lane == "push" else pull_until)(
        world, ac.SendPush if lane == "push" else ac.PullStream
    )
    world.do(lane, NotAllowed("expired_credential", 401))
    assert lane not in world.in_hand or isinstance(world.in_hand[lane], ac.CountBacklog)
    assert (world.core.status.state, world.core.status.reason) == ("needs_person", "not_allowed")
    world.settle_down(80, lambda: state(world) == "online")
    assert state(world) == "online"


@pytest.mark.parametrize(
    ("error", "told", "reason"),
    [
        (NotAllowed("revoked_device", 403), "needs_person", "revoked"),
        (NotAllowed("foreign_credential", 403), "needs_person", "not_allowed"),
        (NotSpoken("unknown_version", 400), "needs_person", "update_program"),
        (Refused("not_found", 404), "needs_person", "not_allowed"),
        (Busy("busy", 503), "offline", "busy"),
        (Garbled("a proxy's page"), "offline", "garbled"),
        (Unreachable("timed out"), "offline", "unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
@pytest.mark.parametrize("lane", ["push", "pull"])
def test_a_failure_is_told_and_tried_again(
    error: SyncError, told: str, reason: str, lane: str
) -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.do(lane, error)
    assert (world.core.status.state, world.core.status.reason) == (told, reason)
    assert op(1) in world.store.pending
    world.settle_down(100, lambda: state(world) == "online" and world.drained())
    assert state(world) == "online"
    assert world.drained()


@pytest.mark.parametrize("lane", ["push", "pull"])
def test_a_token_server_out_of_reach_is_no_reason_to_give_up(lane: str) -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.do(lane, NotAllowed("no_credential", 401))
    world.do(lane, Unreachable("no network"))
    assert (world.core.status.state, world.core.status.reason) == ("offline", "unreachable")
    world.settle_down(60, world.drained)
    assert world.drained()


# ------------------------------------------------------------------ the store


def test_answers_wait_for_a_full_disk_and_are_not_forgotten() -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.Settle)
    for _ in range(5):
        world.store_fails("push")
        assert "push" not in world.in_hand
        assert state(world) == "behind"
        assert world.core.status.reason == "store_failed"
        next_ms = world.core._push.next_ms(world.now)
        assert next_ms is not None
        wait(world, next_ms - world.now.monotonic_ms)
        assert isinstance(world.in_hand["push"], ac.Settle)
    world.settle_down(30, world.drained)
    assert len(sent(world)) == 1
    assert world.drained()


def test_a_full_disk_keeps_the_events_until_they_are_in() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(5)]
    world.start()
    applied = pull_until(world, ac.Apply)
    world.store_fails("pull")
    assert "pull" not in world.in_hand
    wait(world, 300_000)
    assert world.in_hand["pull"] == applied
    world.settle_down(60, world.drained)
    assert world.drained()


# ------------------------------------------------------------------ a restored server


@pytest.mark.parametrize("finds_out", ["push", "pull"])
def test_what_a_restored_server_lost_is_pushed_again_before_the_snapshot(finds_out: str) -> None:
    world = quiet(*(an_op(n, "wang") for n in range(1, 7)))
    world.server.streams["chain"] = [some_event(n) for n in range(6)]
    world.settle_down(40, world.drained)
    world.server.restore(keep=4)
    if finds_out == "push":
        world.store.commit(an_op(7, "li"))
        world.tell(ev.Committed())
        push_until(world, ac.SendPush)
        world.do("push")
    world.settle_down(80, world.drained)
    assert world.drained()
    assert set(world.server.accepted) == set(world.store.ops)
    last_again = max(n for n, one in enumerate(world.seen) if isinstance(one, ac.PushAgain))
    assert world.seen[last_again] == ac.PushAgain(1, 4)
    assert world.seen.index(ac.Bootstrap(2)) > last_again
    assert world.store.server_epoch == 2


def test_a_crash_before_the_snapshot_begins_anew() -> None:
    world = quiet(*(an_op(n, "wang") for n in range(1, 5)))
    world.server.restore(keep=1)
    world.settle_down(40, lambda: any(isinstance(one, ac.PushAgain) for one in world.seen))
    world.restart()
    world.settle_down(80, lambda: world.drained() and world.store.server_epoch == 2)
    assert world.drained()
    assert set(world.server.accepted) == set(world.store.ops)


@pytest.mark.parametrize("lane", ["push", "pull"])
def test_an_answer_of_a_former_server_epoch_settles_nothing(lane: str) -> None:
    world = World()
    world.store.commit(an_op(1, "wang"))
    world.server.epoch = world.store.server_epoch = 3
    world.start()
    push_until(world, ac.SendPush)
    world.server.epoch = 2
    world.do(lane)
    assert not world.store.settled
    assert world.core.status.reason == "garbled"
    world.server.epoch = 3
    world.settle_down(60, world.drained)
    assert world.drained()


@pytest.mark.parametrize("calls_ahead_old", [False, True])
def test_a_server_that_forgot_without_saying_so_is_found_out(*, calls_ahead_old: bool) -> None:
    """Somebody gave it an empty database: heads below what this till has already seen."""
    world = quiet(an_op(1, "wang"))
    world.server.calls_ahead_old = calls_ahead_old
    world.server.streams["chain"] = [some_event(n) for n in range(3)]
    world.settle_down(40, world.drained)
    world.server.restore(keep=0)
    world.server.epoch = 1
    world.settle_down(200, lambda: world.drained() and op(1) in world.server.accepted)
    assert op(1) in world.server.accepted
    assert world.drained()
    assert ac.Bootstrap(1, anew=True) in world.seen, "its older accounts have to give way"


def test_a_till_that_enrolled_again_pushes_what_its_server_lost_and_begins_anew() -> None:
    """Whatever happened to the server meanwhile, its epoch may be the one it always had."""
    world = World()
    for number in range(1, 5):
        world.store.commit(an_op(number, "wang"))
    world.start()
    world.settle_down(60, world.drained)
    world.server.restore(keep=1)
    world.server.epoch = 1
    world.store.server_epoch = NO_SERVER_EPOCH
    world.restart()
    world.settle_down(80, lambda: world.drained() and world.store.server_epoch == 1)
    assert set(world.server.accepted) == set(world.store.ops)
    assert ac.Bootstrap(1, anew=True) in world.seen
    assert world.store.server_epoch == 1


def test_a_snapshot_of_yet_another_epoch_is_not_adopted() -> None:
    world = quiet(an_op(1, "wang"))
    world.server.restore(keep=0)
    world.settle_down(60, lambda: isinstance(world.in_hand.get("pull"), ac.Bootstrap))
    world.server.restore(keep=0)
    world.do("pull")
    world.settle_down(80, lambda: world.drained() and world.store.server_epoch == 3)
    assert world.store.server_epoch == 3
    assert op(1) in world.server.accepted


def test_the_inbox_may_find_the_other_server_too() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(1)]
    world.start()
    pull_until(world, ac.Apply)
    del world.in_hand["pull"]
    world.tell(ev.PullApplied(OtherServer(known=1, told=1)))
    world.settle_down(60, world.drained)
    assert ac.Bootstrap(1) in world.seen


def test_heads_of_a_push_sent_before_the_doubt_do_not_count() -> None:
    world = quiet(an_op(1, "wang"))
    world.store.commit(an_op(2, "wang"))
    world.tell(ev.Committed())
    push_until(world, ac.SendPush)
    world.pass_ms(50)
    world.server.restore(keep=0)
    world.do("pull")
    assert world.core.status.reason == "restored_server"
    held = world.in_hand.pop("push")
    assert isinstance(held, ac.SendPush)
    answer = world.server.push([], world.now)
    world.tell(ev.Pushed(answer, world.sent_at["push"]))
    assert not [one for one in world.seen if isinstance(one, ac.PushAgain)]
    world.settle_down(80, world.drained)
    assert set(world.server.accepted) == set(world.store.ops)


# ------------------------------------------------------------------ the status


def test_it_is_green_only_after_a_round_trip() -> None:
    world = started()
    assert state(world) == "checking"
    world.do("push")
    assert state(world) == "checking"
    world.do("pull")
    status = world.core.status
    assert (status.state, status.reason) == ("online", None)
    assert status.since_ms == world.now.wall_ms


def test_sending_and_how_much_is_left_are_told() -> None:
    world = started(*(an_op(n) for n in range(1, 13)))
    world.do("pull")
    push_until(world, ac.SendPush)
    status = world.core.status
    assert (status.state, status.sending, status.backlog) == ("online", True, Backlog(pending=12))
    world.settle_down(20, lambda: world.drained() and "push" not in world.in_hand)
    status = world.core.status
    assert (status.sending, status.backlog.pending) == (False, 0)
    assert status.last_push_ms is not None


def test_since_when_it_is_offline_is_told_once() -> None:
    world = quiet()
    world.do("pull", Unreachable("no network"))
    since = world.core.status.since_ms
    wait(world, 90_000)
    pull_until(world, ac.PullStream)
    world.do("pull", Unreachable("no network"))
    assert world.core.status.since_ms == since == world.now.wall_ms - 90_000
    world.tell(ev.LinkBack())
    assert state(world) == "checking"
    world.settle_down(20, lambda: state(world) == "online")
    world.tell(ev.LinkBack())
    assert state(world) == "online"


def test_a_pulled_cable_stops_the_network_and_not_the_store() -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.Settle)
    world.tell(ev.Switched(on=False))
    assert (world.core.status.state, world.core.status.reason) == ("offline", "switched_off")
    world.do("push")
    world.store.commit(an_op(2, "li"))
    world.tell(ev.Committed())
    world.do("push")
    world.do("pull")
    world.do("pull")
    wait(world, 600_000)
    assert not world.in_hand
    assert world.core.status.backlog.pending == 1
    world.tell(ev.Switched(on=True))
    assert state(world) == "checking"
    world.settle_down(40, world.drained)
    assert state(world) == "online"


def test_an_answer_of_the_ask_lane_proves_the_link() -> None:
    world = started()
    sent_at = world.now
    world.pass_ms(40)
    world.tell(ev.Heard(world.now.wall_ms + 5_000, sent_at))
    assert state(world) == "online"
    offset = world.core.status.offset
    assert offset is not None
    assert (offset.ms, offset.round_trip_ms) == (5_020, 40)
    assert offset.at == Now(world.now.wall_ms, world.now.monotonic_ms)


STRAY: tuple[ev.Event, ...] = (
    ev.Listed((), Backlog()),
    ev.Settled(),
    ev.MarkedAgain(3),
    ev.PushFailed(Unreachable("twice")),
    ev.PullApplied(Applied(9)),
    ev.Bootstrapped({"chain": 9}),
    ev.TokenRenewed("push"),
    ev.TokenFailed("pull", Unreachable("twice")),
    ev.StoreFailed("push"),
)


@pytest.mark.parametrize("event", STRAY, ids=lambda event: type(event).__name__)
def test_the_end_of_an_action_that_nobody_has_in_hand_is_passed_over(event: ev.Event) -> None:
    world = quiet()
    before = (dict(world.in_hand), world.core.status)
    world.tell(event)
    assert (world.in_hand, world.core.status) == before


def test_events_applied_while_the_push_finds_a_restored_server_are_the_last_of_it() -> None:
    world = started(an_op(1, "wang"), an_op(2, "li"))
    world.server.streams["chain"] = [some_event(n) for n in range(3)]
    pull_until(world, ac.Apply)
    push_until(world, ac.Settle)
    world.do("push")
    world.store.commit(an_op(3, "zhao"))
    world.tell(ev.Committed())
    push_until(world, ac.SendPush)
    world.server.restore(keep=1)
    world.do("push")
    world.do("pull")
    assert "pull" not in world.in_hand
    world.settle_down(60, world.drained)
    assert world.drained()
    assert set(world.server.accepted) == set(world.store.ops)


def test_a_full_disk_while_the_next_batch_is_loaded_sends_it_later() -> None:
    world = started(an_op(1, "wang"))
    push_until(world, ac.SendPush)
    world.store_fails("push")
    assert "push" not in world.in_hand
    next_ms = world.core._push.next_ms(world.now)
    assert next_ms == world.core._push.store.due_ms
    world.tell(ev.Switched(on=False))
    assert world.core._push.next_ms(world.now) is None
    world.tell(ev.Switched(on=True))
    world.settle_down(40, world.drained)
    assert world.drained()


def test_a_person_need_not_wait_for_a_held_op() -> None:
    world = quiet()
    world.server.retry = {"wang"}
    world.store.commit(an_op(1, "wang"))
    world.tell(ev.Committed())
    push_until(world, ac.SendPush)
    world.do("push")
    world.do("push")
    assert "push" not in world.in_hand
    world.tell(ev.SyncNow())
    assert push_until(world, ac.SendPush) == ac.SendPush((op(1),), final=True, offset_ms=0)


def test_a_cable_pulled_before_the_start_stays_pulled() -> None:
    world = World()
    world.store.commit(an_op(1, "wang"))
    world.tell(ev.Switched(on=False))
    assert not world.in_hand
    assert world.core.status.reason == "switched_off"
    world.start()
    assert world.in_hand == {"push": ac.CountBacklog()}
    world.tell(ev.Switched(on=True))
    world.settle_down(40, world.drained)
    assert world.drained()
