"""Sinks: a mail server and a webhook on loopback that take messages, and fail when they are told.

Owns: both, real sockets, the faults they commit (one for each conversation, in order), what came to
them. Does not own: what is sent, what is asserted.
"""

from __future__ import annotations

import hmac
import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "renmin-road-and-the-provider-know-it"
HANG_S = 20.0
"""Longer than any test gives a sender."""


@dataclass
class Sink:
    """What came, by the key that never changes, and what is to go wrong."""

    faults: list[str] = field(default_factory=list)
    """One for each conversation to come; none = it goes well."""
    taken: dict[str, list[str]] = field(default_factory=dict)
    """Key: whom it went to, each time it came."""
    texts: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    port: int = 0
    on_message: Callable[[str], None] = lambda key: None
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fault(self) -> str:
        with self._lock:
            return self.faults.pop(0) if self.faults else ""

    def take(self, key: str, to: str, text: Any) -> None:
        with self._lock:
            self.taken.setdefault(key, []).append(to)
            self.texts[key] = text
        self.on_message(key)

    def people(self) -> list[str]:
        """Who has a message: as a mailbox or provider shows them that looks at the key."""
        return sorted(to[0] for to in self.taken.values())

    def hang(self) -> None:
        self.over.wait(HANG_S)


@contextmanager
def _served(sink: Sink, server: socketserver.TCPServer) -> Iterator[Sink]:
    sink.port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        sink.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


# ------------------------------------------------------------------ webhook


@contextmanager
def webhook_sink() -> Iterator[Sink]:
    """Faults: refuse, hang, cut, lost, drip, or the number of an HTTP answer (429 wants a wait)."""
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            return

        def do_POST(self) -> None:
            _answer(self, sink)

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            return  # whoever sends has cut us off

    with _served(sink, Server(("127.0.0.1", 0), Handler)) as served:
        yield served


def _answer(handler: BaseHTTPRequestHandler, sink: Sink) -> None:
    fault = sink.fault()
    if fault == "refuse":
        handler.connection.close()
        return
    if fault == "hang":
        sink.hang()
        return
    body = handler.rfile.read(int(handler.headers["Content-Length"]))
    if fault.isdigit():
        handler.send_response(int(fault))
        if fault == "429":
            handler.send_header("Retry-After", "7")
        handler.end_headers()
        return
    _take_request(handler, body, sink)
    if fault == "cut":
        handler.wfile.write(b"HTTP/1.1 2")
    elif fault == "drip":
        for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 500:
            if sink.over.wait(0.05):
                break
            handler.wfile.write(bytes([letter]))
    elif fault != "lost":
        handler.send_response(202)
        handler.end_headers()


def _take_request(handler: BaseHTTPRequestHandler, body: bytes, sink: Sink) -> None:
    said, headers = json.loads(body), handler.headers
    signed = f"{headers['Zhanggui-Time']}.".encode() + body
    mac = hmac.new(SECRET.encode(), signed, sha256).hexdigest()
    if headers["Zhanggui-Signature"] != f"v1={mac}" or headers["Idempotency-Key"] != said["key"]:
        sink.wrong.append(said["key"])
    sink.take(said["key"], said["to"], said)


# ------------------------------------------------------------------ mail


@contextmanager
def mail_sink() -> Iterator[Sink]:
    """Faults: refuse, hang, cut (in the middle of the mail), lost, or an SMTP answer's number:
    554 to whoever comes, 450 and 550 to the address, 452 to the mail.
    """
    sink = Sink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _converse(self, sink)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

        def handle_error(self, *_: object) -> None:
            return

    with _served(sink, Server(("127.0.0.1", 0), Handler)) as served:
        yield served


def _converse(handler: socketserver.StreamRequestHandler, sink: Sink) -> None:
    fault, to = sink.fault(), ""

    def say(line: str) -> None:
        handler.wfile.write(f"{line}\r\n".encode())

    if fault == "refuse":
        return
    if fault == "hang":
        sink.hang()
        return
    say("554 not today" if fault == "554" else "220 mail.example")
    while line := handler.rfile.readline().decode().strip():
        word = line.split(":")[0].upper()
        if word.startswith(("EHLO", "HELO")):
            say("250 mail.example")
        elif word == "RCPT TO":
            to = line.partition("<")[2].rstrip(">")
            say(f"{fault} no" if fault in ("450", "550") else "250 fine")
        elif word == "DATA":
            say("354 go on")
            if not _take_mail(handler, sink, to, fault):
                return
            say("452 too full" if fault == "452" else "250 taken")
        else:
            say("250 fine")


def _take_mail(handler: socketserver.StreamRequestHandler, sink: Sink, to: str, fault: str) -> bool:
    """Whether the conversation goes on."""
    lines: list[bytes] = []
    while (line := handler.rfile.readline()) not in (b".\r\n", b""):
        lines.append(line)
        if fault == "cut":
            return False
    mail = message_from_bytes(b"".join(lines), policy=default)
    assert isinstance(mail, EmailMessage)
    if fault != "452":
        sink.take(mail["Message-ID"], to, mail)
    return fault != "lost"
