"""The ports of a till in memory: honest, small, and with a disk that can be full.

Owns: an outbox, an inbox, clocks and keys that keep what they promise in sync/ports.py. Does not
own: the real ones (the till's store), the server.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.domain.chain import GENESIS, chain_hash
from app.domain.ids import OpId
from sync.ports import Applied, Backlog, Hole, OtherServer, Untold, Waiting
from sync.protocol import Enrolled, Event, LookUpAnswer, MemberKey, Op, OpAnswer, PullAnswer
from tests.domain.heart_builders import op

TILL = "till-renmin-2"


class DiskFull(Exception):
    """The store's own error."""


@dataclass
class Clocks:
    """Clocks that a test sets."""

    ms: int = 0

    def wall_ms(self) -> int:
        return 1_795_320_000_000 + self.ms

    def monotonic_ms(self) -> int:
        return self.ms


@dataclass
class Keys:
    """Credentials of one till, in memory."""

    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    url: str | None = None
    kept: Enrolled | None = None

    def server_url(self) -> str | None:
        return self.url

    def device(self) -> str:
        return TILL

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data)

    def enrolled(self, answer: Enrolled, url: str) -> None:
        self.kept, self.url = answer, url


class RealClock:
    """The clocks of this machine."""

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000


@dataclass
class Disk:
    """Whether the store can write at the moment."""

    full: bool = False

    def touch(self) -> None:
        if self.full:
            raise DiskFull


@dataclass
class MemoryOutbox:
    """Ops in the order of their commit; thread-safe as the store lane is."""

    disk: Disk = field(default_factory=Disk)
    ops: dict[OpId, Op] = field(default_factory=dict)
    waits: dict[OpId, Waiting] = field(default_factory=dict)
    pending: dict[OpId, None] = field(default_factory=dict)
    settled: dict[OpId, OpAnswer] = field(default_factory=dict)
    head: bytes = GENESIS
    keys_per_op: int = 1
    lock: threading.Lock = field(default_factory=threading.Lock)

    def commit(self, data: bytes, *aggregates: str) -> OpId:
        with self.lock:
            number = len(self.ops) + 1
            self.head = chain_hash(self.head, data)
            made = Op(op_id=op(number), epoch=1, dseq=number, hash=self.head, data=data)
            self.ops[made.op_id] = made
            self.waits[made.op_id] = Waiting(made.op_id, 1, number, len(data), aggregates)
            self.pending[made.op_id] = None
            return made.op_id

    def waiting(self, limit: int) -> Sequence[Waiting]:
        self.disk.touch()
        with self.lock:
            found = [self.waits[op_id] for op_id in self.pending]
            return sorted(found, key=lambda one: (one.epoch, one.dseq))[:limit]

    def load(self, op_ids: Sequence[OpId]) -> Sequence[Op]:
        self.disk.touch()
        return [self.ops[op_id] for op_id in op_ids]

    def keys_for(self, op_ids: Sequence[OpId]) -> Sequence[MemberKey]:
        key = MemberKey(member=op(1), key_id="key-2026-11", secret=bytes(32))
        return [key] * self.keys_per_op * len(op_ids)

    def settle(self, answers: Sequence[OpAnswer], *, server_epoch: int) -> None:
        self.disk.touch()
        with self.lock:
            for one in answers:
                if one.outcome == "fork":
                    continue
                self.settled[one.op_id] = one
                self.pending.pop(one.op_id, None)

    def push_again(self, epoch: int, above: int) -> int:
        with self.lock:
            again = [one.op_id for one in self.ops.values() if one.dseq > above]
            self.pending.update(dict.fromkeys(again))
            return len(again)

    def backlog(self) -> Backlog:
        return Backlog(pending=len(self.pending))


@dataclass
class MemoryInbox:
    """Streams, cursors and events."""

    disk: Disk = field(default_factory=Disk)
    places: dict[str, int] = field(
        default_factory=lambda: {"chain": 0, f"device:{TILL}": 0, "store:renmin-road": 0}
    )
    received: dict[str, list[Event]] = field(default_factory=dict)
    epoch: int | None = None
    adopted: tuple[bytes, bytes] | None = None
    doubts: int = 0
    old: list[str] = field(default_factory=list)
    """Members told of by a server that was restored since."""
    heard_of: dict[str, LookUpAnswer] = field(default_factory=dict)

    def streams(self) -> Sequence[str]:
        self.disk.touch()
        return tuple(self.places)

    def cursors(self) -> Mapping[str, int]:
        return dict(self.places)

    def server_epoch(self) -> int | None:
        return self.epoch

    def apply(self, answer: PullAnswer) -> Applied | Hole | OtherServer:
        self.disk.touch()
        if self.epoch not in (None, answer.server_epoch):
            return OtherServer(self.epoch or 0, answer.server_epoch)
        cursor = self.places[answer.stream]
        fresh = [one for one in answer.events if one.at > cursor]
        if fresh and fresh[0].at != cursor + 1:
            return Hole(cursor, fresh[0].at)
        self.epoch = answer.server_epoch
        self.received.setdefault(answer.stream, []).extend(one.event for one in fresh)
        self.places[answer.stream] = cursor + len(fresh)
        return Applied(self.places[answer.stream])

    def untold(self, after: str) -> Untold:
        behind = [one for one in self.old if one > after]
        return Untold(behind[:2], behind[1] if behind[2:] else None)

    def heard(self, member_id: str, answer: LookUpAnswer) -> None:
        self.disk.touch()
        self.heard_of[member_id] = answer

    def doubt(self) -> None:
        self.doubts += 1

    def adopt(self, snapshot: Path, key: bytes, positions: Mapping[str, int], epoch: int) -> None:
        self.disk.touch()
        self.adopted = (snapshot.read_bytes(), key)
        self.places.update(positions)
        self.epoch = epoch
