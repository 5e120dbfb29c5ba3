"""A world's time and network: what is said happens in its order, and each question has one end."""

from __future__ import annotations

from dataclasses import replace

from sync.errors import Garbled, Unreachable
from sync.simulation.network import TIMEOUT_MS, Failed, Heard, Line, Network, ServerDied
from sync.simulation.profile import CALM, Profile
from sync.simulation.world import World

QUIET = replace(CALM, request_lost=0.0, answer_lost=0.0, partition_every_ms=None)


def _asked(profile: Profile, serve: object = None, seed: int = 1) -> tuple[list[Heard], World]:
    world, heard = World(seed), list[Heard]()
    network = Network(world, profile)

    def answer(reply: object) -> None:
        if callable(serve):
            serve()
        assert callable(reply)
        reply(b"0123456789")

    network.request(Line("till-1", "push"), answer, heard.append)
    while world.step():
        pass
    return heard, world


def test_things_happen_in_the_order_of_their_time() -> None:
    world, seen = World(1), list[str]()
    for delay, name in ((30, "c"), (10, "a"), (10, "b")):
        world.after(delay, name, lambda name=name: seen.append(name))  # type: ignore[misc] # bound here
    while world.step():
        pass
    assert seen == ["a", "b", "c"] and world.now_ms == 30


def test_an_answer_comes_once_also_of_a_request_that_was_doubled() -> None:
    heard, _ = _asked(replace(QUIET, request_doubled=1.0))
    assert heard == [b"0123456789"]


def test_what_is_lost_is_given_up() -> None:
    for profile in (replace(QUIET, request_lost=1.0), replace(QUIET, answer_lost=1.0)):
        heard, world = _asked(profile)
        [failed] = heard
        assert isinstance(failed, Failed) and isinstance(failed.error, Unreachable)
        assert world.now_ms >= TIMEOUT_MS and world.faults == 1


def test_half_an_answer_and_the_page_of_a_proxy() -> None:
    assert _asked(replace(QUIET, answer_cut=1.0))[0] == [b"01234"]
    [failed] = _asked(replace(QUIET, foreign_page=1.0))[0]
    assert isinstance(failed, Failed) and isinstance(failed.error, Garbled)


def test_a_server_that_dies_answers_nobody() -> None:
    def die() -> None:
        raise ServerDied

    [failed] = _asked(QUIET, die)[0]
    assert isinstance(failed, Failed) and isinstance(failed.error, Unreachable)


def test_a_line_that_is_cut_reaches_nobody_until_it_is_healed() -> None:
    world, heard = World(3), list[Heard]()
    profile = replace(QUIET, partition_every_ms=1_000, partition_ms=(10**9, 10**9))
    network = Network(world, profile)
    network.begin("till-1")
    while not network.is_cut("till-1"):
        world.step()
    network.request(Line("till-1", "pull"), lambda reply: reply(b"news"), heard.append)
    network.heal()
    network.request(Line("till-1", "pull"), lambda reply: reply(b"news"), heard.append)
    for _ in range(4):
        world.step()
    assert b"news" in heard
