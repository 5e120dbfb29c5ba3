"""The session: a real key, a real server on loopback that checks its signature.

Owns: enrolment, challenge, token, renewal. Does not own: what the server does with keys.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from sync.errors import NotAllowed, Refused
from sync.protocol import (
    Challenge,
    ChallengeWanted,
    Enrol,
    Enrolled,
    Problem,
    Token,
    TokenWanted,
    decoded,
    encoded,
    signed_part,
)
from sync.session import Session, enrol
from sync.transport import Transport
from tests.sync.loopback import PROBLEM, Asked, Loopback, Said
from tests.sync.ports_in_memory import TILL, Clocks, Keys


@dataclass
class Gate:
    """The server's side of it: each challenge counts once."""

    keys: Keys
    seconds: int = 900
    given: int = 0
    open_challenges: set[bytes] = field(default_factory=set)
    refuse: Problem | None = None

    def __call__(self, asked: Asked) -> Said:
        if self.refuse is not None:
            return Said(self.refuse.status, encoded(self.refuse), {"Content-Type": PROBLEM})
        if asked.path == "/v1/challenge":
            assert decoded(asked.body, ChallengeWanted).device == TILL
            challenge = f"challenge-{len(self.open_challenges)}-{self.given}".encode()
            self.open_challenges.add(challenge)
            return Said(body=encoded(Challenge(challenge=challenge, seconds=60)))
        if asked.path == "/v1/enrol":
            wanted = decoded(asked.body, Enrol)
            return Said(body=encoded(an_enrolment(wanted)))
        wanted_token = decoded(asked.body, TokenWanted)
        self.open_challenges.remove(wanted_token.challenge)
        part = signed_part(wanted_token.device, wanted_token.challenge)
        self.keys.key.public_key().verify(wanted_token.signature, part)
        self.given += 1
        token = Token(token=f"t{self.given}", seconds=self.seconds, server_ms=1)
        return Said(body=encoded(token))


def an_enrolment(wanted: Enrol) -> Enrolled:
    return Enrolled(
        tenant="renmin", device=wanted.device, epoch=wanted.epoch, store="renmin-road",
        store_number=1, till_number=2, claim_secret=bytes(32), server_ms=1, server_epoch=1,
    )  # fmt: skip


@pytest.fixture
def gate() -> Gate:
    return Gate(Keys())


@pytest.fixture
def transport(gate: Gate) -> Iterator[Transport]:
    with Loopback(gate) as server:
        made = Transport(server.url)
        yield made
        made.close()


def test_a_token_is_fetched_once_and_renewed_a_minute_before_its_end(
    gate: Gate, transport: Transport
) -> None:
    clocks = Clocks()
    session = Session(gate.keys, clocks)
    assert [session.token(transport) for _ in range(3)] == ["t1"] * 3
    clocks.ms = 839_999
    assert session.token(transport) == "t1"
    clocks.ms = 840_000
    assert session.token(transport) == "t2"


@pytest.mark.parametrize(("seconds", "until_ms"), [(80, 40_000), (10, 5_000), (0, 0)])
def test_a_short_token_is_used_for_half_its_life(
    seconds: int, until_ms: int, gate: Gate, transport: Transport
) -> None:
    clocks = Clocks()
    gate.seconds = seconds
    session = Session(gate.keys, clocks)
    session.token(transport)
    clocks.ms = until_ms
    assert session.token(transport) == "t2"


def test_a_refused_token_is_replaced_once_for_all_lanes(gate: Gate, transport: Transport) -> None:
    session = Session(gate.keys, Clocks())
    refused = session.token(transport)
    session.renew(transport, refused)
    session.renew(transport, refused)
    assert session.token(transport) == "t2"
    session.renew(transport)
    assert session.token(transport) == "t3"


def test_lanes_that_ask_at_once_get_the_same_token(gate: Gate, transport: Transport) -> None:
    session = Session(gate.keys, Clocks())
    got: list[str] = []

    def ask() -> None:
        got.append(session.token(transport))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == ["t1", "t1"]


def test_nobody_waits_for_what_hangs_on_another_lane(gate: Gate) -> None:
    """A cashier asks for two seconds; another lane's request for a token may hang for thirty."""
    hangs, goes_on = threading.Event(), threading.Event()

    def slow(asked: Asked) -> Said:
        if not hangs.is_set() and asked.path == "/v1/challenge":
            hangs.set()
            goes_on.wait(60)
        return gate(asked)

    session = Session(gate.keys, Clocks())
    with Loopback(slow) as server:
        wires = [Transport(server.url) for _ in range(2)]
        got: list[str] = []
        thread = threading.Thread(target=lambda: got.append(session.token(wires[0])))
        thread.start()
        assert hangs.wait(60)
        assert session.token(wires[1], seconds=20) == "t1"
        assert got == [], "the other lane still waits for its own"
        goes_on.set()
        thread.join()
        assert got == ["t2"]
        for wire in wires:
            wire.close()


def test_a_revoked_device_is_told_so(gate: Gate, transport: Transport) -> None:
    gate.refuse = Problem(title="Revoked", status=403, code="revoked_device")
    session = Session(gate.keys, Clocks())
    with pytest.raises(NotAllowed, match="revoked_device"):
        session.token(transport)
    gate.refuse = None
    assert session.token(transport) == "t1"


def test_an_enrolment_is_kept_with_where_it_was_made(gate: Gate, transport: Transport) -> None:
    wanted = Enrol(code="7KQ2-M9T4", public_key=bytes(32), device=TILL, epoch=2)
    told = enrol(wanted, url="https://hq.example.cn", credentials=gate.keys, transport=transport)
    assert gate.keys.kept == told
    assert gate.keys.url == "https://hq.example.cn"


def test_a_used_code_changes_nothing(gate: Gate, transport: Transport) -> None:
    gate.refuse = Problem(title="No", status=404, code="unknown_code")
    wanted = Enrol(code="7KQ2-M9T4", public_key=bytes(32), device=TILL, epoch=2)
    with pytest.raises(Refused, match="unknown_code"):
        enrol(wanted, url="https://x", credentials=gate.keys, transport=transport)
    assert (gate.keys.kept, gate.keys.url) == (None, None)
