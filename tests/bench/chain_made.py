"""A made-up chain for the benchmark: PostgreSQL that writes through, the server as a process,
members with names and points, and sales as a till makes them.

Owns: those. Does not own: any measuring.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from sqlalchemy import Connection

from app.domain import effects as do
from app.domain.chain import GENESIS, chain_hash
from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import MemberJoined, SaleRecorded, Sealed, canonical_bytes
from app.domain.ids import uuid7
from app.domain.member import Member
from app.domain.moment import Moment
from app.store.cipher import NONCE_LENGTH, seal
from app.store.made_up import MadeUp, made_members
from app.store.server_file import open_server_keys
from sync.protocol import Enrolled, MemberKey, Op, Push
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.ingest import ingest
from sync.server.join import Ready, make_ready
from sync.server.migrations import SchemaReady, bring_up
from sync.server.secret import ServerSecret, system_chance
from sync.server.sender import House, Sender
from sync.server.tenant import new_id, store_numbered
from tests.chain.postgres import Postgres
from tests.domain.heart_builders import a_line, a_receipt, a_sale
from tests.sync.server.chain import Chain, Machine
from tests.sync.server.web.server_process import RunningServer, ServerHome

LINES = 4
REDEEMING = 5
"""Every so many-th sale spends points."""
POINTS = 10_000
"""What each member begins with."""
BATCH = 200


def now_ms() -> int:
    """By this machine."""
    return int(datetime.now(UTC).timestamp() * 1000)


@dataclass(frozen=True)
class Office:
    """Head office: its server as a process, and its database beside it."""

    ready: Ready
    house: House
    home: ServerHome
    server: RunningServer
    postgres: Postgres

    @property
    def tenant(self) -> str:
        return self.ready.tenant.tenant

    def store(self, number: int) -> str:
        """The id of a store, made where there is none."""
        fresh = new_id(now_ms(), system_chance)
        return self.ready.database.write(
            lambda connection: (
                store_numbered(connection, self.tenant, number, name=None, new=fresh).store
            )
        )

    def code(self, store: int, till: int) -> str:
        """A one-time code."""
        return self.ready.database.write(
            lambda connection: Chain(connection, self.ready.secret).code(
                store=store, till=till, now_ms=now_ms()
            )
        )

    def token(self, store: int, till: int) -> str:
        """Of a till that came in just now."""
        machine, at_ms = Machine(), now_ms()

        def let_in(connection: Connection) -> str:
            chain = Chain(connection, self.ready.secret)
            code = chain.code(store=store, till=till, now_ms=at_ms)
            assert isinstance(chain.enrols(machine.asks(code), now_ms=at_ms), Enrolled)
            return chain.token(machine, now_ms=at_ms)

        return self.ready.database.write(let_in)

    def take(self, sender: Sender, push: Push) -> None:
        """One push, past the wire: what is not measured."""
        self.ready.database.write(
            lambda connection: ingest(connection, sender, push, now_ms(), self.house)
        )


@contextmanager
def an_office(folder: Path, stack: ExitStack) -> Iterator[Office]:
    """As `main.py server --database` has it, one worker."""
    postgres = stack.enter_context(closing(Postgres(folder / "postgres")))
    home = ServerHome(folder / "server", postgres.url)
    secret = ServerSecret(open_server_keys(home.folder).secret)
    database = stack.enter_context(closing(ServerDatabase(postgres_engine(postgres.url))))
    ready = make_ready(database, secret, name="人民茶庄")
    assert isinstance(ready, Ready)
    house = House(secret.mac("keys of members", b""))
    with home.serving() as server:
        yield Office(ready, house, home, server, postgres)


def a_twin(office: Office, name: str) -> ServerDatabase:
    """An empty database of the same PostgreSQL, with today's schema."""
    with psycopg.connect(
        office.postgres.url.replace("+psycopg", ""), autocommit=True
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    url = office.postgres.url.replace("/chain", f"/{name}")
    database = ServerDatabase(postgres_engine(url))
    assert isinstance(bring_up(database.engine), SchemaReady)
    return database


# ------------------------------------------------------------------ who and what


def people(count: int) -> list[Member]:
    """The members of the chain."""
    return list(made_members(MadeUp(count, 0)))


def joined(member: Member, store: str) -> tuple[MemberJoined, MemberKey]:
    """Joined with his name under a key of his own, and with points."""
    key = MemberKey(member=member.member_id, key_id="k-1", secret=random.randbytes(32))
    packed = seal(key.secret, msgspec.json.encode(member.person), bound_to=b"k-1")
    at_ms = now_ms()
    fact = MemberJoined(
        op_id=uuid7(at_ms, random.getrandbits(74)),
        store=store,
        day=today(),
        clock=Moment(at_ms, at_ms, "bench"),
        member=member.member_id,
        card=member.card_code,
        effects=(do.Joined(), do.Gained(points=POINTS, expires_in=12)),
        profile=Sealed(key.key_id, packed[:NONCE_LENGTH], packed[NONCE_LENGTH:]),
    )
    return fact, key


def today() -> date:
    """The shop's, wherever this runs."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def sales(count: int, store: str, members: Sequence[str], seed: int = 0) -> Iterator[SaleRecorded]:
    """Sales of four lines; the fifth of them spends points."""
    chance, day, at_ms = random.Random(seed), today(), now_ms()
    for number in range(1, count + 1):
        spends = 100 if number % REDEEMING == 0 else 0
        lines = tuple(
            a_line(str(place), points_spent=spends if place == 1 else 0)
            for place in range(1, LINES + 1)
        )
        yield a_sale(
            number,
            day,
            op_id=uuid7(at_ms + number, chance.getrandbits(74)),
            store=store,
            member=chance.choice(members),
            clock=Moment(at_ms + number, at_ms + number, "bench"),
            code=receipt_code(ReceiptNumber(1, 1, 1, day, number)).text,
            lines=lines,
            receipt=a_receipt(lines),
        )


def fill(office: Office, store: str, members: Sequence[Member]) -> None:
    """Let them join, past the wire."""
    sender, links = Sender(office.tenant, f"past-{store}", store), Links()
    for start in range(0, len(members), BATCH):
        pairs = [joined(each, store) for each in members[start : start + BATCH]]
        ops = tuple(links.next(fact.op_id, canonical_bytes(fact)) for fact, _ in pairs)
        office.take(sender, Push(ops=ops, keys=tuple(key for _, key in pairs)))


@dataclass
class Links:
    """The chain of a device that keeps nothing."""

    dseq: int = 0
    head: bytes = GENESIS

    def next(self, op_id: str, data: bytes) -> Op:
        """In its envelope."""
        self.dseq, self.head = self.dseq + 1, chain_hash(self.head, data)
        return Op(op_id=op_id, epoch=1, dseq=self.dseq, hash=self.head, data=data)
