"""Every fate of a request on the faulty way, against a server that writes down what it hears."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

import pytest
import requests

from tests.chain import way as ways
from tests.chain.way import PAGE, Fate, Way

ANSWER = b'{"answers":[]}'


class Listener:
    """A server on loopback; `heard` are the bodies that came whole."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"] or -1)
                if length < 0:  # cut before it said
                    return
                body = self.rfile.read(length)
                if len(body) == length:
                    heard.append(body)
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

            def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name the library calls it by
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    with closing(Listener()) as made:
        yield made


@pytest.fixture
def way(listener: Listener, monkeypatch: pytest.MonkeyPatch) -> Iterator[Way]:
    monkeypatch.setattr(ways, "LATER_MAX_S", 0.01)
    monkeypatch.setattr(ways, "SILENT_S", 0.01)
    with closing(Way(listener.port, "seed")) as made:
        made.is_faulty = True
        yield made


def post(way: Way) -> requests.Response:
    return requests.post(f"http://127.0.0.1:{way.port}/v1/push", data=b"sale", timeout=30)


@pytest.mark.parametrize(
    ("fate", "answered", "heard"),
    [
        ("passed", ANSWER, 1),
        ("delayed", ANSWER, 1),
        ("said twice", ANSWER, 2),
        ("said again later", ANSWER, 2),
        ("a page instead", PAGE, 0),
        ("lost on the way there", None, 0),
        ("lost on the way back", None, 1),
        ("cut on the way there", None, 0),
        ("cut on the way back", None, 1),
    ],
)
def test_a_fate_is_what_it_says(
    way: Way,
    listener: Listener,
    monkeypatch: pytest.MonkeyPatch,
    fate: Fate,
    answered: bytes | None,
    heard: int,
) -> None:
    monkeypatch.setattr(Random, "choices", lambda *_: [fate])
    if answered is None:
        with pytest.raises(requests.RequestException):
            post(way)
    else:
        assert post(way).content == answered
    while len(listener.heard) < heard:
        threading.Event().wait(0.01)
    assert way.counts[fate] == 1
    assert listener.heard == [b"sale"] * heard


def test_nothing_comes_through_a_cut_and_all_of_it_after_the_mending(
    way: Way, listener: Listener
) -> None:
    way.is_faulty = False
    way.cut()
    with pytest.raises(requests.RequestException):
        post(way)
    assert listener.heard == []
    way.mend()
    assert post(way).content == ANSWER


def test_a_server_that_is_away_is_told_as_a_proxy_tells_it(way: Way, listener: Listener) -> None:
    listener.close()
    way.is_faulty = False
    answer = post(way)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert way.counts["the server was away"] == 1
