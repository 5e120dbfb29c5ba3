"""The lanes: real threads, real HTTP, a till and a server in memory.

Owns: that commits arrive, news come in, faults of network and disk cost time only, stop is quick.
Does not own: when what is sent (test_core.py), bad answers (test_transport.py).
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from sync import protocol as p
from sync.errors import Refused, SyncError, Unreachable
from sync.transport import Call, M, Transport
from tests.domain.heart_builders import op
from tests.sync.lane_shop import LONG_S, Shop, a_shop
from tests.sync.loopback import Asked, Said
from tests.sync.message_samples import GRANT
from tests.sync.ports_in_memory import TILL
from tests.sync.small_server import problem


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    yield from a_shop(tmp_path)


def test_what_waited_at_the_start_and_what_is_committed_later_arrives(shop: Shop) -> None:
    shop.sell(450, woken=False)
    shop.lanes.start()
    shop.until(shop.all_accepted)
    shop.sell(3)
    shop.until(shop.all_accepted)
    shop.until(lambda: shop.lanes.status.state == "online" and not shop.lanes.status.sending)
    assert all(one.outcome == "accepted" for one in shop.outbox.settled.values())


def test_news_arrive_while_the_till_listens(shop: Shop) -> None:
    shop.server.patience_s = LONG_S
    shop.lanes.start()
    shop.until(lambda: shop.server.polls >= 4)
    shop.server.publish(f"device:{TILL}", GRANT)
    shop.server.publish("chain", *[p.GrantEnded(grant=op(n), why="released") for n in range(250)])
    shop.until(lambda: shop.inbox.places["chain"] == 250)
    shop.until(lambda: shop.inbox.received.get(f"device:{TILL}") == [GRANT])


def test_members_of_another_life_of_the_server_are_looked_up(shop: Shop) -> None:
    shop.inbox.old = ["m-1", "m-2", "m-3"]
    lost = iter(range(2))

    def lose(asked: Asked) -> Said | None:
        is_lost = asked.path == "/v1/ask/lookup" and next(lost, None) is not None
        return Said(raw=b"") if is_lost else None

    shop.server.fault = lose
    shop.lanes.start()
    shop.until(lambda: set(shop.inbox.heard_of) == {"m-1", "m-2", "m-3"})
    shop.until(lambda: shop.lanes.status.state == "online")


def test_a_lost_answer_costs_a_duplicate_and_nothing_else(shop: Shop) -> None:
    lost = iter(range(3))

    def lose(asked: Asked) -> Said | None:
        if asked.path != "/v1/push" or next(lost, None) is None:
            return None
        shop.server.push(p.decoded(asked.body, p.Push))
        return Said(raw=b"")

    shop.server.fault = lose
    shop.sell(5, woken=False)
    shop.lanes.start()
    shop.until(shop.all_accepted)
    assert all(one.duplicate for one in shop.outbox.settled.values())
    assert any(one.state == "offline" for one in shop.statuses)


def test_a_full_disk_makes_the_lanes_wait_and_forget_nothing(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    shop.disk.full = True
    shop.sell(2, woken=False)
    shop.lanes.start()
    shop.until(lambda: "cannot begin" in caplog.text)
    shop.disk.full = False
    shop.until(shop.all_accepted)
    shop.disk.full = True
    shop.sell(2)
    shop.server.publish("chain", GRANT)
    shop.until(lambda: shop.lanes.status.reason == "store_failed")
    shop.disk.full = False
    shop.until(shop.all_accepted)
    shop.until(lambda: shop.inbox.places["chain"] == 1)


def test_an_ended_token_is_renewed_in_between(shop: Shop) -> None:
    shop.lanes.start()
    shop.until(lambda: shop.server.tokens == 1 and shop.lanes.status.state == "online")
    shop.server.bad_tokens.add("t1")
    shop.sell()
    shop.until(shop.all_accepted)
    assert "needs_person" not in {one.state for one in shop.statuses}


def test_a_server_that_refuses_needs_a_person_and_keeps_the_facts(shop: Shop) -> None:
    shop.server.fault = lambda _: problem(403, "revoked_device")
    shop.sell()
    shop.lanes.start()
    shop.until(lambda: shop.lanes.status.reason == "revoked")
    assert len(shop.outbox.pending) == 1
    shop.server.fault = lambda _: None
    shop.until(shop.all_accepted)


def test_what_is_too_large_for_the_server_goes_in_parts(shop: Shop) -> None:
    def small_server(asked: Asked) -> Said | None:
        is_big = asked.path == "/v1/push" and len(p.decoded(asked.body, p.Push).ops) > 30
        return problem(413, "too_large") if is_big else None

    shop.server.fault = small_server
    shop.sell(100, woken=False)
    shop.lanes.start()
    shop.until(shop.all_accepted)


def test_a_pulled_cable_says_nothing_to_the_server(shop: Shop) -> None:
    shop.lanes.switch(on=False)
    shop.lanes.start()
    shop.sell()
    shop.until(lambda: shop.lanes.status.reason == "switched_off")
    with pytest.raises(Unreachable):
        shop.lanes.ask.look_up(p.LookUp(card="M1"))
    shop.until(lambda: shop.lanes.status.backlog.pending == 1)
    assert not shop.server.accepted
    shop.lanes.switch(on=True)
    shop.until(shop.all_accepted)


def test_an_answer_on_its_way_is_lost_with_the_cable(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_asked, go_on, is_over = threading.Event(), threading.Event(), threading.Event()
    send = Transport.send

    def slow(asked: Asked) -> Said | None:
        if asked.path == "/v1/push" and p.decoded(asked.body, p.Push).ops:
            is_asked.set()
            go_on.wait(LONG_S)
        return None

    def said(wire: Transport, call: Call, kind: type[M]) -> M:
        answer = send(wire, call, kind)
        if is_asked.is_set() and call.path == "push":
            shop.lanes.switch(on=False)
            is_over.set()
        return answer

    shop.server.fault = slow
    monkeypatch.setattr(Transport, "send", said)
    shop.lanes.start()
    shop.sell()
    assert is_asked.wait(LONG_S)
    go_on.set()
    assert is_over.wait(LONG_S)
    shop.until(lambda: shop.lanes.status.reason == "switched_off")
    assert shop.server.accepted
    assert shop.outbox.pending, "the server has it; the till was not told"
    monkeypatch.undo()
    pushes = shop.server.pushes
    shop.lanes.switch(on=True)
    shop.until(shop.all_accepted)
    assert shop.server.pushes > pushes


def test_a_person_and_the_network_can_hurry(shop: Shop) -> None:
    shop.lanes.start()
    shop.until(lambda: shop.lanes.status.state == "online")
    before = shop.server.pushes
    shop.lanes.sync_now()
    shop.until(lambda: shop.server.pushes > before)
    shop.lanes.link_back()
    shop.sell()
    shop.until(shop.all_accepted)


def test_a_snapshot_is_fetched_in_parts_checked_and_adopted(shop: Shop) -> None:
    shop.server.file = random.Random(1).randbytes(2_500_000)
    shop.server.unready = 1
    shop.server.publish("chain", *[p.GrantEnded(grant=op(n), why="released") for n in range(7)])
    broken = iter([None, Said(raw=b"HTTP/1.1 206 Part\r\nContent-Length: 9\r\n\r\nab")])

    def break_off(asked: Asked) -> Said | None:
        return next(broken, None) if "Range" in asked.headers else None

    shop.server.fault = break_off
    shop.lanes.start()
    shop.until(lambda: shop.inbox.adopted is not None)
    assert shop.inbox.adopted == (shop.server.file, b"k" * 32)
    shop.until(lambda: shop.inbox.places["chain"] == 7)
    assert not list(shop.workspace.iterdir())


def test_more_keys_than_a_push_holds_are_found_before_sending(shop: Shop) -> None:
    shop.outbox.keys_per_op = 30
    shop.sell(200, woken=False)
    shop.lanes.start()
    shop.until(shop.all_accepted)
    sent = [one.body for one in shop.loopback.asked if one.path == "/v1/push"]
    assert max(len(body) for body in sent) <= p.PUSH_BYTES_MAX


def test_stop_does_not_wait_for_a_long_poll(shop: Shop) -> None:
    shop.server.patience_s = LONG_S
    shop.lanes.start()
    shop.until(lambda: shop.server.polls >= 4)
    shop.lanes.stop()
    assert not [one for one in threading.enumerate() if one.name.startswith("sync-")]


def test_stop_before_start_is_fine_and_twice_too(shop: Shop) -> None:
    shop.lanes.stop()
    shop.lanes.stop()


def test_stop_before_the_store_ever_answered(shop: Shop) -> None:
    shop.disk.full = True
    shop.lanes.start()
    shop.lanes.stop()
    assert not [one for one in threading.enumerate() if one.name.startswith("sync-")]


# ------------------------------------------------------------------ ask


def test_questions_are_answered_and_prove_the_link(shop: Shop) -> None:
    shop.lanes.start()
    ask = shop.lanes.ask
    assert ask.look_up(p.LookUp(card="M3F7K2P9Q4T1XA"), seconds=LONG_S).members == ()
    assert ask.reserve(p.Reserve(reservation=op(1), member="m", points=5)).ends_ms == 5
    assert ask.void(p.Void(reservation=op(1))).reservation == op(1)
    assert ask.grant(p.GrantWanted(grant=op(2), member="m", points=5)).given is None
    assert shop.lanes.desk.compare(p.Digest(epoch=1, dseq=1, head=bytes(32))).equal
    shop.until(lambda: shop.lanes.status.offset is not None)


def test_a_lost_reservation_is_asked_for_with_the_same_id(shop: Shop) -> None:
    lost = iter(range(2))
    shop.server.fault = lambda asked: (
        Said(raw=b"") if asked.path == "/v1/ask/reserve" and next(lost, None) is not None else None
    )
    shop.lanes.start()
    assert shop.lanes.ask.reserve(p.Reserve(reservation=op(9))).reservation == op(9)
    asked = [one for one in shop.loopback.asked if one.path == "/v1/ask/reserve"]
    assert {p.decoded(one.body, p.Reserve).reservation for one in asked} == {op(9)}
    assert len(asked) == 3


def test_a_cashier_waits_no_longer_than_is_said(shop: Shop) -> None:
    go_on = threading.Event()

    def stuck(asked: Asked) -> Said | None:
        if "/ask/" in asked.path:
            go_on.wait(LONG_S)
        return None

    shop.server.fault = stuck
    shop.lanes.start()
    with pytest.raises(Unreachable):
        shop.lanes.ask.look_up(p.LookUp(card="M1"), seconds=0.2)
    go_on.set()


def test_the_next_customer_does_not_wait_for_a_sum_of_the_whole_chain(shop: Shop) -> None:
    asked_for, go_on = threading.Event(), threading.Event()

    def adds_up(asked: Asked) -> Said | None:
        if asked.path.endswith("/ask/figures"):
            asked_for.set()
            go_on.wait(LONG_S)
            return problem(503, "busy")
        return None

    shop.server.fault = adds_up
    shop.lanes.start()
    day = date(2026, 7, 1)
    wanted = p.FiguresWanted(first=day, last=day, beside_first=day, beside_last=day)

    reader = threading.Thread(target=_caught, args=(lambda: shop.lanes.desk.figures(wanted),))
    reader.start()
    assert asked_for.wait(LONG_S)
    assert shop.lanes.ask.look_up(p.LookUp(card="M1"), seconds=LONG_S / 2).members == ()
    assert not go_on.is_set(), "answered while the sum is added up"
    shop.lanes.switch(on=False)
    with pytest.raises(Unreachable):
        shop.lanes.desk.figures(wanted)
    go_on.set()
    shop.lanes.stop()
    reader.join(LONG_S)


def _caught(ask: Callable[[], object]) -> None:
    with suppress(SyncError):
        ask()


def test_a_refusal_and_an_ended_token_of_the_ask_lane(shop: Shop) -> None:
    shop.lanes.start()
    shop.lanes.ask.look_up(p.LookUp(card="M1"), seconds=LONG_S)
    shop.server.bad_tokens.add("t1")
    assert shop.lanes.ask.void(p.Void(reservation=op(1))).reservation == op(1)
    shop.server.fault = lambda asked: problem(400, "bad_request") if "ask" in asked.path else None
    with pytest.raises(Refused, match="bad_request"):
        shop.lanes.ask.look_up(p.LookUp(card="M1"), seconds=LONG_S)
    shop.server.fault = lambda asked: problem(503, "busy") if "ask" in asked.path else None
    with pytest.raises(Refused, match="busy"):
        shop.lanes.ask.void(p.Void(reservation=op(1)))


def test_who_waits_is_told_when_sync_stops(shop: Shop) -> None:
    asked_for, go_on = threading.Event(), threading.Event()

    def stuck(asked: Asked) -> Said | None:
        if "/ask/" in asked.path:
            asked_for.set()
            go_on.wait(LONG_S)
        return None

    shop.server.fault = stuck
    shop.lanes.start()
    caught: list[BaseException] = []

    def wait() -> None:
        try:
            shop.lanes.ask.look_up(p.LookUp(card="M1"), seconds=LONG_S)
        except Unreachable as error:
            caught.append(error)

    threads = [threading.Thread(target=wait) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert asked_for.wait(LONG_S)
    shop.lanes.stop()
    for thread in threads:
        thread.join(LONG_S)
    go_on.set()
    assert len(caught) == 2
