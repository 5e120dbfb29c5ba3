"""Pushes under a database that gives transactions up, and under others that push the same.

Owns: aborts injected at every statement of a push, and races over the same ops. Does not own:
repeating as such (test_database.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event

from app.domain.pieces import Interval
from sync.server import tables as t
from sync.server.database import ServerDatabase
from sync.server.rebuild import verify
from tests.domain.heart_builders import FRIEND, MEMBER, a_line, a_refund, a_sale, op
from tests.sync.server.tills import Chain, Till, outcomes

TODAY = date(2026, 5, 29)
_ABORT = "DO $$ BEGIN RAISE EXCEPTION 'planted' USING ERRCODE = '40001'; END $$"


@contextmanager
def given_up_at(database: ServerDatabase, statement: int) -> Iterator[list[int]]:
    """The database gives up the first transaction in place of its n-th statement."""
    seen: list[int] = []

    def before(
        connection: Connection, cursor: Any, words: str, said: Any, *_: Any
    ) -> tuple[str, Any]:
        seen.append(1)
        return (_ABORT, {}) if len(seen) == statement else (words, said)

    event.listen(database.engine, "before_cursor_execute", before, retval=True)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", before)


@pytest.mark.parametrize("statement", range(1, 16))
def test_a_push_given_up_at_any_statement_is_done_again_and_counts_once(
    on_postgres: ServerDatabase, tenant: str, statement: int
) -> None:
    quick = ServerDatabase(on_postgres.engine, lambda _: None)
    chain, till = Chain(quick, tenant), Till("till-02")
    till.record(a_sale(1, TODAY, lines=(a_line(points_spent=500),)))
    till.record(a_sale(2, TODAY, member=FRIEND))
    with given_up_at(on_postgres, statement) as seen:
        answer = chain.push(till)
        assert len(seen) > statement, "the push was over before it could be given up"
    assert outcomes(answer) == ["accepted_adjusted", "accepted"]
    assert len(chain.rows(t.op)) == 2
    assert len(chain.cases("overdraft")) == 1
    assert [row["at"] for row in chain.feed("store:renmin-road")] == [1, 2, 3, 4]
    assert quick.read(lambda connection: verify(connection, tenant)).is_sound


def test_two_tills_that_push_the_same_ops_at_once_count_them_once(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """A till and its clone under another name, both online: whoever is second hears the first."""
    chain = Chain(on_postgres, tenant)
    tills = [Till(f"till-{number:02}") for number in range(6)]
    for till in tills:
        for number in range(1, 9):
            member = MEMBER if number % 2 else FRIEND
            till.record(a_sale(number, TODAY, member=member))

    def push(till: Till) -> list[str]:
        return [
            outcome
            for start in range(0, 8, 2)
            for outcome in outcomes(chain.push(till, till.ops[start : start + 2]))
        ]

    with ThreadPoolExecutor(len(tills)) as pool:
        heard = list(pool.map(push, tills))
    firsts = [outcome for each in heard for outcome in each if outcome == "accepted"]
    assert len(firsts) == 8
    assert {outcome for each in heard for outcome in each} == {"accepted", "accepted again"}
    assert {row["op_id"] for row in chain.rows(t.op)} == {op(number) for number in range(1, 9)}
    assert sum(chain.account(MEMBER).gained.values()) == 4 * 59
    assert on_postgres.read(lambda connection: verify(connection, tenant)).is_sound


def test_refunds_of_a_walk_ins_sale_pushed_at_once_see_each_other(
    on_postgres: ServerDatabase, tenant: str
) -> None:
    """Nobody's account makes them wait: the sale itself does."""
    chain, seller = Chain(on_postgres, tenant), Till("till-01")
    sales = [
        a_sale(number, TODAY, member=None, effects=(), identified_by=None) for number in (1, 2, 3)
    ]
    for sale in sales:
        seller.record(sale)
    chain.push(seller)
    tills = [Till(f"till-1{number}") for number in range(6)]
    for number, till in enumerate(tills):
        for sale in sales:
            op_number = 10 * sales.index(sale) + number + 100
            till.record(a_refund(op_number, sale, [Interval("1", 0, 3)], TODAY))
    with ThreadPoolExecutor(len(tills)) as pool:
        list(pool.map(chain.push, tills))
    found = {row["op_id"] for row in chain.cases("piece_refunded_twice")}
    counted = {op(100), op(110), op(120)}
    refunds = {each.op_id for till in tills for each in till.ops}
    assert found >= refunds - counted, "each but the first of a sale was paid out too much"
