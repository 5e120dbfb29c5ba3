"""A real server on loopback: uvicorn in a thread, the real application, a real database.

Owns: starting and stopping it, and a till's side of it over `requests`. Does not own: databases
(../conftest.py), what is asserted.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import requests
import uvicorn
from litestar import Litestar

from app.wording import load
from sync.protocol import (
    VERSION_HEADER,
    Challenge,
    ChallengeWanted,
    Message,
    Problem,
    Token,
    decoded,
    encoded,
)
from sync.server.database import ServerDatabase
from sync.server.secret import ServerSecret, system_chance
from sync.server.web.app import make_app
from sync.server.web.ports import Acts, Limits, Server
from tests.sync.server.chain import Machine

VERSIONED = {VERSION_HEADER: "1"}
TIMEOUT_S = 60


@dataclass
class MovedClock:
    """The machine's clocks, and how far a test moved them."""

    moved_ms: int = 0

    def wall_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.moved_ms

    def monotonic_ms(self) -> int:
        return time.monotonic_ns() // 1_000_000 + self.moved_ms


@dataclass
class Caller:
    """Somebody who talks to the server, as a till does."""

    url: str
    machine: Machine = field(default_factory=Machine)
    token: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def headers(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return VERSIONED | bearer | dict(more or {})

    def post(
        self, path: str, body: Message | bytes, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        data = body if isinstance(body, bytes) else encoded(body)
        typed = {"Content-Type": "application/json"} | dict(headers or {})
        return self.session.post(
            f"{self.url}/v1{path}", data=data, headers=self.headers(typed), timeout=TIMEOUT_S
        )

    def get(
        self,
        path: str,
        params: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        asked = {key: str(value) for key, value in (params or {}).items()}
        return self.session.get(
            f"{self.url}{path}", params=asked, headers=self.headers(headers), timeout=TIMEOUT_S
        )

    def prove(self) -> None:
        """Get a token, as a till does."""
        wanted = ChallengeWanted(device=self.machine.device)
        challenge = decoded(self.post("/challenge", wanted).content, Challenge)
        answer = self.post("/token", self.machine.signs(challenge.challenge))
        assert answer.status_code == 200, answer.text
        self.token = decoded(answer.content, Token).token


def problem_of(answer: requests.Response) -> Problem:
    """The problem of a refused request; anything else is a fault."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    assert answer.headers[VERSION_HEADER] == "1"
    problem = decoded(answer.content, Problem)
    assert problem.status == answer.status_code
    return problem


def server_over(
    database: ServerDatabase,
    acts: Acts,
    *,
    secret: ServerSecret | None = None,
    clock: MovedClock | None = None,
    limits: Limits | None = None,
) -> Server:
    """The real application's parts, with the acts of a test."""
    return Server(
        database=database,
        secret=secret or ServerSecret(system_chance(32)),
        acts=acts,
        clock=clock or MovedClock(),
        wording=load,
        limits=limits or Limits(watch_ms=50),
    )


def serving(server: Server) -> AbstractContextManager[str]:
    """Serve it on a free port of loopback; yields the address."""
    return serving_app(make_app(server))


@contextmanager
def serving_app(app: Litestar) -> Iterator[str]:
    """The same for an application put together elsewhere."""
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        running = uvicorn.Server(config)
        thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            running.should_exit = True
            thread.join(TIMEOUT_S)
            assert not thread.is_alive(), "the server did not stop"
