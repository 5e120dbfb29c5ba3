"""Listening: the pulls of a world that wait for news, and what they are told.

Owns: waiting, what was read since the last commit. Does not own: streams (sync/server/feed.py),
how an answer travels (network.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from msgspec.structs import replace

from sync import protocol as p
from sync.server.feed import Reader
from sync.server.sender import House
from sync.simulation.clerk import Book
from sync.simulation.evidence import Readable
from sync.simulation.network import Caller, Reply
from sync.simulation.server_file import ServerFile
from sync.simulation.world import World


@dataclass(slots=True)
class Waiting:
    """A pull that waits for news."""

    caller: Caller
    stream: str
    after: int
    also: tuple[tuple[str, int], ...]
    reply: Reply
    is_over: bool = False


class Acting(Protocol):
    """The one of a server's functions that is needed here; a mutant brings another."""

    @property
    def read_stream(self) -> Callable[..., p.PullAnswer]: ...


class Listened(Readable, Protocol):
    """What is listened to: a server."""

    @property
    def world(self) -> World: ...

    @property
    def now_ms(self) -> int: ...

    @property
    def house(self) -> House: ...

    @property
    def file(self) -> ServerFile: ...

    @property
    def book(self) -> Book: ...

    @property
    def acts(self) -> Acting: ...


class Listening:
    """Of one server."""

    def __init__(self, server: Listened) -> None:
        self._server = server
        self._waiting: list[Waiting] = []
        self._read: dict[tuple[str, int], p.PullAnswer] = {}
        self._commits = 0

    def ask(self, asked: Waiting, wait_ms: int) -> None:
        """Answers at once where there is news, or when there is, or when the wait is over."""
        if not wait_ms or self._has_news(asked):
            self._tell(asked)
            return
        self._waiting.append(asked)
        what = f"{asked.caller.device}: waited"
        self._server.world.after(wait_ms, what, lambda: self._tell(asked))

    def tell(self) -> None:
        """Whoever waits for what came now hears of it."""
        for waiting in self._waiting:
            if not waiting.is_over and self._has_news(waiting):
                self._tell(waiting)
        self._waiting = [each for each in self._waiting if not each.is_over]

    def break_off(self) -> None:
        """Whoever waited hears nothing any more."""
        for waiting in self._waiting:
            waiting.is_over = True
        self._waiting.clear()

    def _head(self, stream: str) -> int:
        return len(self._server.book.taken.published.get(stream, ()))

    def _has_news(self, asked: Waiting) -> bool:
        places = ((asked.stream, asked.after), *asked.also)
        return any(self._head(stream) > place for stream, place in places)

    def _tell(self, asked: Waiting) -> None:
        if asked.is_over:
            return
        asked.is_over = True
        answer = self._read_stream(asked.stream, asked.after)
        heads = {stream: self._head(stream) for stream, _ in asked.also}
        asked.reply(p.encoded(replace(answer, heads=heads)))

    def _read_stream(self, stream: str, after: int) -> p.PullAnswer:
        """What was read since the last commit is as it was, but for the time."""
        server = self._server
        if self._commits != server.file.commits:
            self._commits = server.file.commits
            self._read.clear()
        answer = self._read.get((stream, after))
        if answer is None:
            reader = Reader(server.tenant, server.now_ms, server.house, frozenset(p.READS))
            answer = self._read[(stream, after)] = server.read(
                lambda connection: server.acts.read_stream(connection, reader, stream, after)
            )
        return replace(answer, server_ms=server.now_ms)
