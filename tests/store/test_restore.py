"""Restoring at the store: backups of every release, of a newer program, an occupied place."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.stored_fact import AppendedFact, FactToAppend
from app.store.database import connect_writer
from app.store.errors import AlreadyOpen, StoreExists, TooNew
from app.store.migrations import load_steps
from app.store.opening import StoreSetting, open_store
from app.store.place import StorePlace
from app.store.restore import FoundShop, NoBackupHere, Restoring, WrongCode, find_shop
from app.store.sqlcipher import connect_raw
from app.store.unit_of_work import UnitOfWork
from tests.store.conftest import NOW, a_setting
from tests.store.make_old_database import FOLDER, SALES, make, old_code

RELEASED = sorted(FOLDER.glob("*.db"))
RELEASED_NAME = "shop-20260101T030000Z-nightly.db"


@pytest.fixture(params=["today", *(path.name for path in RELEASED)])
def usb(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A folder with one backup, made by a release or by the program of today."""
    name: str = request.param
    source = make(tmp_path / "made") if name == "today" else FOLDER / name
    folder = tmp_path / "usb"
    folder.mkdir()
    backup = folder / RELEASED_NAME
    shutil.copy(source, backup)
    shutil.copy(StorePlace(source).key_file, StorePlace(backup).key_file)
    return folder


@pytest.fixture
def setting(tmp_path: Path) -> StoreSetting:
    return a_setting(tmp_path / "new machine")


def only_append(work: UnitOfWork, new: FactToAppend) -> AppendedFact:
    return work.facts.append(new)


def found_in(folder: Path) -> FoundShop:
    found = find_shop(folder, old_code())
    assert isinstance(found, FoundShop), found
    return found


def restore_whole(found: FoundShop, setting: StoreSetting) -> None:
    with Restoring(found, setting) as restoring:
        assert restoring.take_backup()
        assert list(restoring.replay(restoring.read_journal(), only_append)) == []
        restoring.finish(now=NOW, keep_folder=False)


def test_a_backup_of_every_release_comes_back_as_a_store_of_today(
    usb: Path, setting: StoreSetting
) -> None:
    before = {path.name: path.read_bytes() for path in usb.iterdir()}
    restore_whole(found_in(usb), setting)
    store = open_store(setting, now=datetime.now(UTC))
    try:
        assert store.lane.read(lambda work: work.sales.count()).result() == SALES
        identity = store.lane.read(lambda work: work.device.read()).result()
        epochs = store.lane.read(lambda work: work.facts.epochs()).result()
        assert identity is not None
        assert identity.epoch > max(epochs)
        assert store.damage() is None
    finally:
        store.close()
    after = {path.name: path.read_bytes() for path in usb.iterdir()}
    assert after == before, "the backup folder is only read"
    assert sorted(path.name for path in setting.place.folder.iterdir()) == [
        "shop.db", "shop.db.key", "shop.db.lock",
    ]  # fmt: skip


def test_a_restore_that_is_broken_off_leaves_nothing(usb: Path, setting: StoreSetting) -> None:
    with Restoring(found_in(usb), setting) as restoring:
        assert restoring.take_backup()
    assert [path.name for path in setting.place.folder.iterdir()] == ["shop.db.lock"]
    restore_whole(found_in(usb), setting)


def test_two_restores_at_once(usb: Path, setting: StoreSetting) -> None:
    found = found_in(usb)
    with Restoring(found, setting), pytest.raises(AlreadyOpen):
        Restoring(found, setting)


def test_a_log_without_its_file_is_not_written_over(usb: Path, setting: StoreSetting) -> None:
    """Somebody moved the file away for a while; its last sales are in the log."""
    setting.place.folder.mkdir(parents=True)
    setting.place.write_ahead_log.write_bytes(b"sales")
    with pytest.raises(StoreExists):
        Restoring(found_in(usb), setting)
    assert setting.place.write_ahead_log.read_bytes() == b"sales"
    setting.place.write_ahead_log.unlink()
    restore_whole(found_in(usb), setting)  # the lock was given back


def test_a_backup_of_a_newer_program(usb: Path, setting: StoreSetting) -> None:
    found = found_in(usb)
    [backup] = found.backups
    connection = connect_raw(f"{backup.path.as_uri()}?mode=rw")
    connection.execute(f"PRAGMA key=\"x'{found.secrets.database_key.hex()}'\"")
    connection.execute(f"PRAGMA user_version={len(load_steps()) + 1}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with Restoring(found, setting) as restoring, pytest.raises(TooNew):
        restoring.take_backup()


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_nothing_and_keys_nobody_can_read(empty: Path) -> None:
    assert find_shop(empty, old_code()) == NoBackupHere(empty)
    (empty / "shop-20260101T030000Z-nightly.db").write_bytes(b"without its key")
    (empty / "shop-20260102T030000Z-nightly.db").write_bytes(b"with rubbish for a key")
    (empty / "shop-20260102T030000Z-nightly.db.key").write_text("{}")
    assert find_shop(empty, old_code()) == WrongCode(unreadable=2)


def test_what_is_newer_is_told_by_the_facts_not_by_the_clock(
    tmp_path: Path, setting: StoreSetting
) -> None:
    """The till's clock stood in 2030 for a day: the backup of that day is not the newest."""
    folder = tmp_path / "usb"
    folder.mkdir()
    ahead, newest = folder / "shop-20300101T030000Z-close.db", folder / RELEASED_NAME
    source = make(tmp_path / "made")
    for backup in (ahead, newest):
        shutil.copy(source, backup)
        shutil.copy(StorePlace(source).key_file, StorePlace(backup).key_file)
    key = found_in(folder).secrets.database_key
    connection = connect_writer(ahead, key)
    connection.execute("PRAGMA foreign_keys=OFF")
    connection.execute("DELETE FROM fact WHERE dseq = (SELECT max(dseq) FROM fact)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert [backup.path for backup in found_in(folder).backups] == [newest, ahead]
