"""A chain with its server running: for tests of the web side.

Owns: the fixtures `shop` (SQLite) and what makes others. Does not own: databases, the server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from sync.protocol import Enrol, Enrolled, decoded
from sync.server.database import ServerDatabase
from sync.server.device import DeviceKind, revoke
from sync.server.migrations import SchemaReady, bring_up
from sync.server.web.ports import Limits, Rate, Server
from tests.sync.server.chain import Chain, Machine
from tests.sync.server.web.memory import Memory
from tests.sync.server.web.served import Caller, MovedClock, server_over, serving


@dataclass
class Shop:
    """One running server, and what only head office can do."""

    url: str
    server: Server
    memory: Memory
    clock: MovedClock

    def code(
        self, *, store: int = 1, till: int = 1, kind: DeviceKind = "till", replaces: bool = False
    ) -> str:
        now_ms = self.clock.wall_ms()
        return self.server.database.write(
            lambda connection: Chain(connection, self.server.secret).code(
                store=store, till=till, kind=kind, replaces=replaces, now_ms=now_ms
            )
        )

    @property
    def tenant(self) -> str:
        return self.server.database.write(
            lambda connection: Chain(connection, self.server.secret).tenant
        )

    def enrolled(
        self,
        *,
        store: int = 1,
        till: int = 1,
        kind: DeviceKind = "till",
        machine: Machine | None = None,
    ) -> tuple[Caller, Enrolled]:
        """A machine that came in over the wire."""
        caller = Caller(self.url, machine or Machine())
        code = self.code(store=store, till=till, kind=kind)
        answer = caller.post("/enrol", self.asks(caller, code))
        assert answer.status_code == 200, answer.text
        return caller, decoded(answer.content, Enrolled)

    def till(self, *, store: int = 1, till: int = 1, kind: DeviceKind = "till") -> Caller:
        """A till that came in and proved who it is."""
        caller, _ = self.enrolled(store=store, till=till, kind=kind)
        caller.prove()
        return caller

    def asks(self, caller: Caller, code: str) -> Enrol:
        return caller.machine.asks(code)

    def revoke(self, caller: Caller) -> None:
        tenant, device, now_ms = self.tenant, caller.machine.device, self.clock.wall_ms()
        self.server.database.write(
            lambda connection: revoke(connection, tenant, device, now_ms=now_ms)
        )


OpenShop = Callable[..., Shop]


@pytest.fixture
def open_shop(brought_up: Callable[[str], ServerDatabase], tmp_path: Path) -> Iterator[OpenShop]:
    """Opens a server of its own; `limits` for those tests that reach them."""
    with ExitStack() as stack:

        def opened(kind: str = "sqlite", limits: Limits | None = None) -> Shop:
            memory, clock = Memory(tmp_path), MovedClock()
            server = server_over(brought_up(kind), memory.acts(), clock=clock, limits=limits)
            url = stack.enter_context(serving(server))
            return Shop(url, server, memory, clock)

        yield opened


@pytest.fixture
def shop(open_shop: OpenShop) -> Shop:
    return open_shop()


@pytest.fixture(scope="session")
def quiet_shop(
    empty_database: Callable[[str], ServerDatabase], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    """One server for all tests that leave nothing behind."""
    database = empty_database("sqlite")
    assert isinstance(bring_up(database.engine), SchemaReady)
    memory, clock = Memory(tmp_path_factory.mktemp("quiet")), MovedClock()
    limits = Limits(watch_ms=50, wrong=Rate(100_000, 1), knock=Rate(100_000, 1))
    server = server_over(database, memory.acts(), clock=clock, limits=limits)
    with serving(server) as url:
        yield Shop(url, server, memory, clock)
