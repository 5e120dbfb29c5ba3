"""Listening: uvicorn around the web side, in this process or in several.

Owns: the address, how worker processes learn what they stand on, stopping. Does not own: the
application (server/web), the database (handed in).
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from litestar import Litestar

from app.wording import N_, Wording, load
from sync.commands.exit import NOT_POSSIBLE, OK
from sync.server.database import ServerDatabase, postgres_engine
from sync.server.join import Ready, app_of, make_ready
from sync.server.log import log_to_stderr
from sync.server.phone_page import ConsentTexts
from sync.server.published import programs
from sync.server.secret import ServerSecret
from sync.server.snapshot import SnapshotRoom
from sync.server.web.metrics import MANY_WORKERS

STOP_SECONDS = 3
"""How long requests under way may take after Ctrl+C; a waiting pull is cut off and asks again."""
KEEP_ALIVE_SECONDS = 75
WORKERS_MAX = 64
_URL, _SECRET = "ZHANGGUI_WORKER_DATABASE", "ZHANGGUI_WORKER_SECRET"
_SNAPSHOTS, _TEXTS = "ZHANGGUI_WORKER_SNAPSHOTS", "ZHANGGUI_WORKER_TEXTS"


@dataclass(frozen=True, slots=True)
class Serving:
    """What is served. `texts`: what a customer agrees to who joins on his phone."""

    ready: Ready
    texts: ConsentTexts | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Where, and in how many processes."""

    host: str
    port: int
    workers: int
    trusted: str
    certificate: Path | None = None
    key: Path | None = None

    @property
    def is_open(self) -> bool:
        """Others on the way could read along: no TLS here, and nobody named who ends it."""
        is_here = self.host in {"127.0.0.1", "::1", "localhost"}
        return not (is_here or self.certificate or self.trusted)

    @staticmethod
    def parse(said: str, workers: int, trusted: str) -> Listening | None:
        """From the command line; None for what is no address and port."""
        host, _, port = said.rpartition(":")
        if not host or not port.isdecimal() or int(port) > 65_535:
            return None
        return Listening(host.strip("[]"), int(port), workers, trusted)


OPEN = N_(
    "Tills reach this address without encryption: whoever is on the way can read along. "
    "Give --certificate and --key, or put a proxy with TLS before it (--trust-proxy)."
)

NO_PROGRAM = N_(
    "No program of the chain is published yet: no birthday coupons, no points set aside for tills, "
    "no pages for phones. See main.py server publish --help."
)


def warnings(ready: Ready, listening: Listening) -> Iterator[str]:
    """What its owner should know at the start; source English."""
    if listening.is_open:
        yield OPEN
    if not ready.database.read(lambda connection: programs(connection, ready.tenant.tenant)):
        yield NO_PROGRAM


def serve(serving: Serving, listening: Listening, url: str | None, wording: Wording) -> int:
    """Serve until Ctrl+C or the end of the process."""
    ready = serving.ready
    log_to_stderr()
    scheme = "https" if listening.certificate else "http"
    address = f"{scheme}://{listening.host}:{listening.port}"
    print(wording.t("The server listens on {address} until it is ended.", address=address),
          flush=True)  # fmt: skip
    for warning in warnings(ready, listening):
        print(wording.t(warning), file=sys.stderr)
    if listening.workers == 1:
        config = uvicorn.Config(_settled(app_of(ready, load, serving.texts)), **_how(listening))
        server = uvicorn.Server(config)
        server.run()
        return OK if server.started else NOT_POSSIBLE
    assert url is not None, "several workers stand on PostgreSQL"
    with tempfile.TemporaryDirectory(prefix="zhanggui-figures-") as figures:
        # Not in argv: others see that. The worker takes both out of its environment at once.
        os.environ |= {_URL: url, _SECRET: ready.secret.root.hex(), MANY_WORKERS: figures}
        os.environ[_TEXTS] = msgspec.json.encode(serving.texts).decode()
        os.environ[_SNAPSHOTS] = "" if ready.snapshots is None else ready.snapshots.spoken
        uvicorn.run(
            "sync.commands.listening:worker_app",
            factory=True,
            workers=listening.workers,
            **_how(listening),
        )
    return OK


def end_with_input() -> None:
    """Stop as after Ctrl+C, once whoever started this program has ended."""

    def wait() -> None:
        sys.stdin.buffer.read()
        signal.raise_signal(signal.SIGINT)

    threading.Thread(target=wait, name="tied", daemon=True).start()


def _end_with_first() -> None:
    """Stop once the process that started this worker is gone, however it went: else workers of a
    server that was killed would go on listening beside the next one's."""
    first = multiprocessing.parent_process()

    def wait() -> None:
        if first is not None:
            first.join()
            signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=wait, name="first", daemon=True).start()


def worker_app() -> Litestar:
    """The application of one of several worker processes."""
    _end_with_first()
    log_to_stderr()
    url, secret = os.environ.pop(_URL), ServerSecret(bytes.fromhex(os.environ.pop(_SECRET)))
    ready = make_ready(ServerDatabase(postgres_engine(url)), secret)
    assert isinstance(ready, Ready), "the first process made it ready"
    spoken = os.environ.get(_SNAPSHOTS)
    snapshots = SnapshotRoom.of_words(spoken) if spoken else None
    texts = msgspec.json.decode(os.environ.get(_TEXTS, "null"), type=ConsentTexts | None)
    return _settled(app_of(replace(ready, snapshots=snapshots), load, texts))


GARBAGE_FROM = 10_000
"""So many new containers set off a look for garbage: a push of 200 sales makes as many."""


SWITCH_S = 0.001
"""So long one thread reckons before another has its turn: who waits for the database stands in line
anew behind each answer, several times in a request, while something long is reckoned."""


def _settled(app: Litestar) -> Litestar:
    """What is loaded by now stays until the end: who looks for garbage passes over it. Else every
    so many pushes one would wait a tenth of a second for all of it to be looked through.
    """
    sys.setswitchinterval(SWITCH_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_FROM, *gc.get_threshold()[1:])
    return app


def _how(listening: Listening) -> dict[str, Any]:
    return {
        "host": listening.host,
        "port": listening.port,
        "log_config": None,
        "access_log": False,
        "server_header": False,
        "proxy_headers": bool(listening.trusted),
        "forwarded_allow_ips": listening.trusted or None,
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": STOP_SECONDS,
        "h11_max_incomplete_event_size": 64 * 1024,
        "ssl_certfile": listening.certificate,
        "ssl_keyfile": listening.key,
    }
