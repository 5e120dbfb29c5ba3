"""The transport against a real server on loopback: what it says, and each way of being answered.

Owns: headers, gzip, limits, and which error of the tree each fault becomes. Does not own: what the
heart does about it (test_core.py), tokens (test_session.py).
"""

from __future__ import annotations

import gzip
import json
import socket
import threading
import zlib
from collections.abc import Iterator

import pytest

from sync import errors as er
from sync.protocol import (
    PULL_BYTES_MAX,
    VERSION,
    VERSION_HEADER,
    Problem,
    Push,
    PushAnswer,
    Void,
    Voided,
    encoded,
)
from sync.transport import Call, Transport
from tests.domain.heart_builders import op
from tests.sync.loopback import JSON, PROBLEM, Asked, Loopback, Said
from tests.sync.message_samples import SALE_OP

VOIDED = Voided(reservation=op(1), server_ms=1)
GOOD = encoded(VOIDED)
HTML = b"<html><body>Welcome to the hotel's Wi-Fi</body></html>"
CALL = Call("ask/void", Void(reservation=op(1)), token="t1", answer_s=5)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with Loopback(lambda _: Said(body=GOOD)) as running:
        yield running


@pytest.fixture
def transport(server: Loopback) -> Iterator[Transport]:
    made = Transport(server.url, language="en")
    yield made
    made.close()


def says(server: Loopback, said: Said) -> None:
    server.answer = lambda _: said


def test_it_says_who_it_is_and_in_which_language(server: Loopback, transport: Transport) -> None:
    assert transport.send(CALL, Voided) == VOIDED
    asked = server.asked[0]
    assert (asked.method, asked.path) == ("POST", "/v1/ask/void")
    assert asked.headers[VERSION_HEADER] == str(VERSION)
    assert asked.headers["Authorization"] == "Bearer t1"
    assert asked.headers["Accept-Language"] == "en"
    assert asked.headers["Content-Type"] == JSON
    assert "Content-Encoding" not in asked.headers
    assert asked.body == encoded(CALL.message or VOIDED)


def test_big_messages_are_packed(server: Loopback, transport: Transport) -> None:
    push = Push(ops=(SALE_OP,) * 5)
    says(server, Said(body=encoded(PushAnswer(answers=(), server_ms=1, server_epoch=1))))
    transport.send(Call("push", push), PushAnswer)
    asked = server.asked[0]
    assert asked.headers["Content-Encoding"] == "gzip"
    assert int(asked.headers["Content-Length"]) < len(encoded(push)) == len(asked.body)


def test_a_question_is_a_get_with_its_values_escaped(
    server: Loopback, transport: Transport
) -> None:
    transport.send(Call("pull", query={"stream": "store:a b&c", "after": 7}), Voided)
    assert server.asked[0].method == "GET"
    assert server.asked[0].path == "/v1/pull?stream=store%3Aa+b%26c&after=7"


def test_one_connection_serves_many_calls(server: Loopback, transport: Transport) -> None:
    for _ in range(3):
        transport.send(CALL, Voided)
    assert server.connections == 1


def test_no_password_of_another_program_is_sent(
    server: Loopback, transport: Transport, monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:  # fmt: skip
    netrc = tmp_path_factory.mktemp("home") / "netrc"
    netrc.write_text("machine 127.0.0.1 login shop password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    transport.send(Call("challenge", Void(reservation=op(1))), Voided)
    transport.send(CALL, Voided)
    assert [one.headers.get("Authorization") for one in server.asked] == [None, "Bearer t1"]


def test_a_packed_answer_is_unpacked(server: Loopback, transport: Transport) -> None:
    headers = {"Content-Type": f"{JSON}; charset=utf-8", "Content-Encoding": "gzip"}
    says(server, Said(body=gzip.compress(GOOD), headers=headers))
    assert transport.send(CALL, Voided) == VOIDED


# ------------------------------------------------------------------ answers that are not ours


def packed(body: bytes) -> Said:
    return Said(body=body, headers={"Content-Type": JSON, "Content-Encoding": "gzip"})


def bomb() -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    return packer.compress(bytes(PULL_BYTES_MAX + 1)) + packer.flush()


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
GARBLED = {
    "a page with status 200": Said(body=HTML, headers={"Content-Type": "text/html"}),
    "a page that calls itself JSON": Said(body=HTML),
    "no type at all": Said(body=GOOD, headers={}),
    "empty": Said(),
    "cut off JSON": Said(body=GOOD[:-5]),
    "not UTF-8": Said(body=b'{"reservation":"\xff\xfe","server_ms":1}'),
    "another message": Said(body=b'{"answers":[]}'),
    "a list": Said(body=b"[]"),
    "cut off body": Said(raw=HEAD + b"Content-Length: 999\r\n\r\n" + GOOD),
    "cut off chunk": Said(raw=HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n" + GOOD),
    "not a chunk": Said(raw=HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + GOOD),
    "no HTTP": Said(raw=b"SSH-2.0-OpenSSH_9.2\r\n"),
    "an endless header": Said(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 70_000),
    "packed, and not": packed(GOOD),
    "packed and cut off": packed(gzip.compress(GOOD)[:-6]),
    "packed, with more behind": packed(gzip.compress(GOOD) + b"more"),
    "a bomb": packed(bomb()),
    "packed by others": Said(body=GOOD, headers={"Content-Type": JSON, "Content-Encoding": "br"}),
    "huge": Said(raw=HEAD + b"\r\n" + bytes(PULL_BYTES_MAX + 200_000)),
    "moved": Said(status=302, headers={"Location": "http://127.0.0.1:9/login"}),
    "nothing": Said(status=204),
    "not found by a proxy": Said(status=404, body=HTML, headers={"Content-Type": "text/html"}),
    "a sign-in": Said(status=401, body=HTML, headers={"Content-Type": "text/html"}),
    "a problem nobody can read": Said(status=400, body=HTML, headers={"Content-Type": PROBLEM}),
    "a problem with status 200": Said(
        body=encoded(Problem(title="x", status=400, code="busy")), headers={"Content-Type": PROBLEM}
    ),
}


@pytest.mark.parametrize("name", GARBLED)
def test_what_is_not_ours_is_garbled(name: str, server: Loopback, transport: Transport) -> None:
    says(server, GARBLED[name])
    with pytest.raises(er.Garbled):
        transport.send(CALL, Voided)
    says(server, Said(body=GOOD))
    assert transport.send(CALL, Voided) == VOIDED


# ------------------------------------------------------------------ problems

PROBLEMS = [
    (400, "bad_request", er.Refused), (400, "unknown_version", er.NotSpoken),
    (401, "no_credential", er.NotAllowed), (401, "expired_credential", er.NotAllowed),
    (403, "foreign_credential", er.NotAllowed), (403, "revoked_device", er.NotAllowed),
    (403, "a_code_of_next_year", er.NotAllowed), (404, "unknown_code", er.Refused),
    (409, "device_taken", er.Refused), (413, "too_large", er.TooLarge),
    (429, "too_many", er.Busy), (500, "internal", er.Busy), (503, "busy", er.Busy),
    (507, "disk_full", er.Busy), (502, "a_code_of_next_year", er.Busy),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "kind"), PROBLEMS)
def test_a_problem_has_its_place_in_the_tree(
    status: int, code: str, kind: type[er.Refused], server: Loopback, transport: Transport
) -> None:
    problem = Problem(
        title="No", status=status, code=code, detail="请稍后。", fields={"$.a": "wrong"},
        retry_after_s=7,
    )  # fmt: skip
    says(server, Said(status, encoded(problem), {"Content-Type": PROBLEM}))
    with pytest.raises(er.Refused) as caught:
        transport.send(CALL, Voided)
    error = caught.value
    assert type(error) is kind
    assert (error.code, error.status, error.retry_after_s) == (code, status, 7)
    assert error.detail == "请稍后。 $.a: wrong."


@pytest.mark.parametrize(("status", "kind"), [(413, er.TooLarge), (429, er.Busy), (502, er.Busy)])
def test_a_proxy_speaks_for_our_server(
    status: int, kind: type[er.Refused], server: Loopback, transport: Transport
) -> None:
    says(server, Said(status, HTML, {"Content-Type": "text/html", "Retry-After": "12"}))
    with pytest.raises(kind) as caught:
        transport.send(CALL, Voided)
    assert isinstance(caught.value, er.Refused)
    assert caught.value.retry_after_s == 12


DATES = [
    ("Sat, 21 Nov 2026 10:00:30 GMT", "Sat, 21 Nov 2026 10:00:00 GMT", 30),
    ("Sat, 21 Nov 2026 10:00:00 GMT", "Sat, 21 Nov 2026 10:00:30 GMT", 0),
    ("Sat, 21 Nov 2026 10:00:30", "Sat, 21 Nov 2026 10:00:00 GMT", 30),
    ("tomorrow", "Sat, 21 Nov 2026 10:00:00 GMT", None),
    ("Sat, 21 Nov 2026 10:00:30 GMT", "yesterday", None),
    ("-5", "Sat, 21 Nov 2026 10:00:00 GMT", None),
    ("9" * 400, "Sat, 21 Nov 2026 10:00:00 GMT", 999_999_999),
]


@pytest.mark.parametrize(("after", "said_at", "seconds"), DATES)
def test_retry_after_may_be_a_date(
    after: str, said_at: str, seconds: int | None, server: Loopback, transport: Transport
) -> None:
    head = f"HTTP/1.1 503 Away\r\nRetry-After: {after}\r\nDate: {said_at}\r\nContent-Length: 0"
    says(server, Said(raw=head.encode() + b"\r\n\r\n"))
    with pytest.raises(er.Busy) as caught:
        transport.send(CALL, Voided)
    assert caught.value.retry_after_s == seconds


# ------------------------------------------------------------------ silence


def test_nobody_there_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(er.Unreachable):
        Transport(f"http://127.0.0.1:{port}").send(CALL, Voided)


@pytest.mark.parametrize("url", ["http://no-such-host.invalid", "gopher://shop", "http://", "x"])
def test_an_address_that_leads_nowhere_is_unreachable(url: str) -> None:
    with pytest.raises(er.Unreachable):
        Transport(url).send(CALL, Voided)


def test_a_connection_closed_before_an_answer_is_unreachable(
    server: Loopback, transport: Transport
) -> None:
    says(server, Said(raw=b""))
    with pytest.raises(er.Unreachable):
        transport.send(CALL, Voided)


def test_an_answer_that_takes_too_long_is_unreachable(
    server: Loopback, transport: Transport
) -> None:
    go_on = threading.Event()

    def slow(_: Asked) -> Said:
        go_on.wait(30)
        return Said(body=GOOD)

    server.answer = slow
    with pytest.raises(er.Unreachable):
        transport.send(Call("ask/void", Void(reservation=op(1)), answer_s=0.2), Voided)
    go_on.set()


def test_an_answer_that_drips_is_given_up(transport: Transport, server: Loopback) -> None:
    says(server, Said(raw=HEAD + b"\r\n" + json.dumps({"a": "b" * 200_000}).encode()))
    with pytest.raises(er.SyncError):
        transport.send(Call("ask/void", Void(reservation=op(1)), answer_s=1e-9), Voided)


def test_a_long_poll_is_ended_from_outside(server: Loopback, transport: Transport) -> None:
    arrived, go_on = threading.Event(), threading.Event()

    def long_poll(_: Asked) -> Said:
        arrived.set()
        go_on.wait(60)
        return Said(body=GOOD)

    server.answer = long_poll
    caught: list[BaseException] = []

    def ask() -> None:
        try:
            transport.send(Call("pull", answer_s=60), Voided)
        except er.SyncError as error:
            caught.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    assert arrived.wait(30)
    transport.abort()
    thread.join(30)
    go_on.set()
    assert not thread.is_alive()
    assert isinstance(caught[0], er.Unreachable)
    with pytest.raises(er.Unreachable):
        transport.send(CALL, Voided)
