"""The message lane: a thread of its own in which messages are sent.

Owns: that thread, looking at times, resting ways that failed. Does not own: sending (sending.py).
Nothing else of the server ever waits for it: a mail server that hangs keeps this thread, and only
this one, until its time is over. Several workers have one each, and never the same message.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from app.domain.message import Channel
from sync.server.messages.calendar import Looking, look_at_calendar, look_at_news
from sync.server.messages.post import NoPost
from sync.server.messages.sending import Post, send_due

LOOK_S = 5.0
STOP_S = 2.0
_log = logging.getLogger(__name__)


def look_for_occasions(post: Post) -> int:
    """The next part of both ways of finding somebody."""
    at = Looking(post.database, post.tenant, post.house, post.settings, post.now_ms())
    return look_at_calendar(at) + look_at_news(at)


@dataclass
class MessageLane:
    """Of one worker."""

    tenants: Callable[[], Collection[str]]
    post: Callable[[str], Post | NoPost]
    look: Callable[[Post], int] = look_for_occasions
    """Asks for what members hear of without anybody asking; how much there was to look at."""
    look_s: float = LOOK_S
    _stopped: threading.Event = field(default_factory=threading.Event)
    _down: dict[str, dict[Channel, int]] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self, _: Any = None) -> AsyncIterator[None]:
        """While the server runs. Its end waits for no long conversation: what was taken by then
        belongs to nobody after a while, and is taken over."""
        thread = threading.Thread(target=self._run, name="messages", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()
            thread.join(STOP_S)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                busy = [self._pass(tenant) for tenant in self.tenants()]
            except Exception as error:  # noqa: BLE001 - a database that is away comes back, and so does the work
                _log.warning("messages", extra={"kind": type(error).__name__})
                busy = []
            if not any(busy):
                self._stopped.wait(self.look_s)

    def _pass(self, tenant: str) -> bool:
        """One pass; whether it was worth while to look again at once."""
        post = self.post(tenant)
        if isinstance(post, NoPost) or self._stopped.is_set():
            return False
        seen = self.look(post)
        passed = send_due(post, self._down.get(tenant), self._stopped.is_set)
        self._down[tenant] = passed.down
        return passed.sent + seen > 0
