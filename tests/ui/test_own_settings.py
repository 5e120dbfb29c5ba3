"""What everybody may set for himself in the window is there again after a restart."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.domain.settings import Settings
from app.services.audit_trail import read_trail
from app.store.errors import DiskFull
from tests.real_shop import RealShop
from tests.ui.opened import Opened, open_on
from ui.application import Application
from ui.theme.theme import Theme
from ui.theme.tokens import Scheme


@pytest.fixture
def opened(real_shop: RealShop, application: Application, qtbot: QtBot) -> Iterator[Opened]:
    made = open_on(real_shop, application, qtbot)
    yield made
    made.close()
    Theme.current().use(scheme=Scheme.LIGHT)


def kept(opened: Opened) -> Settings:
    return opened.shop.store.lane.submit(lambda work: work.settings.read()).result()


def test_a_cashier_keeps_the_look_and_leaves_no_trace(opened: Opened) -> None:
    opened.scan(opened.shop.badges["李明"])
    lane = opened.shop.store.lane
    before = lane.submit(lambda work: read_trail(work=work)).result()
    Theme.current().use(scheme=Scheme.LIGHT)
    opened.window.switch_theme()
    opened.settle()
    assert kept(opened).theme == "dark"
    opened.window.switch_theme()
    opened.settle()
    assert kept(opened).theme == "light"
    assert lane.submit(lambda work: read_trail(work=work)).result() == before


def test_the_next_start_looks_as_it_was_left(
    opened: Opened, application: Application, qtbot: QtBot
) -> None:
    Theme.current().use(scheme=Scheme.LIGHT)
    opened.window.switch_theme()
    opened.settle()
    Theme.current().use(scheme=Scheme.LIGHT)  # another process begins with the desktop's look
    again = open_on(opened.shop, application, qtbot)
    try:
        assert Theme.current().scheme is Scheme.DARK
    finally:
        again.close()


def test_a_banner_is_said_anew_after_a_language_switch(opened: Opened) -> None:
    opened.handle.show_low_disk(312)
    assert "312 MB" in opened.window.banner.sentence
    opened.window.switch_language()
    opened.settle()
    assert opened.window.banner.sentence.startswith("The disk is nearly full, 312 MB left.")

    def full(*, shop: object, work: object) -> None:
        raise DiskFull("no space left on device")

    opened.handle.parts.ask(full)
    opened.settle()
    assert "The disk is full." in opened.window.banner.sentence
    opened.window.switch_language()
    opened.settle()
    assert "磁盘已满。" in opened.window.banner.sentence
