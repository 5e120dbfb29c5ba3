"""A till of a world: the real heart over the real store, and everything that befalls a machine.

Owns: doing what the heart asks for, one thing at a time and each a little later; dying and coming
back, full disks, restored backups. Does not own: what is sold (shop.py), what must hold
(invariant.py), the heart, the store.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar

from app.domain.facts import Fact
from app.domain.moment import Moment
from sync import action as ac
from sync import event as ev
from sync import protocol as p
from sync.back_off import Limits
from sync.core import Core
from sync.errors import SyncError
from sync.simulation.errand import Errands, read
from sync.simulation.key import Keys
from sync.simulation.lane import Died, DiskFull, Fate, Lane
from sync.simulation.network import Heard, Network
from sync.simulation.ports import Room, Shown
from sync.simulation.profile import Profile
from sync.simulation.server import Caller, Server
from sync.simulation.world import HOUR_MS, MINUTE_MS, SECOND_MS, World
from sync.till.clock import TillClock
from sync.till.credential import TillCredentials
from sync.till.inbox import TillInbox
from sync.till.outbox import TillOutbox
from sync.till.ports import TillWork

T = TypeVar("T")
LIMITS = Limits(watchdog_ms=HOUR_MS, pull_wait_s=7_200)
"""As in a shop, but that a quiet till asks less often: most of a world's time is quiet."""
URL = "https://head-office.example"
LOST_WAKE_UP = 0.08


class Watcher(Protocol):
    """Whoever looks at a till after something changed in its file."""

    def opened(self, till: Till) -> None: ...

    def looked_at(self, till: Till, why: str) -> None: ...

    def settled(self, till: Till, action: ac.Settle) -> None: ...

    def applied(self, till: Till, stream: str, cursor: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a till stands."""

    name: str
    store: str
    store_number: int
    number: int


@dataclass(slots=True)
class Means:
    """What a till works with; a mutant brings something else."""

    limits: Limits = LIMITS
    outbox: type[TillOutbox] = TillOutbox
    inbox: type[TillInbox] = TillInbox


class Till:
    """One machine. `life` counts its processes: what an older one had asked for is nobody's."""

    def __init__(
        self,
        world: World,
        profile: Profile,
        network: Network,
        server: Server,
        room: Room,
        folder: Path,
        place: Place,
        watcher: Watcher,
    ) -> None:
        self.world, self.profile, self.network, self.server = world, profile, network, server
        self.room, self.folder, self.place, self.watcher = room, folder, place, watcher
        self.chance = Random(world.chance.getrandbits(64))
        self.means = Means()
        self.keys = Keys(self.chance)
        self.skew_ms = self.chance.randint(-90, 90) * SECOND_MS
        self.life = 0
        self.is_up = False
        self.device = ""
        self.own: set[str] = set()
        """The facts that are in its file, as whoever wrote them down knows."""
        self._coming: str | None = None
        self._asked_to_enrol = False
        self._unheard: list[Fact] = []

    # ------------------------------------------------------------------ its life

    def start(self) -> None:
        """The machine is switched on."""
        self.life += 1
        self.is_up = True
        self._booted_ms = self.world.now_ms - 5_000
        self.boot_id = f"{self.place.name}-{self.life}"
        self.file = self.room.open_till(self.folder, Shown)
        lane, clock = Lane(self, self.file), TillClock(self.moment)
        self.snapshot: list[tuple[str, bytes]] = []
        self.outbox = self.means.outbox(lane, clock)
        self.inbox = self.means.inbox(lane, clock, lambda path, key: self.snapshot)
        self.credentials = TillCredentials(lane, clock, self.keys)
        self.lane = lane
        self.errands = Errands(self)
        self.core = Core(self.chance.random, self.means.limits)
        self._tick_ms: int | None = None
        self._asked_to_enrol = False
        self.watcher.opened(self)
        self._try_to_begin(self.life)

    def _try_to_begin(self, life: int) -> None:
        """On a full disk again and again, until there is room."""
        if life != self.life or self._guarded(self._begin) or not self.is_up:
            return
        what = f"{self.place.name}: tries to begin"
        self.world.after(MINUTE_MS, what, partial(self._try_to_begin, self.life))

    def _begin(self) -> None:
        self.lane.run(self._read_who)
        if not self.is_enrolled:
            self._wish_to_enrol()
            return
        self.hear(
            ev.Started(
                epoch=self.identity.epoch,
                server_epoch=self.inbox.server_epoch(),
                cursors={
                    stream: self.inbox.cursors().get(stream, 0) for stream in self.inbox.streams()
                },
            )
        )

    def _read_who(self, work: TillWork) -> None:
        identity, who = work.device.read(), work.enrolment.read()
        assert identity is not None, "a till is set up before it starts"
        self.identity, self.device = identity, identity.device
        self.key_id = None if who is None else who.key_id
        self.is_enrolled = self.key_id is not None

    def die(self, down_ms: int | None = None) -> None:
        """The process is killed, and started again later."""
        self.world.fault(f"{self.place.name} died")
        self._unheard.clear()
        self._stop()
        wait_ms = self.chance.randint(20, 900) * SECOND_MS if down_ms is None else down_ms
        self.world.after(wait_ms, f"{self.place.name}: starts", self._start_again)

    def _start_again(self) -> None:
        if not self.is_up:
            self.start()

    def _stop(self) -> None:
        self.life += 1
        self.is_up = False
        self.file.close()

    def close(self) -> None:
        """The world ends."""
        if self.is_up:
            self._stop()

    def restart(self) -> None:
        """In order: after an enrolment the heart is a new one."""
        self._stop()
        self.start()

    def back_up(self, target: Path) -> frozenset[str]:
        """A copy of the file; what is in it."""
        self.room.copy_till(self.folder, target)
        return frozenset(self.own)

    def restore(self, source: Path, held: frozenset[str], *, is_clone: bool = False) -> None:
        """The disk is lost; the file of a backup is put in its place."""
        if self.is_up:
            self._stop()
        self.room.copy_till(source, self.folder)
        self.own = set(held)
        if is_clone:
            return
        self.world.fault(f"{self.place.name} comes back from a backup")
        self.keys = Keys(self.chance)
        file = self.room.open_till(self.folder, Shown)
        file.run(lambda work: work.enrolment.restored(), lambda: None)
        file.close()
        self.start()

    def inbox_epoch(self) -> int | None:
        """The server epoch this till knows."""
        return self.file.run(_server_epoch, _nothing)

    def streams(self) -> tuple[str, ...]:
        """Those it hears."""
        return tuple(self.inbox.streams())

    def epochs(self) -> list[int]:
        """The epochs in which facts of its file stand now."""
        return [self.identity.epoch]

    # ------------------------------------------------------------------ clocks

    def moment(self) -> Moment:
        """All clocks of this machine."""
        offset = self.core.status.offset if self.is_up and hasattr(self, "core") else None
        return Moment(
            self.world.true_wall_ms + self.skew_ms,
            self.world.now_ms - self._booted_ms,
            self.boot_id,
            None if offset is None else offset.ms,
        )

    def now(self) -> ev.Now:
        """As the heart is told the time."""
        now = self.moment()
        return ev.Now(now.wall_ms, now.monotonic_ms)

    # ------------------------------------------------------------------ what happens at it

    def record(self, fact: Fact, days: dict[str, Any]) -> bool:
        """Somebody sold something; False where it was not written."""
        self.server.book.happened(fact)
        self._unheard = [fact]
        done = self._guarded(lambda: self._record(fact, days))
        self._unheard = []
        if not done:
            return False
        self.watcher.looked_at(self, "recorded")
        if self.network.is_healed or not self.world.happens(LOST_WAKE_UP):
            self.hear(ev.Committed())
        return True

    def _record(self, fact: Fact, days: dict[str, Any]) -> None:
        self.lane.run(lambda work: self.file_record(work, fact, days))
        self.after_record(fact)

    def file_record(self, work: TillWork, fact: Fact, days: dict[str, Any]) -> None:
        """As services write facts."""
        self.file.record(work, fact, days)

    def after_record(self, fact: Fact) -> None:
        """Nothing: a sale is one fact in one transaction."""

    def sync_now(self) -> None:
        """Somebody presses the button."""
        if self.is_up:
            self.hear(ev.SyncNow())

    def fate(self) -> Fate:
        """Of the next commit."""
        if self.network.is_healed:
            return "well"
        if self.world.happens(self.profile.disk_full):
            self.world.fault(f"{self.place.name}: disk full")
            return "full"
        if self.world.happens(self.profile.crash_at_commit):
            return "before" if self.world.happens(0.5) else "after"
        return "well"

    def durable(self) -> None:
        """A commit came to its end: what it wrote is in the file for ever."""
        self.own |= {fact.op_id for fact in self._unheard}

    def _guarded(self, act: Callable[[], object]) -> bool:
        try:
            act()
        except Died:
            self.die()
            return False
        except DiskFull:
            return False
        return True

    # ------------------------------------------------------------------ the heart

    def hear(self, event: ev.Event) -> None:
        """Tell the heart; what it asks for is done in a moment."""
        for action in self.core.step(event, self.now()):
            wait_ms = self.chance.randint(1, 60)
            what = f"{self.place.name}: {type(action).__name__}"
            self.world.after(wait_ms, what, partial(self._do, action, self.life))
        self._see_to_it()
        self._tick_later()

    def _tick_later(self) -> None:
        now = self.now()
        next_ms = self.core.next_ms(now)
        if next_ms is None:
            return
        wait_ms = max(20, next_ms - now.monotonic_ms)
        at_ms = self.world.now_ms + wait_ms
        if self._tick_ms is not None and self.world.now_ms < self._tick_ms <= at_ms:
            return
        self._tick_ms = at_ms
        self.world.after(wait_ms, f"{self.place.name}: tick", partial(self._tick, self.life))

    def _tick(self, life: int) -> None:
        if life == self.life and self._tick_ms == self.world.now_ms:
            self._tick_ms = None
            self.hear(ev.Ticked())

    def _see_to_it(self) -> None:
        """Somebody reads the status chip and enrols the till anew, after a while."""
        if self.core.status.reason in ("enrol_again", "not_allowed") and not self._asked_to_enrol:
            self._wish_to_enrol()

    def _do(self, action: ac.Action, life: int) -> None:
        if life != self.life:
            return
        try:
            event = self.errands.done(action)
        except Died:
            self.die()
            return
        except DiskFull:
            event = ev.StoreFailed(ac.lane_of(action))
        if event is not None:
            self.hear(event)

    def caller(self) -> Caller:
        """Who asks."""
        return Caller(self.device, self.keys.public(self.key_id))

    # ------------------------------------------------------------------ enrolling

    def _wish_to_enrol(self) -> None:
        self._asked_to_enrol = True
        hurry = self.network.is_healed or self.life == 1
        wait_ms = SECOND_MS if hurry else self.chance.randint(MINUTE_MS, HOUR_MS)
        what = f"{self.place.name}: somebody enrols it"
        self.world.after(wait_ms, what, partial(self._enrol, self.life))

    def _enrol(self, life: int) -> None:
        if life != self.life:
            return
        code = self.server.code(self.place.store, self.place.number)
        made: list[p.Enrol] = []
        if not self._guarded(lambda: made.append(self.credentials.request(code, self.place.name))):
            self._try_enrolling_again()
            return
        data = p.encoded(made[0])

        def hear(answer: Heard) -> None:
            found = read(answer, p.Enrolled)
            if isinstance(found, SyncError):
                self._wish_to_enrol()
                return
            if self._guarded(lambda: self.credentials.enrolled(found, URL)):
                self._asked_to_enrol = False
                self.restart()
            else:
                self._try_enrolling_again()

        self.errands.ask("enrol", lambda reply: reply(self.server.enrol(data)), hear)

    def _try_enrolling_again(self) -> None:
        self._asked_to_enrol = False
        if self.is_up:
            self._wish_to_enrol()


def _nothing() -> None:
    return None


def _server_epoch(work: TillWork) -> int | None:
    who = work.enrolment.read()
    return None if who is None else who.server_epoch
