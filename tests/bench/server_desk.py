"""Benchmark of head office's desk: a real PostgreSQL with very many members and sales, on disk.

    python -m tests.bench.server_desk --members 1000000 --sales 5000000 --folder /var/tmp/desk

Owns: timing what head office waits for - the first pages of the list of members, the month, the
segments of everybody with their progress and broken off - by the functions and by the commands as a
person types them; and how long a till waits for its pushes over HTTP while everybody is judged.
Does not own: filling (server_made.py), the budgets (said beside the figures, never enforced: a
benchmark is no timed test). What was made stays in the folder for the next time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, func, select

from app.domain.facts import canonical_bytes
from app.domain.figures import Days, Figure, month_of
from app.domain.program import Program
from app.domain.program_file import decode_program
from app.domain.segments import DEFAULT_RULES
from app.store.server_file import open_server_keys
from sync.protocol import Push
from sync.server import tables as t
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.day_papers import hours_of_day, papers_page
from sync.server.device import device_table
from sync.server.figures import CHAIN, Slice, behind_page, slice_figures, sums_by_day
from sync.server.join import Ready, make_ready
from sync.server.member_list import ListChoice, ListPage, ListPlace, list_members
from sync.server.rows import put
from sync.server.secret import ServerSecret
from sync.server.segments import judge_all
from sync.server.sender import House
from sync.server.tables import shard_of
from tests.bench.chain import percentile
from tests.bench.chain_load import Speaker, say_all
from tests.bench.chain_made import Links, Office, sales
from tests.bench.server_made import LAST, fill
from tests.bench.server_repeated import say
from tests.chain.postgres import Postgres
from tests.kill.shop import keys_in_files
from tests.sync.server.programs import TOML
from tests.sync.server.web.server_process import ServerHome

T = TypeVar("T")

TIMES = 5
LIST_MS, MONTH_MS, SEGMENTS_S = 200, 1_000, 20
TILL_EVERY_S, SALES_MEANWHILE = 0.25, 120
MONTH = month_of(date(2026, 10, 1))
CHOICES = {
    "who bought last": ListChoice(),
    "newest": ListChoice("newest"),
    "not for 90 days": ListChoice(bought=(date.min, date(2026, 8, 23))),
    "of a segment": ListChoice(segment="high_value"),
}

BUSY_DAY = date(2026, 10, 17)
BEHIND: dict[str, Callable[[Connection, str], object]] = {
    "members of a month": lambda connection, tenant: behind_page(
        connection, tenant, "active", MONTH, offset=0, limit=51
    ),
    "members who ever bought": lambda connection, tenant: behind_page(
        connection, tenant, "lifetime_value", MONTH, offset=0, limit=51
    ),
    "days of a year": lambda connection, tenant: sums_by_day(
        connection, tenant, Days(date(2025, 11, 22), LAST)
    ),
    "receipts of a day": lambda connection, tenant: papers_page(
        connection, tenant, BUSY_DAY, after="", rows=51
    ),
    "hours of a day": lambda connection, tenant: hours_of_day(
        connection, tenant, BUSY_DAY, "Asia/Shanghai"
    ),
}
"""What a till asks of the whole chain, a page each."""


@dataclass(frozen=True, slots=True)
class Books:
    """What head office's desk reads."""

    database: ServerDatabase
    tenant: str

    @property
    def url(self) -> str:
        """As psycopg takes it."""
        url = self.database.engine.url.render_as_string(hide_password=False)
        return url.replace("+psycopg", "")

    def read(self, work: Callable[[Connection], T]) -> T:
        return self.database.read(work)


@dataclass(frozen=True, slots=True)
class _Office:
    """Head office: its database, and its commands."""

    postgres: Postgres
    home: ServerHome
    ready: Ready
    secret: ServerSecret

    @property
    def books(self) -> Books:
        return Books(self.ready.database, self.ready.tenant.tenant)


def main(arguments: Sequence[str]) -> int:
    """Fill, time; JSON on the standard output."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.server_desk")
    parser.add_argument("--members", type=int, default=5_000)
    parser.add_argument("--sales", type=int, default=25_000)
    parser.add_argument("--folder", type=Path, help="where the chain is kept for the next time")
    parser.add_argument("--judge", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--database", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    keys_in_files()
    if asked.judge:
        _judge_for_ever(asked.judge, asked.database)
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        told = of_server(
            folder / f"chain-{asked.members}-{asked.sales}", asked.members, asked.sales
        )
    print(json.dumps(told, indent=1))  # noqa: T201 - a command's answer
    return 0


def of_server(folder: Path, members: int, sales_made: int) -> dict[str, Any]:
    """Everything of the desk, each beside its budget."""
    told: dict[str, Any] = {"members": members, "sales": sales_made}
    with ExitStack() as stack:
        office = _opened(folder, stack)
        if not (folder / "made").exists():
            made_s = _took_s(lambda: make(office.books, members, sales_made, workers=2))
            told["filled_s"] = round(made_s, 1)
            (folder / "made").touch()
        told |= of_pages(office.books)
        told["commands_s"] = dict(_commands(office))
        told["pushes"] = _pushes(office)
    return told


def _opened(folder: Path, stack: ExitStack) -> _Office:
    postgres = stack.enter_context(closing(Postgres(folder / "postgres")))
    home = ServerHome(folder / "server", postgres.url)
    secret = ServerSecret(open_server_keys(home.folder).secret)
    database = stack.enter_context(closing(ServerDatabase(postgres_engine(postgres.url))))
    ready = make_ready(database, secret, name="人民茶庄")
    assert isinstance(ready, Ready)
    return _Office(postgres, home, ready, secret)


def make(books: Books, members: int, sales_made: int, *, workers: int) -> None:
    """A chain with its program; swept, as the database does by itself in time."""
    program = decode_program(TOML)
    assert isinstance(program, Program), program
    row = {
        "shard_key": shard_of(program.id), "program_id": program.id, "version": program.version,
        "toml": TOML, "announced": program.announced.isoformat(),
        "effective": program.effective.isoformat(), "published_ms": 0,
    }  # fmt: skip
    books.database.write(lambda connection: put(connection, books.tenant, t.program, [row], "new"))
    fill(books.url, books.tenant, members, sales_made, workers)
    say("vacuum")
    engine = books.database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as plain:
        plain.exec_driver_sql("VACUUM ANALYZE")


# ------------------------------------------------------------------ what is timed


def of_pages(books: Books) -> dict[str, Any]:
    """What a person at the desk opens."""
    told: dict[str, Any] = {"segments": _segments(books)}
    told["list"] = {"budget_ms": LIST_MS} | {
        name: _worst_ms(partial(page, books, choice)) for name, choice in CHOICES.items()
    }
    told["list"]["the hundredth page"] = _hundredth_ms(books)
    told["month"] = {"budget_ms": MONTH_MS} | {
        name: _worst_ms(partial(figures, books, days, part))
        for name, days, part in (
            ("of the chain", MONTH, CHAIN),
            ("of a store", MONTH, Slice("store-001")),
            ("a week of the chain", Days(MONTH.first, MONTH.first.replace(day=7)), CHAIN),
        )
    }
    told["behind a figure"] = {
        name: _worst_ms(partial(books.read, partial(_behind, books.tenant, ask)))
        for name, ask in BEHIND.items()
    }
    return told


def _behind(
    tenant: str, ask: Callable[[Connection, str], object], connection: Connection
) -> object:
    return ask(connection, tenant)


def _segments(books: Books) -> dict[str, Any]:
    """All members, by one who watches; then by one who breaks it off at the first word."""
    heard: list[int] = []

    def watch(done: int, of_all: int) -> bool:
        heard.append(done)
        say(f"{done:,} of {of_all:,} members judged")
        return True

    def judged(keep_on: Callable[[int, int], bool]) -> object:
        return judge_all(books.database, books.tenant, LAST, DEFAULT_RULES, keep_on)

    whole_s = _took_s(lambda: judged(watch))
    broken_s = _took_s(lambda: judged(lambda done, of_all: False))
    return {
        "budget_s": SEGMENTS_S, "s": round(whole_s, 1), "told_how_far": len(heard),
        "judged": max(heard, default=0), "broken_off_after_s": round(broken_s, 1),
    }  # fmt: skip


def page(books: Books, choice: ListChoice, after: ListPlace | None = None) -> ListPage:
    return books.read(
        lambda connection: list_members(connection, books.tenant, choice, LAST, after=after)
    )


def _hundredth_ms(books: Books) -> int:
    """Behind ninety-nine others, as a script that goes through everybody asks."""
    after, took_s = None, 0.0
    for _ in range(100):
        began = time.perf_counter()
        part = page(books, ListChoice(), after)
        took_s, after = time.perf_counter() - began, part.place
        if after is None:
            break
    return round(took_s * 1000)


def figures(books: Books, days: Days, part: Slice) -> Sequence[Figure]:
    """Of a slice."""
    return books.read(lambda connection: slice_figures(connection, books.tenant, days, part))


def _commands(office: _Office) -> Iterator[tuple[str, float]]:
    """As a person types them: the start of the program is in it."""
    for words in (("members",), ("figures", "--month", "2026-10"), ("segments",)):
        began = time.perf_counter()
        done = office.home.command(*words)
        yield " ".join(words), round(time.perf_counter() - began, 1)
        assert done.returncode == 0, done.stderr


def _pushes(office: _Office) -> dict[str, Any]:
    """A till that sells over HTTP: with nobody at the desk, and while everybody is judged."""
    house = House(office.secret.mac("keys of members", b""))
    members = _some_members(office.books)
    first, told = _tills(office.books) + 1, dict[str, Any]()
    with office.home.serving() as server:
        chain = Office(office.ready, house, office.home, server, office.postgres)
        port = int(server.url.rpartition(":")[2])
        for number, name in enumerate(("alone", "while everybody is judged")):
            speaker = _speaker(chain, members, first + number)
            judging = _judging(office) if number else None
            answered = say_all(port, "push", [speaker])
            if judging is not None:
                judging.kill()
                judging.wait()
            assert not answered.wrong, answered.wrong[:1]
            told[name] = {
                "p50_ms": round(percentile(answered.took_s, 0.5), 1),
                "p99_ms": round(percentile(answered.took_s, 0.99), 1),
            }
    return told


def _some_members(books: Books) -> list[str]:
    asked = select(t.member.c.member).where(t.member.c.tenant_id == books.tenant).limit(500)
    return list(books.read(lambda connection: connection.execute(asked).scalars().all()))


def _tills(books: Books) -> int:
    """How many came in before: a chain that was kept was measured before."""
    asked = select(func.count()).select_from(device_table)
    return books.read(lambda connection: connection.execute(asked).scalar_one())


def _speaker(chain: Office, members: Sequence[str], till: int) -> Speaker:
    """Of a store of its own: one sale each time."""
    store, links = chain.store(900), Links()
    pushes = [
        Push(ops=(links.next(each.op_id, canonical_bytes(each)),), final=True)
        for each in sales(SALES_MEANWHILE, store, members, till)
    ]
    return Speaker(chain.token(900, till), pushes, 0.0, TILL_EVERY_S)


def _judging(office: _Office) -> subprocess.Popen[bytes]:
    """Another process judges everybody, again and again."""
    words = [sys.executable, "-m", "tests.bench.server_desk", "--judge", str(office.home.folder)]
    return subprocess.Popen([*words, "--database", office.postgres.url])


def _judge_for_ever(folder: Path, url: str) -> None:
    with closing(ServerDatabase(postgres_engine(url))) as database:
        ready = make_ready(database, ServerSecret(open_server_keys(folder).secret))
        assert isinstance(ready, Ready)
        while judge_all(database, ready.tenant.tenant, LAST, DEFAULT_RULES, lambda *_: True):
            pass


def _worst_ms(work: Callable[[], object]) -> int:
    """The slowest of a few times."""
    return round(max(_took_s(work) for _ in range(TIMES)) * 1000)


def _took_s(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
