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

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.facts import Fact
from app.domain.moment import Moment
from app.domain.settings import Identity
from sync import action as ac
from sync import event as ev
from sync import protocol as p
from sync.back_off import Limits
from sync.core import Core
from sync.errors import Garbled, SyncError
from sync.ports import OtherServer
from sync.simulation.network import Failed, Heard, Line, Network, Reply, Serve
from sync.simulation.ports import Room, Shown, TillFile
from sync.simulation.profile import Profile
from sync.simulation.server import Caller, Server, Waiting
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


class Died(Exception):
    """The till's process ended in the middle of what it did."""


class DiskFull(Exception):
    """The store could not write."""


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


class Keys:
    """The machine's keys: they die with it, no backup holds them."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._kept: dict[str, Ed25519PrivateKey] = {}

    def new(self) -> tuple[str, bytes]:
        key_id = f"key{len(self._kept)}-{self._chance.getrandbits(32):x}"
        self._kept[key_id] = Ed25519PrivateKey.from_private_bytes(self._chance.randbytes(32))
        return key_id, self.public(key_id)

    def sign(self, key_id: str | None, data: bytes) -> bytes:
        return self._kept[key_id or ""].sign(data)

    def public(self, key_id: str | None) -> bytes:
        """Empty where this machine does not have it."""
        key = self._kept.get(key_id or "")
        return b"" if key is None else key.public_key().public_bytes_raw()


class Lane:
    """The store lane of one life of a till, with what can go wrong at a commit."""

    def __init__(self, till: Till, file: TillFile) -> None:
        self._till, self._file = till, file

    def run(self, work: Callable[[TillWork], T]) -> T:
        """As the port says, or Died, or DiskFull."""
        till = self._till
        fate = till.fate()

        def before_commit() -> None:
            if fate == "full":
                raise DiskFull
            if fate == "before":
                raise Died

        answer = self._file.run(work, before_commit)
        till.durable()
        if fate == "after":
            raise Died
        return answer


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
        self._rows: list[tuple[str, bytes]] = []
        self.outbox = self.means.outbox(lane, clock)
        self.inbox = self.means.inbox(lane, clock, lambda path, key: self._rows)
        self.credentials = TillCredentials(lane, clock, self.keys)
        self.lane = lane
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
        self._step(
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

    def _now(self) -> ev.Now:
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
            self._step(ev.Committed())
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
            self._step(ev.SyncNow())

    def fate(self) -> str:
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

    def _step(self, event: ev.Event) -> None:
        for action in self.core.step(event, self._now()):
            wait_ms = self.chance.randint(1, 60)
            what = f"{self.place.name}: {type(action).__name__}"
            self.world.after(wait_ms, what, partial(self._do, action, self.life))
        self._see_to_it()
        self._tick_later()

    def _tick_later(self) -> None:
        now = self._now()
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
            self._step(ev.Ticked())

    def _see_to_it(self) -> None:
        """Somebody reads the status chip and enrols the till anew, after a while."""
        if self.core.status.reason in ("enrol_again", "not_allowed") and not self._asked_to_enrol:
            self._wish_to_enrol()

    def _do(self, action: ac.Action, life: int) -> None:
        if life != self.life:
            return
        try:
            event = self._done(action)
        except Died:
            self.die()
            return
        except DiskFull:
            event = ev.StoreFailed(ac.lane_of(action))
        if event is not None:
            self._step(event)

    def _done(self, action: ac.Action) -> ev.Event | None:
        """What came of it; None where an answer is awaited."""
        match action:
            case ac.ListWaiting(limit):
                return ev.Listed(self.outbox.waiting(limit), self.outbox.backlog())
            case ac.CountBacklog():
                return ev.Counted(self.outbox.backlog())
            case ac.Settle(answers, server_epoch):
                self.outbox.settle(answers, server_epoch=server_epoch)
                self.watcher.settled(self, action)
                return ev.Settled()
            case ac.PushAgain(epoch, above):
                return ev.MarkedAgain(self.outbox.push_again(epoch, above))
            case ac.Apply(answer):
                applied = self.inbox.apply(answer)
                if hasattr(applied, "cursor"):
                    self.watcher.applied(self, answer.stream, applied.cursor)
                return ev.PullApplied(applied)
            case ac.SendPush():
                return self._push(action)
            case ac.PullStream():
                return self._pull(action)
            case ac.Bootstrap():
                return self._bootstrap(action)
            case ac.RenewToken(lane):
                return ev.TokenRenewed(lane)

    def _push(self, action: ac.SendPush) -> None:
        push = p.Push(
            ops=tuple(self.outbox.load(action.op_ids)) if action.op_ids else (),
            keys=tuple(self.outbox.keys_for(action.op_ids)) if action.op_ids else (),
            offset_ms=action.offset_ms,
            final=action.final,
        )
        data, sent, caller = p.encoded(push), self._now(), self.caller()

        def hear(answer: Heard) -> None:
            read = _read(answer, p.PushAnswer)
            failed = isinstance(read, SyncError)
            self._step(ev.PushFailed(read) if failed else ev.Pushed(read, sent))

        self._ask("push", lambda reply: reply(self.server.push(caller, data)), hear)

    def _pull(self, action: ac.PullStream) -> None:
        sent, caller, wait_ms = self._now(), self.caller(), action.wait_s * SECOND_MS

        def serve(reply: Reply) -> None:
            asked = Waiting(caller, action.stream, action.after, action.also, reply)
            self.server.pull(asked, wait_ms)

        def hear(answer: Heard) -> None:
            read = _read(answer, p.PullAnswer)
            failed = isinstance(read, SyncError)
            self._step(ev.PullFailed(read) if failed else ev.Pulled(read, sent))

        self._ask("pull", serve, hear, wait_ms)

    def _bootstrap(self, action: ac.Bootstrap) -> None:
        caller = self.caller()

        def serve(reply: Reply) -> None:
            reply(msgspec.json.encode(self.server.snapshot(caller)))

        def hear(answer: Heard) -> None:
            read = _read(answer, tuple[list[tuple[str, bytes]], dict[str, int], int])
            if isinstance(read, SyncError):
                self._step(ev.PullFailed(read))
                return
            event = self._adopted(action, *read)
            if event is not None:
                self._step(event)

        self._ask("snapshot", serve, hear)

    def _adopted(
        self,
        action: ac.Bootstrap,
        rows: list[tuple[str, bytes]],
        places: dict[str, int],
        epoch: int,
    ) -> ev.Event | None:
        known = action.server_epoch
        if known is not None and known != epoch:
            return ev.PullApplied(OtherServer(known, epoch))
        self._rows = rows
        try:
            self.inbox.adopt(self.folder, b"", places, epoch)
        except Died:
            self.die()
            return None
        except DiskFull:
            return ev.StoreFailed("pull")
        for stream, place in places.items():
            self.watcher.applied(self, stream, place)
        return ev.Bootstrapped(places)

    def caller(self) -> Caller:
        """Who asks."""
        return Caller(self.device, self.keys.public(self.key_id))

    def _ask(self, what: str, serve: Serve, hear: Reply, wait_ms: int = 0) -> None:
        life = self.life

        def heard(answer: Heard) -> None:
            if life == self.life:
                hear(answer)

        self.network.request(Line(self.place.name, what, wait_ms), serve, heard)

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
            read = _read(answer, p.Enrolled)
            if isinstance(read, SyncError):
                self._wish_to_enrol()
                return
            if self._guarded(lambda: self.credentials.enrolled(read, URL)):
                self._asked_to_enrol = False
                self.restart()
            else:
                self._try_enrolling_again()

        self._ask("enrol", lambda reply: reply(self.server.enrol(data)), hear)

    def _try_enrolling_again(self) -> None:
        self._asked_to_enrol = False
        if self.is_up:
            self._wish_to_enrol()


def _nothing() -> None:
    return None


def _server_epoch(work: TillWork) -> int | None:
    who = work.enrolment.read()
    return None if who is None else who.server_epoch


def _read(answer: Heard, kind: Any) -> Any:
    """The message, or why there is none."""
    if isinstance(answer, Failed):
        return answer.error
    try:
        return p.decoded(answer, kind)
    except msgspec.DecodeError as error:
        return Garbled(str(error))
