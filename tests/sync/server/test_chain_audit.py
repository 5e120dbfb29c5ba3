"""Chains are followed behind the pushes: each op once, and what a disk forgot is an alarm."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Table, delete, update

from sync.server import tables as t
from sync.server.chain_audit import audit_chains
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import a_sale, op
from tests.sync.server.tills import Chain, Till, statements_of

TODAY = date(2026, 5, 29)


@pytest.fixture
def chain(database: ServerDatabase, tenant: str) -> Chain:
    """Two tills, one of them restored from a backup since."""
    made = Chain(database, tenant)
    one, two = Till("till-02"), Till("till-03")
    for number in range(1, 6):
        (one if number % 2 else two).record(a_sale(number, TODAY))
    made.push(one)
    made.push(two)
    made.push(one.restored())
    return made


def followed(chain: Chain) -> int:
    return chain.database.write(lambda c: audit_chains(c, chain.tenant, chain.now_ms))


def alarms(chain: Chain) -> list[str]:
    return [row["case_id"] for row in chain.cases("digest_differs")]


def test_each_op_is_followed_once_in_every_chain_it_stands_in(chain: Chain) -> None:
    assert [followed(chain), followed(chain)] == [3 + 2 + 3, 0]
    till = Till("till-04")
    till.record(a_sale(9, TODAY))
    chain.push(till)
    assert [followed(chain), followed(chain)] == [1, 0]
    assert alarms(chain) == []


def test_a_long_chain_is_followed_in_parts(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.chain_audit.OPS_A_RUN", 2)
    assert [followed(chain) for _ in range(3)] == [6, 2, 0]
    assert alarms(chain) == []


def test_many_chains_are_followed_in_shares_by_as_many_statements_as_one(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.server.chain_audit.OPS_AT_ONCE", 6)
    counts = []
    for expected in (6, 2):
        with statements_of(chain.database) as said:
            assert followed(chain) == expected
        counts.append(len([words for words in said if not words.startswith("BEGIN")]))
    # Three chains, then two of which the cursors are known already.
    assert counts[0] - counts[1] <= 1
    assert [followed(chain), alarms(chain)] == [0, []]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda table: update(table).values(data=b"{}"), id="other bytes"),
        pytest.param(delete, id="a fact is gone"),
    ],
)
def test_what_the_disk_forgot_is_found_in_every_chain(
    chain: Chain, spoil: Callable[[Table], Any]
) -> None:
    spoiled = spoil(t.op).where(t.op.c.tenant_id == chain.tenant, t.op.c.op_id == op(3))
    chain.database.write(lambda connection: connection.execute(spoiled))
    followed(chain)
    assert alarms(chain) == [
        "digest_differs:chain:till-02:1:2", "digest_differs:chain:till-02:2:2",
    ]  # fmt: skip


def test_a_place_that_is_gone_is_found(chain: Chain) -> None:
    place = t.place.c
    gone = delete(t.place).where(
        place.tenant_id == chain.tenant, place.device == "till-02", place.dseq == 2
    )
    chain.database.write(lambda connection: connection.execute(gone))
    followed(chain)
    assert alarms(chain) == [
        "digest_differs:chain:till-02:1:3", "digest_differs:chain:till-02:2:3",
    ]  # fmt: skip


def test_several_workers_follow_together(on_postgres: ServerDatabase, tenant: str) -> None:
    chain = Chain(on_postgres, tenant)
    for number in range(4):
        till = Till(f"till-{number:02}")
        for each in range(3):
            till.record(a_sale(100 * number + each, TODAY))
        chain.push(till)
    with ThreadPoolExecutor(4) as workers:
        counts = list(workers.map(lambda _: followed(chain), range(4)))
    assert sum(counts) == 12
    assert alarms(chain) == []
