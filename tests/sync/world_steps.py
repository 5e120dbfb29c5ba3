"""Short ways through the world of sync_world.py, for tests that begin in the middle.

Owns: starting, settling, going on until an action is in hand. Does not own: any case.
"""

from __future__ import annotations

from sync import action as ac
from sync import event as ev
from sync.ports import Waiting
from sync.status import State
from tests.sync.sync_world import World


def started(*ops: Waiting, seed: int = 1) -> World:
    """A till with these ops pending that has just started; nothing has ended yet."""
    world = World(seed)
    for one in ops:
        world.store.commit(one)
    world.start()
    return world


def quiet(*ops: Waiting, seed: int = 1) -> World:
    """A till in agreement with the server: it listens."""
    world = started(*ops, seed=seed)
    world.settle_down(200, lambda: world.drained() and "push" not in world.in_hand
                      and long_poll(world))  # fmt: skip
    return world


def long_poll(world: World) -> bool:
    pull = world.in_hand.get("pull")
    return isinstance(pull, ac.PullStream) and pull.wait_s > 0


def state(world: World) -> State:
    return world.core.status.state


def sent(world: World) -> list[tuple[str, ...]]:
    return [one.op_ids for one in world.seen if isinstance(one, ac.SendPush)]


def push_until(world: World, kind: type[ac.Action], limit: int = 20) -> ac.Action:
    """Let the push lane go on until it has this in hand."""
    for _ in range(limit):
        if isinstance(world.in_hand.get("push"), kind):
            return world.in_hand["push"]
        world.do("push")
    raise AssertionError(f"never came to {kind}")


def pull_until(world: World, kind: type[ac.Action], limit: int = 20) -> ac.Action:
    for _ in range(limit):
        if isinstance(world.in_hand.get("pull"), kind):
            return world.in_hand["pull"]
        world.do("pull")
    raise AssertionError(f"never came to {kind}")


def wait(world: World, ms: int) -> None:
    world.pass_ms(ms)
    world.tell(ev.Ticked())
