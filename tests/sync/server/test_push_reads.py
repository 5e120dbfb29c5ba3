"""What a push reads: no more after years of the same than on the first day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from sync.server import rows, wanted
from sync.server.database import ServerDatabase
from tests.domain.heart_builders import a_line, a_sale
from tests.sync.server.asking import TODAY, points
from tests.sync.server.programs import put_in_force
from tests.sync.server.tills import Chain, Till, outcomes

MEMBERS = [f"0197c2a0-0000-7000-8000-00000000c0{number:02d}" for number in range(40)]
Ask = Callable[..., list[tuple[Any, ...]]]


@contextmanager
def rows_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many rows each question brings meanwhile."""
    read: list[int] = []

    def counting(ask: Ask) -> Ask:
        def counted(*asked: Any) -> list[tuple[Any, ...]]:
            found = ask(*asked)
            read.append(len(found))
            return found

        return counted

    with monkeypatch.context() as patch:
        for module in (rows, wanted):
            patch.setattr(module, "plain_rows", counting(module.plain_rows))
        yield read


@pytest.mark.parametrize("spends", [0, 5], ids=["earns", "spends offline"])
def test_the_fortieth_customer_costs_no_more_than_the_third(
    database: ServerDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch, spends: int
) -> None:
    """A till that never gets to say everything, and a customer of his own at each push."""
    chain = Chain(database, tenant)
    put_in_force(chain)
    giver, till = Till("till-09"), Till("till-02")
    for number, member in enumerate(MEMBERS):
        giver.record(points(100 + number, 50, member))
    chain.push(giver)
    read = []
    for number, member in enumerate(MEMBERS):
        line = a_line(points_spent=spends, points_earned=0 if spends else 3)
        op = till.record(a_sale(200 + number, TODAY, lines=(line,), member=member))
        with rows_read(monkeypatch) as counted:
            assert outcomes(chain.push(till, [op])) == ["accepted"]
        read.append(sum(counted))
    assert read[2] > 0, "a push looks things up"
    assert set(read[2:]) == {read[2]}
