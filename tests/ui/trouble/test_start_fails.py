"""A store that opens and cannot be read: one page, one language, a way out, no empty till."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.store.errors import Damaged, DiskFull
from app.wording import load
from tests.real_shop import RealShop, copy_shop
from tests.ui.one_application import one_application
from tests.ui.opened import Opened, open_on
from ui.application import Application
from ui.kit.buttons import KitButton
from ui.navigation import ToTill
from ui.said import fault
from ui.trouble.window import TroubleWindow


@pytest.fixture
def application(qapp: object) -> Iterator[Application]:
    with one_application() as made:
        yield made


@pytest.fixture
def shop(tmp_path: Any) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    yield made
    made.close()


def run_sql(shop: RealShop, statement: str) -> None:
    """As another draft of the schema would have left the file."""
    from sqlalchemy import text

    shop.store.lane.submit(lambda work: work.settings._execute(text(statement), {})).result()


@pytest.fixture
def broken(shop: RealShop, application: Application, qtbot: QtBot) -> Iterator[Opened]:
    run_sql(shop, "ALTER TABLE staff RENAME COLUMN name TO full_name")
    run_sql(shop, "ALTER TABLE program RENAME TO program_of_another_draft")
    made = open_on_broken(shop, application, qtbot)
    yield made
    made.close()


def open_on_broken(shop: RealShop, application: Application, qtbot: QtBot) -> Opened:
    from ui.open_window import WindowWishes, open_window
    from ui.sounds import Player

    handle = open_window(
        application, shop.shop, shop.store.lane, WindowWishes(language="zh_CN", player=Player())
    )
    made = Opened(shop, handle, qtbot)
    handle.window.resize(1366, 768)
    handle.window.show()
    qtbot.waitExposed(handle.window)
    handle.start()
    made.settle()
    return made


def words(opened: Opened) -> list[str]:
    labels = opened.window.findChildren(QLabel)
    return [label.text() for label in labels if label.isVisible() and label.text()]


def page(opened: Opened) -> TroubleWindow | None:
    found = opened.window.findChildren(TroubleWindow)
    return found[0] if found else None


def test_one_page_in_one_language_takes_the_place_of_the_till(broken: Opened) -> None:
    shown = page(broken)
    assert shown is not None and shown.isVisible()
    assert not broken.window.header.isVisible() and not broken.window.banner.isVisible()
    said = words(broken)
    assert any("请联系店长" in each for each in said)
    chinese = [any("\u4e00" <= sign <= "\u9fff" for sign in each) for each in said]
    assert all(chinese), said
    assert "main.py doctor" in " ".join(said)


def test_f1_opens_no_help_for_a_screen_that_is_not_there(broken: Opened) -> None:
    broken.press(Qt.Key.Key_F1)
    assert not broken.window.help.is_open


def test_trying_again_opens_the_till_once_it_can_be_read(broken: Opened) -> None:
    run_sql(broken.shop, "ALTER TABLE staff RENAME COLUMN full_name TO name")
    run_sql(broken.shop, "ALTER TABLE program_of_another_draft RENAME TO program")
    shown = page(broken)
    assert shown is not None
    again = shown.go_on
    assert again.hasFocus(), "the way out, not the way off"
    place = again.mapTo(broken.window, again.rect().center())
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(broken.window.windowHandle(), Qt.MouseButton.LeftButton, none, place)
    broken.settle()
    assert page(broken) is None
    assert broken.window.header.isVisible()
    assert isinstance(broken.handle.parts.navigation.here, ToTill)


def test_enter_tries_again(broken: Opened) -> None:
    run_sql(broken.shop, "ALTER TABLE staff RENAME COLUMN full_name TO name")
    run_sql(broken.shop, "ALTER TABLE program_of_another_draft RENAME TO program")
    broken.press(Qt.Key.Key_Return)
    assert page(broken) is None


def test_closing_the_page_closes_the_window(broken: Opened) -> None:
    shown = page(broken)
    assert shown is not None
    close = next(b for b in shown.findChildren(KitButton) if b.text() == "关闭")
    close.click()
    assert not broken.window.isVisible()


def test_a_sound_store_shows_no_trouble(
    shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    made = open_on(shop, application, qtbot)
    assert page(made) is None
    made.close()


@pytest.mark.parametrize("error", [DiskFull("full"), Damaged("bad page")], ids=["full", "damaged"])
def test_a_fault_is_said_without_torn_sentences_and_names_whom_to_tell(error: Exception) -> None:
    sentence = fault(error, load("zh_CN")).sentence
    assert "。 " not in sentence
    assert "店长" in sentence
    assert "the manager" in fault(error, load("en")).sentence
