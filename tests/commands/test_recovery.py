"""A copy of the database opens with the recovery code where the key is missing: no sale is gone."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

import main
from app.domain.sale import SaleSummary
from app.services.verify import VerifyReport, verify_store
from app.store.cipher import NotOpened
from app.store.errors import KeyMissing
from app.store.folders import Folders
from app.store.opening import OpenStore, open_store, open_with_code
from app.store.recovery_code import RecoveryCode, new_recovery_code, parse_recovery_code
from app.store.waiting_lane import WaitingLane
from tests.commands.shops_on_disk import ShopOnDisk, a_shop_that_sold
from tests.kill.checks import Told
from tests.kill.run import kill_once
from tests.kill.shop import Place, keys_in_files, make_kill_shop

NOW = datetime.now(UTC)


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_KEY_FILE", "1")


def copied(data: Path, new_machine: Path, *, log: bool) -> Folders:
    """Database and .key (and the write-ahead log) as somebody carries them to another machine."""
    folders = Folders.of(new_machine)
    folders.data.mkdir(parents=True)
    for name in ("shop.db", "shop.db.key", *(["shop.db-wal"] if log else [])):
        shutil.copy(data / name, folders.data)
    return folders


def verified(store: OpenStore) -> VerifyReport:
    """Every sale in it, with all checks."""
    till, report = main.build(store), VerifyReport()
    lane = WaitingLane(till.store.lane)
    for _ in verify_store(lane=lane, identity=till.shop.identity, report=report):
        pass
    till.close()
    return report


def open_copy(folders: Folders, code: RecoveryCode) -> OpenStore:
    setting = folders.setting()
    with pytest.raises(KeyMissing):
        open_store(setting, now=NOW)
    assert open_with_code(setting, code=new_recovery_code(), now=NOW) == NotOpened()
    opened = open_with_code(setting, code=code, now=NOW)
    assert isinstance(opened, OpenStore)
    return opened


def by_receipt(store: OpenStore, code: str) -> SaleSummary | None:
    return store.lane.read(lambda work: work.sales.by_receipt(code)).result()


def test_a_copy_of_a_closed_shop(tmp_path: Path) -> None:
    sold: ShopOnDisk = a_shop_that_sold()
    folders = copied(sold.folders.data, tmp_path / "new machine", log=False)
    typed = parse_recovery_code(sold.code.grouped.lower())
    assert isinstance(typed, RecoveryCode)
    opened = open_copy(folders, typed)
    for sale_id, code in sold.sold:
        found = by_receipt(opened, code)
        assert found is not None
        assert found.sale_id == sale_id
    report = verified(opened)
    assert report.faults == []
    assert report.sales == len(sold.sold)
    open_store(folders.setting(), now=NOW).close()  # the key was kept on the new machine


def test_a_copy_after_a_kill_with_its_log(tmp_path: Path) -> None:
    keys_in_files()
    place = Place(tmp_path / "till")
    place.folder.mkdir()
    code, told = make_kill_shop(place), Told()
    for number in range(20):
        told.begin_run()
        for line in kill_once(place, number, Random(f"copy-{number}")).lines:
            told.hear(line)
        if len(told.sold) >= 3:
            break
    data = Folders.of(place.shop).data
    assert (data / "shop.db-wal").stat().st_size > 0, "the kill has left a log to be carried along"
    opened = open_copy(copied(data, tmp_path / "new machine", log=True), code)
    for sale in told.sold.values():
        found = by_receipt(opened, sale.code)
        assert found is not None
        assert (found.sale_id, found.due.minor) == (sale.sale_id, sale.due_minor)
    assert verified(opened).faults == []
