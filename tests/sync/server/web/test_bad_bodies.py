"""Bodies that are not what they should be: a typed answer that names what is wrong, and no harm."""

from __future__ import annotations

import gzip
import io
import json
import socket
import tarfile
import zlib
from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import pytest

from sync.protocol import ASK_BYTES_MAX, PUSH_BYTES_MAX, PUSH_OPS_MAX, Problem, decoded, encoded
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.served import Caller, problem_of
from tests.sync.server.web.test_routes import a_push

GOOD = encoded(a_push())
PACKED = gzip.compress(GOOD, 1)
GZIP = {"Content-Encoding": "gzip"}


def a_bomb(size: int) -> bytes:
    return gzip.compress(b'{"ops":[' + b" " * size + b"]}", 9)


def an_archive() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz"):
        pass
    return buffer.getvalue()


def changed(**values: object) -> bytes:
    """A push whose first op has other values."""
    push = json.loads(GOOD)
    push["ops"][0] |= values
    return json.dumps(push).encode()


@pytest.fixture(scope="session")
def till(quiet_shop: Shop) -> Caller:
    return quiet_shop.till(store=77)


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "$"),
    "cut off": (GOOD[:-5], "$"),
    "a page": (b"<html>proxy</html>", "$"),
    "not text": (b"\xff\xfe\x00", "$"),
    "nested without end": (b"[" * 100_000, "$"),
    "deep": (b'{"ops":' + b"[" * 2_000 + b"]" * 2_000 + b"}", "$.ops[0]"),
    "null": (b"null", "$"),
    "nothing in it": (b"{}", "$"),
    "text for a number": (changed(dseq="7"), "$.ops[0].dseq"),
    "before the first": (changed(dseq=0), "$.ops[0].dseq"),
    "huge number": (changed(dseq=10**30), "$.ops[0].dseq"),
    "half a number": (changed(dseq=1.5), "$.ops[0].dseq"),
    "negative epoch": (changed(epoch=-1), "$.ops[0].epoch"),
    "long hash": (changed(hash="A" * 400), "$.ops[0].hash"),
    "not base64": (changed(data="***"), "$.ops[0].data"),
    "not an id": (changed(op_id="sale 1"), "$.ops[0].op_id"),
    "NUL": (changed(op_id="\0"), "$.ops[0].op_id"),
    "too many ops": (encoded(a_push(ops=PUSH_OPS_MAX + 1, size=10)), "$.ops"),
    "not said to be gzip": (PACKED, "$"),
}
"""Not JSON, or not a push: refused with the path of what is wrong."""

REFUSED: dict[str, tuple[bytes | Callable[[], bytes], dict[str, str], int]] = {
    "too large": (b" " * (PUSH_BYTES_MAX + 1), {}, 413),
    "too large unpacked": (partial(a_bomb, PUSH_BYTES_MAX), GZIP, 413),
    "a bomb": (partial(a_bomb, 200_000_000), GZIP, 413),
    "said to be gzip": (GOOD, GZIP, 400),
    "gzip cut off": (PACKED[:-9], GZIP, 400),
    "something behind the gzip": (PACKED + b"more", GZIP, 400),
    "gzip damaged": (PACKED[:20] + b"\0\0\0\0" + PACKED[24:], GZIP, 400),
    "zlib for gzip": (zlib.compress(GOOD), GZIP, 400),
    "an archive": (an_archive(), GZIP, 400),
    "another coding": (GOOD, {"Content-Encoding": "br"}, 415),
    "twice": (GOOD, {"Content-Encoding": "gzip, gzip"}, 415),
    "another type": (GOOD, {"Content-Type": "text/html"}, 415),
}
"""Too large, or not packed as it says; a bomb takes a second to pack, and only its test does."""


@pytest.mark.parametrize("broken", BROKEN)
def test_a_body_that_is_no_push_is_refused_with_its_path(till: Caller, broken: str) -> None:
    body, path = BROKEN[broken]
    problem = problem_of(till.post("/push", body))
    assert (problem.status, problem.code) == (400, "bad_request")
    assert list(problem.fields) == [path]
    assert till.post("/push", GOOD).status_code == 200, "the next one is served as ever"


@pytest.mark.parametrize("refused", REFUSED)
def test_a_body_that_cannot_be_taken_is_refused(till: Caller, refused: str) -> None:
    body, headers, status = REFUSED[refused]
    packed = body() if callable(body) else body
    problem = problem_of(till.post("/push", packed, headers))
    assert problem.status == status
    assert problem.code == ("too_large" if status == 413 else "bad_request")
    assert till.post("/push", GOOD).status_code == 200, "the next one is served as ever"


@pytest.mark.parametrize("route", ["/ask/lookup", "/enrol", "/challenge", "/token"])
def test_small_routes_take_small_bodies(till: Caller, route: str) -> None:
    body = b" " * (ASK_BYTES_MAX + 1)
    assert problem_of(till.post(route, body)).code == "too_large"
    assert problem_of(till.post(route, a_bomb(ASK_BYTES_MAX), GZIP)).code == "too_large"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "$"),
        ("stream=chain", "$"),
        ("after=1", "$"),
        ("stream=chain&after=x", "$.after"),
        ("stream=chain&after=-1", "$.after"),
        ("stream=chain&after=99999999999999999999", "$.after"),
        ("stream=chain&after=0&wait=26", "$.wait"),
        ("stream=chain&after=0&wait=forever", "$.wait"),
        ("stream=&after=0", "$.stream"),
        ("stream=%00&after=0", "$.stream"),
        ("stream=" + "x" * 101 + "&after=0", "$.stream"),
    ],
)
def test_a_pull_that_makes_no_sense_names_its_field(till: Caller, query: str, field: str) -> None:
    problem = problem_of(till.get(f"/v1/pull?{query}"))
    assert (problem.code, list(problem.fields)) == ("bad_request", [field])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/push", 405),
        ("DELETE", "/v1/pull", 405),
        ("POST", "/v2/push", 404),
        ("GET", "/admin", 404),
        ("GET", "/v1/", 404),
    ],
)
def test_what_is_not_there_is_said_in_the_same_form(
    till: Caller, method: str, path: str, status: int
) -> None:
    answer = till.session.request(method, till.url + path, timeout=60)
    problem = problem_of(answer)
    assert (problem.status, problem.code) == (status, "not_found")
    assert ("Allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        (None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh;q=0.2", "zh"),
        ("fr", "en"),
        ("zh;q=nonsense", "en"),
        ("*", "en"),
    ],
)
def test_a_problem_speaks_the_language_asked_for(
    till: Caller, accepted: str | None, language: str
) -> None:
    answer = till.get("/nowhere", headers={"Accept-Language": accepted or ""})
    assert answer.headers["Content-Language"] == language
    detail = problem_of(answer).detail
    assert any("一" <= sign <= "鿿" for sign in detail) == (language == "zh")


def test_a_line_that_breaks_in_the_middle_harms_nobody(till: Caller) -> None:
    address = urlsplit(till.url)
    head = (
        f"POST /v1/push HTTP/1.1\r\nHost: {address.netloc}\r\nZhanggui-Protocol: 1\r\n"
        f"Authorization: Bearer {till.token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(GOOD)}\r\n\r\n"
    ).encode()
    assert address.hostname is not None
    assert address.port is not None
    for _ in range(5):
        with socket.create_connection((address.hostname, address.port)) as line:
            line.sendall(head + GOOD[:100])
    assert till.post("/push", GOOD).status_code == 200


def test_bytes_that_are_no_http_get_an_end(till: Caller) -> None:
    address = urlsplit(till.url)
    assert address.hostname is not None
    assert address.port is not None
    with socket.create_connection((address.hostname, address.port), timeout=60) as line:
        line.sendall(b"\x16\x03\x01\x02\x00\x01 hello\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 400")
    assert till.get("/health").status_code == 200


def test_a_refused_body_is_never_quoted(till: Caller) -> None:
    """What was sent may hold a phone number; the answer, and so every log of it, does not."""
    phone = "13800138000"
    for body in (changed(dseq=phone), changed(op_id=phone * 6), f'"{phone}'.encode()):
        answer = till.post("/push", body)
        assert decoded(answer.content, Problem).fields
        assert phone not in answer.text
