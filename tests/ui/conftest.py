"""Fixtures for tests of screens: one application, a real shop, its window with a cashier at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.real_shop import RealShop, copy_shop
from tests.ui.one_application import one_application
from tests.ui.opened import Opened, open_on
from ui.application import Application
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme


@pytest.fixture
def application(qapp: object) -> Iterator[Application]:
    """The application with its scan router; the look is the light one at 100 %."""
    with one_application() as made:
        yield made


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Theme]:
    """The theme of widgets without a window: light at 100 %, whatever the test makes of it."""
    theme = Theme.current()
    theme.use(scheme=Scheme.LIGHT, scale_percent=100)
    yield theme
    theme.use(scheme=Scheme.LIGHT, scale_percent=100)


@pytest.fixture
def real_shop(tmp_path: Path) -> Iterator[RealShop]:
    """The shop of the pictures, its file in a folder of its own."""
    shop = copy_shop(tmp_path)
    yield shop
    shop.close()


@pytest.fixture
def opened(real_shop: RealShop, application: Application, qtbot: QtBot) -> Iterator[Opened]:
    """The window with the till in front and 李明 signed in."""
    made = open_on(real_shop, application, qtbot)
    made.scan(real_shop.badges["李明"])
    made.sounds.clear()
    yield made
    made.close()
