"""Whoever looks through a whole table does it in small units: each statement finds its place by an
index and reads no more rows than it was told, whatever lies there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from app.store.complaint import _NOT_CLOSED
from app.store.forgetting import _INACTIVE, _OWNERLESS
from app.store.forgotten import _AFTER
from app.store.opening import OpenStore
from app.store.repository import Prepared
from app.store.segments import _JUDGED
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import a_member

STATEMENTS = {
    "members the shop keeps no longer": _INACTIVE.sql,
    "complaints of nobody's member": _OWNERLESS.sql,
    "complaints that are not closed": Prepared(_NOT_CLOSED).sql,
    "segments of another day": _JUDGED.sql,
    "whoever was forgotten": _AFTER.sql,
}


@pytest.mark.parametrize("name", STATEMENTS)
def test_it_begins_where_the_last_one_ended_and_sorts_nothing(store: OpenStore, name: str) -> None:
    sql = STATEMENTS[name]
    values = tuple("" for _ in range(sql.count("?")))
    rows = store.lane.run(
        lambda unit: unit.driver.execute(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    )
    plan = [str(row[3]) for row in rows]
    assert plan
    assert all(step.startswith("SEARCH ") for step in plan), plan


def test_a_page_of_members_is_looked_at_whoever_of_it_is_due(store: OpenStore) -> None:
    """The few who are due among many are found over several pages, none of which is longer."""

    def fill(unit: UnitOfWork) -> None:
        for number in range(7):
            store_member = a_member(number + 1, f"张{number}", f"1380013800{number}")
            unit.members.add(store_member)
        unit.connection.execute(
            text("UPDATE member SET last_visit = '2020-01-01' WHERE name = '张6'")
        )
        unit.connection.execute(
            text("UPDATE member SET last_visit = '2026-01-01' WHERE name <> '张6'")
        )

    store.lane.run(fill)
    after, pages = "", []
    while True:
        due, after = store.lane.run(
            lambda unit, behind=after: unit.forgetting.inactive(date(2025, 1, 1), behind, 3)  # type: ignore[misc]  # bound now
        )
        pages.append(len(due))
        if not after:
            break
    assert pages == [0, 0, 1]
