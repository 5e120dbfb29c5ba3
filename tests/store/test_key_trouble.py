"""Keys that are wrong, missing or another store's, and the recovery code that helps."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from app.store.cipher import NotOpened, new_key, new_secrets
from app.store.database import SQLITE_VERSION_MIN, check_library, connect_reader, connect_writer
from app.store.errors import (
    KeyMissing,
    LibraryTooOld,
    NoStore,
    StoreError,
    StoreExists,
    StoreUnavailable,
    WrongKey,
)
from app.store.first_run import FirstRun
from app.store.keys import KeyHome, KeyVault
from app.store.opening import (
    OpenStore,
    StoreSetting,
    code_is_right,
    create_store,
    open_store,
    open_with_code,
    renew_code,
)
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.wrapped_key import read_wrapped
from tests.store.builders import IDENTITY, a_member, a_sale, an_id
from tests.store.conftest import NOW, a_setting
from tests.store.rows import count_settings, put_setting
from tests.store.test_repositories import ring_up


def all_errors(kind: type[StoreError]) -> list[type[StoreError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in all_errors(child))]


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in all_errors(StoreError) if kind is not StoreUnavailable]
    assert len(codes) == len(set(codes)) == 18
    assert all(code.startswith("E-STORE-") for code in codes)


def test_an_old_sqlite_is_refused() -> None:
    check_library(SQLITE_VERSION_MIN)
    with pytest.raises(LibraryTooOld):
        check_library((3, 40, 1))


def test_nothing_readable_lies_on_the_disk(store: OpenStore) -> None:
    store.lane.run(lambda unit: unit.members.add(a_member(1, "欧阳娜娜", "13812345678")))
    for path in store.place.folder.iterdir():
        content = path.read_bytes()
        for secret in (b"13812345678", "欧阳".encode(), b"SQLite format 3", b"CREATE TABLE"):
            assert secret not in content, path.name
        assert store.secrets.database_key not in content
        assert store.secrets.device_secret not in content
    assert store.place.database.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_a_wrong_key(store: OpenStore, capfd: pytest.CaptureFixture[str]) -> None:
    store.close()
    for opener in (connect_writer, connect_reader):
        with pytest.raises(WrongKey):
            opener(store.place.database, new_key())
    assert capfd.readouterr().err == ""


def test_a_keychain_with_another_key(store: OpenStore, setting: StoreSetting) -> None:
    store.close()
    setting.vault.keep(read_wrapped(setting.place.key_file).key_id, new_secrets())
    with pytest.raises(WrongKey):
        open_store(setting, now=NOW)
    # The lock was given back: the next try meets the same refusal, not a second instance.
    with pytest.raises(WrongKey):
        open_store(setting, now=NOW)


def test_a_copy_opens_with_the_code_where_the_keychain_knows_nothing(
    store: OpenStore, code: RecoveryCode, tmp_path: Path
) -> None:
    store.lane.run(lambda unit: unit.device.write(IDENTITY))
    for number in (1, 2, 3):
        store.lane.run(ring_up(number, "m1"))
    # Copied while the till is open, as somebody would after a power cut: database, -wal, .key.
    new_folder = tmp_path / "new machine" / "shop"
    new_folder.mkdir(parents=True)
    assert store.place.write_ahead_log.exists()
    for path in (store.place.database, store.place.write_ahead_log, store.place.key_file):
        shutil.copy(path, new_folder)
    elsewhere = a_setting(new_folder.parent)
    with pytest.raises(KeyMissing):
        open_store(elsewhere, now=NOW)
    assert open_with_code(elsewhere, code=new_recovery_code(), now=NOW) == NotOpened()
    opened = open_with_code(elsewhere, code=code, now=NOW)
    assert isinstance(opened, OpenStore)
    ids = [an_id(number) for number in (1, 2, 3)]
    sales = opened.lane.run(lambda unit: [unit.sales.get(sale_id) for sale_id in ids])
    assert sales == [a_sale(number, "m1") for number in (1, 2, 3)]
    assert opened.secrets == store.secrets
    # The original goes on selling: no receipt number and no place of a fact is given twice.
    assert opened.lane.run(lambda unit: unit.device.epoch()) == IDENTITY.epoch + 1
    opened.close()
    again = open_store(elsewhere, now=NOW)
    assert again.key_home is KeyHome.KEYCHAIN
    again.close()


def test_the_key_of_another_store_does_not_replace_a_good_entry(
    store: OpenStore, setting: StoreSetting, code: RecoveryCode, tmp_path: Path
) -> None:
    other_code = new_recovery_code()
    other = create_store(a_setting(tmp_path / "other"), code=other_code, now=NOW)
    other.close()
    store.close()
    kept = setting.place.key_file.read_bytes()
    shutil.copy(other.place.key_file, setting.place.key_file)
    with pytest.raises(WrongKey):
        open_with_code(setting, code=other_code, now=NOW)
    setting.place.key_file.write_bytes(kept)
    open_store(setting, now=NOW).close()


def test_the_code_typed_back_and_renewed(store: OpenStore, code: RecoveryCode) -> None:
    assert code_is_right(store.place, code)
    other = new_recovery_code()
    assert not code_is_right(store.place, other)
    renew_code(store.place, store.secrets, other)
    assert code_is_right(store.place, other)
    assert not code_is_right(store.place, code)


def test_without_a_keychain_the_key_file_is_named(tmp_path: Path, code: RecoveryCode) -> None:
    setting = a_setting(tmp_path)
    bare = StoreSetting(
        setting.place,
        KeyVault(fall_back_folder=tmp_path / "keys", keychain=None),
        setting.backups,
    )
    opened = create_store(bare, code=code, now=NOW)
    assert opened.key_home is KeyHome.FILE
    opened.close()
    opened = open_store(bare, now=NOW)
    assert opened.key_home is KeyHome.FILE
    opened.close()


def test_a_new_store_never_overwrites_one(
    store: OpenStore, setting: StoreSetting, code: RecoveryCode
) -> None:
    store.lane.run(put_setting("shop", "人民路店"))
    store.close()
    with pytest.raises(StoreExists):
        create_store(setting, code=code, now=NOW)
    opened = open_store(setting, now=NOW)
    assert opened.lane.run(count_settings) == 1
    opened.close()


def test_no_store_there(setting: StoreSetting) -> None:
    with pytest.raises(NoStore):
        open_store(setting, now=NOW)


def test_a_code_does_not_make_a_shop_where_there_is_none(
    store: OpenStore, setting: StoreSetting, code: RecoveryCode
) -> None:
    store.close()
    setting.place.database.unlink()
    with pytest.raises(NoStore):
        open_with_code(setting, code=code, now=NOW)
    assert not setting.place.database.exists(), "an empty shop would hide that the file is gone"


def test_a_new_store_keeps_the_key_of_a_file_that_was_moved_away(
    store: OpenStore, setting: StoreSetting, code: RecoveryCode, tmp_path: Path
) -> None:
    store.lane.run(put_setting("shop", "人民路店"))
    store.close()
    place = setting.place
    away = tmp_path / "moved.db"
    place.database.replace(away)
    create_store(setting, code=new_recovery_code(), now=NOW).close()
    [kept] = [path for path in place.folder.iterdir() if path.name.startswith("shop.db.key.")]
    place.database.unlink()
    away.replace(place.database)
    kept.replace(place.key_file)
    opened = open_with_code(setting, code=code, now=NOW)
    assert isinstance(opened, OpenStore)
    assert opened.lane.run(count_settings) == 1
    opened.close()


def test_a_log_without_its_file_is_no_place_for_a_new_store(
    setting: StoreSetting, code: RecoveryCode
) -> None:
    setting.place.folder.mkdir()
    setting.place.write_ahead_log.write_bytes(b"confirmed sales of a file that was moved away")
    with pytest.raises(StoreExists):
        create_store(setting, code=code, now=NOW)
    assert setting.place.write_ahead_log.exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_saved_recovery_code_is_readable_by_its_owner_only(
    store: OpenStore, tmp_path: Path
) -> None:
    (tmp_path / "zhanggui-recovery-code.txt").write_text("an older one")
    (tmp_path / "zhanggui-recovery-code.txt").chmod(0o644)
    path = Path(FirstRun(store, code_folder=tmp_path).save_code("AAAAA-BBBBB"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.read_text(encoding="utf-8").split() == ["Zhanggui", "掌柜", "AAAAA-BBBBB"]
