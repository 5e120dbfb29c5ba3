"""Work behind the push: it runs until nothing is left, whatever fails on the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.member import BirthdayOn
from sync.protocol import Push, PushAnswer, decoded
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.join import joined_acts
from sync.server.price_check import NAME
from sync.server.promise import today
from sync.server.secret import ServerSecret, system_chance
from sync.server.sender import House
from sync.server.web.behind import Behind, rest_after
from tests.domain.heart_builders import MEMBER, a_sale
from tests.sync.server.chain import Chain, Machine
from tests.sync.server.conftest import KINDS
from tests.sync.server.members import KEY
from tests.sync.server.programs import put_in_force
from tests.sync.server.test_calendar_fact import TOML, joined
from tests.sync.server.tills import Chain as Shop
from tests.sync.server.tills import Till
from tests.sync.server.web.served import Caller, server_over, serving

MakeDatabase = Callable[[str], ServerDatabase]


def run_until(behind: Behind, is_done: Callable[[], bool]) -> None:
    """Let it run in a loop of its own until that holds."""

    async def run() -> None:
        async with behind.running(), asyncio.timeout(60):
            while not is_done():
                await asyncio.sleep(0)

    asyncio.run(run())


def test_every_tenant_gets_its_turn_until_nothing_is_left() -> None:
    left, ran = {"tea": 3, "silk": 2}, list[str]()

    async def once(tenant: str) -> int:
        ran.append(tenant)
        left[tenant] -= 1
        return left[tenant]

    behind = Behind(once)
    for tenant in left:
        behind.want(tenant)
    run_until(behind, lambda: not any(left.values()))
    assert ran == ["tea", "silk", "tea", "silk", "tea"]


@pytest.mark.parametrize(
    ("took", "since", "rested"),
    [
        pytest.param(0.125, 0.0, [1.125, 1.125], id="pushes come in"),
        pytest.param(30.0, 0.0, [2.0, 2.0], id="never for long"),
        pytest.param(0.125, 5.0, [], id="it is quiet"),
    ],
)
def test_while_pushes_come_in_it_rests(took: float, since: float, rested: list[float]) -> None:
    """Nine times as long as a run took belongs to the pushes."""
    now, slept, runs = [100.0], list[float](), list[str]()

    async def once(tenant: str) -> int:
        runs.append(tenant)
        now[0] += took
        if not since:
            behind.want("silk" if len(runs) < 2 else "tea")
        return 0

    async def sleep(seconds: float) -> None:
        if seconds < 300:
            slept.append(seconds)
        await asyncio.sleep(0)

    behind = Behind(once, clock=lambda: now[0], sleep=sleep)
    behind.want("tea")
    now[0] += since
    run_until(behind, lambda: len(slept) >= 2 if rested else bool(runs))
    assert slept[:2] == rested


def test_it_gives_way_to_whoever_asks_for_anything() -> None:
    """Points are kept for a customer who waits: that leaves no work, and wants the worker."""
    slept = list[float]()

    async def once(tenant: str) -> int:
        behind.give_way()
        return 0

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        await asyncio.sleep(0)

    behind = Behind(once, clock=lambda: 100.0, sleep=sleep)
    behind._want("tea")
    run_until(behind, lambda: rest_after(0) in slept)


def test_what_failed_is_done_later() -> None:
    runs = list[str]()

    async def once(tenant: str) -> int:
        runs.append(tenant)
        if len(runs) < 3:
            raise ConnectionError("away")
        return 0

    behind = Behind(once, pause_s=0)
    behind.want("tea")
    run_until(behind, lambda: len(runs) == 3)
    assert runs == ["tea"] * 3


def test_it_rests_longer_than_it_runs() -> None:
    assert rest_after(0.0) > 0
    assert rest_after(0.125) == 1.125, "a tenth of the time is for it"
    assert rest_after(30.0) == 2.0, "the next copy for a till does not wait for minutes"


def test_everybody_is_looked_at_though_nobody_pushed() -> None:
    ran, asked = list[str](), list[int]()

    async def once(tenant: str) -> int:
        ran.append(tenant)
        return 0

    async def everybody() -> list[str]:
        asked.append(1)
        if len(asked) == 2:
            raise ConnectionError("away")
        return ["tea", "silk"]

    run_until(Behind(once, everybody, every_s=0), lambda: len(ran) >= 4)
    assert ran[:4] == ["tea", "silk"] * 2
    assert len(asked) >= 3, "it looked again after a failure"


def test_a_birthday_comes_without_any_push(brought_up: MakeDatabase) -> None:
    database, secret = brought_up("sqlite"), ServerSecret(system_chance(32))
    tenant = database.write(lambda connection: Chain(connection, secret).tenant)
    server = server_over(database, joined_acts(secret), secret=secret)
    day = today(server.clock.wall_ms())
    house = House(secret.mac("keys of members", b""))
    chain = Shop(database, tenant, now_ms=server.clock.wall_ms(), house=house)
    put_in_force(chain, TOML)
    till = Till("till-02")
    till.record(joined(1, MEMBER, KEY, birthday=BirthdayOn(day.month, day.day)))
    chain.push(till, keys=(KEY,))
    with serving(server):
        for _ in range(2_000):
            if chain.rows(t.op, kind="coupon_issued.1"):
                return
            time.sleep(0.01)
    pytest.fail("nobody looked at the calendar")


@pytest.mark.parametrize("kind", KINDS)
def test_sales_that_came_in_are_looked_at_behind_the_push(
    brought_up: MakeDatabase, kind: str
) -> None:
    database = brought_up(kind)
    server = server_over(
        database, joined_acts(secret := ServerSecret(system_chance(32))), secret=secret
    )
    with serving(server) as url:
        machine, now_ms = Machine(), server.clock.wall_ms()
        caller = Caller(url, machine)
        code = database.write(lambda connection: Chain(connection, secret).code(now_ms=now_ms))
        assert caller.post("/enrol", machine.asks(code)).ok
        caller.prove()
        till = Till(machine.device)
        for number in (1, 2, 3):
            till.record(a_sale(number, date(2026, 5, 29)))
        answer = decoded(caller.post("/push", Push(ops=tuple(till.ops))).content, PushAnswer)
        assert [op.outcome for op in answer.answers] == ["accepted"] * 3
        asked = select(t.consumer.c.position).where(t.consumer.c.name == NAME)
        # The next pushes are answered meanwhile; the cursor gets there by itself.
        for _ in range(2_000):
            if database.read(lambda connection: connection.execute(asked).scalars().all()):
                return
            assert caller.post("/push", Push(ops=tuple(till.ops))).ok
        pytest.fail("nobody looked at the sales")
