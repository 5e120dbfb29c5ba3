"""The gate: one worker's parts, through which every request goes.

Owns: holding door, threads, watch and figures together, and the way of an ordinary message: who,
what, one transaction, the answer. Does not own: any of its parts, the routes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from anyio import CapacityLimiter
from litestar import Request, Response
from sqlalchemy import Connection

from sync.protocol import Message
from sync.server.credential import Bearer
from sync.server.device import Device, Right
from sync.server.web.behind import Behind
from sync.server.web.body import answer_bytes, answer_of, read_message, takes_gzip
from sync.server.web.door import Door, allowed, reads_of
from sync.server.web.metrics import Metrics
from sync.server.web.ports import Act, Acts, Server, Then
from sync.server.web.watch import Watch
from sync.server.web.workers import Workers

AnyRequest = Request[Any, Any, Any]
T = TypeVar("T")
A = TypeVar("A", bound=Message)
B = TypeVar("B", bound=Message)


@dataclass(frozen=True)
class Exchange(Generic[A, B]):
    """A route on which one message is answered by another, in one transaction."""

    path: str
    asked: type[A]
    answer: type[B]
    right: Right
    bytes_max: int
    act: Callable[[Acts], Act[A, B] | None]
    """Which of the acts it is."""
    then: Callable[[Acts], Then[A, B] | None] | None = None
    """The act only reads, and this is what it sets off, if there is such a thing."""


@dataclass(frozen=True)
class Gate:
    """Of one worker."""

    server: Server
    door: Door = field(init=False)
    workers: Workers = field(init=False)
    watch: Watch = field(init=False)
    behind: Behind = field(init=False)
    metrics: Metrics = field(default_factory=Metrics.fresh)

    def __post_init__(self) -> None:
        limits = self.server.limits
        workers = Workers(CapacityLimiter(limits.threads), limits.waiting)
        database, acts = self.server.database, self.server.acts

        async def read_heads(wanted: Any) -> Any:
            return await workers.run(
                lambda: database.read(lambda connection: acts.heads(connection, wanted))
            )

        async def run_behind(tenant: str) -> int:
            return await workers.run(lambda: self._behind(tenant))

        async def everybody() -> Any:
            known = acts.tenants
            return () if known is None else await workers.run(lambda: database.read(known))

        object.__setattr__(self, "behind", Behind(run_behind, everybody, limits.behind_s))
        object.__setattr__(self, "door", Door.of(self.server))
        object.__setattr__(self, "workers", workers)
        object.__setattr__(self, "watch", Watch(read_heads, limits.watch_ms))

    def _behind(self, tenant: str) -> int:
        """One run of everything no push waits for; how much was done."""
        acts, database = self.server.acts, self.server.database
        now_ms, done = self.server.clock.wall_ms(), 0
        for work in acts.behind:
            done += work(database, tenant, now_ms)
        if acts.build is not None:
            done += acts.build(database, tenant, now_ms)
        return done

    async def exchange(self, request: AnyRequest, way: Exchange[A, B]) -> tuple[B, Response[bytes]]:
        """Who, what, one transaction, the answer. Raises Trouble and whatever the database says."""
        bearer = self.door.bearer(request)
        asked = await self.read(request, way.asked, bytes_max=way.bytes_max)
        act, packed = way.act(self.server.acts), takes_gzip(request)
        assert act is not None, "only what there is has a route"

        reads = reads_of(request)
        now_ms, database = self.server.clock.wall_ms, self.server.database
        then = None if way.then is None else way.then(self.server.acts)

        def work(connection: Connection) -> tuple[Device, B]:
            device = replace(allowed(connection, bearer, way.right), reads=reads)
            return device, act(connection, device, asked, now_ms())

        def answered() -> tuple[B, tuple[bytes, bool]]:
            if way.then is None:
                _, answer = database.write(work)
            else:
                device, answer = database.read(work, exact=True)
                if then is not None:
                    then(database, device, (asked, answer), now_ms())
            return answer, answer_bytes(answer, packed=packed)

        with self.metrics.took.labels(way.path).time():
            answer, body = await self.workers.run(answered)
        return answer, answer_of(body)

    async def read(self, request: AnyRequest, kind: type[A], *, bytes_max: int) -> A:
        """The message that came. Raises Trouble."""
        seconds = self.server.limits.body_s
        return await read_message(request, kind, bytes_max=bytes_max, seconds=seconds)

    async def look(
        self, bearer: Bearer, right: Right, work: Callable[[Connection, Device], T]
    ) -> T:
        """Read something for a device in a thread. Raises Trouble."""
        database = self.server.database
        return await self.workers.run(
            lambda: database.read(
                lambda connection: work(connection, allowed(connection, bearer, right))
            )
        )
