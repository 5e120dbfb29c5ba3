"""A till is killed (-9) over refunds, counts, Zs and copies of itself; then its folder burns."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from app.domain.facts import RefundRecorded, SaleRecorded, ShiftClosed
from tests.kill import backup_run
from tests.kill.mixed_child import keep_shop
from tests.kill.mixed_run import MixedKills, look
from tests.kill.run import _Child
from tests.kill.shop import Place

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 6


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> MixedKills:
    """A shop that was killed a few times; at the fifth its data folder was deleted."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHANGGUI_KEY_FILE", "1")
        # How long a second is on a busy machine is measured by the run, not by the suite.
        patch.setattr(backup_run, "PATIENCE_S", 30.0)
        made = MixedKills(Place(tmp_path_factory.mktemp("kill mixed")), Random(3))
        made.begin()
        for _ in range(KILLS):
            assert made.kill_once() == []
        return made


def test_nothing_is_lost_or_doubled_and_the_till_goes_on(run: MixedKills) -> None:
    assert run.burnt == 1
    child = _Child(keep_shop, run.place.folder, "at last", 2)
    child.finish()
    assert len([each for each in child.heard if "z" in each]) == 2
    kept = look(run.place)
    assert list(run.faults(kept)) == []
    assert all(kept.of(kind) for kind in (SaleRecorded, RefundRecorded, ShiftClosed))


def test_what_is_lost_or_doubled_would_be_found(run: MixedKills) -> None:
    """A test of the tester."""
    kept = look(run.place)
    refund = next(each for each in kept.of(RefundRecorded) if each.op_id in run.sold)
    twice = replace(kept, facts=(*kept.facts, refund))
    assert any("stands twice" in fault for fault in run.faults(twice))
    reopened = replace(kept, open_refund=refund.op_id)
    assert any("open and done" in fault for fault in run.faults(reopened))
    without = tuple(fact for fact in kept.facts if fact.op_id != refund.op_id)
    assert f"{refund.op_id} is lost" in list(run.faults(replace(kept, facts=without)))
    z = kept.of(ShiftClosed)[-1]
    no_z = tuple(fact for fact in kept.facts if fact.op_id != z.op_id)
    assert any("Zs are numbered" in fault for fault in run.faults(replace(kept, facts=no_z)))
    run.sold["gone"] = 0.0
    assert any("gone is lost" in fault for fault in run.faults(kept))
    del run.sold["gone"]
