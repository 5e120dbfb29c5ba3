"""The till that gets killed while it syncs: it writes, pushes, settles and pulls without end.

Each message is one of: made (a fact is durable), push (facts go out; the answers come back in the
pipe), settled (its answers are kept), pull (the answer comes back), applied. Owns: that one life,
drawn from the seed. Does not own: the server (the parent's), any check (test_kill_sync.py).
"""

from __future__ import annotations

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from time import monotonic_ns, time_ns

from app.domain.effects import Gained
from app.domain.facts import PointsAdjusted
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import fact_day, write_fact
from app.store.snapshot import snapshot_events
from app.store.unit_of_work import UnitOfWork
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from tests.kill.shop import OpenTill, Place, keys_in_files, open_as_till


class MachineClock:
    def wall_ms(self) -> int:
        return time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return monotonic_ns() // 1_000_000


def gain_a_point(till: OpenTill, member: str) -> str:
    """One fact with one point, as services write facts; its op_id once it is durable."""
    shop = till.shop
    now = shop.now()

    def write(work: UnitOfWork) -> str:
        day, _ = fact_day(work, shop.desk.state.program, now)
        fact = PointsAdjusted(
            **calendar_origin(shop=shop, now=now, day=day, member=member),
            effects=(Gained(points=1, expires_in=12),),
            reason="",
        )
        write_fact(shop=shop, work=work, fact=fact)
        return fact.op_id

    return till.store.lane.submit(write).result()


class Life:
    """One start of the till, until the kill."""

    def __init__(self, till: OpenTill, members: list[str], chance: Random, pipe: Connection):
        self._till, self._members, self._chance, self._pipe = till, members, chance, pipe
        lane, clock = till.store.lane, MachineClock()
        self._outbox = TillOutbox(lane, clock)
        self._inbox = TillInbox(lane, clock, snapshot_events)

    def go_on(self) -> None:
        acts: tuple[Callable[[], None], ...] = (self._write, self._write, self._push, self._pull)
        while True:
            self._chance.choice(acts)()

    def _write(self) -> None:
        self._pipe.send(("made", gain_a_point(self._till, self._chance.choice(self._members))))

    def _push(self) -> None:
        waiting = self._outbox.waiting(self._chance.randint(1, 8))
        op_ids = [one.op_id for one in waiting]
        self._pipe.send(("push", list(self._outbox.load(op_ids))))
        answers = self._pipe.recv()
        if self._chance.random() < 0.3:
            return  # the answer was lost on its way
        self._outbox.settle(answers, server_epoch=1)
        self._pipe.send(("settled", op_ids))

    def _pull(self) -> None:
        stream = self._inbox.streams()[1]
        self._pipe.send(("pull", self._inbox.cursors().get(stream, 0)))
        self._inbox.apply(self._pipe.recv())
        self._pipe.send(("applied", None))


def sync_without_end(folder: Path, seed: str, members: list[str], pipe: Connection) -> None:
    """What the forked process runs."""
    keys_in_files()
    chance = Random(seed)
    with open_as_till(Place(folder), chance) as till:
        Life(till, members, chance, pipe).go_on()
