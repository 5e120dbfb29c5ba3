"""What a member likely wants next, on the card: by key, with why, gone where nobody may see it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.services.consent import change_consent
from app.services.recommendation import learn_habits
from app.services.scan import scan_code
from app.store.waiting_lane import WaitingLane
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop, copy_shop
from tests.services.shifts import sell
from tests.ui.opened import CONTROL, Opened, open_on
from tests.ui.real_window import wait_until
from ui.application import Application

Key = Qt.Key
DAY_MS = 86_400_000


def with_habits(shop: RealShop, name: str = "陈静") -> None:
    """She took milk every week and oil twice; whoever takes oil takes a towel as well."""
    shop.sign_in()
    for visit in range(5):
        shop.do(scan_code, text=shop.cards[name])
        sell(shop, MILK, *([OIL] if visit in (0, 4) else []))
        for _ in range(3):
            sell(shop, OIL, TOWEL)
        shop.clock.go_on(milliseconds=7 * DAY_MS)
    shop.sign_in()
    learn_habits(lane=WaitingLane(shop.store.lane))


@pytest.fixture
def at_till(tmp_path: object, application: Application, qtbot: QtBot) -> Iterator[Opened]:
    """A till whose sales tell something, 李明 signed in."""
    shop = copy_shop(tmp_path)  # type: ignore[arg-type]  # a Path, as every fixture of it
    with_habits(shop)
    opened = open_on(shop, application, qtbot)
    opened.scan(shop.badges["李明"])
    yield opened
    opened.close()
    shop.close()


def named(at: Opened) -> list[str]:
    return [row.text for row in at.till.screen.member.recommended.named]


def wait_for(at: Opened, expected: list[str]) -> None:
    try:
        wait_until(lambda: named(at) == expected)
    except AssertionError:
        raise AssertionError(named(at)) from None
    at.settle()


MILK_LINE = "纯牛奶 250ml×12，7 天前买过"
OIL_LINE = "特级初榨橄榄油 500ml，7 天前买过"
TOWEL_LINE = "纯棉毛巾 34×74，常和特级初榨橄榄油 500ml一起买"


def test_one_key_rings_up_what_is_named(at_till: Opened) -> None:
    at_till.scan(at_till.shop.cards["陈静"])
    wait_for(at_till, [MILK_LINE, OIL_LINE])
    rows = at_till.till.screen.member.recommended
    assert [rows.shows(number) for number in (1, 2, 3)] == [True, True, False]
    at_till.press(Key.Key_2, CONTROL)
    assert [line.sku for line in at_till.state.lines] == ["oil"]
    wait_for(at_till, [MILK_LINE, TOWEL_LINE])
    at_till.press(Key.Key_1, CONTROL)
    assert [line.sku for line in at_till.state.lines] == ["oil", "milk"]
    wait_for(at_till, [TOWEL_LINE])
    at_till.press(Key.Key_3, CONTROL)
    assert len(at_till.state.lines) == 2


def test_a_tap_does_the_same(at_till: Opened) -> None:
    at_till.scan(at_till.shop.cards["陈静"])
    wait_for(at_till, [MILK_LINE, OIL_LINE])
    row = at_till.till.screen.member.recommended.named[0]
    QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    at_till.settle()
    assert [line.sku for line in at_till.state.lines] == ["milk"]


def test_it_goes_with_the_member(at_till: Opened) -> None:
    at_till.scan(at_till.shop.cards["陈静"])
    wait_for(at_till, [MILK_LINE, OIL_LINE])
    at_till.scan(at_till.shop.cards["张三丰"])
    wait_for(at_till, [])
    at_till.press(Key.Key_1, CONTROL)
    assert not at_till.state.lines


def test_it_speaks_the_language_of_the_window(at_till: Opened) -> None:
    at_till.scan(at_till.shop.cards["陈静"])
    wait_for(at_till, [MILK_LINE, OIL_LINE])
    at_till.handle.parts.language.use("en")
    wait_for(at_till, [
        "纯牛奶 250ml×12, last bought 7 days ago",
        "特级初榨橄榄油 500ml, last bought 7 days ago",
    ])  # fmt: skip


def test_switched_off_nothing_is_named(at_till: Opened) -> None:
    at_till.shop.use_settings(msgspec.structs.replace(SETTINGS, recommend=False))
    at_till.shop.sign_in()
    at_till.scan(at_till.shop.cards["陈静"])
    at_till.qtbot.wait(300)
    at_till.settle()
    assert named(at_till) == []


def test_who_refused_is_left_alone(at_till: Opened) -> None:
    member = at_till.shop.members["陈静"]
    for given in (True, False):
        at_till.ask(change_consent, member_id=member, purpose="profiling", given=given)
    at_till.scan(at_till.shop.cards["陈静"])
    at_till.qtbot.wait(300)
    at_till.settle()
    assert named(at_till) == []
