"""The route of a snapshot's file: fetched in ranges, so that a lost line costs only the rest.

Owns: ranges of RFC 9110. Does not own: making snapshots, what is in the file.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from anyio import open_file
from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream
from sqlalchemy import Connection

from app.wording import N_
from sync.protocol import PATH_PREFIX
from sync.server.device import Device
from sync.server.web.gate import AnyRequest, Gate
from sync.server.web.ports import Act
from sync.server.web.problem import Trouble

MEDIA_TYPE = "application/octet-stream"
PART_BYTES = 256 * 1024
NO_RANGE = N_("This part of the file is not there.")
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})?")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes [start, end) of a file of `size`."""

    start: int
    end: int
    size: int

    @property
    def is_whole(self) -> bool:
        return self.end - self.start == self.size


def snapshot_routes(gate: Gate) -> list[HTTPRouteHandler]:
    """`GET /v1/snapshot/{id}`, with or without `Range: bytes=a-b`; where there are snapshots."""
    act = gate.server.acts.snapshot_file
    return [] if act is None else [_snapshot_route(gate, act)]


def _snapshot_route(gate: Gate, act: Act[str, Path | None]) -> HTTPRouteHandler:

    async def fetch(request: AnyRequest) -> Stream:
        bearer = gate.door.bearer(request)
        snapshot = str(request.path_params["snapshot"])

        def work(connection: Connection, device: Device) -> tuple[Path, int]:
            now_ms = gate.server.clock.wall_ms()
            is_id = _ID.fullmatch(snapshot)
            path = act(connection, device, snapshot, now_ms) if is_id else None
            if path is None or not path.is_file():
                raise Trouble("not_found")
            return path, path.stat().st_size

        path, size = await gate.look(bearer, "snapshot", work)
        part = part_of(request.headers.get("Range"), size)
        return Stream(
            _bytes_of(path, part),
            status_code=200 if part.is_whole else 206,
            media_type=MEDIA_TYPE,
            headers=_headers(part),
        )

    return get(f"{PATH_PREFIX}/snapshot/{{snapshot:str}}", name="/snapshot/{id}")(fetch)


def part_of(said: str | None, size: int) -> Part:
    """Which part is asked for; other units and several ranges mean the whole, as RFC 9110 allows.

    Raises Trouble (416) where the file does not reach there.
    """
    found = _RANGE.fullmatch(said.replace(" ", "")) if said else None
    if found is None:
        return Part(0, size, size)
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if start >= size or last < start:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Trouble("bad_request", NO_RANGE, status=416, headers=headers)
    return Part(start, min(last + 1, size), size)


def _headers(part: Part) -> dict[str, str]:
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Length": str(part.end - part.start),
        "Cache-Control": "no-store",
    }
    if not part.is_whole:
        headers["Content-Range"] = f"bytes {part.start}-{part.end - 1}/{part.size}"
    return headers


async def _bytes_of(path: Path, part: Part) -> AsyncIterator[bytes]:
    async with await open_file(path, "rb") as file:
        await file.seek(part.start)
        left = part.end - part.start
        while left > 0:
            data = await file.read(min(PART_BYTES, left))
            if not data:
                return
            left -= len(data)
            yield data
