"""Problems: why a request got no answer, as a status, a code and a sentence.

Owns: the status and sentences of every code of errors.py, what a failing database means, the
language asked for. Does not own: when there is a problem (the routes), the shape (protocol.py).
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.wording import N_, Wording, closest_language
from sync.errors import ProblemCode
from sync.protocol import RETRY_HEADER, VERSIONS_SPOKEN, Problem, encoded
from sync.server.database import DatabaseBusy

MEDIA_TYPE = "application/problem+json"
BUSY_SECONDS = 2
DISK_SECONDS = 300
_log = logging.getLogger(__name__)

WORDS: Mapping[ProblemCode, tuple[int, str, str]] = {
    "bad_request": (
        400,
        N_("Not understood"),
        N_("The server did not understand this request; nothing of it was kept."),
    ),
    "too_large": (
        413,
        N_("Too large"),
        N_("This is more than the server takes at once; it has to be sent in smaller parts."),
    ),
    "unknown_version": (
        400,
        N_("Unknown version"),
        N_("Till and server speak no common version; the older of the two needs an update."),
    ),
    "no_credential": (
        401,
        N_("Who is this?"),
        N_("This request does not say which till sends it."),
    ),
    "expired_credential": (
        401,
        N_("Proof too old"),
        N_("The till has to prove again who it is; it does so by itself."),
    ),
    "foreign_credential": (
        401,
        N_("Not this till"),
        N_("The server does not accept this proof; if it goes on, enrol the till again."),
    ),
    "revoked_device": (
        403,
        N_("Till revoked"),
        N_("Head office has revoked this till. Its sales are still taken and checked there."),
    ),
    "unknown_code": (
        403,
        N_("Code not valid"),
        N_("This code is mistyped, used or too old. Ask head office for a new one."),
    ),
    "device_taken": (
        409,
        N_("Number taken"),
        N_("Another till has this number. Head office can make a code that replaces it."),
    ),
    "not_found": (404, N_("Not there"), N_("There is nothing under this address.")),
    "too_many": (
        429,
        N_("Too often"),
        N_("Too many requests came from here; the till tries again by itself."),
    ),
    "busy": (
        503,
        N_("Busy"),
        N_("The server is busy at the moment; the till tries again by itself."),
    ),
    "disk_full": (
        507,
        N_("Disk full"),
        N_("The server's disk is full. Nothing is lost; head office has to make room there."),
    ),
    "internal": (
        500,
        N_("A fault of the server"),
        N_("The server failed at this request. Nothing is lost; head office finds it in the log."),
    ),
}
FOREIGN_RIGHT = N_("This till has no right to that.")


@dataclass
class Trouble(Exception):
    """Raised anywhere on the way in; ends as a Problem."""

    code: ProblemCode
    says: str = ""
    """A sentence of the catalogue instead of the code's own."""
    status: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    retry_after_s: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


def language_of(accepted: str | None) -> str:
    """The language we speak that Accept-Language wants most; English where it wants none."""
    best, best_weight = "", 0.0
    for part in (accepted or "").split(","):
        tag, _, weight = part.partition(";")
        try:
            weighs = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        speaks = tag.strip().lower()
        if weighs > best_weight and speaks[:2] in ("zh", "en"):
            best, best_weight = speaks, weighs
    return closest_language(best)


def answer_with(trouble: Trouble, words: Wording, *, path: str) -> Response[bytes]:
    """The Problem of a trouble, as bytes."""
    status, title, detail = WORDS[trouble.code]
    problem = Problem(
        title=words.t(title),
        status=trouble.status or status,
        code=trouble.code,
        detail=words.t(trouble.says or detail),
        fields=dict(trouble.fields),
        retry_after_s=trouble.retry_after_s,
    )
    headers = dict(trouble.headers)
    if trouble.retry_after_s is not None:
        headers[RETRY_HEADER] = str(trouble.retry_after_s)
    if problem.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    _log.info("problem", extra={"code": trouble.code, "status": problem.status, "route": path})
    return Response(
        encoded(problem),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=headers | {"Content-Language": "zh" if words.is_chinese else "en"},
    )


def handlers(wording: Callable[[str], Wording]) -> dict[type[Exception] | int, Any]:
    """What Litestar calls for every exception."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        words = wording(language_of(request.headers.get("Accept-Language")))
        return answer_with(trouble_of(error), words, path=route_of(request.scope))

    return {Exception: handle, HTTPException: handle, Trouble: handle}


def route_of(scope: Mapping[str, Any]) -> str:
    """The template of the route: never the path itself, which somebody else wrote."""
    return str(scope.get("path_template") or "none")


def trouble_of(error: Exception) -> Trouble:
    """What an exception means for the sender."""
    match error:
        case Trouble():
            return error
        case HTTPException():
            return _of_http(error)
        case DatabaseBusy() | PoolTimeout():
            return Trouble("busy", retry_after_s=BUSY_SECONDS)
        case DBAPIError():
            return _of_database(error)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return Trouble("disk_full", retry_after_s=DISK_SECONDS)
        case _:
            pass
    # Its text may quote what was sent; the place where it happened is enough to find it.
    _log.error("fault", extra=_place_of(error))
    return Trouble("internal")


def unknown_version(said: str | None) -> Trouble:
    """The sender speaks a version that we do not."""
    spoken = ", ".join(map(str, VERSIONS_SPOKEN))
    return Trouble("unknown_version", fields={"version": f"{(said or '-')[:20]} / {spoken}"})


def _of_http(error: HTTPException) -> Trouble:
    headers = error.headers or {}
    match error.status_code:
        case 404:
            return Trouble("not_found")
        case 413:
            return Trouble("too_large", headers={"Connection": "close"})
        case 405:
            return Trouble("not_found", status=405, headers=headers)
        case status if status >= 500:
            _log.error("fault", extra=_place_of(error))
            return Trouble("internal", status=status)
        case status:
            return Trouble("bad_request", status=status, headers=headers)


_FULL_STATES = frozenset({"53100"})
_BUSY_STATES = frozenset({"40001", "40P01", "55P03", "53200", "53300"})
_BUSY_CLASSES = ("08", "57")
"""Connection lost; shutting down, starting up, told to stop."""


def _of_database(error: DBAPIError) -> Trouble:
    state, said = getattr(error.orig, "sqlstate", None), str(error.orig)
    if state in _FULL_STATES or "disk is full" in said:
        return Trouble("disk_full", retry_after_s=DISK_SECONDS)
    is_lost = error.connection_invalidated or type(error.orig).__module__.startswith("psycopg")
    is_busy = state in _BUSY_STATES or (state or "").startswith(_BUSY_CLASSES)
    if is_busy or (state is None and is_lost) or "is locked" in said:
        return Trouble("busy", retry_after_s=BUSY_SECONDS)
    _log.error("fault", extra=_place_of(error))
    return Trouble("internal")


def _place_of(error: BaseException) -> dict[str, str]:
    """Kind and places of an exception, without a word of its text."""
    trace, places = error.__traceback__, []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    orig = getattr(error, "orig", None)
    state = getattr(orig, "sqlstate", None) or (type(orig).__name__ if orig else "")
    return {"kind": type(error).__name__, "state": state, "at": " < ".join(places[:-9:-1])}
