"""Closing a till and failing to open one: the file is free again, whatever else went wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import main
from app.commands.shops import close_for_the_day
from app.store.errors import Damaged
from app.store.opening import OpenStore, StoreSetting, open_store
from tests.real_shop import OPENED_AT, empty_store


@pytest.fixture
def made(tmp_path: Path) -> tuple[OpenStore, StoreSetting]:
    return empty_store(tmp_path)


def test_a_backup_folder_that_is_gone_does_not_keep_the_till_open(
    made: tuple[OpenStore, StoreSetting],
) -> None:
    store, setting = made
    till = main.build(store)
    shutil.rmtree(store.backups.folder)
    store.backups.folder.write_text("a disk that is not plugged in")
    close_for_the_day(till)
    assert not setting.place.write_ahead_log.exists(), "closed cleanly"
    open_store(setting, now=OPENED_AT).close()


def test_a_store_that_cannot_become_a_till_is_closed_again(
    made: tuple[OpenStore, StoreSetting],
) -> None:
    store, setting = made
    store.lane.run(lambda work: work.settings.put_value("settings", '{"theme": 7}'))
    with pytest.raises(Damaged):
        main.build(store)
    open_store(setting, now=OPENED_AT).close()
