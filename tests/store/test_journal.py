"""The journal of facts: within a second, without a gap, over torn ends, full and absent folders."""

from __future__ import annotations

import errno
import os
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.money import Money
from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.backups import BackupReason, key_id_of
from app.store.journal import Behind, Journal, JournalTrouble, UpToDate
from app.store.journal_file import (
    JournalKey,
    Position,
    follow,
    journal_heads,
)
from app.store.opening import open_store
from app.store.place import StorePlace
from app.store.wrapped_key import read_wrapped
from tests.real_shop import MILK, RealShop, copy_shop, empty_store, store_setting

PATIENCE_S = 20
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


def until(true: Callable[[], Any]) -> Any:
    """Wait for something the journal's own thread does."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := true()):
        assert time.monotonic() < end, "the journal does not get there"
        time.sleep(0.02)
    return answer


def sell(shop: RealShop, times: int = 1) -> list[str]:
    """Milk for cash, so many times; the ids of the sales."""
    sold = []
    for _ in range(times):
        shop.do(scan_code, text=MILK)
        done = shop.do(pay_cash, received=Money(10_000))
        assert isinstance(done, SaleDone), done
        sold.append(done.sale_id)
    return sold


def key_of(shop: RealShop) -> JournalKey:
    key_id = read_wrapped(shop.store.place.key_file).key_id
    return JournalKey.of(key_id, shop.store.secrets.database_key)


def journaled(shop: RealShop) -> list[str]:
    """The ids in the journal behind the store's state at the shop's making, in order."""
    key, folder = key_of(shop), shop.store.backups.folder
    if not folder.is_dir():
        return []
    heads = journal_heads(folder, key.key_id)
    records = [record for head in heads for record in head.read(key).records]
    whole, beyond = follow(START, records)
    assert not beyond, "a gap"
    return [record.op_id for record in whole]


START = Position(1, 15)
"""The last fact of the shop of the pictures."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    made.sign_in()
    assert made.store.lane.read(lambda work: len(work.facts.all_facts())).result() == START.dseq
    yield made
    made.close()


def back_up(shop: RealShop) -> Path:
    return shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))


# ------------------------------------------------------------------ following the commits


def test_each_committed_fact_is_in_the_journal_soon_after(shop: RealShop) -> None:
    back_up(shop)
    shop.store.journal.start()
    sold = sell(shop, 3)
    until(lambda: journaled(shop) == sold)
    assert shop.store.journal.status() == UpToDate()


def test_what_was_sold_before_the_journal_ran_is_caught_up(shop: RealShop) -> None:
    back_up(shop)
    sold = sell(shop, 60)
    shop.store.journal.start()
    sold += sell(shop, 2)
    until(lambda: journaled(shop) == sold)


def test_closing_writes_the_last_sale(shop: RealShop) -> None:
    back_up(shop)
    shop.store.journal.start()
    until(lambda: shop.store.journal.status() == UpToDate())
    sold = sell(shop)
    shop.store.journal.close()
    assert journaled(shop) == sold


def test_a_second_start_goes_on_where_the_first_ended(shop: RealShop, tmp_path: Path) -> None:
    back_up(shop)
    shop.store.journal.start()
    sold = sell(shop, 2)
    shop.store.journal.close()
    again = _second_journal(shop)
    again.start()
    sold += sell(shop, 2)
    again.committed()
    until(lambda: journaled(shop) == sold)
    again.close()
    key, folder = key_of(shop), shop.store.backups.folder
    in_files = [len(head.read(key).records) for head in journal_heads(folder, key.key_id)]
    assert sum(in_files) == len(sold), "nothing is written twice"


def _second_journal(shop: RealShop) -> Journal:
    first = shop.store.journal
    return Journal(shop.store.backups, key_of(shop), shop.store.secrets.database_key, first._read)


def test_nobody_without_the_key_reads_a_word(shop: RealShop) -> None:
    back_up(shop)
    shop.store.journal.start()
    until(lambda: shop.store.journal.status() == UpToDate())
    sold = sell(shop)
    until(lambda: journaled(shop) == sold)
    [file] = shop.store.backups.folder.glob("journal-*.zgj")
    content = file.read_bytes()
    assert "人民路店".encode() not in content
    assert sold[0].encode() not in content
    [head] = journal_heads(shop.store.backups.folder, key_of(shop).key_id)
    other = JournalKey(key_of(shop).key_id, b"x" * 32)
    assert head.read(other).records == ()


# ------------------------------------------------------------------ worlds that do not behave


def test_a_new_store_misses_its_first_backup_and_no_folder(tmp_path: Path) -> None:
    """The chip warns of a folder that is gone at once, of a first backup to come it waits."""
    store, _ = empty_store(tmp_path)
    assert store.backups.folder.is_dir()
    store.journal.start()
    behind = until(lambda: isinstance(store.journal.status(), Behind) and store.journal.status())
    assert behind.why is JournalTrouble.NO_BACKUP
    store.backups.folder.rmdir()
    until(lambda: store.journal.status() == Behind(behind.since, JournalTrouble.NO_FOLDER))
    store.close()


def test_without_a_backup_it_waits_and_says_so(shop: RealShop) -> None:
    shop.store.backups.folder.mkdir()
    shop.store.journal.start()
    sold = sell(shop)
    behind = until(lambda: _behind(shop, JournalTrouble.NO_BACKUP))
    assert behind.since <= datetime.now(UTC)
    back_up(shop)
    until(lambda: shop.store.journal.status() == UpToDate())
    more = sell(shop)
    until(lambda: set(more) <= all_ids(shop))
    assert not set(sold) & all_ids(shop), "the backup holds the first sale already"


def _behind(shop: RealShop, why: JournalTrouble) -> Behind | None:
    status = shop.store.journal.status()
    return status if isinstance(status, Behind) and status.why is why else None


def all_ids(shop: RealShop) -> set[str]:
    key = key_of(shop)
    heads = journal_heads(shop.store.backups.folder, key.key_id)
    return {record.op_id for head in heads for record in head.read(key).records}


def test_an_unplugged_folder_stops_no_sale_and_is_caught_up(shop: RealShop) -> None:
    back_up(shop)
    folder = shop.store.backups.folder
    shop.store.journal.start()
    sold = sell(shop, 2)
    until(lambda: journaled(shop) == sold)
    away = folder.with_name("drawer")
    folder.rename(away)
    before = datetime.now(UTC)
    sold += sell(shop, 3)
    behind = until(lambda: _behind(shop, JournalTrouble.NO_FOLDER))
    assert behind.since >= before - timedelta(seconds=1)
    away.rename(folder)
    until(lambda: shop.store.journal.status() == UpToDate())
    until(lambda: journaled(shop) == sold)


def test_an_older_copy_of_the_file_put_back_is_noticed(shop: RealShop, tmp_path: Path) -> None:
    """Its next facts would have the numbers of others: the folder says nothing of them."""
    back_up(shop)
    old = tmp_path / "copied by hand"
    shop.store.lane.copy_to(old).result()
    shop.store.journal.start()
    sold = sell(shop, 2)
    until(lambda: journaled(shop) == sold)
    shop.close()
    shutil.copy(old, shop.store.place.database)
    again = open_store(store_setting(tmp_path, shop.keychain), now=NOW)
    again.journal.start()
    behind = until(lambda: isinstance(again.journal.status(), Behind) and again.journal.status())
    assert behind.why is JournalTrouble.OTHER_LIFE
    again.close()


def test_another_folder_needs_a_backup_first(shop: RealShop, tmp_path: Path) -> None:
    back_up(shop)
    shop.store.journal.start()
    sold = sell(shop)
    until(lambda: journaled(shop) == sold)
    shop.store.backups.folder = tmp_path / "usb"
    back_up(shop)
    more = sell(shop, 2)
    until(lambda: set(more) <= all_ids(shop))


@pytest.mark.parametrize(
    ("code", "why"),
    [
        pytest.param(errno.ENOSPC, JournalTrouble.FOLDER_FULL, id="full"),
        pytest.param(errno.EIO, JournalTrouble.FAULT, id="a fault of the disk"),
    ],
)
def test_a_write_that_fails_half_way_is_made_good(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch, code: int, why: JournalTrouble
) -> None:
    back_up(shop)
    shop.store.journal.start()
    sold = sell(shop)
    until(lambda: journaled(shop) == sold)
    real, cut = os.write, os.ftruncate

    def half(handle: int, content: bytes) -> int:
        # Only the journal writes with os.write here; half of it reaches the disk.
        real(handle, bytes(content)[: len(content) // 2])
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "write", half)
    monkeypatch.setattr(os, "ftruncate", _refuse)
    sold += sell(shop, 2)
    until(lambda: _behind(shop, why))
    monkeypatch.setattr(os, "write", real)
    monkeypatch.setattr(os, "ftruncate", cut)
    until(lambda: shop.store.journal.status() == UpToDate())
    until(lambda: journaled(shop) == sold)


def _refuse(handle: int, size: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


def test_a_disk_that_hangs_holds_up_no_sale_and_no_closing(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    import threading

    back_up(shop)
    shop.store.journal.start()
    until(lambda: shop.store.journal.status() == UpToDate())
    hangs, freed, real = threading.Event(), threading.Event(), os.fsync

    def slow(handle: int) -> None:
        if threading.current_thread().name == "journal":
            hangs.set()
            freed.wait(PATIENCE_S)
        real(handle)

    monkeypatch.setattr(os, "fsync", slow)
    sold = sell(shop, 5)
    assert hangs.wait(PATIENCE_S)
    until(lambda: _behind(shop, JournalTrouble.SLOW))
    freed.set()
    until(lambda: journaled(shop) == sold)


# ------------------------------------------------------------------ rotation


def test_a_backup_begins_a_new_file_and_old_ones_go_with_their_backups(shop: RealShop) -> None:
    first = back_up(shop)
    shop.store.journal.start()
    sold = sell(shop, 2)
    until(lambda: journaled(shop) == sold)
    [old] = shop.store.backups.folder.glob("journal-*.zgj")
    second = shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC) + timedelta(days=1))
    sold += sell(shop)
    until(lambda: journaled(shop) == sold)
    assert old.exists(), "the first backup still needs it"
    for path in (first, StorePlace(first).key_file):
        path.unlink()
    shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC) + timedelta(days=2))
    until(lambda: not old.exists())
    assert second.exists()
    until(lambda: sold[-1] in all_ids(shop))


def test_two_stores_in_one_folder_leave_each_other_alone(tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    shops = [copy_shop(tmp_path / "a"), _fresh_shop(tmp_path / "b")]
    try:
        made: list[Path] = []
        for shop in shops:
            shop.store.backups.folder = folder
            shop.store.journal.start()
            made.append(
                shop.store.back_up(BackupReason.CLOSE, now=NOW + timedelta(hours=len(made)))
            )
        assert [path.exists() for path in made] == [True, True]
        ids = {key_id_of(backup) for backup in shops[0].store.backups.list()}
        assert ids == {key_of(shop).key_id for shop in shops}
    finally:
        for shop in shops:
            shop.close()


def _fresh_shop(folder: Path) -> RealShop:
    from tests.real_shop import make_shop

    return make_shop(folder)
