"""A till is killed (-9) while it counts and closes: a Z stands whole, once, or not at all."""

from __future__ import annotations

import signal
import time
from random import Random
from typing import Any

import pytest

from app.domain.facts import ShiftClosed, read_fact
from app.domain.shift import ClosedShift, Shift
from app.services.verify import VerifyReport, verify_store
from app.store.unit_of_work import UnitOfWork
from app.store.waiting_lane import WaitingLane
from tests.kill.run import _Child
from tests.kill.shift_child import die_at_close, keep_shifts
from tests.kill.shop import Place, keys_in_files, make_kill_shop, open_as_till

KILLS = 12


def killed_once(place: Place, number: int, chance: Random) -> list[dict[str, Any]]:
    """Start a till, let it work, kill it close to a step of its shifts; what it had said."""
    child = _Child(keep_shifts, place.folder, f"{number}-{chance.random()}", None)
    wanted = chance.choice(("open", "count", "close", "close", "close"))
    steps = chance.randint(1, 3)
    while steps and (message := child.next_message()) is not None:
        steps -= message.get("trying") == wanted
    time.sleep(chance.uniform(0, 0.015))
    child.kill()
    return child.heard


def read(unit: UnitOfWork) -> tuple[list[ClosedShift], Shift | None, list[ShiftClosed]]:
    stored = unit.facts.all_facts(0, 1_000_000)
    facts = [read_fact(each.data) for each in stored if each.kind == "shift_closed.1"]
    return (
        list(unit.shifts.closed(10_000)),
        unit.shifts.current(),
        [fact for fact in facts if isinstance(fact, ShiftClosed)],
    )


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    keys_in_files()
    made = Place(tmp_path_factory.mktemp("kill shift"))
    make_kill_shop(made)
    return made


def test_a_z_stands_whole_and_once_or_not_at_all(place: Place) -> None:
    chance, told = Random(11), set[int]()
    for number in range(KILLS):
        heard = killed_once(place, number, chance)
        told |= {message["z"] for message in heard if "z" in message}
        with open_as_till(place, chance) as till:
            rows, current, zs = till.store.lane.run(read)
            report = VerifyReport()
            lane = WaitingLane(till.store.lane)
            for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
                pass
        assert report.faults == []
        numbers = [z.number for z in zs]
        assert numbers == list(range(1, len(zs) + 1)), "each number once, without a gap"
        assert [row.number for row in reversed(rows)] == numbers
        assert told <= set(numbers), "a Z somebody was told of is lost"
        assert len(numbers) - len(told) <= number + 1, "at most the one under way each time"
        under_way = [m["of"] for m in heard if m.get("trying") == "close"][-1:]
        if current is not None and under_way == [current.shift_id]:
            assert current.is_counting, "the count it was closed with is kept"
            assert current.counts
    assert told, "something was closed between the kills"


@pytest.mark.parametrize(
    ("moment", "stands"),
    [("before its row", False), ("before the commit", False), ("after the commit", True)],
)
def test_killed_in_the_middle_of_a_z(place: Place, moment: str, stands: bool) -> None:
    with open_as_till(place, Random(0)) as till:
        before, current, _ = till.store.lane.run(read)
    child = _Child(die_at_close, place.folder, moment)
    child.hear_out()
    assert child.process.exitcode == -signal.SIGKILL
    (under_way,) = [message["of"] for message in child.heard if message.get("trying") == "close"]
    with open_as_till(place, Random(0)) as till:
        after, current, zs = till.store.lane.run(read)
        sound = VerifyReport()
        lane = WaitingLane(till.store.lane)
        for _ in verify_store(lane=lane, identity=till.shop.identity, report=sound):
            pass
    assert sound.faults == []
    assert (len(after), len(zs)) == (len(before) + stands,) * 2
    if stands:
        assert (current, after[0].shift_id) == (None, under_way)
    else:
        assert current is not None
        assert (current.shift_id, current.is_counting) == (under_way, True)


def test_a_till_goes_on_with_the_shift_it_was_killed_in(place: Place) -> None:
    child = _Child(keep_shifts, place.folder, "at last", 2)
    child.finish()
    assert len([message for message in child.heard if "z" in message]) == 2
