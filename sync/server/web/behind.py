"""Behind: work that no push waits for - set off by one, such as pricing its sales again, or by
the calendar.

Owns: the tasks of a worker that run it, tenant by tenant, until nothing is left, and that look for
some at times though nobody pushed. Does not own: the work (acts), how far it got (it keeps that
itself: what a crash leaves, the next run takes up; of several workers one does it).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

RunOnce = Callable[[str], Awaitable[int]]
"""One run for a tenant; how much was done, zero: nothing is left."""
Everybody = Callable[[], Awaitable[Collection[str]]]
"""Every tenant there is."""
PAUSE_S = 30
"""After a failure: a database that is away comes back, and the work is still there."""
EVERY_S = 300
QUIET_S = 1.0
REST_S, RESTS, REST_S_MAX = 0.5, 9, 2.0
"""While somebody asks for anything it takes a tenth of a worker at most: pricing a sale again costs
more than taking one in, a shop that was away for weeks wants to be heard first, and a customer
waits while points are kept for him. After a run it rests so many times as long as that took, and
never shorter than this: looking for work costs the same for one sale as for a hundred. Nor longer:
a copy for a new till takes long to build, and the next one does not wait for nine times as long."""
_log = logging.getLogger(__name__)


def rest_after(took_s: float) -> float:
    """How long to rest after a run that took so long; both in seconds."""
    return min(max(REST_S, RESTS * took_s), REST_S_MAX)


async def _nobody() -> Collection[str]:
    return ()


@dataclass
class Behind:
    """Of one worker. Only its event loop touches it."""

    run_once: RunOnce
    everybody: Everybody = _nobody
    every_s: float = EVERY_S
    pause_s: float = PAUSE_S
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _asked_at: float = -QUIET_S
    _tenants: dict[str, None] = field(default_factory=dict)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, tenant: str) -> None:
        """A push may have left work for this tenant."""
        self.give_way()
        self._want(tenant)

    def give_way(self) -> None:
        """Somebody asks for something, and waits for the answer."""
        self._asked_at = self.clock()

    def _want(self, tenant: str) -> None:
        self._tenants[tenant] = None
        self._wanted.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs."""
        tasks = [asyncio.create_task(self._run()), asyncio.create_task(self._look())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        """At once and then at times: a shop without a customer has birthdays, too."""
        while True:
            try:
                for tenant in await self.everybody():
                    self._want(tenant)
            except Exception as error:  # noqa: BLE001 - it looks again later, whatever it was
                _log.warning("behind", extra={"kind": type(error).__name__})
            await self.sleep(self.every_s)

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._tenants:
                tenant = next(iter(self._tenants))
                del self._tenants[tenant]
                began = self.clock()
                await self._one(tenant)
                if (now := self.clock()) - self._asked_at < QUIET_S:
                    await self.sleep(rest_after(now - began))

    async def _one(self, tenant: str) -> None:
        """One run, and in line again behind the other tenants while there is something left."""
        try:
            if await self.run_once(tenant):
                self._want(tenant)
        except Exception as error:  # noqa: BLE001 - it goes on later whatever it was; a push never hears of it
            _log.warning("behind", extra={"kind": type(error).__name__})
            self._want(tenant)
            await self.sleep(self.pause_s)
