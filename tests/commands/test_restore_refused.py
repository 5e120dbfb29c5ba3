"""Restore that cannot be: a wrong code, no backup, damage in every place, a disk that fills."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest

import main
from app.store.backups import BackupReason
from app.store.journal_file import JournalWriter, Position, journal_heads
from app.store.recovery_code import new_recovery_code
from tests.commands.burnt_shop import (
    burning_shop,
    journaled_all,
    lose,
    records,
    restore,
    rows,
    sale_row,
    till_of,
)
from tests.real_shop import RealShop
from tests.store.test_journal import key_of, sell, until


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RealShop]:
    yield from burning_shop(tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        pytest.param("", "not a whole recovery code", id="nothing typed"),
        pytest.param("AAAAA-BBBBB", "not a whole recovery code", id="half a code"),
        pytest.param(new_recovery_code().grouped, "opens none of the backups", id="another shop's"),
    ],
)
def test_a_wrong_code_changes_nothing(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str, says: str
) -> None:
    assert restore(shop, tmp_path / "new", code=code) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("made", [True, False], ids=["empty folder", "no folder"])
def test_no_backup_there(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str], made: bool
) -> None:
    folder = tmp_path / "usb"
    if made:
        folder.mkdir()
    assert restore(shop, tmp_path / "new", folder=folder) == 2
    said = capsys.readouterr().err
    assert ("lies no backup" if made else "There is no folder") in said


def test_a_shop_that_is_there_is_not_touched(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    home = tmp_path / "new"
    assert restore(shop, home) == 0
    before = (home / "store" / "shop.db").read_bytes()
    assert restore(shop, home) == 3
    assert "E-STORE-13" in capsys.readouterr().err
    assert (home / "store" / "shop.db").read_bytes() == before


def spoil(path: Path, at: float = 0.5) -> None:
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    path.write_bytes(content)


def test_a_damaged_backup_is_passed_over_for_an_older_one(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop, 2)
    until(lambda: journaled_all(shop))
    newest = shop.store.back_up(BackupReason.SCHEMA, now=datetime.now(UTC) + timedelta(minutes=5))
    sell(shop, 2)
    held = lose(shop)
    spoil(newest)
    assert restore(shop, tmp_path / "new") == 0
    assert f"{newest.name} is damaged" in capsys.readouterr().out
    with till_of(tmp_path / "new", shop) as again:
        key = again.store.secrets.database_key
        assert rows(again.store.place.database, key)["sale"] == held["sale"]


def test_only_damaged_backups(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    for path in shop.store.backups.folder.glob("shop-*.db"):
        spoil(path)
    home = tmp_path / "new"
    assert restore(shop, home) == 3
    assert "is damaged" in capsys.readouterr().err
    assert not list(home.glob("store/shop.db*"))[1:], "at most the lock stays"


def journal_file(shop: RealShop) -> Path:
    [path] = shop.store.backups.folder.glob("journal-*.zgj")
    return path


def test_a_torn_last_record_costs_that_fact_only(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold_ids = sell(shop, 3)
    lose(shop)
    path = journal_file(shop)
    path.write_bytes(path.read_bytes()[:-7])
    assert restore(shop, tmp_path / "new") == 0
    with till_of(tmp_path / "new", shop) as again:
        found = [again.store.lane.read(partial(sale_row, op_id=each)).result() for each in sold_ids]
    assert [each is not None for each in found] == [True, True, False]
    assert "The last record of the journal is torn" in capsys.readouterr().out


def test_a_gap_in_the_journal_is_told_and_nothing_readable_is_lost(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sold_ids = sell(shop, 5)
    lose(shop)
    spoil(journal_file(shop), 0.5)
    home = tmp_path / "new"
    assert restore(shop, home) == 3
    assert "The journal is damaged: 2 facts" in capsys.readouterr().err
    assert not (home / "store" / "shop.db").exists()
    assert restore(shop, home, "--accept-gap") == 0
    with till_of(home, shop) as again:
        found = [again.store.lane.read(partial(sale_row, op_id=each)).result() for each in sold_ids]
        assert [each is not None for each in found] == [True, True, False, True, True]
        sell(again)
    assert main.main(["verify", "--dir", str(home)]) == 0


def test_a_disk_that_fills_leaves_the_place_empty(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sell(shop)
    lose(shop)
    home = tmp_path / "new"
    real = Path.open

    class Full(io.BufferedWriter):
        def write(self, content: Any, /) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def open_full(path: Path, mode: str = "r", *more: Any, **named: Any) -> Any:
        if "restoring" in path.parts and mode == "wb":
            return Full(io.FileIO(path, "w"))
        return real(path, mode, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "open", open_full)
        assert restore(shop, home) == 3
    assert "E-STORE-04" in capsys.readouterr().err
    assert [path.name for path in (home / "store").iterdir()] == ["shop.db.lock"]
    assert restore(shop, home) == 0


def test_a_journal_of_another_life_is_refused(
    shop: RealShop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two machines went on from one backup: their facts have the same numbers."""
    sell(shop)
    until(lambda: journaled_all(shop))
    [mine] = records(shop)
    other = msgspec.structs.replace(mine, op_id=mine.op_id[:-1] + "0", chain_hash=b"x" * 32)
    shop.store.journal.close()
    writer = JournalWriter.begin(
        shop.store.backups.folder, key_of(shop), Position(*mine.follows), 2**42
    )
    journal_file_of_mine = next(
        head.path
        for head in journal_heads(shop.store.backups.folder, key_of(shop).key_id)
        if head.path != writer.path
    )
    journal_file_of_mine.unlink()
    writer.append([other])
    writer.close()
    shop.close()
    assert restore(shop, tmp_path / "new") == 3
    assert "E-STORE-16" in capsys.readouterr().err
    assert not (tmp_path / "new" / "store" / "shop.db").exists()
