"""A receipt printer at the other end of a real line: it takes bytes, answers, and misbehaves.

Owns: the printer's side of TCP and of a serial line (a pty), in a thread. Does not own: what
bytes mean on paper (escpos_paper.py).
"""

from __future__ import annotations

import contextlib
import os
import pty
import select
import socket
import threading
import tty
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

ASK_OFFLINE_CAUSE = b"\x10\x04\x02"
ASK_PAPER = b"\x10\x04\x04"
ASK_END = b"\x1dr\x01"
READY, NO_PAPER, COVER, FEEDING, BROKEN = 0x12, 0x72, 0x16, 0x1A, 0x52
STOPPED = 0x32
WAIT_S = 20.0


@dataclass
class Manners:
    """How the printer behaves. Bytes are counted over one connection, questions included."""

    cause: int | None = READY
    """The answer to the question why it stands still; None: it never answers anything."""
    paper: int = READY
    tells_end: bool = True
    before: bytes = b""
    """Rubbish in front of every answer."""
    stops_after: int | None = None
    """From this byte on it neither reads nor answers."""
    hangs_up_after: int | None = None
    runs_out_after: int | None = None
    """From this byte on the roll is at its end."""


@dataclass
class CounterPrinter:
    """What it has got: one entry for every connection, without the questions in `papers`."""

    manners: Manners = field(default_factory=Manners)
    connections: list[bytearray] = field(default_factory=list)
    answered: int = 0

    @property
    def got(self) -> bytes:
        return b"".join(bytes(each) for each in self.connections)

    def serve(self, read: Callable[[int], bytes], write: Callable[[bytes], object]) -> None:
        """One connection, until the till hangs up or the manners end it."""
        got = bytearray()
        self.connections.append(got)
        asked = 0
        while True:
            limit = self.manners.stops_after or self.manners.hangs_up_after
            room = 4096 if limit is None else limit - len(got)
            if room <= 0:
                return
            data = read(room)
            if not data:
                return
            got += data
            asked = self._answer(bytes(got), asked, write)

    def _answer(self, got: bytes, asked: int, write: Callable[[bytes], object]) -> int:
        """Answer each question that is complete; gives back up to where it has looked."""
        while True:
            found = [
                (at, question)
                for question in (ASK_OFFLINE_CAUSE, ASK_PAPER, ASK_END)
                if (at := got.find(question, asked)) >= 0
            ]
            if not found:
                return max(asked, len(got) - 2)
            at, question = min(found)
            asked = at + len(question)
            answer = self._status(question, len(got))
            if answer is not None:
                self.answered += 1
                write(self.manners.before + bytes([answer]))

    def _status(self, question: bytes, received: int) -> int | None:
        manners = self.manners
        if manners.cause is None:
            return None
        out = manners.runs_out_after is not None and received > manners.runs_out_after
        if question == ASK_END:
            return 0x00 if manners.tells_end and not out else None
        if question == ASK_PAPER:
            return NO_PAPER if out else manners.paper
        return STOPPED if out else manners.cause


class TcpPrinter(CounterPrinter):
    """Listens on a free port of this machine; `with` it."""

    def __enter__(self) -> Self:
        self._server = socket.create_server(("127.0.0.1", 0))
        # A small window, as printers have: a long paper does not fit on the way.
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.port: int = self._server.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._till_is_done = threading.Event()
        self._thread.start()
        return self

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._server.accept()
                with connection, contextlib.suppress(ConnectionError):
                    connection.settimeout(WAIT_S)
                    self.serve(connection.recv, connection.sendall)
                    if self.manners.stops_after is not None:
                        assert self._till_is_done.wait(WAIT_S)

    def let_go(self) -> None:
        """A printer that stood still is switched off and on."""
        self._till_is_done.set()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.let_go()
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()


class SerialPrinter(CounterPrinter):
    """At one end of a pty; `path` is the till's end. `with` it."""

    def __enter__(self) -> Self:
        self._ours, self._theirs = pty.openpty()
        tty.setraw(self._theirs)
        self.path = os.ttyname(self._theirs)
        self._stop = threading.Event()
        self._thread = threading.Thread(
            target=self.serve, args=(self._read, lambda data: os.write(self._ours, data))
        )
        self._thread.start()
        return self

    def _read(self, size: int) -> bytes:
        while True:
            is_over = self._stop.is_set()
            if select.select([self._ours], [], [], 0.0 if is_over else 0.02)[0]:
                with contextlib.suppress(OSError):
                    return os.read(self._ours, size)
            if is_over:  # and all that was sent before is read
                return b""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join(WAIT_S)
        os.close(self._ours)
        os.close(self._theirs)
        assert not self._thread.is_alive()
