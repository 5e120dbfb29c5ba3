"""The half of the heart that listens: streams by turns, holes, snapshots, commands.

Owns: the single cases of pulling, in the world of sync_world.py. Does not own: pushing
(test_push.py), what joins both (test_core.py), the laws (test_core_laws.py).
"""

from __future__ import annotations

import pytest
from msgspec import structs

from sync import action as ac
from sync import event as ev
from sync.errors import (
    Unreachable,
)
from sync.ports import Applied, Hole
from tests.sync.sync_world import World, a_command, an_op, some_event
from tests.sync.world_steps import (
    long_poll,
    pull_until,
    quiet,
    started,
    wait,
)

# ------------------------------------------------------------------ of whom nothing was told


def test_of_whom_nothing_was_told_is_asked_after_a_start_and_after_each_snapshot() -> None:
    world = quiet()
    assert _untold(world) == [""]
    world.tell(ev.SyncNow())
    world.settle_down(20)
    assert _untold(world) == [""], "once asked they are told of"
    world.server.epoch += 1
    world.server.streams["chain"] = [some_event(1)]
    world.settle_down(60, lambda: world.drained() and len(_untold(world)) > 1)
    assert _untold(world) == ["", ""]
    bootstrap = next(i for i, one in enumerate(world.seen) if isinstance(one, ac.Bootstrap))
    asked = max(i for i, one in enumerate(world.seen) if isinstance(one, ac.AskUntold))
    assert asked > bootstrap


def test_they_are_asked_for_some_at_a_time_and_after_whatever_is_behind() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(6)]
    world.start()
    assert pull_until(world, ac.AskUntold) == ac.AskUntold("")
    assert world.drained()
    world.in_hand.pop("pull")
    world.tell(ev.UntoldAsked("m-20"))
    world.do("pull", Unreachable("cable"))
    world.settle_down(60, lambda: len(_untold(world)) == 3)
    assert _untold(world) == ["", "m-20", "m-20"]
    world.settle_down(20)
    assert len(_untold(world)) == 3, "nobody is left"


def test_an_answer_about_them_that_nobody_waits_for_is_passed_over() -> None:
    world = quiet()
    world.tell(ev.UntoldAsked("m-20"))
    assert long_poll(world)


def _untold(world: World) -> list[str]:
    return [one.after for one in world.seen if isinstance(one, ac.AskUntold)]


# ------------------------------------------------------------------ pulling


def test_streams_with_more_come_first_then_each_is_listened_to_by_turns() -> None:
    world = World()
    world.server.streams["store:renmin-road"] = [some_event(n) for n in range(8)]
    world.start()
    world.settle_down(40, lambda: world.drained() and long_poll(world))
    world.settle_down(6)
    asked = [one for one in world.seen if isinstance(one, ac.PullStream)]
    listened = [one.stream for one in asked if one.wait_s == 8]
    assert set(listened[:3]) == {"chain", "device:till-2", "store:renmin-road"}
    assert [one.after for one in asked if one.stream.startswith("store")][:3] == [0, 3, 6]


def test_only_answers_that_come_at_once_tell_the_time() -> None:
    world = quiet()
    offset = world.core.status.offset
    world.pass_ms(4_000)
    answer = world.server.pull("chain", 0, world.now)
    stream = world.in_hand["pull"]
    assert isinstance(stream, ac.PullStream)
    world.tell(ev.Ticked())
    world.do("pull")
    assert world.core.status.offset == offset
    assert answer.head == 0


def test_once_in_a_while_a_stream_is_asked_without_waiting_for_the_sake_of_the_clock() -> None:
    world = quiet()
    world.settle_down(300)
    asked = [one for one in world.seen if isinstance(one, ac.PullStream)]
    assert any(one.wait_s == 0 for one in asked[20:])


@pytest.mark.parametrize("what", ["another stream", "a hole", "less than it gives"])
def test_an_answer_that_does_not_follow_is_not_applied(what: str) -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(6)]
    world.start()
    asked = world.in_hand.pop("pull")
    assert isinstance(asked, ac.PullStream)
    good = world.server.pull("chain", 2 if what == "a hole" else 0, world.now)
    if what == "another stream":
        good = structs.replace(good, stream="chain-of-somebody")
    elif what == "less than it gives":
        good = structs.replace(good, head=1)
    world.tell(ev.Pulled(good, world.now))
    assert not [one for one in world.seen if isinstance(one, ac.Apply)]
    world.settle_down(60, world.drained)
    assert world.drained()


def test_a_hole_that_stays_ends_in_a_snapshot() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(9)]
    world.start()
    for _ in range(3):
        pull_until(world, ac.PullStream)
        del world.in_hand["pull"]
        world.tell(ev.Pulled(world.server.pull("chain", 4, world.now), world.now))
        wait(world, 300_000)
    assert world.in_hand["pull"] == ac.Bootstrap(1)
    world.settle_down(40, world.drained)
    assert world.drained()


def test_a_hole_the_inbox_finds_moves_the_cursor_back_to_what_it_has() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(9)]
    world.start()
    pull_until(world, ac.Apply)
    del world.in_hand["pull"]
    world.tell(ev.PullApplied(Hole(cursor=0, first=1)))
    assert "pull" not in world.in_hand
    world.settle_down(60, world.drained)
    assert world.drained()


def test_an_inbox_that_went_less_far_than_it_was_given_is_asked_again_later() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(2)]
    world.start()
    pull_until(world, ac.Apply)
    del world.in_hand["pull"]
    world.tell(ev.PullApplied(Applied(cursor=1)))
    assert "pull" not in world.in_hand
    world.store.cursors["chain"] = 1
    world.store.received["chain"] = world.server.streams["chain"][:1]
    world.settle_down(60, world.drained)
    assert world.drained()


def test_an_inbox_ahead_of_the_heart_is_believed() -> None:
    """The cursor the inbox names counts: it may have been adopted meanwhile."""
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(6)]
    world.start()
    world.store.cursors["chain"] = 6
    world.store.received["chain"] = list(world.server.streams["chain"])
    pull_until(world, ac.Apply)
    world.settle_down(6)
    asked = [one.after for one in world.seen if isinstance(one, ac.PullStream)]
    assert 3 not in asked
    assert world.core._pull.cursors["chain"] == 6


def test_a_server_that_has_more_and_gives_nothing_is_not_asked_at_once_again() -> None:
    world = started()
    asked = world.in_hand.pop("pull")
    assert isinstance(asked, ac.PullStream)
    empty = structs.replace(world.server.pull(asked.stream, 0, world.now), head=7)
    world.tell(ev.Pulled(empty, world.now))
    world.do("pull")
    assert "pull" not in world.in_hand


def test_places_no_longer_kept_ask_for_a_snapshot() -> None:
    world = World()
    world.server.streams["chain"] = [some_event(n) for n in range(9)]
    world.server.kept_from = 5
    world.start()
    world.settle_down(40, world.drained)
    assert ac.Bootstrap(1) in world.seen
    assert world.drained()


def test_an_answer_after_the_lane_gave_up_is_passed_over() -> None:
    world = quiet()
    pull = world.in_hand.pop("pull")
    assert isinstance(pull, ac.PullStream)
    world.tell(ev.PullFailed(Unreachable("closed")))
    world.tell(ev.Pulled(world.server.pull("chain", 0, world.now), world.now))
    world.tell(ev.PullApplied(Applied(5)))
    world.tell(ev.PullApplied(Hole(0, 5)))
    assert world.core._pull.cursors["chain"] == 0


# ------------------------------------------------------------------ commands


def test_facts_are_marked_before_the_cursor_passes_the_command() -> None:
    world = quiet(an_op(1, "wang"), an_op(2, "li"))
    world.server.streams["device:till-2"] = [
        some_event(1), a_command("push_again", epoch=1, above=1), some_event(2),
        a_command("push_again"),
    ]  # fmt: skip
    world.settle_down(60, world.drained)
    assert world.drained()
    kinds = [
        one for one in world.seen
        if isinstance(one, ac.PushAgain) or (isinstance(one, ac.Apply) and one.answer.events)
    ]  # fmt: skip
    places = [
        [event.at for event in one.answer.events] if isinstance(one, ac.Apply) else one.above
        for one in kinds
    ]
    assert places == [[1], 1, [2, 3], 0, [4]]


def test_a_commanded_snapshot_is_fetched_once() -> None:
    world = quiet()
    world.server.streams["device:till-2"] = [a_command("bootstrap"), some_event(1)]
    world.settle_down(40, world.drained)
    assert world.drained()
    assert world.seen.count(ac.Bootstrap(1)) == 1


def test_a_command_to_enrol_again_stands_until_that_has_happened() -> None:
    world = quiet()
    world.server.streams["device:till-2"] = [some_event(1), a_command("enrol_again", epoch=1)]
    world.server.streams["chain"] = [some_event(2)]
    world.settle_down(60)
    status = world.core.status
    assert (status.state, status.reason) == ("needs_person", "enrol_again")
    assert world.store.cursors["device:till-2"] == 1
    assert world.store.cursors["chain"] == 1
    world.core.step(ev.Started(2, 1, world.store.cursors), world.now)
    again = World()
    again.store, again.server = world.store, world.server
    again.tell(ev.Started(2, 1, dict(world.store.cursors)))
    again.settle_down(60, again.drained)
    assert again.store.cursors["device:till-2"] == 2
    assert again.core.status.state == "online"


def test_a_command_without_an_epoch_is_told_and_passed() -> None:
    world = quiet()
    world.server.streams["device:till-2"] = [a_command("enrol_again")]
    world.settle_down(60, world.drained)
    assert world.drained()
    assert world.core.status.reason == "enrol_again"


def test_all_streams_halted_means_that_nothing_is_asked() -> None:
    world = World()
    world.server.streams = {"device:till-2": [a_command("enrol_again", epoch=1)]}
    world.store.cursors = {"device:till-2": 0}
    world.start()
    world.do("pull")
    assert "pull" not in world.in_hand


def test_one_wait_watches_all_streams_where_the_server_tells_their_heads() -> None:
    world = quiet()
    listening = world.in_hand.pop("pull")
    assert isinstance(listening, ac.PullStream)
    others = {name for name in world.store.cursors if name != listening.stream}
    assert dict(listening.also) == dict.fromkeys(others, 0)
    news = min(others)
    world.server.streams[news] = [some_event(1)]
    told = world.server.pull(listening.stream, 0, world.now)
    world.tell(ev.Pulled(structs.replace(told, heads={news: 1, "unheard-of": 9}), world.now))
    assert world.in_hand["pull"] == ac.PullStream(news, 0, 0)
    world.settle_down(30, lambda: world.drained() and long_poll(world))
    again = world.in_hand["pull"]
    assert isinstance(again, ac.PullStream)
    assert again.wait_s == 25
    assert dict(again.also)[news] == 1 if again.stream != news else news not in dict(again.also)


def test_a_stream_named_in_vain_does_not_end_every_wait() -> None:
    world = quiet()
    for _ in range(6):
        listening = pull_until(world, ac.PullStream)
        assert isinstance(listening, ac.PullStream)
        heads = dict.fromkeys(dict(listening.also), 7)
        told = world.server.pull(listening.stream, 0, world.now)
        del world.in_hand["pull"]
        world.tell(ev.Pulled(structs.replace(told, heads=heads), world.now))
        for _ in range(5):
            if not long_poll(world):
                world.do("pull")
    listening = world.in_hand["pull"]
    assert isinstance(listening, ac.PullStream)
    assert listening.wait_s
    assert listening.also == ()
