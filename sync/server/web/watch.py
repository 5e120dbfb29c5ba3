"""Watch: telling waiting pulls that their stream has grown.

Owns: one task of a worker that reads the heads of all awaited streams, all in one look. Does not
own: the streams, what stands in them. Workers share nothing: each looks into the database, and a
push that came through this worker only makes it look at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from sync.server.web.ports import StreamOf

Heads = Mapping[StreamOf, int]
ReadHeads = Callable[[Collection[StreamOf]], Awaitable[Heads]]
_log = logging.getLogger(__name__)


@dataclass
class Watch:
    """Of one worker. Only its event loop touches it."""

    read_heads: ReadHeads
    every_ms: int
    _waiting: dict[StreamOf, dict[asyncio.Future[None], int]] = field(default_factory=dict)
    """Who waits at which place of a stream."""
    _look: asyncio.Event = field(default_factory=asyncio.Event)

    async def wait(self, places: Mapping[StreamOf, int], seconds: float) -> None:
        """Until one of the streams reaches beyond its place, or the time is over."""
        grown: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        for stream, after in places.items():
            self._waiting.setdefault(stream, {})[grown] = after
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(grown, seconds)
        finally:
            for stream in places:
                del self._waiting[stream][grown]
                if not self._waiting[stream]:
                    del self._waiting[stream]

    def nudge(self) -> None:
        """Something was written: look now."""
        self._look.set()

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
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), self.every_ms / 1000)
            self._look.clear()
            if self._waiting:
                await self._tell()

    async def _tell(self) -> None:
        try:
            heads = await self.read_heads(tuple(self._waiting))
        except Exception as error:  # noqa: BLE001 - a database that is away for a while comes back
            _log.warning("heads", extra={"kind": type(error).__name__})
            return
        for stream, head in heads.items():
            for grown, after in self._waiting.get(stream, {}).items():
                if after < head and not grown.done():
                    grown.set_result(None)
