"""The whole window over a real shop, with every screen of the counter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.store.first_run import FirstRun
from tests.real_shop import IDENTITY, RESOURCES, RealShop, bare_shop
from tests.ui.opened import Opened
from tests.ui.real_window import renderers
from ui import join, member_lookup, payment, receipt, setup, sign_in
from ui.application import Application
from ui.open_window import RegisterScreens, WindowWishes, open_window
from ui.sounds import Player, Sound
from ui.window_parts import WindowParts


def screens(shop: RealShop, code_folder: Path) -> list[RegisterScreens]:
    """Every room, registered as main.py does."""
    first_run = FirstRun(shop.store, code_folder=code_folder)
    wishes = setup.SetupWishes(first_run, first_run, setup.templates_in(RESOURCES / "programs"))

    def begin(parts: WindowParts) -> None:
        setup.register(parts, wishes)

    return [
        sign_in.register,
        payment.register,
        receipt.register,
        member_lookup.register,
        join.register,
        begin,
    ]


def open_counter(
    shop: RealShop, application: Application, qtbot: QtBot, folder: Path, language: str = "zh_CN"
) -> Opened:
    """The window as it opens: nobody is signed in."""
    sounds: list[Sound] = []
    wishes = WindowWishes(
        language=language,
        renderers=renderers(),
        player=Player(on_play=sounds.append),
        screens=screens(shop, folder / "documents"),
    )
    handle = open_window(application, shop.shop, shop.store.lane, wishes)
    opened = Opened(shop, handle, qtbot, sounds)
    handle.window.resize(1366, 768)
    handle.window.show()
    handle.window.activateWindow()
    qtbot.waitExposed(handle.window)
    with qtbot.waitSignal(handle.opened, timeout=10_000):
        handle.start()
    opened.settle()
    return opened


@pytest.fixture
def door(
    real_shop: RealShop, application: Application, qtbot: QtBot, tmp_path: Path
) -> Iterator[Opened]:
    """The sign-in screen."""
    made = open_counter(real_shop, application, qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def counter(door: Opened) -> Opened:
    """李明 at the till, after his badge."""
    door.scan(door.shop.badges["李明"])
    door.sounds.clear()
    return door


@pytest.fixture
def new_till(application: Application, qtbot: QtBot, tmp_path: Path) -> Iterator[Opened]:
    """An empty machine: the set-up is in front."""
    shop = bare_shop(tmp_path)
    shop.store.lane.submit(lambda work: work.device.write(IDENTITY)).result()
    made = open_counter(shop, application, qtbot, tmp_path)
    yield made
    made.close()
    shop.close()
