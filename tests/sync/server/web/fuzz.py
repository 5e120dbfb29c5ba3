"""Schemathesis against a running server: whatever fits or breaks the description is sent.

    python -m tests.sync.server.web.fuzz --examples 2000
    python -m tests.sync.server.web.fuzz --process

Owns: starting it over a real server, which checks count and why others do not. Does not own: the
description (sync/server/web/openapi.py). The test runs it small; the command as large as wanted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.sqlcipher import dbapi
from sync.server.database import ServerDatabase, sqlite_engine
from sync.server.join import Ready, joined_acts, make_ready
from sync.server.secret import ServerSecret, system_chance
from sync.server.web.ports import Acts, Limits, Rate
from tests.sync.server.chain import NOON_MS
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.memory import Memory
from tests.sync.server.web.served import MovedClock, server_over, serving
from tests.sync.server.web.server_process import ServerHome

# JSON Schema has no words for base64 and calls 1.0 an integer, so "valid" data may be refused;
# and 413, our answer to a body over the limit, is no refusal to that check.
NOT_ASKED = "positive_data_acceptance,negative_data_rejection"
WIDE = Rate(1_000_000, 100_000)


@dataclass
class StillClock(MovedClock):
    """The wall clock stands: the one token lasts for a run of any length."""

    def wall_ms(self) -> int:
        return NOON_MS + self.moved_ms


def fuzz(folder: Path, examples: int, *more: str) -> subprocess.CompletedProcess[str]:
    """Run it against a server with every route; push and pull are the real ones."""
    key = new_key()
    file = folder / "fuzzed.db"
    database = ServerDatabase(sqlite_engine(lambda: connect_writer(file, key), dbapi))
    ready = make_ready(database, ServerSecret(system_chance(32)))
    assert isinstance(ready, Ready)
    memory, real = Memory(folder), joined_acts(ready.secret)
    acts = {name: value for name, value in vars_of(real).items() if value is not None}
    server = server_over(
        database,
        replace(memory.acts(), **acts),
        secret=ready.secret,
        clock=StillClock(),
        limits=Limits(device=WIDE, knock=WIDE, enrol=WIDE, wrong=WIDE, watch_ms=50),
    )
    with serving(server) as url:
        till = Shop(url, server, memory, StillClock()).till()
        return _schemathesis(folder, url, till.token, examples, *more)


def fuzz_process(folder: Path, examples: int) -> subprocess.CompletedProcess[str]:
    """The same against `main.py server` as a process, with the routes and limits it has."""
    home = ServerHome(folder / "server")
    with home.serving() as server:
        till, _ = server.enrolled(home)
        return _schemathesis(folder, server.url, till.token, examples)


def _schemathesis(
    folder: Path, url: str, token: str, examples: int, *more: str
) -> subprocess.CompletedProcess[str]:
    line = [
        *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/openapi.json"),
        *("--header", f"Authorization: Bearer {token}", "--no-color"),
        *("--phases", "coverage,fuzzing", "--max-examples", str(examples)),
        *("--exclude-checks", NOT_ASKED, "--continue-on-failure", "--request-timeout", "60"),
    ]
    return subprocess.run([*line, *more], cwd=folder, capture_output=True, text=True, check=False)


def vars_of(acts: Acts) -> dict[str, Any]:
    return {each.name: getattr(acts, each.name) for each in fields(acts)}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.sync.server.web.fuzz")
    parser.add_argument("--examples", type=int, default=500, help="of each route")
    parser.add_argument("--process", action="store_true", help="against main.py server itself")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = fuzz_process if asked.process else fuzz
        done = run(Path(folder), asked.examples)
    sys.stdout.write(done.stdout + done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
