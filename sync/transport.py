"""Transport: one method over requests, and the only file that talks to a network.

Owns: bytes on the wire (headers, gzip, limits, time-outs), and what each way of failing means in
the tree of errors.py: no error of a library gets past it. Does not own: tokens (session.py), when
anything is said and tried again (core.py), the shape of messages (protocol.py).

One object is one lane's connection. `abort` may be called by another thread: whoever waits for an
answer here is told Unreachable at once, also 25 s before a long poll would end.
"""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TypeVar

import msgspec
import requests
import urllib3
from requests.auth import AuthBase

from sync.errors import Busy, Garbled, NotAllowed, NotSpoken, Refused, SyncError, TooLarge
from sync.errors import Unreachable as Lost
from sync.protocol import (
    GZIP_FROM_BYTES,
    GZIP_LEVEL,
    PATH_PREFIX,
    PULL_BYTES_MAX,
    READS,
    READS_HEADER,
    RETRY_HEADER,
    VERSION,
    VERSION_HEADER,
    Message,
    Problem,
    decoded,
    encoded,
)
from sync.wire import WireAdapter

CONNECT_S = 5
ANSWER_S = 30
READ_BYTES = 64 * 1024

M = TypeVar("M")

_BY_CODE: dict[str, type[Refused]] = {
    "too_large": TooLarge, "unknown_version": NotSpoken, "no_credential": NotAllowed,
    "expired_credential": NotAllowed, "foreign_credential": NotAllowed,
    "revoked_device": NotAllowed, "too_many": Busy, "busy": Busy, "disk_full": Busy,
    "internal": Busy,
}  # fmt: skip
_BY_STATUS: dict[int, type[Refused]] = {
    401: NotAllowed, 403: NotAllowed, 413: TooLarge, 429: Busy
}  # fmt: skip
_PROXYS_CODE = {413: "too_large", 429: "too_many"}


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `message` is posted; without one the path is got."""

    path: str
    """Below /v1."""
    message: Message | None = None
    query: Mapping[str, str | int | list[str]] = field(default_factory=dict)
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer_s: float = ANSWER_S
    """How long an answer may take, a long poll's wait included."""
    answer_bytes: int = PULL_BYTES_MAX


class Transport:
    """One connection to the server at `url`; `language` is that of sentences in problems."""

    def __init__(self, url: str, *, language: str = "zh-CN") -> None:
        self._url = url.rstrip("/") + PATH_PREFIX
        self._wires = WireAdapter()
        self._session = requests.Session()
        self._session.mount("http://", self._wires)
        self._session.mount("https://", self._wires)
        self._session.headers.update(
            {
                VERSION_HEADER: str(VERSION),
                READS_HEADER: ", ".join(READS),
                "Accept-Language": language,
                "Accept": "application/json, application/problem+json",
                "Accept-Encoding": "gzip",
                "User-Agent": "zhanggui",
            }
        )

    def send(self, call: Call, kind: type[M]) -> M:
        """Say it and read the answer. Raises Unreachable, Garbled or Refused, nothing else."""
        data = self.fetch(call)
        try:
            return decoded(data, kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Garbled(f"{call.path}: {error}") from error

    def fetch(self, call: Call) -> bytes:
        """As `send`, for an answer that is no message (a part of a snapshot)."""
        until = time.monotonic() + call.answer_s
        try:
            with self._exchange(call) as response:
                data = _body(response, call.answer_bytes, until)
        except (requests.RequestException, urllib3.exceptions.HTTPError, HTTPException) as error:
            raise _mapped(error) from error
        except (OSError, UnicodeError) as error:
            raise Lost(str(error)) from error
        _check(response, data)
        return data

    def abort(self) -> None:
        """End whatever is under way, and everything that would come after it."""
        self._wires.abort()

    def close(self) -> None:
        """Give the connections back."""
        self.abort()
        self._session.close()

    def _exchange(self, call: Call) -> requests.Response:
        headers = dict(call.headers)
        body = None
        if call.message is not None:
            body = encoded(call.message)
            headers["Content-Type"] = "application/json"
            if len(body) >= GZIP_FROM_BYTES:
                body = gzip.compress(body, GZIP_LEVEL, mtime=0)
                headers["Content-Encoding"] = "gzip"
        return self._session.request(
            "GET" if body is None else "POST",
            f"{self._url}/{call.path}",
            params=dict(call.query),
            data=body,
            headers=headers,
            auth=_Bearer(call.token),
            timeout=(CONNECT_S, call.answer_s),
            stream=True,
            # A hotel's sign-in page lives elsewhere: nothing is told to that place.
            allow_redirects=False,
        )


@dataclass(frozen=True, slots=True)
class _Bearer(AuthBase):
    """Our own credential or none: requests would put a password of ~/.netrc in its place."""

    token: str | None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token is not None:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


# ------------------------------------------------------------------ the answer's bytes


def _body(response: requests.Response, limit: int, until: float) -> bytes:
    """The body, unpacked by us: neither it nor what it unpacks to may grow over the limit."""
    parts, size = [], 0
    while part := response.raw.read(READ_BYTES, decode_content=False):
        size += len(part)
        if size > limit:
            raise Garbled(f"an answer of more than {limit} bytes")
        if time.monotonic() > until:
            raise Lost("the answer takes too long")
        parts.append(part)
    data = b"".join(parts)
    match response.headers.get("Content-Encoding", "identity").strip().lower():
        case "identity" | "":
            return data
        case "gzip":
            return _unpacked(data, limit)
        case other:
            raise Garbled(f"packed in a way nobody asked for: {other[:40]!r}")


def _unpacked(data: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(data, limit)
    except zlib.error as error:
        raise Garbled(f"not what gzip makes: {error}") from error
    if unpacker.unconsumed_tail:
        raise Garbled(f"an answer of more than {limit} bytes, unpacked")
    if not unpacker.eof or unpacker.unused_data:
        raise Garbled("gzip cut off, or with something behind it")
    return plain


# ------------------------------------------------------------------ what it means


def _check(response: requests.Response, data: bytes) -> None:
    """Raise what the status says, where it is not plain success."""
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    status = response.status_code
    if kind == "application/problem+json" and status >= 400:
        raise _refused(_problem(data), status, response.headers)
    if status in (200, 206):
        if kind in ("application/json", "application/octet-stream"):
            return
        raise Garbled(f"{kind or 'something'} where an answer was due: {data[:80]!r}")
    retry_after_s = _retry_after_s(response.headers)
    if status >= 500 or status in _PROXYS_CODE:
        # A proxy says these for a server that is away or full; it speaks no problem+json.
        found = _BY_STATUS.get(status, Busy)
        raise found(_PROXYS_CODE.get(status, "busy"), status, "", retry_after_s)
    raise Garbled(f"status {status} of somebody who is not our server: {data[:80]!r}")


def _problem(data: bytes) -> Problem:
    try:
        return decoded(data, Problem)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Garbled(f"a problem that cannot be read: {error}") from error


def _refused(problem: Problem, status: int, headers: Mapping[str, str]) -> Refused:
    other = Busy if status >= 500 else Refused
    found = _BY_CODE.get(problem.code) or _BY_STATUS.get(status, other)
    wait_s = problem.retry_after_s
    retry_after_s = _retry_after_s(headers) if wait_s is None else float(wait_s)
    detail = problem.detail or problem.title
    for path, wrong in problem.fields.items():
        detail += f" {path}: {wrong}."
    return found(problem.code, status, detail, retry_after_s)


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds, or a date by the clock of who says it."""
    text = headers.get(RETRY_HEADER, "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
        said = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return max(0.0, (_utc(until) - _utc(said)).total_seconds())


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_CUT = (
    urllib3.exceptions.IncompleteRead,
    urllib3.exceptions.InvalidChunkLength,
    urllib3.exceptions.SSLError,
    requests.exceptions.SSLError,
    HTTPException,
)


def _mapped(error: BaseException) -> SyncError:
    """Garbled where somebody answered, and badly; else it is not known whether anybody is there."""
    seen: list[object] = [error]
    for one in seen:
        if isinstance(one, _CUT) and not _is_silence(one):
            return Garbled(str(error))
        if isinstance(one, BaseException):
            seen += [*one.args, one.__cause__, getattr(one, "reason", None)]
    return Lost(str(error))


def is_untrusted(error: SyncError) -> bool:
    """Whether TLS failed: its certificate is not trusted here, or is for another name."""
    seen: list[object] = [error]
    for one in seen:
        if isinstance(one, (urllib3.exceptions.SSLError, requests.exceptions.SSLError)):
            return True
        if isinstance(one, BaseException):
            seen += [*one.args, one.__cause__, getattr(one, "reason", None)]
    return False


def _is_silence(error: BaseException) -> bool:
    """A connection closed before the first byte of an answer."""
    return isinstance(error, ConnectionError)
