"""Read-ahead: while a till applies one page of a stream, the next one is on its way.

Owns: one question ahead of the heart, over a connection of its own, handed to whoever asks exactly
that. Does not own: what is asked (core.py decides; what it does not ask for is let go of), what an
answer must look like, cursors.

Server and till are busy in turns without it. A page that came ahead is one the server could have
told at any time since, so nothing about it needs another look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from sync.action import PullStream
from sync.event import Now
from sync.protocol import PullAnswer
from sync.transport import Transport

Pulled = tuple[Now, PullAnswer]
"""When it was asked for, and the answer."""
Pull = Callable[[Transport, PullStream], Pulled]


class ReadAhead:
    """Of one till. Used by its pull lane; `switch` and `stop` by any thread."""

    def __init__(self, wire: Transport, pull: Pull) -> None:
        self._wire, self._pull = wire, pull
        self._is_on = True
        self._asked: PullStream | None = None
        self._coming: Future[Pulled] | None = None

    def pull(self, wire: Transport, asked: PullStream) -> Pulled:
        """The page asked for: fetched ahead, or now over this connection. Raises as asking does.

        Where more follows, the next one is begun.
        """
        coming = self._taken(asked)
        pulled = self._pull(wire, asked) if coming is None else coming.result()
        self._begin(asked, pulled[1])
        return pulled

    def _taken(self, asked: PullStream) -> Future[Pulled] | None:
        if asked != self._asked:
            return None
        self._asked = None
        return self._coming

    def _begin(self, asked: PullStream, answer: PullAnswer) -> None:
        if asked.wait_s or not answer.events or not self._is_on:
            return
        last = answer.events[-1].at
        if last >= answer.head or not (self._coming is None or self._coming.done()):
            return
        self._asked, self._coming = PullStream(asked.stream, last, 0), Future()
        threading.Thread(
            target=self._fetch, args=(self._asked, self._coming), name="sync-ahead", daemon=True
        ).start()

    def switch(self, *, on: bool) -> None:
        """Nothing is asked ahead while the cable is pulled, and nothing from before counts."""
        self._is_on = on
        self._asked = None

    def stop(self) -> None:
        """End what is under way."""
        self._is_on = False
        self._wire.close()

    def _fetch(self, asked: PullStream, coming: Future[Pulled]) -> None:
        try:
            coming.set_result(self._pull(self._wire, asked))
        except BaseException as error:  # noqa: BLE001 (it belongs to whoever asks for the page)
            coming.set_exception(error)
