"""Read-ahead: while a till applies one page of a stream, the next ones are on their way.

Owns: a few questions ahead of the heart, one after the other over a connection of its own, handed
to whoever asks exactly that. Does not own: what is asked (core.py decides; what it does not ask for
is let go of), what an answer must look like, cursors.

Server and till are busy in turns without it. A page that came ahead is one the server could have
told at any time since, so nothing about it needs another look.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

from sync.action import PullStream
from sync.event import Now
from sync.protocol import PullAnswer
from sync.transport import Transport

Pulled = tuple[Now, PullAnswer]
"""When it was asked for, and the answer."""
Pull = Callable[[Transport, PullStream], Pulled]
PAGES = 2
"""So many are here or on their way: with one, a page that takes the till longer than others keeps
the server waiting, and the next one the till."""


@dataclass(frozen=True, slots=True)
class _Page:
    asked: PullStream
    pulled: Future[Pulled] = field(default_factory=Future)


class ReadAhead:
    """Of one till. Used by its pull lane; `switch` and `stop` by any thread."""

    def __init__(self, wire: Transport, pull: Pull) -> None:
        self._wire, self._pull = wire, pull
        self._is_on = True
        self._lock = threading.Lock()
        self._pages: deque[_Page] = deque()
        """Each follows the one before it."""
        self._is_fetching = False
        self._row = 0
        """Which row of pages this is: what is fetched for a former one is let go of."""

    def pull(self, wire: Transport, asked: PullStream) -> Pulled:
        """The page asked for: fetched ahead, or now over this connection. Raises as asking does.

        Where more follows, it is begun.
        """
        page = self._taken(asked)
        pulled = self._pull(wire, asked) if page is None else page.pulled.result()
        if not asked.wait_s:
            self._go_on(asked, pulled[1])
        return pulled

    def _taken(self, asked: PullStream) -> _Page | None:
        with self._lock:
            return self._pages.popleft() if self._begins_with(asked) else None

    def _begins_with(self, asked: PullStream) -> bool:
        return bool(self._pages) and self._pages[0].asked == asked

    def _go_on(self, asked: PullStream, answer: PullAnswer) -> None:
        """Behind the last page that is here; whoever is fetching goes on by himself."""
        wanted = _behind(asked, answer)
        with self._lock:
            if wanted is None or self._is_fetching or not self._is_on:
                return
            if self._begins_with(wanted):
                wanted = self._behind_the_last()
            else:
                self._let_go()
            page, row = self._begun(wanted), self._row
            self._is_fetching = page is not None
        if page is None:
            return
        thread = threading.Thread(
            target=self._fetch, args=(page, row), name="sync-ahead", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # the machine gives no more of them: it is asked for as ever
            with self._lock:
                self._is_fetching = False
                self._let_go()

    def _behind_the_last(self) -> PullStream | None:
        last = self._pages[-1]
        if last.pulled.exception() is not None:
            return None
        return _behind(last.asked, last.pulled.result()[1])

    def _begun(self, wanted: PullStream | None) -> _Page | None:
        if wanted is None or len(self._pages) >= PAGES:
            return None
        page = _Page(wanted)
        self._pages.append(page)
        return page

    def _let_go(self) -> None:
        self._pages.clear()
        self._row += 1

    def switch(self, *, on: bool) -> None:
        """Nothing is asked ahead while the cable is pulled, and nothing from before counts."""
        with self._lock:
            self._is_on = on
            self._let_go()

    def stop(self) -> None:
        """End what is under way."""
        self.switch(on=False)
        self._wire.close()

    def _fetch(self, page: _Page | None, row: int) -> None:
        while page is not None:
            pulled, error = self._answered(page.asked)
            with self._lock:
                following = None
                if pulled is not None and row == self._row:
                    following = self._begun(_behind(page.asked, pulled[1]))
                self._is_fetching = following is not None
            if pulled is not None:
                page.pulled.set_result(pulled)
            else:
                page.pulled.set_exception(error)
            page = following

    def _answered(self, asked: PullStream) -> tuple[Pulled | None, BaseException | None]:
        try:
            return self._pull(self._wire, asked), None
        except BaseException as error:  # noqa: BLE001 (it belongs to whoever asks for the page)
            return None, error


def _behind(asked: PullStream, answer: PullAnswer) -> PullStream | None:
    """What follows this page; None where nothing is sure to."""
    if not answer.events or answer.events[-1].at >= answer.head:
        return None
    return PullStream(asked.stream, answer.events[-1].at, 0)
