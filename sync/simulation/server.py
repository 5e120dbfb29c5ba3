"""The server of a world: the real functions over a real encrypted file, and what befalls it.

Owns: carrying bytes to those functions, who is let in, death between commit and answer, coming back
from an older copy. Does not own: HTTP, tokens (a device is known by its key), the file
(server_file.py), who waits (listening.py), what is written down of it (bookkeeping.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import msgspec

from app.domain.business_day import ShopTime
from sync import protocol as p
from sync.errors import Garbled, NotAllowed, Refused
from sync.server.calendar_fact import run_calendar
from sync.server.device import Device, read_device
from sync.server.digest import compare
from sync.server.enrolment import Place, enrol, make_code
from sync.server.feed import Reader, device_stream, head_and_tail, read_stream, store_stream
from sync.server.grant import give_grant
from sync.server.head_office import Office, Said
from sync.server.ingest import ingest
from sync.server.look_up import look_up
from sync.server.merge import MergeAnswer, Merged, merge_members
from sync.server.publish import publish_program
from sync.server.reserve import reserve, void
from sync.server.secret import ServerSecret
from sync.server.sender import House, Sender
from sync.server.server_epoch import raise_epoch, server_epoch
from sync.server.tenant import Tenant, store_numbered, the_tenant
from sync.simulation import evidence
from sync.simulation.bookkeeping import Bookkeeping
from sync.simulation.clerk import Book, Promise
from sync.simulation.kept_pieces import KeptPieces, pieces_between
from sync.simulation.listening import Listening, Waiting
from sync.simulation.network import Caller, ServerDied
from sync.simulation.ports import Room
from sync.simulation.profile import Profile
from sync.simulation.program import PROGRAM, the_program
from sync.simulation.server_file import ServerFile
from sync.simulation.world import HOUR_MS, STARTS_MS, World

T = TypeVar("T")
DAY_MS = 24 * HOUR_MS
REVIEWS_MS = STARTS_MS + 47 * DAY_MS
"""The fifth of January: what was reached in November and lasts a month is reviewed."""
SURE = 0.7
STORES = ("renmin-road", "xihu", "jiefang")


@dataclass(frozen=True, slots=True)
class Acts:
    """The server's functions, so that a mutant may bring another one."""

    ingest: Callable[..., p.PushAnswer] = ingest
    reserve: Callable[..., p.Reserved] = reserve
    give_grant: Callable[..., p.GrantAnswer] = give_grant
    read_stream: Callable[..., p.PullAnswer] = read_stream
    compare: Callable[..., p.DigestAnswer] = compare
    merge_members: Callable[..., MergeAnswer] = merge_members


class Server:
    """One tenant's server. Messages come and go as bytes."""

    def __init__(self, world: World, profile: Profile, room: Room, folder: Path) -> None:
        self.world, self._profile = world, profile
        self.acts = Acts()
        self.checks: Callable[[set[str]], None] = lambda _: None
        """Asked after every commit, with the members it changed."""
        self.promises: Callable[[Promise], None] = lambda _: None
        """Asked about everything that is promised, before it counts."""
        chance = Random(world.chance.getrandbits(64))
        self._bytes = chance.randbytes
        self.house = House(bytes(range(32)), chance.getrandbits)
        self._secret = ServerSecret(bytes(range(32)))
        self.devices: set[str] = set()
        self._let: dict[str, Device] = {}
        """As the devices' rows say; asked anew after every enrolment."""
        self.file = ServerFile(world, profile, room, folder)
        self.listening, self._books = Listening(self), Bookkeeping(self)
        self.passes = 0
        """Of the calendar."""
        self.stores = STORES[: profile.stores]
        self.tenant = self.file.write_surely(self._found)
        self.epoch = 1
        self._books.begin()

    @property
    def book(self) -> Book:
        """What a clerk knows of it."""
        return self._books.book

    @property
    def now_ms(self) -> int:
        """By its own clock."""
        return self.world.true_wall_ms

    def read(self, work: Callable[[Any], T]) -> T:
        """Within another one it is the same transaction."""
        return self.file.read(work)

    # ------------------------------------------------------------------ its life

    def keep_copy(self) -> None:
        """A backup."""
        self.file.keep_copy()
        self._books.keep_copy()

    def restore(self) -> None:
        """The machine is lost: on with the backup, in a new epoch."""
        if not self._books.put_back():
            return
        self.world.fault("the server comes back from an older copy")
        self.file.put_back()
        self._let.clear()
        self.listening.break_off()
        self.epoch = self.file.write_surely(self._raised)

    def _raised(self, connection: Any) -> int:
        epoch = 0
        while epoch <= self.epoch:
            epoch = raise_epoch(connection, self.tenant)
        return epoch

    def _found(self, connection: Any) -> str:
        tenant = the_tenant(
            connection, self._secret, name="人民茶庄", now_ms=self.now_ms, chance=self._bytes
        )
        assert isinstance(tenant, Tenant)
        for number, name in enumerate(self.stores, start=1):
            store_numbered(connection, tenant.tenant, number, name=name, new=name)
        publish_program(connection, tenant.tenant, the_program(), PROGRAM, self.now_ms)
        return tenant.tenant

    # ------------------------------------------------------------------ getting in

    def code(self, store: str, till_number: int) -> str:
        """Somebody at head office makes a code for this place."""
        place, now = Place(self.tenant, store, till_number, "till", replaces=True), self.now_ms
        return self.file.write_surely(
            lambda connection: make_code(
                connection, self._secret, place, now_ms=now, chance=self._bytes
            )
        )

    def enrol(self, data: bytes) -> bytes:
        """Let a till in by its code."""
        asked, now = _decoded(data, p.Enrol), self.now_ms
        answer = self.file.write(
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
        self.devices.add(answer.device)
        self._let.clear()
        return p.encoded(answer)

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

    # ------------------------------------------------------------------ what tills ask

    def push(self, caller: Caller, data: bytes) -> bytes:
        """Take facts in."""
        device, push, now = self._let_in(caller), _decoded(data, p.Push), self.now_ms
        sender = Sender(
            self.tenant, device.device, device.store, device.is_revoked, ShopTime(),
            enrolled_ms=device.enrolled_ms,
        )  # fmt: skip
        answer = self.file.write(
            lambda connection: self.acts.ingest(connection, sender, push, now, self.house)
        )
        self.read(lambda _: self._books.note(answer.answers, device.device))
        self.listening.tell()
        if not self.file.is_healed and self.world.happens(self._profile.server_crash):
            self.listening.break_off()
            raise ServerDied
        return p.encoded(answer)

    def pull(self, asked: Waiting, wait_ms: int) -> None:
        """Tell what is new, now or when there is something."""
        self._let_in(asked.caller)
        self.listening.ask(asked, wait_ms)

    def reserve(self, caller: Caller, data: bytes) -> bytes:
        """Keep points for one sale."""
        device, asked, now = self._let_in(caller), _decoded(data, p.Reserve), self.now_ms
        answer = self.file.write(
            lambda connection: self.acts.reserve(connection, device, asked, now)
        )
        if answer.refusal is None and asked.member is not None and answer.ends_ms > now:
            wanted = Promise(asked.member, device.device, asked.points, answer.ends_ms)
            self._books.promised(asked.reservation, wanted)
        if answer.refusal is None and asked.pieces and answer.ends_ms > now:
            parts = [(each.line, each.start, each.end) for each in asked.pieces]
            pieces = pieces_between(asked.sale or "", parts)
            self._books.kept(asked.reservation, KeptPieces(pieces, answer.ends_ms))
        return p.encoded(answer)

    def look_up(self, caller: Caller, data: bytes) -> bytes:
        """Tell at once of whom or what a till does not know."""
        device, asked, now = self._let_in(caller), _decoded(data, p.LookUp), self.now_ms
        answer = self.file.write(
            lambda connection: look_up(connection, device, asked, now, self.house)
        )
        self._books.acted(set())
        return p.encoded(answer)

    def void(self, caller: Caller, data: bytes) -> bytes:
        """Give it free."""
        device, asked, now = self._let_in(caller), _decoded(data, p.Void), self.now_ms
        answer = self.file.write(lambda connection: void(connection, device, asked, now))
        self._books.freed(asked.reservation)
        return p.encoded(answer)

    def grant(self, caller: Caller, data: bytes) -> bytes:
        """Give a device a part of a balance."""
        device, asked, now = self._let_in(caller), _decoded(data, p.GrantWanted), self.now_ms
        answer = self.file.write(
            lambda connection: self.acts.give_grant(connection, device, asked, now)
        )
        if answer.given is not None:
            points = sum(answer.given.buckets.values())
            wanted = Promise(answer.given.member, device.device, points)
            self._books.promised(asked.grant, wanted)
        return p.encoded(answer)

    def merge(self, one: str, other: str) -> None:
        """Somebody at head office sees that two members are one person."""
        said, now = Said("manager-wang", "the same person"), self.now_ms

        def work(connection: Any) -> MergeAnswer:
            office = Office(connection, self.tenant, now, self.house)
            return self.acts.merge_members(office, one, other, said)

        if isinstance(self.file.write(work), Merged):
            self._books.merged(one, other)

    def look_at_proposals(self, chance: Random) -> None:
        """Somebody sees that two members have one number; not always he can tell at once."""
        for one, other in evidence.proposals(self, is_open=True):
            if chance.random() < SURE:
                self.merge(one, other)

    def keep_calendar(self) -> None:
        """The calendar of a night after the month in which tiers end: nobody waits so long here.

        Each pass is of another night.
        """
        now = REVIEWS_MS + self.passes * DAY_MS
        self.passes += 1
        while self.file.at_night(lambda all_: run_calendar(all_, self.tenant, now, self.house)):
            pass
        self._books.acted(set(self.book.taken.by_member))

    def compare(self, caller: Caller, digest: p.Digest) -> p.DigestAnswer:
        """Whether both sides count alike."""
        device, now = self._let_in(caller), self.now_ms
        sender = Sender(self.tenant, device.device, device.store)
        return self.read(lambda connection: self.acts.compare(connection, sender, digest, now))

    def snapshot(self, caller: Caller) -> tuple[list[tuple[str, bytes]], dict[str, int], int]:
        """Everything of the device's streams, with the places it stands for, and the epoch."""
        device = self._let_in(caller)
        streams = ("chain", store_stream(device.store), device_stream(device.device))
        reader = Reader(self.tenant, self.now_ms, self.house, frozenset(p.READS))

        def work(connection: Any) -> tuple[list[tuple[str, bytes]], dict[str, int], int]:
            rows: dict[tuple[str, str], tuple[str, bytes]] = {}
            places = {}
            for stream in streams:
                after, head = 0, head_and_tail(connection, self.tenant, stream)[0]
                while after < head:
                    part = read_stream(connection, reader, stream, after)
                    for one in part.events:
                        key = getattr(one.event, "member", None) or f"{stream}:{one.at}"
                        if not isinstance(one.event, p.Commanded):
                            rows[(stream, key)] = (stream, p.encoded(one.event))
                    after = part.events[-1].at
                places[stream] = head
            return list(rows.values()), places, server_epoch(connection, self.tenant)

        return self.read(work)


def _decoded(data: bytes, kind: type[T]) -> T:
    try:
        return p.decoded(data, kind)
    except msgspec.DecodeError as error:
        raise Garbled(str(error)) from error
