"""The routes for whoever looks after the server: is it well, what does it do, how is it spoken to.

Owns: /health, /metrics, /openapi.json and the page made of it. Does not own: the figures
(metrics.py), the description (openapi.py). None of them shows anything of the shop.
"""

from __future__ import annotations

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import text

from sync.protocol import VERSIONS_SPOKEN
from sync.server.web.gate import AnyRequest, Gate
from sync.server.web.metrics import MEDIA_TYPE
from sync.server.web.openapi import description_bytes, page, served_by
from sync.server.web.problem import language_of

_NO_STORE = {"Cache-Control": "no-store"}
# Nothing from elsewhere, no scripts: the page is text.
_PAGE_ONLY = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}


def state_routes(gate: Gate) -> list[HTTPRouteHandler]:
    """Health, figures, description."""
    served = served_by(gate.server.acts)

    @get("/health", name="/health")
    async def health() -> Response[dict[str, object]]:
        database = gate.server.database
        await gate.workers.run(
            lambda: database.read(lambda connection: connection.execute(text("SELECT 1")).all())
        )
        said: dict[str, object] = {"status": "ok", "versions": list(VERSIONS_SPOKEN)}
        return Response(said, media_type="application/json", headers=_NO_STORE)

    @get("/metrics", name="/metrics")
    async def figures() -> Response[bytes]:
        return Response(gate.metrics.text(), headers=_NO_STORE | {"Content-Type": MEDIA_TYPE})

    @get("/openapi.json", name="/openapi.json")
    async def description() -> Response[bytes]:
        return Response(description_bytes(served), media_type="application/json")

    @get("/", name="/")
    async def described(request: AnyRequest) -> Response[str]:
        language = language_of(request.headers.get("Accept-Language"))
        words = gate.server.wording(language)
        return Response(
            page(words, served), media_type="text/html; charset=utf-8", headers=_PAGE_ONLY
        )

    return [health, figures, description, described]
