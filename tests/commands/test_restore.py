"""Restore: the data folder is gone; backup, journal and recovery code bring the shop back whole."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import main
from app.domain.codes import Code, parse_code, receipt_number
from app.services.hold import hold_sale, recall_sale
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.backups import BackupReason
from app.store.folders import Folders
from app.store.journal import UpToDate
from app.store.opening import open_store
from app.store.restore import last_rehearsal
from app.store.unit_of_work import UnitOfWork
from tests.commands.burnt_shop import (
    COMPARED,
    DAYS_FACTS,
    a_day,
    burning_shop,
    journaled_all,
    lose,
    records,
    restore,
    rows,
    till_of,
)
from tests.real_shop import MILK, OIL, RealShop
from tests.store.test_journal import all_ids, sell, until


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealShop]:
    yield from burning_shop(tmp_path, monkeypatch)


def test_everything_that_facts_tell_comes_back_as_it_was(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_day(shop)
    kinds = {record.kind for record in records(shop)}
    assert kinds == DAYS_FACTS
    held = lose(shop)
    home = tmp_path / "new"
    assert restore(shop, home) == 0, capsys.readouterr()
    folders = Folders.of(home)
    store = open_store(folders.setting(), now=datetime.now(UTC))
    key = store.secrets.database_key
    store.close()
    again = rows(folders.data / "shop.db", key)
    for table in COMPARED:
        assert again[table] == held[table], table
    said = capsys.readouterr().out
    assert "Missing at most" in said
    assert "Sound: every fact stands once" in said


def test_a_restored_till_sells_in_a_new_series_and_can_be_lost_again(
    shop: RealShop, tmp_path: Path
) -> None:
    sell(shop, 3)
    lose(shop)
    assert restore(shop, tmp_path / "second") == 0
    with till_of(tmp_path / "second", shop) as second:
        assert second.shop.identity.epoch == 2
        assert second.store.backups.folder == shop.store.backups.folder
        [first_new] = sell(second)
        sale = second.store.lane.read(lambda work: work.sales.get(first_new)).result()
        assert sale is not None
        code = parse_code(sale.receipt_code)
        assert isinstance(code, Code)
        number = receipt_number(code)
        assert (number.epoch, number.sequence) == (2, 1)
        audit = second.store.lane.read(lambda work: work.audit.entries()).result()
        assert "till_restored" in {each.entry.action for each in audit}
        until(lambda: first_new in all_ids(second))
        facts = second.store.lane.read(_all_epochs).result()
        place = second.store.place
    shutil.rmtree(place.folder)
    assert restore(shop, tmp_path / "third") == 0
    with till_of(tmp_path / "third", shop) as third:
        assert third.shop.identity.epoch == 3
        assert third.store.lane.read(_all_epochs).result() == facts
    assert main.main(["verify", "--dir", str(tmp_path / "third")]) == 0


def _all_epochs(work: UnitOfWork) -> list[str]:
    return [
        fact.op_id for epoch in work.facts.epochs() for fact in work.facts.of_epoch(epoch, 0, 1000)
    ]


def test_what_was_open_at_the_backup_and_sold_since_is_not_offered_again(
    shop: RealShop, tmp_path: Path
) -> None:
    shop.do(scan_code, text=OIL)
    shop.do(hold_sale)
    shop.do(scan_code, text=MILK)
    shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    milk = shop.do(pay_cash).sale_id
    shop.do(recall_sale)
    oil = shop.do(pay_cash).sale_id
    lose(shop)
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        state = again.shop.desk.state
        assert state.basket.is_empty
        assert state.basket.basket_id not in {milk, oil}
        assert state.holds == 0


def test_an_open_basket_of_the_backup_is_still_there(shop: RealShop, tmp_path: Path) -> None:
    shop.do(scan_code, text=OIL)
    shop.store.back_up(BackupReason.HAND, now=datetime.now(UTC))
    until(lambda: shop.store.journal.status() == UpToDate())
    shop.close()
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        assert len(again.shop.desk.state.basket.lines) == 1


def test_a_rehearsal_proves_it_and_leaves_only_its_date(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop, 2)
    until(lambda: journaled_all(shop))
    folder = shop.store.backups.folder
    before = {path.name for path in folder.iterdir()}
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tempfile.tempdir", str(temporary))
        assert restore(shop, tmp_path / "new", "--rehearse") == 0
    assert not (tmp_path / "new").exists()
    assert list(temporary.iterdir()) == []
    assert {path.name for path in folder.iterdir()} == {*before, "last-rehearsal.txt"}
    rehearsed = last_rehearsal(folder)
    assert rehearsed is not None
    assert datetime.now(UTC) - rehearsed < timedelta(minutes=5)
    assert "Rehearsed" in capsys.readouterr().out
    sell(shop)  # the till was open all the while
