"""A till is killed (-9) while backups and the journal are written, and its data folder burns."""

from __future__ import annotations

from random import Random

import pytest

from tests.kill import backup_run
from tests.kill.backup_run import BackupKills
from tests.kill.shop import Place

pytestmark = pytest.mark.no_cover  # its lines are counted where nothing is killed

KILLS = 5


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> BackupKills:
    """A shop that was killed a few times; at the last one its data folder is gone for good."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZHANGGUI_KEY_FILE", "1")
        # How long a second is on a busy machine is measured by the run, not by the suite.
        patch.setattr(backup_run, "PATIENCE_S", 30.0)
        made = BackupKills(Place(tmp_path_factory.mktemp("kill backup")), Random(5))
        made.begin()
        for _ in range(KILLS):
            assert made.kill_once() == []
        return made


def test_what_was_journaled_comes_back_and_nothing_is_missing_in_the_middle(
    run: BackupKills,
) -> None:
    assert run.burnt == 1
    assert run.confirmed >= KILLS
    assert run.backups_checked >= KILLS


def test_a_killed_restore_leaves_nothing_or_the_whole_shop(
    run: BackupKills, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    monkeypatch.setattr(backup_run, "PATIENCE_S", 1e9)
    assert run.kill_a_restore() == []


def test_a_lost_sale_would_be_found(run: BackupKills, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of the tester."""
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")
    run.sold = {"gone": 0.0, **run.sold}
    faults = run.restore_a_copy(1e12)
    del run.sold["gone"]
    assert any("gone is lost" in fault for fault in faults)
    assert any("gone is missing before others" in fault for fault in faults)
