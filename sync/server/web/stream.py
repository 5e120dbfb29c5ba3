"""The route of a stream: what came after a place, or the wait for it.

Owns: the query of a pull and its long-poll. Does not own: what stands in a stream (feed), who is
told that it has grown (watch.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

import msgspec
from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, structs
from sqlalchemy import Connection

from sync.protocol import PATH_PREFIX, PULL_WAIT_S_MAX, PullAnswer, WireCount
from sync.server.credential import Bearer
from sync.server.device import Device
from sync.server.web.body import answer_bytes, answer_of, fields_of, takes_gzip
from sync.server.web.door import reads_of
from sync.server.web.gate import AnyRequest, Gate
from sync.server.web.ports import Act, PullWanted
from sync.server.web.problem import FOREIGN_RIGHT, Trouble

ALSO_MAX = 8
_Place = Annotated[str, Meta(max_length=120, pattern=r"^[!-~]+:[0-9]{1,16}$")]


class PullQuery(msgspec.Struct, frozen=True):
    """What stands behind the question mark. Nothing of it is secret."""

    stream: Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[!-~]+$")]
    after: WireCount
    wait: Annotated[int, Meta(ge=0, le=PULL_WAIT_S_MAX)] = 0
    also: Annotated[tuple[_Place, ...], Meta(max_length=ALSO_MAX)] = ()
    """Other streams of the device, each with the place it knows: news of them end the wait too."""

    @property
    def places(self) -> dict[str, int]:
        """What `also` says."""
        pairs = (each.rpartition(":") for each in self.also)
        return {stream: int(place) for stream, _, place in pairs}


Body = tuple[bytes, bool]
AnyPull = Act[PullWanted, PullAnswer]


def pull_routes(gate: Gate) -> list[HTTPRouteHandler]:
    """`GET /v1/pull?stream=&after=&wait=&also=`, where there is something to pull."""
    act = gate.server.acts.pull
    return [] if act is None else [_pull_route(gate, act)]


def _pull_route(gate: Gate, act: AnyPull) -> HTTPRouteHandler:
    look = _looking(gate, act)

    async def pull(request: AnyRequest) -> Response[bytes]:
        bearer = gate.door.bearer(request)
        query = _query(request)
        asked = PullWanted(query.stream, query.after)
        wanted = _Wanted(asked, query.places, takes_gzip(request), reads_of(request))
        head, body = await look(bearer, wanted)
        # Only who has heard everything waits: a head behind him is a restored server.
        if head == query.after and query.wait:
            with gate.metrics.waiting.track_inprogress():
                known = {query.stream: query.after, **wanted.also}
                places = {(bearer.tenant, stream): at for stream, at in known.items()}
                await gate.watch.wait(places, query.wait)
            _, body = await look(bearer, wanted)
        return answer_of(body)

    return get(f"{PATH_PREFIX}/pull", name="/pull")(pull)


def _query(request: AnyRequest) -> PullQuery:
    said: dict[str, Any] = dict(request.query_params.items())
    said["also"] = request.query_params.getall("also", [])
    try:
        return msgspec.convert(said, PullQuery, strict=False)
    except msgspec.ValidationError as error:
        raise Trouble("bad_request", fields=fields_of(error)) from None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A pull as it was understood."""

    stream: PullWanted
    also: Mapping[str, int]
    packed: bool
    reads: frozenset[str]


def _looking(
    gate: Gate, act: AnyPull
) -> Callable[[Bearer, _Wanted], Awaitable[tuple[int | None, Body]]]:
    """Reads the head to wait at, or None where there is nothing to wait for; and the answer."""

    async def look(bearer: Bearer, wanted: _Wanted) -> tuple[int | None, Body]:
        def work(connection: Connection, device: Device) -> tuple[int | None, Body]:
            if not {wanted.stream.stream, *wanted.also} <= set(device.streams):
                raise Trouble("foreign_credential", FOREIGN_RIGHT, status=403)
            device = replace(device, reads=wanted.reads)
            answer = act(connection, device, wanted.stream, gate.server.clock.wall_ms())
            if wanted.also:
                pairs = [(device.tenant, stream) for stream in wanted.also]
                found = gate.server.acts.heads(connection, pairs)
                heads = {stream: found.get((tenant, stream), 0) for tenant, stream in pairs}
                answer = structs.replace(answer, heads=heads)
            has_news = any(answer.heads[stream] > at for stream, at in wanted.also.items())
            waits = not answer.events and not answer.too_old and not has_news
            return answer.head if waits else None, answer_bytes(answer, packed=wanted.packed)

        with gate.metrics.took.labels("/pull").time():
            return await gate.look(bearer, "pull", work)

    return look
