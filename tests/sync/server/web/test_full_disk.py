"""A disk that is really full, and a server that knows nobody: typed answers, nothing lost, no other
till slowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.sqlcipher import SqlCipherConnection, dbapi
from sync.protocol import Digest, LookUp, Push, PushAnswer, decoded
from sync.server import tables as t
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.join import Ready, joined_acts, make_ready
from sync.server.rebuild import verify
from sync.server.secret import ServerSecret, system_chance
from tests.domain.heart_builders import a_sale
from tests.sync.server.chain import Chain, Machine
from tests.sync.server.conftest import KINDS
from tests.sync.server.tills import Chain as Shop
from tests.sync.server.tills import Till
from tests.sync.server.web.served import Caller, problem_of, server_over, serving

TODAY = date(2026, 5, 29)


@dataclass
class Disk:
    """A file that may grow no further, as long as `pages` says so."""

    file: Path
    key: bytes
    pages: int | None = None

    def connect(self) -> SqlCipherConnection:
        connection = connect_writer(self.file, self.key)
        if self.pages is not None:
            connection.execute(f"PRAGMA max_page_count={self.pages}")
        return connection


def test_a_full_disk_is_said_and_nothing_is_lost_or_half_there(tmp_path: Path) -> None:
    disk = Disk(tmp_path / "server.db", new_key())
    database = ServerDatabase(sqlite_engine(disk.connect, dbapi))
    secret = ServerSecret(system_chance(32))
    assert isinstance(make_ready(database, secret), Ready)
    server = server_over(database, joined_acts(secret), secret=secret)
    with serving(server) as url:
        here, there = (enrolled(server.clock.wall_ms(), database, secret, url, n) for n in (1, 2))
        till = Till(here.machine.device)
        for number in range(1, 301):
            till.record(a_sale(number, TODAY))
        with database.engine.connect() as connection:
            used = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        disk.pages = int(used) + 40
        database.engine.dispose()
        taken = 0
        while (
            answer := here.post("/push", Push(ops=tuple(till.ops[taken : taken + 50])))
        ).status_code == 200:
            taken += len(decoded(answer.content, PushAnswer).answers)
            assert taken < 300, "the disk was never full"
        problem = problem_of(answer)
        assert (problem.code, problem.status, taken < 300) == ("disk_full", 507, True)
        assert problem.detail
        assert int(answer.headers["Retry-After"]) > 0
        # Whoever only reads is served: another till hears of everything that was confirmed.
        pulled = there.get("/v1/pull", {"stream": f"device:{there.machine.device}", "after": 0,
                                        "wait": 0})  # fmt: skip
        assert pulled.status_code == 200
        disk.pages = None
        database.engine.dispose()
        for start in range(0, 300, 50):
            answer = here.post("/push", Push(ops=tuple(till.ops[start : start + 50])))
            said = decoded(answer.content, PushAnswer).answers
            assert {each.outcome for each in said} == {"accepted"}
            assert {each.duplicate for each in said} == {start < taken}
        tenant = database.write(lambda connection: Chain(connection, secret).tenant)
        assert database.read(lambda connection: verify(connection, tenant)).is_sound
        assert len(Shop(database, tenant).rows(t.op)) == 300
    database.close()


def enrolled(
    now_ms: int, database: ServerDatabase, secret: ServerSecret, url: str, number: int
) -> Caller:
    """A till that came in and proved itself."""
    caller = Caller(url, Machine())
    code = database.write(
        lambda connection: Chain(connection, secret).code(till=number, now_ms=now_ms)
    )
    assert caller.post("/enrol", caller.machine.asks(code)).status_code == 200
    caller.prove()
    return caller


@pytest.mark.parametrize("kind", KINDS)
def test_a_server_with_an_empty_database_knows_nobody_and_says_so(
    brought_up: Callable[[str], ServerDatabase], kind: str
) -> None:
    """Started over another database by mistake: no till may take it for a chain without sales."""
    secret = ServerSecret(system_chance(32))
    full, empty = brought_up(kind), brought_up(kind)
    server = server_over(full, joined_acts(secret), secret=secret)
    with serving(server) as url:
        till = enrolled(server.clock.wall_ms(), full, secret, url, 1)
    other = server_over(empty, joined_acts(secret), secret=secret)
    with serving(other) as url:
        till.url = url
        for path, asked in (
            ("/push", Push(ops=())),
            ("/ask/lookup", LookUp(card="M000000000001")),
            ("/digest", Digest(epoch=1, dseq=0, head=b"")),
        ):
            problem = problem_of(till.post(path, asked))
            assert (problem.status, problem.code) == (401, "foreign_credential"), path
            assert problem.detail
        stream = {"stream": "chain", "after": 7, "wait": 0}
        assert problem_of(till.get("/v1/pull", stream)).code == "foreign_credential"
