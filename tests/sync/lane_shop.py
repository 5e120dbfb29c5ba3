"""One till with its lanes, and a small server over real HTTP it talks to.

Owns: the fixture of the tests of the lanes. Does not own: what is asserted (test_lane.py).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sync.back_off import Limits
from sync.lane import Lanes, Till
from sync.status import Status
from tests.sync.loopback import Loopback
from tests.sync.message_samples import SALE
from tests.sync.ports_in_memory import Disk, Keys, MemoryInbox, MemoryOutbox, RealClock
from tests.sync.small_server import SmallServer

LONG_S = 60.0
"""How long a test waits for what has to come; it fails then, and asserts no time otherwise."""
QUICK = Limits(retry_min_ms=20, retry_max_ms=200, spread_ms=50)


@dataclass
class Shop:
    """One till with its lanes and the server it talks to."""

    lanes: Lanes
    outbox: MemoryOutbox
    inbox: MemoryInbox
    disk: Disk
    server: SmallServer
    loopback: Loopback
    statuses: list[Status]
    told: threading.Condition
    workspace: Path

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for it; whatever changes makes the till say so sooner or later."""
        with self.told:
            for _ in range(int(LONG_S * 50)):
                if holds():
                    return
                self.told.wait(0.02)
        raise AssertionError(f"waited in vain: {self.lanes.status}")

    def sell(self, count: int = 1, *, woken: bool = True) -> None:
        for number in range(count):
            self.outbox.commit(SALE, f"member-{number}")
        if woken:
            self.lanes.wake()

    def all_accepted(self) -> bool:
        return not self.outbox.pending and set(self.server.accepted) == set(self.outbox.ops)


def a_shop(tmp_path: Path) -> Iterator[Shop]:
    """The body of a fixture."""
    server = SmallServer(streams={name: [] for name in MemoryInbox().places})
    with Loopback(server) as loopback:
        disk = Disk()
        outbox, inbox = MemoryOutbox(disk), MemoryInbox(disk)
        statuses: list[Status] = []
        told = threading.Condition()

        def listen(status: Status) -> None:
            with told:
                statuses.append(status)
                told.notify_all()
            if len(statuses) == 1:
                raise RuntimeError("the window is just closing")

        till = Till(
            outbox, inbox, RealClock(), Keys(), loopback.url, epoch=1, workspace=tmp_path / "sync"
        )
        chance = random.Random(7).random
        lanes = Lanes(till, chance=chance, on_status=listen, limits=QUICK)
        yield Shop(lanes, outbox, inbox, disk, server, loopback, statuses, told, till.workspace)
        server.close()
        lanes.stop()
