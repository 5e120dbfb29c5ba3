"""Practising, from the real till to the practice till and back, as main.py runs both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

import main
from app.devices.machine import SystemClock
from app.domain.settings import Settings
from app.services.ports import UnitOfWork
from app.services.program import put_program
from app.services.shop import Shop
from app.services.staff import NewStaff, put_new_staff
from app.store.folders import KEY_FILE_VARIABLE, Folders
from tests.real_shop import MILK, PRODUCTS, PROGRAM
from tests.ui import keys
from tests.ui.one_application import left_routers
from ui.kit.choice_row import ChoiceRow
from ui.main_window import MainWindow
from ui.sign_in.screen import PersonTile, SignInScreen
from ui.training.practice import Making, Way
from ui.training.screen import TrainingScreen
from ui.training.watermark import Watermark

Key = Qt.Key
STEP_MS, PATIENCE = 20, 1_000
PIN = "2580"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shop that was set up: its cashier is 李明 in both tills, by the same PIN."""
    monkeypatch.setenv(KEY_FILE_VARIABLE, "1")
    settings = Settings(store_name="人民路店", mobile_terminal="simulated")
    with main.new_shop(tmp_path / "shop", settings, SystemClock()) as opened:
        opened.lane.run(lambda work: put_in(opened.shop, work))
    return tmp_path / "shop"


def put_in(shop: Shop, work: UnitOfWork) -> None:
    put_program(shop=shop, work=work, toml=PROGRAM, shipped=True)
    for product in PRODUCTS:
        work.products.put(product)
    put_new_staff(shop=shop, work=work, person=NewStaff("李明", "cashier", PIN))
    work.settings.put_setup_step("done")


@pytest.fixture
def display(qapp: object) -> Iterator[None]:
    """The router that main.py makes is gone afterwards, as its process would be."""
    yield
    for router in left_routers():
        delete(router)


class Hand(QObject):
    """Does one thing after the other, each as soon as it can be done."""

    def __init__(self, steps: list[Callable[[MainWindow], bool]]) -> None:
        super().__init__()
        self._steps, self._is_busy, self._patience = steps, False, PATIENCE
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(STEP_MS)

    @property
    def left(self) -> int:
        return len(self._steps)

    def _go_on(self) -> None:
        windows = [
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, MainWindow) and each.isVisible()
        ]
        if self._is_busy or not windows:
            return
        self._is_busy = True
        self._patience -= 1
        if self._patience < 0 or (self._steps and self._steps[0](windows[0])):
            self._patience, is_out = PATIENCE, self._patience < 0
            if is_out or len(self._steps) == 1:
                self._timer.stop()
                close(windows[0])
            if not is_out:
                del self._steps[0]
        self._is_busy = False


def close(window: MainWindow) -> bool:
    window.set_may_close(True)
    return window.close()


def shown(window: MainWindow, kind: type[QWidget]) -> bool:
    return any(each.isVisible() for each in window.findChildren(kind))


def sign_in(window: MainWindow) -> bool:
    """李明, by PIN, as soon as his tile is there."""
    tiles = [each for each in window.findChildren(PersonTile) if each.isVisible()]
    mine = [each for each in tiles if each.accessibleName().startswith("李")]
    if not mine:
        return False
    mine[0].click()
    keys.type_text(window, PIN)
    keys.press(window, Key.Key_Return)
    return True


def open_desk(window: MainWindow) -> bool:
    if window.current_name not in ("ToTill", "ToShiftOpen"):
        return False
    keys.press(window, Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    return True


def choose_practice(window: MainWindow) -> bool:
    """By the digit of its row."""
    rows = [each for each in window.findChildren(ChoiceRow) if each.isVisible()]
    names = [each.accessibleName() for each in rows]
    if "培训模式" not in names:
        return False
    keys.press(window, Key(int(Key.Key_1) + names.index("培训模式")))
    return True


def sell(window: MainWindow) -> bool:
    """Milk, into the basket."""
    if window.current_name != "ToTill":
        return False
    keys.type_text(window, MILK)
    keys.press(window, Key.Key_Return)
    return True


def pay(window: MainWindow) -> bool:
    """For the exact cash, as soon as the basket and then the payment is there; back to the till."""
    is_paid = window.current_name == "ToReceipt"
    keys.press(window, Key.Key_Escape if is_paid else Key.Key_F9)
    return is_paid


def is_practice(window: MainWindow) -> bool:
    return shown(window, Watermark)


def test_to_the_practice_till_and_back_by_keys(home: Path, display: None) -> None:
    seen: list[str] = []

    def confirm(window: MainWindow) -> bool:
        if not shown(window, TrainingScreen):
            return False
        keys.press(window, Key.Key_Return)
        return True

    def look_at_tasks(window: MainWindow) -> bool:
        screen = next((each for each in window.findChildren(TrainingScreen)), None)
        if screen is None or not screen.rows:
            return False
        seen.extend(row.accessibleName() for row in screen.rows)
        return True

    def wait_for_practice(window: MainWindow) -> bool:
        return is_practice(window) and shown(window, SignInScreen)

    def wait_for_real(window: MainWindow) -> bool:
        return not is_practice(window) and shown(window, SignInScreen)

    hand = Hand(
        [sign_in, open_desk, choose_practice, confirm, wait_for_practice, sign_in, sell, pay,
         open_desk, choose_practice, look_at_tasks, confirm, wait_for_real]
    )  # fmt: skip
    assert main.open_till_window(Folders.of(home)) == 0
    assert hand.left == 0, "the hand came to the end of its way"
    assert seen[:2] == ["开班", "卖一件商品"]
    assert (Folders.of(home).practice / "practice-is-whole").exists()
    with main.open_shop(home) as till:
        practised = till.lane.run(lambda work: work.audit.entries())
    taken = [row.entry for row in practised if row.entry.action == "training_practised"]
    assert [dict(each.details) for each in taken] == [{"training_steps": "sale"}]
    assert taken[0].subject == taken[0].staff_id != "", "his who went over to practise"


class SlowPractice:
    """The practice till was there already: what takes long is reading the shop."""

    is_here, is_begun = False, True

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def make(self, tell: Callable[[int, int], None], is_cancelled: Callable[[], bool]) -> bool:
        return self.go_on.wait(5)

    def leave_for(self, wanted: Way) -> None: ...

    def throw_away(self) -> None: ...


@pytest.mark.parametrize("when", ["before", "after"])
def test_who_has_left_meanwhile_is_not_taken_to_the_practice_till(qtbot: QtBot, when: str) -> None:
    practice, told = SlowPractice(), list[str]()
    parent = QObject()
    making = Making(practice, parent)
    making.made.connect(lambda: told.append("made"))
    making.ended.connect(lambda: told.append("ended"))
    making.start()
    if when == "before":
        making.cancel()
    practice.go_on.set()
    making.wait()  # its word is under way to this thread, and cancelled here
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["ended"]


def test_a_window_that_is_closed_at_practice_ends_the_program(home: Path, display: None) -> None:
    def confirm(window: MainWindow) -> bool:
        if not shown(window, TrainingScreen):
            return False
        screen = next(iter(window.findChildren(TrainingScreen)))
        screen.primary.click()
        return True

    hand = Hand([sign_in, open_desk, choose_practice, confirm, is_practice])
    assert main.open_till_window(Folders.of(home)) == 0
    assert hand.left == 0
