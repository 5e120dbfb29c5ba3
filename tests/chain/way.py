"""The way between a till and the server: a proxy on loopback that does to requests what networks
and the boxes in them do.

Owns: the fates of a request, partitions, counting both. Does not own: when there are faults and
partitions (run.py), what the till makes of them.
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Literal, TypeVar

T = TypeVar("T")
Fate = Literal[
    "passed",
    "delayed",
    "lost on the way there",
    "lost on the way back",
    "said twice",
    "said again later",
    "cut on the way there",
    "cut on the way back",
    "a page instead",
]
FATES: dict[Fate, int] = {
    "passed": 72, "delayed": 9, "lost on the way there": 3, "lost on the way back": 4,
    "said twice": 3, "said again later": 3, "cut on the way there": 2, "cut on the way back": 2,
    "a page instead": 2,
}  # fmt: skip
"""Of a hundred requests so many."""
DELAY_MAX_S = 0.3
LATER_MAX_S = 3.0
SILENT_S = 2.0
"""A partition is a closed door at times, and at times nothing at all for so long."""
ANSWER_S = 60
PAGE = (
    "<!doctype html><html><title>Wi-Fi</title><h1>欢迎使用免费网络</h1>"
    "<p>Please sign in to go on.</p></html>"
).encode()
_NOT_PASSED_ON = {"connection", "keep-alive", "transfer-encoding", "host"}


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class _Answered:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Way:
    """One till's way to the server at `server_port`. `close()` it."""

    def __init__(self, server_port: int, seed: str, port: int = 0) -> None:
        self.counts: Counter[str] = Counter()
        self.is_faulty = False
        self._server_port, self._chance = server_port, Random(seed)
        self._lock, self._is_cut = threading.Lock(), threading.Event()
        handler = type("Handler", (_Handler,), {"way": self})
        self._listening = _Listening(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self._listening.serve_forever, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where the till finds it."""
        return self._listening.server_port

    @property
    def is_cut(self) -> bool:
        """Whether nothing comes through."""
        return self._is_cut.is_set()

    def cut(self) -> None:
        """Nothing comes through any more, answers under way neither."""
        self._is_cut.set()

    def mend(self) -> None:
        """The cable is back."""
        self._is_cut.clear()

    def close(self) -> None:
        """Nobody listens any more."""
        self._listening.shutdown()
        self._listening.server_close()

    # ------------------------------------------------------------------ one request

    def take(self, asked: _Asked) -> _Answered | None:
        """What the till gets; None: the connection ends without an answer."""
        if self._is_cut.is_set():
            self._stay_silent()
            return None
        fate = self._fate()
        answer = self._by_fate(fate, asked)
        if self._is_cut.is_set():
            self._stay_silent()
            return None
        if answer is not None and answer.status in (502, 503):
            fate = "passed"
        self._count(fate)
        return answer

    def _by_fate(self, fate: Fate, asked: _Asked) -> _Answered | None:
        match fate:
            case "a page instead":
                return _Answered(200, [("Content-Type", "text/html; charset=utf-8")], PAGE)
            case "lost on the way there":
                return None
            case "cut on the way there":
                self._send_half(asked)
                return None
            case "delayed":
                time.sleep(self._draw(lambda chance: chance.uniform(0, DELAY_MAX_S)))
            case "said again later":
                wait_s = self._draw(lambda chance: chance.uniform(0, LATER_MAX_S))
                again = threading.Timer(wait_s, self._forward, [asked])
                again.daemon = True
                again.start()
            case "said twice":
                self._forward(asked)
            case _:
                pass
        answer = self._forward(asked)
        return None if fate == "lost on the way back" else self._cut_answer(fate, answer)

    def _cut_answer(self, fate: Fate, answer: _Answered) -> _Answered:
        """Its headers promise more than comes."""
        if fate != "cut on the way back" or len(answer.body) < 2:
            return answer
        keep = self._draw(lambda chance: chance.randrange(len(answer.body)))
        length = ("Content-Length", str(len(answer.body)))
        rest = [each for each in answer.headers if each[0].lower() != "content-length"]
        return _Answered(answer.status, [*rest, length], answer.body[:keep])

    def _forward(self, asked: _Asked) -> _Answered:
        """To the server, if it is there; else what a proxy says for one that is away."""
        upstream = http.client.HTTPConnection("127.0.0.1", self._server_port, timeout=ANSWER_S)
        try:
            upstream.request(asked.method, asked.path, asked.body or None, asked.headers)
            heard = upstream.getresponse()
            headers = [each for each in heard.getheaders() if each[0].lower() not in _NOT_PASSED_ON]
            return _Answered(heard.status, headers, heard.read())
        except (OSError, http.client.HTTPException):
            self._count("the server was away")
            return _Answered(502, [("Content-Type", "text/html")], b"<h1>502 Bad Gateway</h1>")
        finally:
            upstream.close()

    def _send_half(self, asked: _Asked) -> None:
        """The server hears the beginning, and then the line is dead."""
        head = f"{asked.method} {asked.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in asked.headers.items())
        whole = head.encode("latin-1") + b"\r\n" + asked.body
        keep = self._draw(lambda chance: chance.randrange(1, len(whole)))
        with suppress(OSError), socket.create_connection(
            ("127.0.0.1", self._server_port), timeout=5
        ) as upstream:  # fmt: skip
            upstream.sendall(whole[:keep])

    def _stay_silent(self) -> None:
        self._count("while it was cut")
        if self._draw(lambda chance: chance.random()) < 0.5:
            time.sleep(SILENT_S)

    # ------------------------------------------------------------------ chance and counts

    def _fate(self) -> Fate:
        if not self.is_faulty:
            return "passed"
        with self._lock:
            (fate,) = self._chance.choices(list(FATES), list(FATES.values()))
        return fate

    def _draw(self, one: Callable[[Random], T]) -> T:
        with self._lock:
            return one(self._chance)

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1


class _Listening(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A till that hung up, or was killed: the counts say enough."""


class _Handler(BaseHTTPRequestHandler):
    """One connection of the till; a class of its own for each way."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    way: Way

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        said = self.headers.items()
        headers = {name: value for name, value in said if name.lower() not in _NOT_PASSED_ON}
        answer = self.way.take(_Asked(self.command, self.path, headers, body))
        if answer is None:
            self.close_connection = True
            return
        self._tell(answer)

    def _tell(self, answer: _Answered) -> None:
        self.send_response_only(answer.status)
        promised = len(answer.body)
        for name, value in answer.headers:
            if name.lower() == "content-length":
                promised = int(value)
            else:
                self.send_header(name, value)
        self.send_header("Content-Length", str(promised))
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = self.close_connection or promised != len(answer.body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name the library calls it by
        """The counts say enough."""
