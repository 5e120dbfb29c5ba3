"""Behind: work that a push sets off and never waits for, such as pricing its sales again.

Owns: one task of a worker that runs it, tenant by tenant, until nothing is left. Does not own: the
work (an act), how far it got (it keeps that itself: what a crash leaves, the next push takes up).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

RunOnce = Callable[[str], Awaitable[int]]
"""One run for a tenant; how much was done, zero: nothing is left."""
PAUSE_S = 30
"""After a failure: a database that is away comes back, and the work is still there."""
_log = logging.getLogger(__name__)


@dataclass
class Behind:
    """Of one worker. Only its event loop touches it."""

    run_once: RunOnce
    pause_s: float = PAUSE_S
    _tenants: dict[str, None] = field(default_factory=dict)
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)

    def want(self, tenant: str) -> None:
        """There may be work for this tenant."""
        self._tenants[tenant] = None
        self._wanted.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _run(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            while self._tenants:
                tenant = next(iter(self._tenants))
                del self._tenants[tenant]
                await self._one(tenant)

    async def _one(self, tenant: str) -> None:
        """One run, and in line again behind the other tenants while there is something left."""
        try:
            if await self.run_once(tenant):
                self.want(tenant)
        except Exception as error:  # noqa: BLE001 - it goes on later whatever it was; a push never hears of it
            _log.warning("behind", extra={"kind": type(error).__name__})
            self.want(tenant)
            await asyncio.sleep(self.pause_s)
