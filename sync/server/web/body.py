"""Bodies: what came in, read no further than it may reach, and what goes out.

Owns: limits before and after decompression, gzip, reading messages, compressing answers. Does not
own: the messages (protocol.py), who may send them (door.py).
"""

from __future__ import annotations

import asyncio
import gzip
import re
import zlib
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response
from litestar.exceptions import InternalServerException

from app.wording import N_
from sync.protocol import GZIP_FROM_BYTES, GZIP_LEVEL, Message, decoded, encoded
from sync.server.web.problem import Trouble

M = TypeVar("M", bound=Message)

NOT_GZIP = N_("The body is not what its Content-Encoding says.")
NO_CODING = N_("The server reads bodies as they are or compressed by gzip.")
NOT_JSON = N_("The server reads JSON only (Content-Type: application/json).")
CUT_OFF = N_("The body ended early or came too slowly.")
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
_PATH = re.compile(r" - at `(?:key in )?`?\$?\.?(?P<path>[^`]*)`$")


async def read_message(
    request: Request[Any, Any, Any], kind: type[M], *, bytes_max: int, seconds: int
) -> M:
    """The message of a request. Raises Trouble: bad_request with the path, too_large."""
    media_type = request.headers.get("Content-Type", "application/json")
    if media_type.partition(";")[0].strip().lower() != "application/json":
        raise Trouble("bad_request", NOT_JSON, status=415)
    try:
        async with asyncio.timeout(seconds):
            data = await _read(request, bytes_max)
    except (TimeoutError, InternalServerException):
        # Litestar says the latter where the line broke: nobody hears the answer then.
        raise Trouble("bad_request", CUT_OFF, status=408) from None
    return message_of(data, kind)


def message_of(data: bytes, kind: type[M]) -> M:
    """The message in these bytes. Raises Trouble that names the path and says what is wrong."""
    try:
        return decoded(data, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Trouble("bad_request", fields=fields_of(error)) from None


def answer_bytes(answer: Message, *, packed: bool) -> tuple[bytes, bool]:
    """The bytes of an answer, and whether they are gzip. Runs in a thread: 4 MiB take a while."""
    data = encoded(answer)
    if not packed or len(data) < GZIP_FROM_BYTES:
        return data, False
    return gzip.compress(data, GZIP_LEVEL, mtime=0), True


def answer_of(body: tuple[bytes, bool]) -> Response[bytes]:
    """The answer around what `answer_bytes` made."""
    data, is_gzip = body
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-store"}
    if is_gzip:
        headers["Content-Encoding"] = "gzip"
    return Response(data, status_code=200, media_type="application/json", headers=headers)


def takes_gzip(request: Request[Any, Any, Any]) -> bool:
    """Whether the sender reads gzip."""
    offered = request.headers.get("Accept-Encoding", "").lower().replace(" ", "").split(",")
    return any(
        one == "gzip" or (one.startswith("gzip;q=") and one != "gzip;q=0") for one in offered
    )


async def _read(request: Request[Any, Any, Any], bytes_max: int) -> bytes:
    coding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if coding == "identity":
        return await _joined(request.stream(), bytes_max)
    if coding == "gzip":
        return await _joined(_unpacked(request.stream(), bytes_max), bytes_max)
    headers = {"Accept-Encoding": "gzip"}
    raise Trouble("bad_request", NO_CODING, status=415, headers=headers)


async def _joined(parts: AsyncIterator[bytes], bytes_max: int) -> bytes:
    whole = bytearray()
    async for part in parts:
        whole += part
        if len(whole) > bytes_max:
            raise Trouble("too_large", headers={"Connection": "close"})
    return bytes(whole)


async def _unpacked(packed: AsyncIterator[bytes], bytes_max: int) -> AsyncIterator[bytes]:
    """What is in a gzip stream. At most one byte too many is ever made of it, however small the
    bomb: whoever joins the parts sees it and stops."""
    engine = zlib.decompressobj(_GZIP_FORMAT)
    left = bytes_max + 1
    try:
        async for part in packed:
            if not part:
                continue
            if engine.eof:
                raise Trouble("bad_request", NOT_GZIP)
            made = engine.decompress(part, left)
            left -= len(made)
            yield made
            if left <= 0:
                return
    except zlib.error:
        raise Trouble("bad_request", NOT_GZIP) from None
    if not engine.eof or engine.unused_data:
        raise Trouble("bad_request", NOT_GZIP)


def fields_of(error: Exception) -> dict[str, str]:
    """Which value it is, and what is wrong with it: msgspec's own words, without the value."""
    if not isinstance(error, msgspec.ValidationError):
        return {"$": "malformed JSON"}
    text = str(error)
    found = _PATH.search(text)
    if found is None:
        return {"$": text[:200]}
    return {f"$.{found['path']}".rstrip("."): text[: found.start()][:200]}
