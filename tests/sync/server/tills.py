"""Tills as the server meets them: a chain, its envelopes, and pushes in any portion and order.

Owns: Till, the builders of what it says, a step of the server that fails. Does not own: facts
(tests/domain/heart_builders.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Table, event, select

from app.domain.account import MemberAccount, account_of
from app.domain.business_day import ShopTime
from app.domain.chain import GENESIS, chain_hash
from app.domain.facts import canonical_bytes
from app.domain.moment import Moment
from sync.protocol import MemberKey, Op, Push, PushAnswer
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.ingest import ingest
from sync.server.sender import House, Sender
from sync.server.tables import shard_of
from tests.domain.heart_builders import NOON_MS, STORE

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


@dataclass
class Till:
    """One device with its chain; whatever it records it keeps, and may push again."""

    device: str
    store: str = STORE
    epoch: int = 1
    ops: list[Op] = field(default_factory=list)
    head: bytes = GENESIS

    def record(self, fact: Any) -> Op:
        """Append a fact (or bytes with their id) to the chain."""
        data = fact if isinstance(fact, bytes) else canonical_bytes(fact)
        return self.append(fact.op_id, data)

    def append(self, op_id: str, data: bytes) -> Op:
        self.head = chain_hash(self.head, data)
        mine = [each for each in self.ops if each.epoch == self.epoch]
        op = Op(op_id=op_id, epoch=self.epoch, dseq=len(mine) + 1, hash=self.head, data=data)
        self.ops.append(op)
        return op

    def restored(self) -> Till:
        """The same till out of a backup: a new epoch in which it says everything again."""
        again = Till(self.device, self.store, self.epoch + 1)
        for op in self.ops:
            if op.epoch == self.epoch:
                again.append(op.op_id, op.data)
        return again


@dataclass
class Chain:
    """The server for one tenant, and what is asked of it."""

    database: ServerDatabase
    tenant: str
    now_ms: int = NOON_MS
    house: House = field(default_factory=lambda: House(bytes(range(32)), Random(7).getrandbits))
    shop_time: ShopTime = field(default_factory=ShopTime)

    def push(
        self,
        till: Till,
        ops: Sequence[Op] | None = None,
        *,
        keys: tuple[MemberKey, ...] = (),
        revoked: bool = False,
        enrolled_ms: int = 0,
        final: bool = False,
        is_channel: bool = False,
    ) -> PushAnswer:
        shop_time = self.shop_time
        sender = Sender(
            self.tenant, till.device, till.store, revoked, shop_time, enrolled_ms, is_channel
        )
        said = Push(ops=tuple(till.ops if ops is None else ops), keys=keys, final=final)
        return self.database.write(
            lambda connection: ingest(connection, sender, said, self.now_ms, self.house)
        )

    def rows(self, table: Table, **where: Any) -> list[dict[str, Any]]:
        """All rows of this tenant's table with these values, in the order of its key."""
        found = select(table).where(table.c.tenant_id == self.tenant)
        for name, value in where.items():
            found = found.where(table.c[name] == value)
        found = found.order_by(*table.primary_key.columns)
        return self.database.read(
            lambda connection: [dict(row) for row in connection.execute(found).mappings()]
        )

    def account(self, member: str) -> MemberAccount:
        [row] = self.rows(t.account, member=member)
        return account_of(row["data"])

    def cases(self, kind: str | None = None) -> list[dict[str, Any]]:
        where = {} if kind is None else {"kind": kind}
        return self.rows(t.exception_case, **where)

    def feed(self, stream: str) -> list[dict[str, Any]]:
        rows = self.rows(t.feed, shard_key=shard_of(stream), stream=stream)
        return sorted(rows, key=lambda row: row["at"])


def outcomes(answer: PushAnswer) -> list[str]:
    """What became of each op; "again" beside it for a duplicate."""
    return [f"{each.outcome} again" if each.duplicate else each.outcome for each in answer.answers]


def with_clock(fact: Any, wall_ms: int, **clock: Any) -> Any:
    """The same fact, made when the clocks said so."""
    said: dict[str, Any] = {"monotonic_ms": wall_ms - NOON_MS + DAY_MS, "boot_id": "boot-1"}
    return replace(fact, clock=Moment(wall_ms, **(said | clock)))


@contextmanager
def fault_at(database: ServerDatabase, op_id: str, raised: Exception) -> Iterator[None]:
    """A step of the server that cannot bear one op: it fails where its ledger row is written."""

    def before(connection: Any, cursor: Any, words: str, values: Any, *_: Any) -> None:
        if "INSERT INTO ledger" in words and op_id in str(values):
            raise raised

    event.listen(database.engine, "before_cursor_execute", before)
    try:
        yield
    finally:
        event.remove(database.engine, "before_cursor_execute", before)


@contextmanager
def statements_of(database: ServerDatabase) -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, words: str, *_: Any) -> None:
        said.append(words)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
