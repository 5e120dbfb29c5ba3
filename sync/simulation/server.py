"""The server of a world: the real functions over a real encrypted file, and what befalls it.

Owns: carrying bytes to those functions, aborts at commit, death between commit and answer, coming
back from an older copy. Does not own: HTTP, tokens (a device is known by its key), the book.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import msgspec

from app.domain.business_day import ShopTime
from sync import protocol as p
from sync.errors import Garbled, NotAllowed, Refused
from sync.server import tables as t
from sync.server.database import Overtaken, ServerDatabase, sqlite_engine
from sync.server.device import Device, read_device
from sync.server.digest import compare
from sync.server.enrolment import Place, enrol, make_code
from sync.server.feed import Reader, device_stream, head_and_tail, read_stream, store_stream
from sync.server.grant import give_grant
from sync.server.ingest import ingest
from sync.server.publish import publish_program
from sync.server.release import release
from sync.server.reserve import reserve, void
from sync.server.rows import find
from sync.server.secret import ServerSecret
from sync.server.sender import SERVER_DEVICE, House, Sender
from sync.server.server_epoch import raise_epoch, server_epoch
from sync.server.tables import shard_of
from sync.server.tenant import Tenant, store_numbered, the_tenant
from sync.simulation import evidence
from sync.simulation.book import Book, Promise, Published, Taken
from sync.simulation.compiled import speak_alike
from sync.simulation.network import Reply, ServerDied
from sync.simulation.ports import Room
from sync.simulation.profile import Profile
from sync.simulation.program import PROGRAM, the_program
from sync.simulation.world import HOUR_MS, World

T = TypeVar("T")
FILE = "server.db"
TRIES_MAX = 5
STORES = ("renmin-road", "xihu", "jiefang")


class NobodyWrote(Exception):
    """The server took a fact that no till ever made."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, by the public key of the machine."""

    device: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Acts:
    """The server's functions, so that a mutant may bring another one."""

    ingest: Callable[..., p.PushAnswer] = ingest
    reserve: Callable[..., p.Reserved] = reserve
    give_grant: Callable[..., p.GrantAnswer] = give_grant
    read_stream: Callable[..., p.PullAnswer] = read_stream


@dataclass(slots=True)
class _Waiting:
    """A pull that waits for news."""

    caller: Caller
    stream: str
    after: int
    also: tuple[tuple[str, int], ...]
    reply: Reply
    is_over: bool = False


class Server:
    """One tenant's server. Messages come and go as bytes."""

    def __init__(
        self, world: World, profile: Profile, room: Room, folder: Path, acts: Acts | None = None
    ) -> None:
        self._world, self._profile, self._room, self._folder = world, profile, room, folder
        self.acts = acts or Acts()
        self.book = Book()
        self.is_healed = False
        self.checks: Callable[[set[str]], None] = lambda _: None
        """Asked after every commit, with the members it changed."""
        self.promises: Callable[[Promise], None] = lambda _: None
        """Asked about everything that is promised, before it counts."""
        self._promised_once: set[str] = set()
        chance = Random(world.chance.getrandbits(64))
        self._bytes = chance.randbytes
        self._house = House(bytes(range(32)), chance.getrandbits)
        self._secret = ServerSecret(bytes(range(32)))
        self._devices: set[str] = set()
        self._let: dict[str, Device] = {}
        """As the devices' rows say; asked anew after every enrolment."""
        self._waiting: list[_Waiting] = []
        self._told: dict[tuple[str, int], p.PullAnswer] = {}
        self._kept: Taken | None = None
        self._reading: Any = None
        self._will_look = False
        self._open()
        self.tenant, self._stores = self.write(self._found)
        self.epoch = 1
        self._note_news(self._heads())

    # ------------------------------------------------------------------ its file

    def _open(self) -> None:
        path = self._folder / FILE
        engine = sqlite_engine(
            lambda: self._room.connect_server(path), self._room.server_driver, pool_size=1
        )
        self._database = ServerDatabase(speak_alike(engine), pause=lambda _: None)

    def close(self) -> None:
        self._database.close()

    def write(self, work: Callable[[Any], T]) -> T:
        """A transaction; by chance the database gives it up at its end, and it runs again."""
        self._told.clear()
        tries = 0

        def at_its_end(connection: Any) -> T:
            nonlocal tries
            tries += 1
            answer = work(connection)
            if (
                tries < 5
                and not self.is_healed
                and self._world.happens(self._profile.server_aborts)
            ):
                self._world.fault("the server's transaction was given up")
                raise Overtaken("by nobody, on purpose")
            return answer

        return self._database.write(at_its_end)

    def read(self, work: Callable[[Any], T]) -> T:
        """Within another one it is the same transaction."""
        if self._reading is not None:
            return work(self._reading)

        def within(connection: Any) -> T:
            self._reading = connection
            try:
                return work(connection)
            finally:
                self._reading = None

        return self._database.read(within)

    def keep_copy(self) -> None:
        """A backup."""
        kept = self._folder / "kept"
        kept.mkdir(exist_ok=True)
        for file in self._folder.glob(f"{FILE}*"):
            if not file.name.endswith("-shm"):
                shutil.copyfile(file, kept / file.name)
        self._kept = self.book.taken.copy()

    def restore(self) -> None:
        """The machine is lost: on with the backup, in a new epoch."""
        if self._kept is None:
            return
        self._world.fault("the server comes back from an older copy")
        self.close()
        for file in self._folder.glob(f"{FILE}*"):
            file.unlink()
        for file in (self._folder / "kept").iterdir():
            shutil.copyfile(file, self._folder / file.name)
        self._open()
        self._let.clear()
        self._told.clear()
        self._break_waits()
        self.book.taken = self._kept.copy()
        self.epoch = self._database.write(self._raised)

    def _raised(self, connection: Any) -> int:
        epoch = 0
        while epoch <= self.epoch:
            epoch = raise_epoch(connection, self.tenant)
        return epoch

    def _found(self, connection: Any) -> tuple[str, dict[str, int]]:
        now = self._world.true_wall_ms
        tenant = the_tenant(
            connection, self._secret, name="人民茶庄", now_ms=now, chance=self._bytes
        )
        assert isinstance(tenant, Tenant)
        for number in range(1, self._profile.stores + 1):
            name = STORES[number - 1]
            store_numbered(connection, tenant.tenant, number, name=name, new=name)
        program = the_program()
        publish_program(connection, tenant.tenant, program, PROGRAM, now)
        return tenant.tenant, {STORES[number]: number + 1 for number in range(self._profile.stores)}

    # ------------------------------------------------------------------ what tills ask

    def code(self, store: str, till_number: int) -> str:
        """Somebody at head office makes a code for this place."""
        place = Place(self.tenant, store, till_number, "till", replaces=True)
        now = self._world.true_wall_ms
        return self._database.write(
            lambda connection: make_code(
                connection, self._secret, place, now_ms=now, chance=self._bytes
            )
        )

    def enrol(self, data: bytes) -> bytes:
        asked = _decoded(data, p.Enrol)
        now = self._world.true_wall_ms
        answer = self.write(
            lambda connection: enrol(
                connection,
                self._secret,
                asked,
                server_epoch=lambda tenant: server_epoch(connection, tenant),
                now_ms=now,
                chance=self._bytes,
            )
        )
        if not isinstance(answer, p.Enrolled):
            raise Refused("unknown_code", 400, str(answer))
        self._devices.add(answer.device)
        self._let.clear()
        return p.encoded(answer)

    def push(self, caller: Caller, data: bytes) -> bytes:
        push, now = _decoded(data, p.Push), self._world.true_wall_ms
        device = self._let_in(caller)
        sender = Sender(self.tenant, device.device, device.store, False, ShopTime())
        answer = self.write(
            lambda connection: self.acts.ingest(connection, sender, push, now, self._house)
        )
        self.read(lambda _: self._note(answer.answers, device.device))
        self._tell_waiting()
        if not self.is_healed and self._world.happens(self._profile.server_crash):
            self._break_waits()
            raise ServerDied
        return p.encoded(answer)

    def reserve(self, caller: Caller, data: bytes) -> bytes:
        """Keep points for one sale."""
        device, asked, now = self._let_in(caller), _decoded(data, p.Reserve), self.now_ms
        answer = self.write(lambda connection: self.acts.reserve(connection, device, asked, now))
        if answer.refusal is None and asked.member is not None and answer.ends_ms > now:
            wanted = Promise(asked.member, device.device, asked.points, answer.ends_ms)
            self._promised(asked.reservation, wanted)
        return p.encoded(answer)

    def void(self, caller: Caller, data: bytes) -> bytes:
        """Give it free."""
        device, asked, now = self._let_in(caller), _decoded(data, p.Void), self.now_ms
        answer = self.write(lambda connection: void(connection, device, asked, now))
        kept = self.book.taken.promises.pop(asked.reservation, None)
        self._acted({kept.member} if kept is not None else set())
        return p.encoded(answer)

    def grant(self, caller: Caller, data: bytes) -> bytes:
        """Give a device a part of a balance."""
        device, asked, now = self._let_in(caller), _decoded(data, p.GrantWanted), self.now_ms
        answer = self.write(lambda connection: self.acts.give_grant(connection, device, asked, now))
        if answer.given is not None:
            points = sum(answer.given.buckets.values())
            self._promised(asked.grant, Promise(answer.given.member, device.device, points))
        return p.encoded(answer)

    def _promised(self, name: str, wanted: Promise) -> None:
        if name not in self.book.taken.promises and name not in self._promised_once:
            self._promised_once.add(name)
            self.promises(wanted)
            self.book.taken.promises[name] = wanted
            self._acted({wanted.member})

    def _acted(self, members: set[str]) -> None:
        self.read(lambda _: self._note_changed(members))
        self._tell_waiting()

    @property
    def now_ms(self) -> int:
        """By its own clock."""
        return self._world.true_wall_ms

    def pull(self, asked: _Waiting, wait_ms: int) -> None:
        """Answers at once where there is news, or when there is, or when the wait is over."""
        self._let_in(asked.caller)
        if not wait_ms or self._has_news(asked):
            self._tell(asked)
            return
        self._waiting.append(asked)
        self._world.after(wait_ms, f"{asked.caller.device}: waited", lambda: self._tell(asked))

    def snapshot(self, caller: Caller) -> tuple[list[tuple[str, bytes]], dict[str, int], int]:
        """Everything of the device's streams, with the places it stands for, and the epoch."""
        device = self._let_in(caller)
        streams = ("chain", store_stream(device.store), device_stream(device.device))

        def work(connection: Any) -> tuple[list[tuple[str, bytes]], dict[str, int], int]:
            rows: dict[tuple[str, str], tuple[str, bytes]] = {}
            places = {}
            for stream in streams:
                after, head = 0, head_and_tail(connection, self.tenant, stream)[0]
                while after < head:
                    part = read_stream(connection, self._reader(), stream, after)
                    for one in part.events:
                        key = getattr(one.event, "member", None) or f"{stream}:{one.at}"
                        if not isinstance(one.event, p.Commanded):
                            rows[(stream, key)] = (stream, p.encoded(one.event))
                    after = part.events[-1].at
                places[stream] = head
            return list(rows.values()), places, server_epoch(connection, self.tenant)

        return self.read(work)

    def compare(self, caller: Caller, digest: p.Digest) -> p.DigestAnswer:
        device = self._let_in(caller)
        sender = Sender(self.tenant, device.device, device.store)
        now = self._world.true_wall_ms
        return self.read(lambda connection: compare(connection, sender, digest, now))

    def may_ask(self, caller: Caller) -> None:
        """Raises NotAllowed where another machine stands there now."""
        self._let_in(caller)

    # ------------------------------------------------------------------ inside

    def _let_in(self, caller: Caller) -> Device:
        found = self._let.get(caller.device)
        if found is None:
            read = self.read(lambda connection: read_device(connection, self.tenant, caller.device))
            if not isinstance(read, Device):
                raise NotAllowed("foreign_credential", 403)
            found = self._let[caller.device] = read
        if found.public_key != caller.key:
            raise NotAllowed("foreign_credential", 403)
        return found

    def _note(self, answers: Iterable[p.OpAnswer], device: str) -> None:
        """Write down what this commit took, and whom it changed."""
        changed: set[str] = set()
        for one in answers:
            if one.outcome not in p.FINAL_OUTCOMES:
                continue
            if not self.book.knows(one.op_id):
                raise NobodyWrote(one.op_id)
            # A known one changes marks, if nothing else.
            changed |= self.book.member_of(one.op_id)
            if one.duplicate and one.op_id in self.book.taken.op_ids:
                continue
            is_held = one.outcome == "quarantined"
            self.book.take(one.op_id, device, self._world.true_wall_ms, is_held=is_held)
            if is_held:
                self._look_later()
        self._note_changed(changed)

    def _note_changed(self, changed: set[str]) -> None:
        heads = self._heads()
        if not changed and heads == {s: len(x) for s, x in self.book.taken.published.items()}:
            return
        for member in changed:
            self._note_own(member)
            data = evidence.account(self, member)
            if data is not None:
                self.book.told[(member, data)] = self.book.of_member(member)
        self._note_news(heads)
        self.checks(changed)

    def _look_later(self) -> None:
        """Somebody at head office will look at what is in quarantine."""
        if not self._will_look:
            self._will_look = True
            wait_ms = self._world.chance.randint(1, 6) * HOUR_MS
            self._world.after(wait_ms, "head office looks", self._release)

    def _release(self) -> None:
        self._will_look = False
        now, held = self._world.true_wall_ms, self.book.held()
        for device, store in evidence.pushed_by(self, held).items():
            sender = Sender(self.tenant, device, store, False, ShopTime())
            let_go = partial(release, sender=sender, op_ids=held, now_ms=now, house=self._house)
            self._let_count(self.write(let_go).op_ids)

    def _let_count(self, op_ids: Iterable[str]) -> None:
        answers = [p.OpAnswer(op_id=each, epoch=0, dseq=0, outcome="accepted") for each in op_ids]
        self.read(lambda _: self._note(answers, ""))
        self._tell_waiting()

    def _note_own(self, member: str) -> None:
        """Facts that the server wrote itself."""
        own = [
            row["op_id"]
            for row in evidence.ledger(self, member)
            if row["device"] == SERVER_DEVICE and row["op_id"] not in self.book.taken.op_ids
        ]
        for fact in evidence.facts(self, own):
            self.book.happened(fact)
            self.book.take(fact.op_id, SERVER_DEVICE, self._world.true_wall_ms)

    def _heads(self) -> dict[str, int]:
        streams = ["chain", *(store_stream(store) for store in self._stores)]
        streams += [device_stream(device) for device in sorted(self._devices)]
        keys = [{"shard_key": shard_of(each), "stream": each} for each in streams]
        return {row["stream"]: row["head"] for row in self._rows(t.feed_counter, keys)}

    def _rows(self, table: Any, keys: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return self.read(lambda connection: find(connection, self.tenant, table, keys))

    def _note_news(self, heads: dict[str, int]) -> None:
        for stream, head in heads.items():
            places = self.book.taken.published.setdefault(stream, [])
            keys = [
                {"shard_key": shard_of(stream), "stream": stream, "at": at}
                for at in range(len(places) + 1, head + 1)
            ]
            for row in sorted(self._rows(t.feed, keys), key=lambda row: int(row["at"])):
                facts = self.book.of_member(row["ref"]) if row["kind"] == "member" else frozenset()
                places.append(Published(row["kind"], row["ref"], facts))

    def _reader(self) -> Reader:
        return Reader(self.tenant, self._world.true_wall_ms, self._house)

    def _has_news(self, asked: _Waiting) -> bool:
        published = self.book.taken.published
        places = ((asked.stream, asked.after), *asked.also)
        return any(len(published.get(stream, ())) > place for stream, place in places)

    def _tell_waiting(self) -> None:
        for waiting in self._waiting:
            if not waiting.is_over and self._has_news(waiting):
                self._tell(waiting)
        self._waiting = [each for each in self._waiting if not each.is_over]

    def _tell(self, asked: _Waiting) -> None:
        if asked.is_over:
            return
        asked.is_over = True
        answer = self._read_stream(asked.stream, asked.after)
        heads = {stream: len(self.book.taken.published.get(stream, ())) for stream, _ in asked.also}
        asked.reply(p.encoded(msgspec.structs.replace(answer, heads=heads)))

    def _read_stream(self, stream: str, after: int) -> p.PullAnswer:
        """What was read since the last commit is as it was, but for the time."""
        answer = self._told.get((stream, after))
        if answer is None:
            answer = self.read(
                lambda connection: self.acts.read_stream(connection, self._reader(), stream, after)
            )
            self._told[(stream, after)] = answer
        return msgspec.structs.replace(answer, server_ms=self._world.true_wall_ms)

    def _break_waits(self) -> None:
        """Whoever waited hears nothing any more."""
        for waiting in self._waiting:
            waiting.is_over = True
        self._waiting.clear()


Waiting = _Waiting


def _decoded(data: bytes, kind: type[T]) -> T:
    try:
        return p.decoded(data, kind)
    except msgspec.DecodeError as error:
        raise Garbled(str(error)) from error
