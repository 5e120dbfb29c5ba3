"""Weeks without a network: what the sync centre asks for twice a second costs what it always did.

Counted in steps of SQLite's machine, not in time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from app.services.sync_state import DIVIDED_MAX, sync_centre
from app.store.unit_of_work import UnitOfWork
from tests.sync.till.a_till import SyncedTill

STEP = 10
MANY = 6_000

# What no fact of this till stands in: an epoch of its own.
_FACTS = text(
    """
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)
    INSERT INTO fact SELECT
        printf('01a1fd8e-3dc0-7000-8000-%012d', :epoch * 1000000 + i), 'sale_recorded.1', :epoch, i,
        zeroblob(32), '2026-11-21', 1795255200000 + i, i, 'boot', NULL, zeroblob(900) FROM n
    """
)
_WAITING = text(
    "INSERT INTO outbox (op_id, epoch, dseq, state)"
    " SELECT op_id, epoch, dseq, 'pending' FROM fact WHERE epoch = :epoch"
)


def sell_alone(till: SyncedTill, many: int, epoch: int) -> None:
    def fill(work: UnitOfWork) -> None:
        connection = work.outbox._transaction.connection
        connection.execute(_FACTS, {"many": many, "epoch": epoch})
        connection.execute(_WAITING, {"epoch": epoch})

    till.run(fill)


def steps(till: SyncedTill, ask: Callable[[UnitOfWork], object]) -> int:
    """How much SQLite does for it."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += STEP
        return 0

    def run(work: UnitOfWork) -> None:
        raw: Any = work.outbox._transaction.connection.connection.driver_connection
        raw.set_progress_handler(count, STEP)
        try:
            ask(work)
        finally:
            raw.set_progress_handler(None, STEP)

    till.run(run)
    return counted


ASKED: dict[str, Callable[[UnitOfWork], object]] = {
    "what waits by kind": lambda work: work.outbox.pending_kinds(DIVIDED_MAX),
    "refused requests": lambda work: work.outbox.in_state("set_aside"),
    "held by head office": lambda work: work.outbox.in_state("quarantined"),
    "what may be sent": lambda work: work.outbox.waiting(200),
}


@pytest.mark.parametrize("asked", ASKED)
def test_what_is_asked_for_again_and_again_does_not_grow_with_what_waits(
    till: SyncedTill, asked: str
) -> None:
    sell_alone(till, 2 * DIVIDED_MAX, 90)
    before = steps(till, ASKED[asked])
    sell_alone(till, MANY, 91)
    assert steps(till, ASKED[asked]) <= before + before // 5 + 100


def test_the_whole_is_counted_and_the_longest_waiting_are_told_apart(till: SyncedTill) -> None:
    till.shop.sign_in("王芳")
    sell_alone(till, 2 * DIVIDED_MAX, 90)

    def ask(*, shop: Any, work: UnitOfWork) -> Any:
        return sync_centre(shop=shop, work=work, link=None, now=shop.now())

    centre = till.shop.do(ask)
    assert centre.count.pending > 2 * DIVIDED_MAX
    assert sum(number for _, number in centre.pending) == DIVIDED_MAX
