"""A small server over real HTTP: push with dedupe, long-poll, ask, tokens, snapshots.

Owns: answering as the protocol says, and failing as a test says. Does not own: the real server
(sync/server), which has its own tests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from app.domain.ids import OpId
from sync import protocol as p
from sync.sealing import sealed
from tests.sync.loopback import PROBLEM, Asked, Said


@dataclass
class SmallServer:
    """Everything it knows. `fault` may answer in its place (None = it does not)."""

    epoch: int = 1
    accepted: dict[OpId, p.OpAnswer] = field(default_factory=dict)
    pushes: int = 0
    streams: dict[str, list[p.Event]] = field(default_factory=dict)
    file: bytes = b""
    unready: int = 0
    tokens: int = 0
    bad_tokens: set[str] = field(default_factory=set)
    fault: Callable[[Asked], Said | None] = lambda _: None
    news: threading.Condition = field(default_factory=threading.Condition)
    closing: bool = False
    polls: int = 0
    last_range: str = ""
    patience_s: float = 1.0
    """A server may end a long poll sooner than asked."""

    def __call__(self, asked: Asked) -> Said:
        path = urlsplit(asked.path).path.removeprefix("/v1/")
        if path == "challenge":
            return said(p.Challenge(challenge=b"c", seconds=60))
        if path == "token":
            self.tokens += 1
            return said(p.Token(token=f"t{self.tokens}", seconds=900, server_ms=self.ms()))
        if asked.headers.get("Authorization", "").removeprefix("Bearer ") in self.bad_tokens:
            return problem(401, "expired_credential")
        return self.fault(asked) or self._answer(path, asked)

    def publish(self, stream: str, *events: p.Event) -> None:
        with self.news:
            self.streams.setdefault(stream, []).extend(events)
            self.news.notify_all()

    def close(self) -> None:
        with self.news:
            self.closing = True
            self.news.notify_all()

    @staticmethod
    def ms() -> int:
        return 1_795_320_000_000

    def _answer(self, path: str, asked: Asked) -> Said:
        match path.split("/"):
            case ["push"]:
                return said(self.push(p.decoded(asked.body, p.Push)))
            case ["pull"]:
                return said(self._pull(asked))
            case ["snapshot"]:
                return said(self._snapshot(p.decoded(asked.body, p.SnapshotWanted)))
            case ["snapshot", _]:
                return self._part(asked)
            case ["ask", _] | ["digest"]:
                return said(self._asked(path, asked.body))
            case _:
                return problem(404, "not_found")

    def _asked(self, path: str, body: bytes) -> p.Message:
        match path:
            case "ask/lookup":
                return p.LookUpAnswer(server_ms=self.ms(), server_epoch=1)
            case "ask/reserve":
                wanted = p.decoded(body, p.Reserve)
                return p.Reserved(reservation=wanted.reservation, ends_ms=5, server_ms=self.ms())
            case "ask/void":
                void = p.decoded(body, p.Void)
                return p.Voided(reservation=void.reservation, server_ms=self.ms())
            case "ask/grant":
                return p.GrantAnswer(server_ms=self.ms())
            case _:
                return p.DigestAnswer(equal=True, known=1, server_ms=self.ms(), server_epoch=1)

    def push(self, push: p.Push) -> p.PushAnswer:
        self.pushes += 1
        answers = []
        for one in push.ops:
            known = self.accepted.get(one.op_id)
            made = p.OpAnswer(
                op_id=one.op_id, epoch=one.epoch, dseq=one.dseq, outcome="accepted",
                duplicate=known is not None,
            )  # fmt: skip
            self.accepted.setdefault(one.op_id, made)
            answers.append(made)
        return p.PushAnswer(
            answers=tuple(answers), server_ms=self.ms(), server_epoch=self.epoch, heads={}
        )

    def _pull(self, asked: Asked) -> p.PullAnswer:
        query = parse_qs(urlsplit(asked.path).query)
        stream, after = query["stream"][0], int(query["after"][0])
        with self.news:
            self.polls += 1
            self.news.notify_all()
            places = dict(one.rsplit(":", 1) for one in query.get("also", []))
            self.news.wait_for(
                lambda: (
                    self.closing
                    or len(self.streams.get(stream, [])) > after
                    or any(self.head(name) > int(place) for name, place in places.items())
                ),
                min(self.patience_s, int(query["wait"][0])),
            )
            events = self.streams.get(stream, [])
            came = [p.Positioned(at=n + 1, event=events[n]) for n in range(after, len(events))]
            return p.PullAnswer(
                stream=stream, events=tuple(came), head=len(events), server_ms=self.ms(),
                server_epoch=self.epoch, too_old=bool(self.file) and after == 0,
                heads={name: self.head(name) for name in places},
            )  # fmt: skip

    def head(self, stream: str) -> int:
        return len(self.streams.get(stream, []))

    def _snapshot(self, wanted: p.SnapshotWanted) -> p.Snapshot:
        self.unready -= 1
        return p.Snapshot(
            id="snap 1", ready=self.unready < 0, size=len(self.file),
            sha256=sha256(self.file).digest(), sealed_key=sealed(b"k" * 32, wanted.public),
            positions={name: len(all_) for name, all_ in self.streams.items()},
            server_ms=self.ms(), server_epoch=self.epoch,
        )  # fmt: skip

    def _part(self, asked: Asked) -> Said:
        self.last_range = asked.headers["Range"]
        start, end = (int(one) for one in self.last_range.removeprefix("bytes=").split("-"))
        headers = {"Content-Type": "application/octet-stream"}
        return Said(206, self.file[start : end + 1], headers)


def said(message: p.Message) -> Said:
    return Said(body=p.encoded(message))


def problem(status: int, code: str, retry_after_s: int | None = None) -> Said:
    made = p.Problem(title="No", status=status, code=code, retry_after_s=retry_after_s)
    return Said(status, p.encoded(made), {"Content-Type": PROBLEM})
