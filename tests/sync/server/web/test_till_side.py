"""The till's own transport and session against the running server: both ends of one protocol."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from sync.errors import NotAllowed, NotSpoken, Refused, TooLarge
from sync.protocol import (
    PUSH_OPS_MAX,
    READS,
    Enrolled,
    PullAnswer,
    PushAnswer,
    Snapshot,
    SnapshotWanted,
)
from sync.server.credential import TOKEN_SECONDS
from sync.session import Session, enrol
from sync.transport import Call, Transport
from tests.sync.server.chain import Machine
from tests.sync.server.web.conftest import Shop
from tests.sync.server.web.test_routes import a_push


@dataclass
class Kept:
    """What a till keeps of who it is."""

    machine: Machine = field(default_factory=Machine)
    answer: Enrolled | None = None
    url: str | None = None

    def server_url(self) -> str | None:
        return self.url

    def device(self) -> str:
        return self.answer.device if self.answer else self.machine.device

    def sign(self, data: bytes) -> bytes:
        return self.machine.key.sign(data)

    def enrolled(self, answer: Enrolled, url: str) -> None:
        self.answer, self.url = answer, url


@pytest.fixture
def till(shop: Shop) -> Kept:
    kept = Kept()
    transport = Transport(shop.url)
    asked = kept.machine.asks(shop.code(store=2, till=3))
    enrol(asked, url=shop.url, credentials=kept, transport=transport)
    return kept


def test_a_till_enrols_pushes_and_pulls(shop: Shop, till: Kept) -> None:
    assert till.answer is not None
    transport, session = Transport(shop.url), Session(till, shop.clock)
    push = a_push(ops=PUSH_OPS_MAX)
    token = session.token(transport)
    answer = transport.send(Call("push", push, token=token), PushAnswer)
    assert {op.outcome for op in answer.answers} == {"accepted"}
    query: dict[str, str | int] = {"stream": f"store:{till.answer.store}", "after": 0, "wait": 25}
    pulled = transport.send(Call("pull", query=query, token=token), PullAnswer)
    assert len(pulled.events) == 100
    assert pulled.head == PUSH_OPS_MAX
    assert shop.memory.read_by[till.answer.device] == set(READS), "it says what it reads"


def test_a_token_that_ended_is_fetched_anew(shop: Shop, till: Kept) -> None:
    transport, session = Transport(shop.url), Session(till, shop.clock)
    first = session.token(transport)
    shop.clock.moved_ms += TOKEN_SECONDS * 1000
    with pytest.raises(NotAllowed):
        transport.send(Call("push", a_push(), token=first), PushAnswer)
    assert session.token(transport) != first
    call = Call("push", a_push(), token=session.token(transport))
    assert transport.send(call, PushAnswer).answers


def test_refusals_reach_the_till_as_its_own_errors(shop: Shop, till: Kept) -> None:
    transport, session = Transport(shop.url), Session(till, shop.clock)
    token = session.token(transport)
    with pytest.raises(TooLarge):
        transport.send(Call("push", a_push(ops=10, size=60_000), token=token), PushAnswer)
    other = Call("push", a_push(), token=token, headers={"Zhanggui-Protocol": "9"})
    with pytest.raises(NotSpoken):
        transport.send(other, PushAnswer)
    stranger = Kept()
    asked = stranger.machine.asks("0000-0000-0000")
    with pytest.raises(Refused, match="unknown_code") as refused:
        enrol(asked, url=shop.url, credentials=stranger, transport=transport)
    assert "注册码" in refused.value.detail
    assert stranger.answer is None


def test_a_snapshot_is_fetched_in_parts(shop: Shop, till: Kept) -> None:
    transport = Transport(shop.url)
    token = Session(till, shop.clock).token(transport)
    wanted = SnapshotWanted(public=bytes(32))
    made = transport.send(Call("snapshot", wanted, token=token), Snapshot)
    assert shop.memory.read_by[till.device()] == set(READS)
    parts = [
        transport.fetch(
            Call(
                f"snapshot/{made.id}",
                token=token,
                headers={"Range": f"bytes={start}-{start + 99_999}"},
            )
        )
        for start in range(0, made.size, 100_000)
    ]
    assert len(parts) > 1
    assert sum(map(len, parts)) == made.size
