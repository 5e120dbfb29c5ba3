"""`main.py remove`: a till with what nobody else has is not removed; with a file of it, it is."""

from __future__ import annotations

from pathlib import Path

import pytest

import main
from app.commands.openings import ShopForCommand
from app.devices.machine import SystemClock
from app.domain.business_day import ShopTime, business_day
from app.domain.effects import Gained
from app.domain.facts import PointsAdjusted
from app.domain.outbox import Answer
from app.domain.photo import StoredPhoto
from app.domain.settings import Settings
from app.services.fact_origin import calendar_origin
from app.services.fact_writer import write_fact
from app.services.ports import UnitOfWork
from app.store.folders import KEY_FILE_VARIABLE

NAME = "人民路店"


@pytest.fixture(autouse=True)
def _no_keychain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY_FILE_VARIABLE, "test")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A shop in a folder, closed; somebody was given points there, and no server has heard it."""
    folder = tmp_path / "shop"
    with main.new_shop(folder, Settings(store_name=NAME), SystemClock()) as opened:
        _record(opened)
    return folder


def _record(opened: ShopForCommand) -> None:
    now = opened.shop.now()

    def write(work: UnitOfWork) -> None:
        day = business_day(now, ShopTime())
        head = calendar_origin(shop=opened.shop, now=now, day=day, member="m1")
        gain = (Gained(points=5, expires_in=12),)
        write_fact(
            shop=opened.shop, work=work, fact=PointsAdjusted(**head, effects=gain, reason="")
        )

    opened.lane.run(write)


def remove(home: Path, *words: str) -> int:
    return main.main(["remove", "--dir", str(home), *words])


def database(home: Path) -> Path:
    return home / "store" / "shop.db"


def test_what_nobody_else_has_keeps_the_till(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remove(home) == 3
    said = capsys.readouterr().err
    assert "not uploaded yet" in said
    assert "main.py remove --export FOLDER" in said
    assert remove(home, "--delete", NAME) == 3
    assert database(home).is_file()


def test_with_a_file_of_it_the_till_goes_and_its_key_too(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "usb"
    assert remove(home, "--export", str(out)) == 0
    (file,) = out.iterdir()
    assert b"points_adjusted" not in file.read_bytes(), "nothing in it can be read without the code"
    assert "main.py server take-in" in capsys.readouterr().out
    assert database(home).is_file(), "nobody asked to delete it"
    assert remove(home, "--exported", str(file), "--delete", "another shop") == 2
    assert database(home).is_file()
    assert remove(home, "--exported", str(file), "--delete", NAME) == 0
    assert list((home / "store").glob("shop.db*")) == []
    assert "backups stay" in capsys.readouterr().out


def exported(home: Path, folder: Path) -> Path:
    assert remove(home, "--export", str(folder)) == 0
    (file,) = folder.glob("*.sealed")
    return file


def test_a_file_that_lacks_a_fact_does_not_count(home: Path, tmp_path: Path) -> None:
    file = exported(home, tmp_path)
    with main.open_shop(home) as opened:
        _record(opened)
    assert remove(home, "--exported", str(file), "--delete", NAME) == 3
    assert database(home).is_file()


@pytest.mark.parametrize("harm", ["torn", "changed", "of another till", "of nobody", "none"])
def test_a_file_that_does_not_open_does_not_count(home: Path, tmp_path: Path, harm: str) -> None:
    file = exported(home, tmp_path)
    content = file.read_bytes()
    match harm:
        case "torn":
            file.write_bytes(content[:-40])
        case "changed":
            file.write_bytes(content[:-40] + bytes([content[-40] ^ 1]) + content[-39:])
        case "of another till":
            other = main.new_shop(tmp_path / "other", Settings(store_name="x"), SystemClock())
            with other as opened:
                _record(opened)
            file.write_bytes(exported(tmp_path / "other", tmp_path / "out").read_bytes())
        case "of nobody":
            file.write_bytes(b"name,phone\n")
        case _:
            assert harm == "none"
    if harm == "none":
        assert remove(home, "--exported", str(file), "--delete", NAME) == 0
    else:
        assert remove(home, "--exported", str(file), "--delete", NAME) == 3
        assert database(home).is_file()


def test_once_the_server_has_everything_but_photos_only_those_are_asked_for(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with main.open_shop(home) as opened:

        def all_taken(work: object) -> None:
            waiting = work.outbox.waiting(999)  # type: ignore[attr-defined] # the store's own
            told = [Answer(w.op_id, w.epoch, w.dseq, "accepted") for w in waiting]
            work.outbox.settle(told, at_ms=1)  # type: ignore[attr-defined] # the store's own

        opened.lane.run(all_taken)
        photo = StoredPhoto("p", "case", "member", 7, b"\xff\xd8\xff")
        opened.lane.run(lambda work: work.photos.put(photo))
    assert remove(home) == 3
    said = capsys.readouterr().err
    assert "1 photo is not uploaded yet" in said
    assert "main.py remove --without-photos" in said
    assert remove(home, "--without-photos") == 0
    assert remove(home, "--without-photos", "--delete", NAME) == 0
    assert not database(home).exists()
