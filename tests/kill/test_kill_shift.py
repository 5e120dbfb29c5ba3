"""A till is killed (-9) while it counts and closes: a Z stands whole, once, or not at all."""

from __future__ import annotations

import signal
from dataclasses import replace
from random import Random

import pytest

from tests.kill.run import _Child
from tests.kill.shift_child import die_at_close, keep_shifts
from tests.kill.shift_run import ShiftKills, look
from tests.kill.shop import Place

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 8


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> ShiftKills:
    """A shop after some kills."""
    made = ShiftKills(Place(tmp_path_factory.mktemp("kill shift")), Random(11))
    made.begin()
    for _ in range(KILLS):
        assert made.kill_once() == []
    return made


def test_a_z_stands_whole_and_once_or_not_at_all(run: ShiftKills) -> None:
    assert run.zs, "something was closed between the kills"
    assert run.sold


@pytest.mark.parametrize(
    ("moment", "stands"),
    [("before its row", False), ("before the commit", False), ("after the commit", True)],
)
def test_killed_in_the_middle_of_a_z(run: ShiftKills, moment: str, stands: bool) -> None:
    before = look(run.place)
    child = _Child(die_at_close, run.place.folder, moment)
    child.hear_out()
    assert child.process.exitcode == -signal.SIGKILL
    (under_way,) = [message["of"] for message in child.heard if message.get("trying") == "close"]
    after = look(run.place)
    run.kills += 1
    assert run.faults(after, child.heard) == []
    assert (len(after.rows), len(after.zs)) == (len(before.rows) + stands,) * 2
    if stands:
        assert (after.current, after.rows[-1].shift_id) == (None, under_way)
    else:
        assert after.current is not None
        assert (after.current.shift_id, after.current.is_counting) == (under_way, True)


def test_a_till_goes_on_with_the_shift_it_was_killed_in(run: ShiftKills) -> None:
    child = _Child(keep_shifts, run.place.folder, "at last", 2)
    child.finish()
    assert len([message for message in child.heard if "z" in message]) == 2


# ------------------------------------------------------------------ a test of the tester


def test_what_is_lost_or_half_there_is_found(run: ShiftKills) -> None:
    kept = look(run.place)
    assert run.faults(kept, []) == []
    lost = replace(kept, zs=kept.zs[:-1])
    assert any("rows" in fault for fault in run.faults(lost, []))
    doubled = replace(kept, zs=(*kept.zs, kept.zs[-1]))
    assert any("numbered" in fault for fault in run.faults(doubled, []))
    assert any("is lost" in fault for fault in run.faults(replace(kept, sales=frozenset()), []))
