"""Publishing: what is new is told once, what stands stays, pass keys overlap at their turn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import msgspec
import pytest

from app.domain.program import Program
from app.domain.program_file import decode_program
from app.services.desk import program_in_force
from sync.protocol import (
    CatalogueChanged,
    CatalogueItem,
    PassKeysChanged,
    ProgramPublished,
    StaffChanged,
    StaffCleared,
)
from sync.protocol.pull import Event
from sync.server.database import ServerDatabase
from sync.server.publish import (
    DAY_MS,
    OVERLAP_DAYS,
    PASS_KEY_DAYS,
    OtherProgram,
    Published,
    publish_catalogue,
    publish_program,
    publish_staff,
    published_events,
    signing_key,
    staff_events,
    turn_pass_keys,
)
from sync.server.published import in_force, programs
from tests.domain.heart_builders import STORE
from tests.sync.server.programs import TOML, put_in_force
from tests.sync.server.tills import Chain

MILK = CatalogueItem(sku="milk-1", name="纯牛奶", unit_price_minor=1990, codes=("6901234567892",))
TEA = CatalogueItem(sku="tea-1", name="龙井茶", unit_price_minor=8800, tax_rate="0.13")
LI = StaffCleared(staff="staff-li", name="李霞", role="cashier", permissions=("sell",))


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    return Chain(database, tenant)


def told(chain: Chain, stream: str) -> list[Any]:
    return [msgspec.json.decode(row["event"], type=Event) for row in chain.feed(stream)]


def run(chain: Chain, act: Any, *asked: Any) -> Any:
    return chain.database.write(lambda connection: act(connection, chain.tenant, *asked))


def program_of(toml: str) -> Program:
    program = decode_program(toml)
    assert isinstance(program, Program)
    return program


def test_a_program_is_told_once_and_never_changed(chain: Chain) -> None:
    program = program_of(TOML)
    assert run(chain, publish_program, program, TOML, 5) == Published()
    assert run(chain, publish_program, program, TOML, 6) == Published(told=False)
    other = TOML.replace("floor_member = 100", "floor_member = 999")
    assert run(chain, publish_program, program_of(other), other, 7) == OtherProgram("2026.1")
    [event] = told(chain, "chain")
    assert isinstance(event, ProgramPublished)
    assert (event.toml, event.effective) == (TOML, program.effective)
    known = chain.database.read(lambda connection: programs(connection, chain.tenant))
    assert list(known.values()) == [program]


def test_only_products_that_changed_are_told(chain: Chain) -> None:
    assert run(chain, publish_catalogue, [MILK, TEA], 5) == 2
    dearer = msgspec.structs.replace(TEA, unit_price_minor=9800)
    assert run(chain, publish_catalogue, [MILK, dearer], 6) == 1
    assert told(chain, "chain") == [
        CatalogueChanged(items=(MILK, TEA)),
        CatalogueChanged(items=(dearer,)),
    ]
    events = chain.database.read(lambda c: list(published_events(c, chain.tenant)))
    assert events == [CatalogueChanged(items=(MILK, dearer))]


def test_many_products_come_in_parts(chain: Chain) -> None:
    items = [msgspec.structs.replace(MILK, sku=f"milk-{number}") for number in range(250)]
    assert run(chain, publish_catalogue, items, 5) == 250
    assert [len(each.items) for each in told(chain, "chain")] == [100, 100, 50]


def test_staff_is_told_to_its_store_alone(chain: Chain) -> None:
    assert run(chain, publish_staff, STORE, [LI], 5) == 1
    assert run(chain, publish_staff, STORE, [LI], 6) == 0
    gone = msgspec.structs.replace(LI, active=False)
    assert run(chain, publish_staff, STORE, [gone], 7) == 1
    assert told(chain, f"store:{STORE}") == [StaffChanged(staff=(LI,)), StaffChanged(staff=(gone,))]
    assert told(chain, "chain") == []
    events = chain.database.read(lambda c: list(staff_events(c, chain.tenant, STORE)))
    assert events == [StaffChanged(staff=(gone,))]


def turn(chain: Chain) -> int:
    return int(run(chain, turn_pass_keys, chain.now_ms, chain.house))


def signs_with(chain: Chain) -> str:
    key = chain.database.read(
        lambda connection: signing_key(connection, chain.tenant, chain.now_ms, chain.house)
    )
    assert key is not None
    [newest] = told(chain, "chain")[-1:]
    assert isinstance(newest, PassKeysChanged)
    public = {each.key_id: each.public for each in newest.keys}
    assert public[key.key_id] == key.private.public_key().public_bytes_raw()
    return key.key_id


def test_pass_keys_overlap_at_their_turn(chain: Chain) -> None:
    assert [turn(chain), turn(chain)] == [1, 0]
    first = signs_with(chain)
    chain.now_ms += PASS_KEY_DAYS * DAY_MS
    assert [turn(chain), turn(chain)] == [1, 0]
    assert signs_with(chain) == first, "every till hears of the new one before it signs"
    assert [len(each.keys) for each in told(chain, "chain")] == [1, 2]
    chain.now_ms += OVERLAP_DAYS * DAY_MS
    assert turn(chain) == 0
    assert [len(each.keys) for each in told(chain, "chain")] == [1, 2, 1]
    assert (first, signs_with(chain)) == ("1", "2"), "as passes name them"


def test_before_the_first_key_nothing_is_signed(chain: Chain) -> None:
    none = chain.database.read(
        lambda connection: signing_key(connection, chain.tenant, chain.now_ms, chain.house)
    )
    assert none is None
    assert turn(chain) == 1
    rows = chain.database.read(lambda c: list(published_events(c, chain.tenant)))
    assert b"PRIVATE" not in msgspec.json.encode(rows)


def test_several_workers_make_one_first_key(on_postgres: ServerDatabase, tenant: str) -> None:
    chain = Chain(on_postgres, tenant)
    with ThreadPoolExecutor(8) as workers:
        made = list(workers.map(lambda _: turn(chain), range(8)))
    assert sum(made) == 1
    assert len(told(chain, "chain")) == 1


@pytest.mark.parametrize("order", ["2026.9 2026.10", "2026.10 2026.9"])
def test_of_two_versions_of_one_day_the_higher_is_in_force_in_whichever_order_they_came(
    chain: Chain, order: str
) -> None:
    for version in order.split():
        put_in_force(chain, TOML.replace('"2026.1"', f'"{version}"'))
    found = chain.database.read(lambda connection: programs(connection, chain.tenant)).values()
    there = in_force(found, date(2026, 5, 29))
    assert there is not None
    assert there.version == "2026.10"
    # And the till, which may have got them in the other order, says the same.
    assert program_in_force([*found][::-1], date(2026, 5, 29)) == there
