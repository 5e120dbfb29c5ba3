"""Backups: checked copies that open elsewhere, made while sales go on, and their rotation."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.backups import Backup, BackupFolder, BackupReason, to_remove
from app.store.database import connect_reader
from app.store.errors import Damaged, FolderNotWritable, KeyMissing
from app.store.keys import KeyVault
from app.store.opening import OpenStore, StoreSetting, open_with_code
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.wrapped_key import new_key_id, wrap, write_wrapped
from tests.real_shop import MemoryKeychain
from tests.store.conftest import NOW
from tests.store.rows import count_settings, put_setting, put_settings


def test_a_backup_and_the_code_open_on_a_new_machine(
    store: OpenStore, code: RecoveryCode, tmp_path: Path
) -> None:
    store.lane.submit(put_setting("shop", "人民路店")).result()
    path = store.back_up(BackupReason.NIGHTLY, now=NOW)
    assert [item.name for item in sorted(store.backups.folder.iterdir())] == [
        "shop-20261121T103200Z-nightly.db",
        "shop-20261121T103200Z-nightly.db.key",
    ]
    place = StorePlace(path)
    elsewhere = StoreSetting(
        place,
        KeyVault(fall_back_folder=tmp_path / "new machine", keychain=MemoryKeychain()),
        BackupFolder(place, tmp_path / "other"),
    )
    restored = open_with_code(elsewhere, code=code, now=NOW)
    assert isinstance(restored, OpenStore)
    assert restored.lane.read(count_settings).result() == 1
    restored.close()


def test_sales_go_through_between_the_steps_of_a_copy(store: OpenStore) -> None:
    filler = "x" * 3_000
    for block in range(20):
        names = [f"{block}-{row}" for row in range(100)]
        store.lane.run(partial(put_settings, names, filler))
    copying = store.lane.copy_to(store.place.folder / "copy.db")
    sales = [store.lane.submit(put_setting(f"sale {number}", "paid")) for number in range(5)]
    for sale in sales:
        sale.result()
    copying.result()
    assert store.lane.read(count_settings).result() == 2_005


def test_a_damaged_copy_never_counts(store: OpenStore) -> None:
    def copy_badly(path: Path) -> None:
        store.lane.copy_to(path).result()
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)

    with pytest.raises(Damaged):
        store.backups.make(
            BackupReason.NIGHTLY, copy=copy_badly, key=store.secrets.database_key, now=NOW
        )
    assert list(store.backups.folder.iterdir()) == []


def test_a_backup_folder_that_cannot_be_made(store: OpenStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    folder = BackupFolder(store.place, tmp_path / "file" / "backups")
    with pytest.raises(FolderNotWritable):
        folder.make(BackupReason.HAND, copy=lambda _: None, key=store.secrets.database_key, now=NOW)


def test_the_same_disk_is_noticed(store: OpenStore, tmp_path: Path) -> None:
    assert BackupFolder(store.place, tmp_path / "not" / "made yet").is_on_the_same_disk
    if Path("/dev/shm").is_dir() and Path("/dev/shm").stat().st_dev != tmp_path.stat().st_dev:
        assert not BackupFolder(store.place, Path("/dev/shm/backups")).is_on_the_same_disk


def a_backup(days_ago: int, reason: BackupReason = BackupReason.NIGHTLY, hour: int = 3) -> Backup:
    made = (NOW - timedelta(days=days_ago)).replace(hour=hour)
    return Backup(Path(f"shop-{made:%Y%m%dT%H%M%SZ}-{reason.value}.db"), made, reason)


def test_rotation_keeps_days_then_weeks_then_nothing() -> None:
    backups = [a_backup(day) for day in range(120)]
    kept = set(backups) - set(to_remove(backups, NOW))
    ages = sorted((NOW - backup.made).days for backup in kept)
    assert ages == [*range(15), *range(20, 90, 7)]


def test_of_one_day_the_newest_stays() -> None:
    night, close = a_backup(0, hour=3), a_backup(0, BackupReason.CLOSE, hour=9)
    assert to_remove([night, close], NOW) == [night]


def test_copies_before_a_schema_step_do_not_push_others_out() -> None:
    steps = [a_backup(day, BackupReason.SCHEMA, hour=4) for day in (1, 2, 3, 4)]
    nights = [a_backup(day) for day in (1, 2, 3, 4)]
    assert to_remove(steps + nights, NOW) == [steps[3]]


@given(st.sets(st.tuples(st.integers(0, 400), st.sampled_from(BackupReason)), min_size=1))
def test_a_newest_backup_always_stays(made: set[tuple[int, BackupReason]]) -> None:
    backups = [a_backup(days, reason) for days, reason in made]
    kept = set(backups) - set(to_remove(backups, NOW))
    newest = max(backup.made for backup in backups)
    assert newest in {backup.made for backup in kept}


def test_two_backups_of_one_second_are_kept_in_their_order(store: OpenStore) -> None:
    store.back_up(BackupReason.NIGHTLY, now=NOW)
    store.lane.submit(put_setting("later", "1")).result()
    newest = store.back_up(BackupReason.CLOSE, now=NOW)
    [kept] = store.backups.list()
    assert kept.path == newest
    assert kept.made == NOW + timedelta(seconds=1)


def test_a_name_that_became_free_is_not_given_to_a_newer_backup(store: OpenStore) -> None:
    """A burst within one second: the second name was given before the first was rotated away."""
    names = [store.back_up(BackupReason.HAND, now=NOW).name for _ in range(4)]
    assert names == sorted(names)
    assert len(set(names)) == 4


def test_the_copy_a_killed_till_left_is_removed_by_its_next_backup(store: OpenStore) -> None:
    seen: list[str] = []

    def copy(path: Path) -> None:
        store.lane.copy_to(path).result()
        seen.append(path.name)

    key = store.secrets.database_key
    store.backups.make(BackupReason.HAND, copy=copy, key=key, now=NOW)
    for ending in ("", "-wal", "-shm"):
        (store.backups.folder / f"{seen[0]}{ending}").write_bytes(b"half a copy")
    store.back_up(BackupReason.HAND, now=NOW)
    assert not list(store.backups.folder.glob("unfinished-*"))


def test_a_clock_set_back_does_not_cost_the_backup_just_made(store: OpenStore) -> None:
    store.back_up(BackupReason.NIGHTLY, now=NOW)
    made = store.back_up(BackupReason.CLOSE, now=NOW - timedelta(hours=2))
    assert made.exists()


def test_of_two_stores_in_one_folder_each_rotates_its_own(store: OpenStore, tmp_path: Path) -> None:
    place = StorePlace(tmp_path / "other.db")
    write_wrapped(place.key_file, wrap(new_key_id(), store.secrets, new_recovery_code()))
    theirs = BackupFolder(place, store.backups.folder).make(
        BackupReason.NIGHTLY,
        copy=lambda path: store.lane.copy_to(path).result(),
        key=store.secrets.database_key,
        now=NOW - timedelta(days=200),
    )
    store.back_up(BackupReason.NIGHTLY, now=NOW)
    assert theirs.path.exists()


def test_old_backups_are_removed_with_their_keys(store: OpenStore) -> None:
    for days_ago in (3, 2, 1, 0):
        store.back_up(BackupReason.HAND, now=NOW - timedelta(days=days_ago * 45))
    names = [backup.path.name for backup in store.backups.list()]
    assert names == [
        "shop-20260823T103200Z-hand.db",
        "shop-20261007T103200Z-hand.db",
        "shop-20261121T103200Z-hand.db",
    ]
    assert len(list(store.backups.folder.iterdir())) == 6


def held(path: Path) -> None:
    """Something under this name that cannot be unlinked, as a file that a virus scanner holds."""
    path.mkdir()
    path.joinpath("inside").write_text("kept open")


def test_an_old_copy_that_cannot_be_removed_fails_no_good_backup(
    store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    old = [store.back_up(BackupReason.HAND, now=NOW - timedelta(days=age)) for age in (400, 350)]
    old[0].unlink()
    held(old[0])
    StorePlace(old[1]).key_file.unlink(missing_ok=True)
    held(StorePlace(old[1]).key_file)
    new = store.back_up(BackupReason.HAND, now=NOW)
    assert new.exists()
    assert StorePlace(new).key_file.exists()
    assert not old[1].exists(), "what can be removed is removed"
    assert not StorePlace(old[0]).key_file.exists()
    for name in (old[0].name, StorePlace(old[1]).key_file.name):
        assert name in caplog.text, "whoever wonders what lies there finds it in the log"


def test_a_leftover_that_cannot_be_removed_fails_no_good_backup(
    store: OpenStore, caplog: pytest.LogCaptureFixture
) -> None:
    def copy(path: Path) -> None:
        store.lane.copy_to(path).result()
        held(path.with_name(f"{path.name}-scan"))

    key = store.secrets.database_key
    made = store.backups.make(BackupReason.NIGHTLY, copy=copy, key=key, now=NOW)
    assert made in store.backups.list()
    assert ".db-scan" in caplog.text


def test_without_its_key_file_no_copy_counts_as_a_backup(store: OpenStore) -> None:
    kept = store.place.key_file.rename(store.place.key_file.with_name("away"))
    with pytest.raises(KeyMissing, match=r"shop\.db\.key"):
        store.back_up(BackupReason.HAND, now=NOW)
    assert list(store.backups.folder.iterdir()) == []
    kept.rename(store.place.key_file)
    assert store.back_up(BackupReason.HAND, now=NOW).exists()


def test_a_copy_is_not_readable_without_the_key(store: OpenStore) -> None:
    store.lane.submit(put_setting("secret word", "牛奶会员")).result()
    path = store.back_up(BackupReason.HAND, now=NOW)
    assert "牛奶会员".encode() not in path.read_bytes()
    assert not path.read_bytes().startswith(b"SQLite format 3")


def test_two_backups_at_once_are_both_whole(store: OpenStore) -> None:
    """The till is closed while the night's backup is being checked."""
    names = [f"row-{number}" for number in range(400)]
    store.lane.run(partial(put_settings, names, "x" * 1_000))
    first_is_copied, go_on = threading.Event(), threading.Event()
    key = store.secrets.database_key

    def slow_copy(path: Path) -> None:
        store.lane.copy_to(path).result()
        first_is_copied.set()
        go_on.wait(timeout=1)

    def other_copy(path: Path) -> None:
        path.write_bytes(b"half written")
        go_on.set()
        path.unlink()
        store.lane.copy_to(path).result()

    with ThreadPoolExecutor(2) as pool:
        night = pool.submit(
            store.backups.make, BackupReason.NIGHTLY, copy=slow_copy, key=key, now=NOW
        )
        assert first_is_copied.wait(timeout=30)
        close = pool.submit(
            store.backups.make,
            BackupReason.CLOSE,
            copy=other_copy,
            key=key,
            now=NOW + timedelta(days=1),
        )
        made = [night.result().path, close.result().path]
    for path in made:
        reader = connect_reader(path, key)
        assert reader.execute("SELECT count(*) FROM setting").fetchone() == (400,)
        reader.close()
