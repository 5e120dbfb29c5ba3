"""What the store tests share: places, an honest keychain, and open stores that get closed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.store.backups import BackupFolder
from app.store.keys import Found, KeyVault
from app.store.opening import OpenStore, StoreSetting, create_store, open_store
from app.store.place import StorePlace
from app.store.recovery_code import RecoveryCode, new_recovery_code
from app.store.wrapped_key import read_wrapped
from tests.real_shop import MemoryKeychain

NOW = datetime(2026, 11, 21, 10, 32, tzinfo=UTC)


def a_setting(folder: Path, keychain: MemoryKeychain | None = None) -> StoreSetting:
    """A store below `folder`, with a keychain of its own unless one is given."""
    place = StorePlace.in_folder(folder / "shop")
    return StoreSetting(
        place,
        KeyVault(fall_back_folder=folder / "keys", keychain=keychain or MemoryKeychain()),
        BackupFolder(place, folder / "backups"),
    )


@pytest.fixture(scope="session")
def code() -> RecoveryCode:
    """One recovery code for all: deriving its key costs a tenth of a second each time."""
    return new_recovery_code()


@pytest.fixture(scope="session")
def new_shop(
    tmp_path_factory: pytest.TempPathFactory, code: RecoveryCode
) -> tuple[Path, MemoryKeychain]:
    """A store as create_store leaves it, made once: the others are copies of its files."""
    folder, keychain = tmp_path_factory.mktemp("new shop"), MemoryKeychain()
    create_store(a_setting(folder, keychain), code=code, now=NOW).close()
    return folder / "shop", keychain


@pytest.fixture
def setting(tmp_path: Path) -> StoreSetting:
    """Where a store may be made."""
    return a_setting(tmp_path, MemoryKeychain())


@pytest.fixture
def store(
    tmp_path: Path, setting: StoreSetting, new_shop: tuple[Path, MemoryKeychain]
) -> Iterator[OpenStore]:
    """A new, open store with today's schema."""
    files, keychain = new_shop
    shutil.copytree(files, setting.place.folder)
    key_id = read_wrapped(setting.place.key_file).key_id
    kept = KeyVault(fall_back_folder=tmp_path, keychain=keychain).read(key_id)
    assert isinstance(kept, Found)
    setting.vault.keep(key_id, kept.secrets)
    opened = open_store(setting, now=NOW)
    yield opened
    opened.close()


@pytest.fixture
def reopened(setting: StoreSetting) -> Iterator[Callable[[], OpenStore]]:
    """Opens the store of `setting` again; closed at the end of the test."""
    opened: list[OpenStore] = []

    def again() -> OpenStore:
        opened.append(open_store(setting, now=NOW))
        return opened[-1]

    yield again
    for each in opened:
        each.close()
