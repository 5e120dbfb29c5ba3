"""The web application of one worker: every route behind one gate.

Owns: putting them together, what every answer carries, the log line of each request. Does not own:
listening (commands/server.py), any route.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from litestar import Litestar, Router
from litestar.types import Message as Sent
from litestar.types import Scope

from sync.protocol import VERSION, VERSION_HEADER
from sync.server.web.enrolment import enrolment_routes
from sync.server.web.exchange import exchange_routes
from sync.server.web.gate import Gate
from sync.server.web.ports import Server
from sync.server.web.problem import handlers, route_of
from sync.server.web.snapshot import snapshot_routes
from sync.server.web.state import state_routes
from sync.server.web.stream import pull_routes

_log = logging.getLogger(__name__)
Beside = Callable[[Litestar], AbstractAsyncContextManager[None]]
_ALWAYS = [
    # Who hears an answer without it talks to a proxy.
    (VERSION_HEADER.lower().encode(), str(VERSION).encode()),
    (b"x-content-type-options", b"nosniff"),
]


def make_app(
    server: Server, more: Sequence[Router] = (), beside: Sequence[Beside] = ()
) -> Litestar:
    """The application of one worker; `more`: routes of other rooms, for others than tills;
    `beside`: what runs while it does.

    Several workers over one database agree.
    """
    gate = Gate(server)

    @asynccontextmanager
    async def watching(_: Litestar) -> AsyncIterator[None]:
        async with gate.watch.running(), gate.behind.running():
            yield

    async def on_send(message: Sent, scope: Scope) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *_ALWAYS]
            _note(gate, scope, message["status"])

    return Litestar(
        [
            *enrolment_routes(gate),
            *exchange_routes(gate),
            *pull_routes(gate),
            *snapshot_routes(gate),
            *state_routes(gate),
            *more,
        ],
        exception_handlers=handlers(server.wording),
        before_send=[on_send],
        lifespan=[watching, *beside],
        openapi_config=None,
        logging_config=None,
        debug=False,
    )


def _note(gate: Gate, scope: Any, status: int) -> None:
    route = route_of(scope)
    gate.metrics.requests.labels(route, str(status)).inc()
    said = {"route": route, "method": scope["method"], "status": status}
    _log.info("request", extra=said | {"device": scope["state"].get("device", "")})
