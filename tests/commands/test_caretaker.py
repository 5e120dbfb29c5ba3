"""The caretaker: the night is done once a day, after its hour, and a full disk is said."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from app.commands import caretaker as watched
from app.commands.caretaker import Caretaker
from app.services.answers import DiskNearlyFull, LineChanged
from app.services.lines import ring_up
from app.services.scan import scan_code
from app.store.backups import BackupReason
from app.store.disk import MEGABYTE, takes_new_sales
from app.store.errors import FolderGone
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, TOWEL, RealShop, make_shop
from tests.services.conftest import trail
from ui.said import fault

MORNING = datetime(2026, 11, 21, 9, 0).astimezone()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = make_shop(tmp_path)
    made.sign_in()
    yield made
    made.close()


def caretaker_of(
    shop: RealShop,
    at: list[datetime],
    said: list[int],
    on_night: Callable[[], None] = lambda: None,
) -> Caretaker:
    lane = WaitingLane(shop.store.lane)
    return Caretaker(
        shop.shop,
        shop.store,
        lane,
        on_low_disk=said.append,
        on_night=on_night,
        now=lambda: at[0],
    )


def test_the_night_is_due_once_a_day_after_its_hour(shop: RealShop) -> None:
    at = [MORNING.replace(hour=2)]
    caretaker = caretaker_of(shop, at, [])
    assert not caretaker.is_due()
    at[0] = MORNING
    assert caretaker.is_due()
    caretaker.do_night()
    assert not caretaker.is_due()
    reasons = [kept.reason for kept in shop.store.backups.list()]
    assert reasons == [BackupReason.NIGHTLY]
    at[0] = MORNING + timedelta(days=1)
    assert caretaker.is_due()


def test_a_shop_without_any_backup_gets_its_first_one_before_the_night(shop: RealShop) -> None:
    caretaker = caretaker_of(shop, [MORNING.replace(hour=1)], [])
    assert caretaker.look()
    assert caretaker.look()
    assert [kept.reason for kept in shop.store.backups.list()] == [BackupReason.HAND]
    assert trail(shop).count("nightly") == 0


def test_a_night_whose_backup_fails_is_worked_through_once_and_backed_up_later(
    shop: RealShop,
) -> None:
    at, nights = [MORNING], []
    caretaker = caretaker_of(shop, at, [], lambda: nights.append(at[0]))
    folder = shop.store.backups.folder
    shutil.rmtree(folder)
    folder.write_text("a disk that is not plugged in")
    assert not caretaker.look()
    assert not caretaker.look()
    folder.unlink()
    assert caretaker.look()
    assert not caretaker.is_due()
    assert trail(shop).count("nightly") == 1
    assert nights == [MORNING], "payments left open are asked about once a night"


def test_what_nobody_expected_does_not_end_the_nights_to_come(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: Path) -> int:
        raise OSError("the folder is gone")

    caretaker = caretaker_of(shop, [MORNING], [])
    with monkeypatch.context() as world:
        world.setattr(watched, "free_bytes", gone)
        assert not caretaker.look()
    assert caretaker.look()


def test_one_act_that_always_fails_keeps_no_backup_from_being_made(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise ValueError("a row nobody can read")

    for act in ("walk_all", "judge_members", "note_overdue", "report_erasures"):
        monkeypatch.setattr(watched, act, broken)
    caretaker = caretaker_of(shop, [MORNING], [])
    assert caretaker.look()
    assert [kept.reason for kept in shop.store.backups.list()] == [BackupReason.NIGHTLY]
    assert trail(shop).count("nightly") == 1
    assert caplog.text.count("left something undone") == 4


def test_little_room_is_said_and_no_room_begins_no_sale(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[int] = []
    caretaker = caretaker_of(shop, [MORNING], said)
    for free_mb in (900, 480, 80):
        monkeypatch.setattr(watched, "free_bytes", lambda _, mb=free_mb: mb * MEGABYTE)
        caretaker.look_at_disk()
    assert said == [480, 80]


def test_a_sale_that_is_open_can_be_finished_on_a_full_disk(shop: RealShop) -> None:
    room = [True]
    object.__setattr__(shop.shop, "has_room", lambda: room[0])
    shop.do(scan_code, text=MILK)
    room[0] = False
    assert not isinstance(shop.do(scan_code, text=TOWEL), DiskNearlyFull)
    from app.services.payment import pay_cash

    assert type(shop.do(pay_cash)).__name__ == "SaleDone"
    assert isinstance(shop.do(ring_up, code=MILK), DiskNearlyFull)
    room[0] = True
    assert not isinstance(shop.do(ring_up, code=MILK), DiskNearlyFull)


def test_a_data_folder_that_vanished_is_said_and_the_sale_goes_on_when_it_is_back(
    shop: RealShop,
) -> None:
    folder = shop.store.place.folder
    object.__setattr__(shop.shop, "has_room", partial(takes_new_sales, folder))
    away = folder.rename(folder.with_name("unplugged"))
    with pytest.raises(FolderGone) as gone:
        shop.do(scan_code, text=MILK)
    said = fault(gone.value, shop.shop.words_for("zh_CN"))
    assert "E-STORE-15" in said.sentence
    assert str(folder) in said.sentence
    assert not caretaker_of(shop, [MORNING], []).look()
    away.rename(folder)
    assert isinstance(shop.do(scan_code, text=MILK), LineChanged)
