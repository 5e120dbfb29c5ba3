"""The real store for the simulation: tills' files and the server's, opened without a lane's thread.

Owns: one unit of work at a time over the real tables, what all databases compiled together. Does
not own: what happens in a simulated world and its faults (sync/simulation, which never sees the
store; its ports say what is needed here).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import msgspec

from app.domain.business_day import ShopTime, business_day
from app.domain.facts import Fact
from app.domain.grant import OfflineSpend
from app.domain.link import Contact
from app.domain.moment import Moment
from app.domain.months import Month
from app.domain.offline_allowance import granted_points, offline_allowance
from app.domain.program import Program
from app.domain.settings import Identity
from app.domain.view import view
from app.services.made_up_fact import record_fact
from app.services.offline_room import offline_room
from app.store.database import Database, connect_writer
from app.store.migrations import load_steps, migrate
from app.store.place import StorePlace
from app.store.sqlcipher import dbapi
from app.store.unit_of_work import UnitOfWork

T = TypeVar("T")
KEY = bytes(range(32))
"""Nothing that is made up has to be kept from anybody."""
UNSYNCED = "PRAGMA synchronous=OFF"
"""What a death takes with it is made up too (sync/simulation): the disk is not waited for."""
_DIALECTS: dict[str, Any] = {}
_COMPILED: dict[str, dict[Any, Any]] = {}
"""By kind of engine or connection: a world opens files a hundred times, and compiles once."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One member at a till: what screens read, and the bytes the server told last."""

    data: bytes
    """account.account_bytes."""
    told: bytes | None
    """The same as the server said; None: it never told of him here."""


@dataclass(frozen=True, slots=True)
class Purse:
    """What may be spent of a member's points while nobody is asked."""

    by_grant: int
    by_floor: int
    grant: str | None = None
    buckets: Mapping[int, int] = field(default_factory=dict)
    """What is left of the grant, by expiry month."""


class TillFile:
    """A till's open store."""

    def __init__(self, folder: Path) -> None:
        self._database = Database(StorePlace.in_folder(folder), KEY)
        _speak_alike(self._database.connection)
        self._driver: Any = self._database.raw
        self._driver.execute(UNSYNCED)
        self._shown: dict[str, Shown | None] = {}
        self._shown_at = -1
        """As of which of this connection's changes; nobody else writes."""

    def run(self, work: Callable[[Any], T], before_commit: Callable[[], None]) -> T:
        """Run it in one transaction; what `before_commit` raises rolls it back."""
        connection, driver = self._database.connection, self._driver
        driver.execute("BEGIN IMMEDIATE")
        try:
            unit = UnitOfWork(connection)
            answer = work(unit)
            before_commit()
        except BaseException:
            connection.rollback()
            driver.rollback()
            raise
        connection.commit()  # where SQLAlchemy was asked anything
        driver.commit()
        for callback in unit.callbacks:
            callback()
        return answer

    def record(self, work: Any, fact: Fact, days: Mapping[str, date]) -> None:
        """Append the fact and fold it, as services do."""
        record_fact(work=work, fact=fact, days=days)

    def purse(self, member: str, contact: Contact, now: Moment, program: Program) -> Purse:
        """As the counter judges it, of who is known here."""
        return self._read(lambda work: _purse(work, member, contact, now, program))

    def spend(self, work: Any, spent: OfflineSpend) -> None:
        """Keep what a sale spent without asking."""
        work.grants.spend_offline(spent)

    # Whoever looks on asks the file itself: the store's own questions are asked by who lives here.

    def op_ids(self) -> frozenset[str]:
        """All facts of this file."""
        return frozenset(op_id for (op_id,) in self._driver.execute("SELECT op_id FROM fact"))

    def has_pending(self) -> bool:
        """Whether anything waits for its answer."""
        asked = "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending')"
        return bool(self._driver.execute(asked).fetchone()[0])

    def dead_letters(self) -> frozenset[str]:
        """What was refused and waits for a person."""
        return self._read(
            lambda work: frozenset(each.op_id for each in work.outbox.in_state("set_aside", 10_000))
        )

    def known(self, op_ids: Iterable[str]) -> frozenset[str]:
        """Those that can be read here."""
        wanted = msgspec.json.encode(list(op_ids)).decode()
        return frozenset(op_id for (op_id,) in self._driver.execute(_KNOWN, {"wanted": wanted}))

    def shown(self, members: Iterable[str]) -> Mapping[str, Shown]:
        """What screens read of these members."""
        at = self._driver.total_changes
        if at != self._shown_at:
            self._shown, self._shown_at = {}, at
        keys = list(members)
        missing = [each for each in keys if each not in self._shown]
        if missing:
            asked = msgspec.json.encode(missing).decode()
            self._shown.update(dict.fromkeys(missing))
            for member, data, told in self._driver.execute(_SHOWN, (asked,)):
                self._shown[member] = Shown(data, told)
        return {each: one for each in keys if (one := self._shown[each]) is not None}

    def inbox_epoch(self) -> int | None:
        """The server epoch this till knows."""
        row = self._driver.execute("SELECT server_epoch FROM enrolment").fetchone()
        return None if row is None else row[0]

    def close(self) -> None:
        """Let go of the file as a dying process does: what is not committed is gone."""
        self._database.close()

    def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        return self.run(work, lambda: None)


_KEEP_FACTS = ("fact", "known_fact", "tier_fact", "complaint_fact")
"""Where a fact can be read again: this till's own, and each kind that others tell of."""
_KNOWN = " UNION ".join(
    f"SELECT op_id FROM {table} WHERE op_id IN (SELECT value FROM json_each(:wanted))"  # noqa: S608 (names of this file)
    for table in _KEEP_FACTS
)
_SHOWN = (
    "SELECT a.member_id, a.data, c.data FROM account a"
    " LEFT JOIN confirmed_account c ON c.member_id = a.member_id"
    " WHERE a.member_id IN (SELECT value FROM json_each(?))"
)


class Room:
    """Fits sync.simulation.ports.Room; may be handed to another process."""

    server_driver: ModuleType = dbapi

    def make_till(self, folder: Path) -> None:
        """An empty store of today's schema."""
        folder.mkdir(parents=True)
        database = Database(StorePlace.in_folder(folder), KEY)
        migrate(database.raw, load_steps())
        with database.connection.begin():
            UnitOfWork(database.connection).member_keys.claim_secret()
        database.checkpoint(truncate=True)
        database.close()

    def settle_in(self, folder: Path, identity: Identity) -> None:
        """Write the identity into it."""
        file = TillFile(folder)
        file.run(lambda work: work.device.write(identity), lambda: None)
        file.close()

    def open_till(self, folder: Path) -> TillFile:
        """The store of a till."""
        return TillFile(folder)

    def copy_till(self, source: Path, target: Path) -> None:
        """Database and write-ahead log; nobody writes meanwhile, all of a world is one thread."""
        target.mkdir(parents=True, exist_ok=True)
        for old in target.iterdir():
            old.unlink()
        place = StorePlace.in_folder(source)
        for file in (place.database, place.write_ahead_log):
            if file.exists():
                shutil.copyfile(file, target / file.name)

    def connect_server(self, path: Path) -> Any:
        """A connection to the server's file."""
        connection = connect_writer(path, KEY)
        connection.execute(UNSYNCED)
        return connection

    def speak_alike(self, engine: Any) -> Any:
        """The server's engine, with what others like it compiled."""
        return _speak_alike(engine)


def _speak_alike(one: Any) -> Any:
    """Let an engine, or a connection, use what others of its kind compiled."""
    kind = type(one).__name__
    one.dialect = _DIALECTS.setdefault(kind, one.dialect)
    return one.execution_options(compiled_cache=_COMPILED.setdefault(kind, {}))


def _purse(work: UnitOfWork, member: str, contact: Contact, now: Moment, program: Program) -> Purse:
    day = business_day(now, ShopTime(program.timezone))
    month, now_ms = Month.of(day).index, now.wall_ms + (contact.offset_ms or 0)
    room = offline_room(contact=contact, work=work, member_id=member, now=now)
    points = [granted_points(each, now_ms=now_ms, month=month) for each in room.grants]
    given = max(points, default=0)
    best = room.grants[points.index(given)] if given else None
    confirmed, shown = work.confirmed.account(member), work.accounts.get(member)
    balance = None
    if confirmed is not None and shown is not None:
        spent = sum(shown.taken.values()) - sum(confirmed.taken.values())
        balance = view(confirmed, program, day).balance - max(0, spent)
    allowed = offline_allowance(
        program.offline, confirmed_balance=balance, granted=given, since=room.since
    )
    if best is None:
        return Purse(allowed.by_grant, allowed.by_floor)
    return Purse(allowed.by_grant, allowed.by_floor, best.grant, best.buckets)


ROOM = Room()
