"""Shifts in the real file: one open at most, every count kept, a closed one never changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.cash_count import CashCount
from app.domain.money import ZERO, Money
from app.domain.shift import ClosedShift, SavedCount, Shift
from app.store.changes import Changes
from app.store.cipher import new_key
from app.store.database import connect_writer
from app.store.errors import StoreBug
from app.store.migrations import load_steps, migrate
from app.store.opening import OpenStore
from app.store.unit_of_work import UnitOfWork
from tests.store.builders import DAY, IDENTITY, START_MS, a_fact, an_id


@pytest.fixture
def shop(store: OpenStore) -> OpenStore:
    """A store whose till has its identity."""
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    return store


def a_shift(number: int) -> Shift:
    return Shift(
        an_id(number), DAY, START_MS + number, "li", "li", "CNY", Money(45_000), name="早班"
    )


def begin(unit: UnitOfWork, number: int) -> Shift:
    """A shift with its fact, as the service writes them."""
    new = a_shift(number)
    unit.facts.append(replace(a_fact(number), shift_id=new.shift_id))
    unit.shifts.begin(new)
    return new


def close(unit: UnitOfWork, shift: Shift, number: int, z_number: int) -> ClosedShift:
    fact = replace(a_fact(number), shift_id=shift.shift_id)
    unit.facts.append(fact)
    done = ClosedShift(
        shift.shift_id, fact.op_id, z_number, DAY, shift.opened_ms, START_MS + number, "zhang",
        40, Money(173_000), Money(1_990), Money(173_000), Money(172_700), Money(45_000),
    )  # fmt: skip
    unit.shifts.close(done)
    return done


def test_a_shift_with_its_counts_is_read_back(shop: OpenStore) -> None:
    def work(unit: UnitOfWork) -> None:
        assert unit.shifts.current() is None
        begun = begin(unit, 1)
        assert unit.shifts.current() == begun
        first = SavedCount(1, 1, 5, "li", CashCount(((10_000, 12), (10, 3))), Money(173_000))
        second = SavedCount(2, 1, 6, "li", CashCount(), Money(173_000))
        unit.shifts.add_count(begun.shift_id, first)
        unit.shifts.add_count(begun.shift_id, second)
        counting = replace(begun, is_counting=True, round=2, owner_id="zhang")
        unit.shifts.put_state(counting)
        assert unit.shifts.current() == replace(counting, counts=(first, second))

    shop.lane.run(work)


def test_a_second_open_shift_is_refused_by_the_file_itself(shop: OpenStore) -> None:
    first = shop.lane.run(lambda unit: begin(unit, 1))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: begin(unit, 2))
    shop.lane.run(lambda unit: close(unit, first, 3, 1))
    assert shop.lane.run(lambda unit: begin(unit, 2)) == a_shift(2)


def test_a_closed_shift_never_changes(shop: OpenStore) -> None:
    first = shop.lane.run(lambda unit: begin(unit, 1))
    shop.lane.run(lambda unit: close(unit, first, 2, 1))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.shifts.put_state(replace(first, owner_id="zhang")))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: close(unit, first, 3, 2))
    assert shop.lane.run(lambda unit: unit.shifts.next_number()) == 2
    other = shop.lane.run(lambda unit: begin(unit, 4))
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: close(unit, other, 5, 1))


def test_a_shift_does_not_stand_without_its_fact(shop: OpenStore) -> None:
    with pytest.raises(StoreBug):
        shop.lane.run(lambda unit: unit.shifts.begin(a_shift(1)))
    assert shop.lane.run(lambda unit: unit.shifts.current()) is None


def test_closed_shifts_are_listed_newest_first(shop: OpenStore) -> None:
    def work(unit: UnitOfWork) -> None:
        done = [close(unit, begin(unit, 2 * n), 2 * n + 1, n) for n in range(1, 6)]
        done.reverse()
        assert list(unit.shifts.closed()) == done
        assert list(unit.shifts.closed(2)) == done[:2]
        assert list(unit.shifts.closed(2, before=4)) == done[2:4]
        assert unit.shifts.by_number(3) == done[2]
        assert unit.shifts.by_number(9) is None
        assert unit.shifts.closed_by_id(done[0].shift_id) == done[0]
        assert unit.shifts.closed_by_id("nobody") is None
        assert unit.shifts.current() is None
        assert unit.shifts.next_number() == 6
        assert done[0].over_short == Money(-300)
        assert done[0].left != ZERO

    shop.lane.run(work)


def test_an_open_shift_is_not_among_the_closed(shop: OpenStore) -> None:
    begun = shop.lane.run(lambda unit: begin(unit, 1))
    assert shop.lane.run(lambda unit: unit.shifts.closed()) == []
    assert shop.lane.run(lambda unit: unit.shifts.closed_by_id(begun.shift_id)) is None


def test_the_facts_of_a_shift_also_over_a_restored_backup(shop: OpenStore) -> None:
    def before(unit: UnitOfWork) -> None:
        begin(unit, 1)
        unit.facts.append(a_fact(2))
        unit.facts.append(replace(a_fact(3), shift_id=an_id(1)))

    shop.lane.run(before)
    fields = {name: getattr(IDENTITY, name) for name in IDENTITY.__struct_fields__}
    restored = type(IDENTITY)(**(fields | {"epoch": 2}))
    shop.lane.run(lambda unit: unit.device.write(restored))
    shop.lane.run(lambda unit: unit.facts.append(replace(a_fact(4), shift_id=an_id(1))))
    facts = shop.lane.run(lambda unit: unit.facts.of_shift(an_id(1)))
    assert [(fact.op_id, fact.epoch) for fact in facts] == [
        (an_id(1), 1), (an_id(3), 1), (an_id(4), 2),
    ]  # fmt: skip
    assert shop.lane.run(lambda unit: unit.facts.of_shift("nobody")) == []


def test_a_shift_that_changed_is_told(shop: OpenStore) -> None:
    told: list[Changes] = []
    unsubscribe = shop.lane.subscribe(lambda changes, *_: told.append(changes))
    shop.lane.run(lambda unit: begin(unit, 1))
    unsubscribe()
    assert told == [Changes(shifts=True, outbox=True)]


def test_the_roles_of_an_older_shop_get_their_rights_at_a_drawer(tmp_path: Path) -> None:
    """Staff rows as the first schema left them: sets of permissions that know nothing of shifts."""
    connection = connect_writer(tmp_path / "old.db", new_key())
    steps = load_steps()
    migrate(connection, steps[:1])
    for role_id in ("cashier", "supervisor", "manager", "auditor", "of_this_shop"):
        row = (role_id, "李明", role_id, '["sell"]', "[]")
        connection.execute(
            "INSERT INTO staff (staff_id, name, role_id, permissions, member_ids, active)"
            " VALUES (?, ?, ?, ?, ?, 1)",
            row,
        )
    migrate(connection, steps)
    rows = connection.execute("SELECT role_id, permissions FROM staff").fetchall()
    connection.close()
    new = {role_id: set(json.loads(text)) - {"sell"} for role_id, text in rows}
    assert new["supervisor"] >= {"take_over_shift", "x_report"} <= new["manager"]
    assert "x_report" in new["auditor"]
    assert "x_report" not in new["cashier"] | new["of_this_shop"]
