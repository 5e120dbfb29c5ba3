"""The keeper of an open till's backups: what it says is what lies on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.commands.backup_keeper import StoreBackups
from app.store.errors import FolderNotWritable, StoreError
from app.store.restore import note_rehearsal
from tests.real_shop import RealShop, copy_shop

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    yield made
    made.close()


def test_a_copy_made_now_is_counted_and_dated(shop: RealShop) -> None:
    keeper = StoreBackups(shop.store, now=lambda: NOON)
    before = keeper.look()
    after = keeper.back_up_now()
    assert after.count == before.count + 1
    assert after.last == NOON
    assert after.is_there
    assert after.is_on_the_same_disk
    assert [each.made for each in shop.store.backups.own()][-1] == NOON


def test_a_rehearsal_is_remembered_by_the_folder(shop: RealShop) -> None:
    keeper = StoreBackups(shop.store, now=lambda: NOON)
    keeper.back_up_now()
    assert keeper.look().rehearsed is None
    note_rehearsal(shop.store.backups.folder, NOON)
    assert keeper.look().rehearsed == NOON


def test_a_folder_that_is_gone_is_said_and_has_no_copies(shop: RealShop, tmp_path: Path) -> None:
    shop.store.backups.folder = tmp_path / "pulled" / "disk"
    facts = StoreBackups(shop.store).look()
    assert not facts.is_there
    assert (facts.count, facts.last, facts.rehearsed) == (0, None, None)


def test_what_cannot_be_written_is_an_error_of_the_store(shop: RealShop, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    shop.store.backups.folder = tmp_path / "file"
    with pytest.raises(StoreError) as found:
        StoreBackups(shop.store).back_up_now()
    assert isinstance(found.value, FolderNotWritable | StoreError)
