"""A till of a world: the real heart over the real store, and everything that befalls a machine.

Owns: doing what the heart asks for, one thing at a time and each a little later; dying and coming
back, full disks, restored backups, copies. Does not own: what is sold (shop.py), what must hold
(invariant.py), enrolling (enrolling.py), the heart, the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar

from app.domain.facts import Fact
from app.domain.grant import OfflineSpend
from app.domain.link import Contact
from app.domain.moment import Moment
from sync import action as ac
from sync import event as ev
from sync.simulation.agreement import Compared
from sync.simulation.device_key import Keys
from sync.simulation.enrolling import Enrolling
from sync.simulation.errand import Errands
from sync.simulation.heart import Heart
from sync.simulation.lane import Died, DiskFull, Fate, Lane, fate_of_commit
from sync.simulation.network import Caller, Network
from sync.simulation.owner import Means, Place
from sync.simulation.ports import Room
from sync.simulation.profile import Profile
from sync.simulation.server import Server
from sync.simulation.world import MINUTE_MS, SECOND_MS, World
from sync.till.clock import TillClock
from sync.till.credential import TillCredentials
from sync.till.ports import TillWork

T = TypeVar("T")
LOST_WAKE_UP = 0.08


class Watcher(Protocol):
    """Whoever looks at a till after something changed in its file."""

    def opened(self, till: Till) -> None: ...

    def looked_at(self, till: Till, why: str) -> None: ...

    def recorded(self, till: Till, wanted: Record) -> None: ...

    def settled(self, till: Till, action: ac.Settle) -> None: ...

    def agreed(self, till: Till, compared: Compared) -> None: ...

    def applied(self, till: Till, stream: str, cursor: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Around:
    """What all tills of a world have in common."""

    world: World
    profile: Profile
    network: Network
    server: Server
    room: Room
    watcher: Watcher


@dataclass(frozen=True, slots=True)
class Record:
    """What is written down in one transaction: a fact, and what goes with it here only."""

    fact: Fact
    days: Mapping[str, date]
    """Of facts that its effects name."""
    spent: OfflineSpend | None = None
    released: str = ""
    """A grant that nothing more is spent by."""


class Till:
    """One machine. `life` counts its processes: what an older one had asked for is nobody's."""

    def __init__(self, around: Around, folder: Path, place: Place) -> None:
        self.around, self.folder, self.place = around, folder, place
        self.world, self.network = around.world, around.network
        self.server, self.watcher = around.server, around.watcher
        self.chance = Random(self.world.chance.getrandbits(64))
        self.means = Means()
        self.keys = Keys(self.chance)
        self.skew_ms = self.chance.randint(-90, 90) * SECOND_MS
        self.life = 0
        self.is_up = False
        self.device = ""
        self.own: set[str] = set()
        """The facts that are in its file, as whoever wrote them down knows."""
        self._unheard: list[Fact] = []
        self._twin: Till | None = None

    # ------------------------------------------------------------------ its life

    def start(self) -> None:
        """The machine is switched on."""
        self.life += 1
        self.is_up = True
        self._booted_ms = self.world.now_ms - 5_000
        self.boot_id = f"{self.place.name}-{self.life}"
        self.file = self.around.room.open_till(self.folder)
        self.lane, clock = Lane(self, self.file), TillClock(self.moment)
        self.snapshot: list[tuple[str, bytes]] = []
        self.outbox = self.means.outbox(self.lane, clock)
        self.inbox = self.means.inbox(self.lane, clock, self._snapshot_events)
        self.credentials = TillCredentials(self.lane, clock, self.keys)
        self.errands = Errands(self)
        self.enrolling = Enrolling(self)
        self.heart = Heart(self, self.means.limits)
        self.watcher.opened(self)
        self._try_to_begin(self.life)

    def _snapshot_events(self, path: Path, key: bytes) -> list[bytes]:
        return [b"\n".join(event for _, event in self.snapshot)]

    def _try_to_begin(self, life: int) -> None:
        """On a full disk again and again, until there is room."""
        if life != self.life or self.guarded(self._begin) or not self.is_up:
            return
        what = f"{self.place.name}: tries to begin"
        self.world.after(MINUTE_MS, what, partial(self._try_to_begin, self.life))

    def _begin(self) -> None:
        self.lane.run(self._read_who)
        if not self.is_enrolled:
            self.enrolling.wish()
            return
        known = self.inbox.cursors()
        cursors = {stream: known.get(stream, 0) for stream in self.inbox.streams()}
        self.hear(ev.Started(self.identity.epoch, self.inbox.server_epoch(), cursors))

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
        self.around.room.copy_till(self.folder, target)
        return frozenset(self.own)

    def restore(self, source: Path, held: frozenset[str]) -> None:
        """The disk is lost; the file of a backup is put in its place, on a new machine."""
        self.world.fault(f"{self.place.name} comes back from a backup")
        if self.is_up:
            self._stop()
        self.around.room.copy_till(source, self.folder)
        self.own = set(held)
        self.keys = Keys(self.chance)
        file = self.around.room.open_till(self.folder)
        file.run(lambda work: work.enrolment.restored(), lambda: None)
        file.close()
        self.start()

    def clone(self, place: Place) -> Till:
        """The whole machine once more, its keychain too: both go on, and neither knows."""
        self.world.fault(f"{self.place.name} is copied")
        twin = Till(self.around, self.folder.with_name(place.name), place)
        twin.own = set(self.back_up(twin.folder))
        twin.keys, twin.means = self.keys.copied(twin.chance), self.means
        twin.device, twin._twin, self._twin = self.device, self, twin
        return twin

    @property
    def is_copied(self) -> bool:
        """Another machine has its name, or had when the facts were made that still wait here.

        What both have the server may know by the other one's places, which this one never had: only
        the answer to its own push says that it is counted.
        """
        twin = self._twin
        if twin is None:
            return False
        told = {each for each in self.own if each in self.server.book.taken.op_ids}
        if (
            twin.device == self.device
            or told != self.own
            or self.contact.heard_monotonic_ms is None
            or self.file.has_pending()
        ):
            return True
        self._twin = None
        return False

    def inbox_epoch(self) -> int | None:
        """The server epoch this till knows; nothing goes wrong at looking."""
        return self.file.inbox_epoch()

    def streams(self) -> tuple[str, ...]:
        """Those it hears."""
        return tuple(self.inbox.streams())

    # ------------------------------------------------------------------ clocks

    def moment(self) -> Moment:
        """All clocks of this machine."""
        offset = self.heart.core.status.offset if self.is_up and self.life > 0 else None
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

    def record(self, wanted: Record) -> bool:
        """Somebody sold something; False where it was not written."""
        self.server.book.happened(wanted.fact)
        self._unheard = [wanted.fact]
        done = self.guarded(lambda: self._record(wanted))
        self._unheard = []
        if not done:
            return False
        self.watcher.recorded(self, wanted)
        if self.network.is_healed or not self.world.happens(LOST_WAKE_UP):
            self.hear(ev.Committed())
        return True

    def _record(self, wanted: Record) -> None:
        self.lane.run(lambda work: self.file_record(work, wanted))
        self.after_record(wanted)

    def file_record(self, work: TillWork, wanted: Record) -> None:
        """As services write facts."""
        self.file.record(work, wanted.fact, wanted.days)
        if wanted.spent is not None:
            self.file.spend(work, wanted.spent)
        if wanted.released:
            work.grants.end(wanted.released, "released")

    def after_record(self, wanted: Record) -> None:
        """Nothing: a sale is one fact in one transaction."""

    def sync_now(self) -> None:
        """Somebody presses the button."""
        if self.is_up:
            self.hear(ev.SyncNow())

    def fate(self) -> Fate:
        """Of the next commit."""
        if self.network.is_healed:
            return "well"
        return fate_of_commit(self.place.name, self.world, self.around.profile)

    def durable(self) -> None:
        """A commit came to its end: what it wrote is in the file for ever."""
        self.own |= {fact.op_id for fact in self._unheard}

    def guarded(self, act: Callable[[], object]) -> bool:
        """Do it; False where the till died of it, or its disk was full."""
        try:
            act()
        except Died:
            self.die()
            return False
        except DiskFull:
            return False
        return True

    # ------------------------------------------------------------------ what its parts tell

    def settled(self, action: ac.Settle) -> None:
        """Answers were written down."""
        self.watcher.settled(self, action)

    def applied(self, stream: str, cursor: int) -> None:
        """It stands at this place of the stream now."""
        self.watcher.applied(self, stream, cursor)

    def agreed(self, compared: Compared) -> None:
        """Both sides were held against each other."""
        self.watcher.agreed(self, compared)

    # ------------------------------------------------------------------ towards the server

    def hear(self, event: ev.Event) -> None:
        """Something the heart has to know."""
        self.heart.hear(event)

    @property
    def contact(self) -> Contact:
        """What this till knows of its server."""
        return self.heart.contact

    def caller(self) -> Caller:
        """Who asks."""
        return Caller(self.device, self.keys.public(self.key_id))
