"""The customer's window beside the till: it reads along after commits, and takes nothing away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.domain.settings import Settings
from tests.journeys.cashier import COUNTER, Cashier, a_till, sit_down
from tests.real_shop import MILK, OIL, TOWEL
from tests.ui import keys
from tests.ui.real_window import let_run
from ui.application import Application
from ui.customer_display.controller import CustomerDisplay
from ui.customer_display.screens import Screens
from ui.customer_display.view_model import DisplayView
from ui.customer_display.window import DisplayWindow
from ui.navigation import ToReceipt, ToTill

pytestmark = pytest.mark.journey
Key = Qt.Key
_NO = Qt.KeyboardModifier.NoModifier
WITH_WINDOW = msgspec.structs.replace(COUNTER, customer_display="window")


def a_counter(folder: Path, application: Application, settings: Settings) -> Iterator[Cashier]:
    made = sit_down(a_till(folder, settings=settings), application)
    made.scan(made.shop.badges["李明"])
    yield made
    made.leave()
    made.at_till.close()


@pytest.fixture
def counter(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """李明 at a till with the customer's window beside it."""
    yield from a_counter(tmp_path, application, WITH_WINDOW)


def display(cashier: Cashier) -> CustomerDisplay:
    found = cashier.handle.parts.navigation.findChild(CustomerDisplay)
    assert isinstance(found, CustomerDisplay)
    return found


def window(cashier: Cashier) -> DisplayWindow:
    shown = display(cashier).window
    assert shown is not None and shown.isVisible()
    return shown


def view(cashier: Cashier) -> DisplayView:
    cashier.settle()
    shown = window(cashier).view
    assert shown is not None
    return shown


def touch(widget: QWidget, at: QPoint | None = None) -> None:
    """A finger on the customer's screen."""
    top = widget.window()
    place = widget.mapTo(top, at or widget.rect().center())
    QTest.mouseClick(top.windowHandle(), Qt.MouseButton.LeftButton, _NO, place)
    QApplication.processEvents()


def texts(cashier: Cashier) -> str:
    """Everything a customer, or his screen reader, can get out of the window."""
    shown = window(cashier)
    said = [shown.windowTitle(), str(shown.view)]
    for widget in shown.findChildren(QWidget):
        said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
        if isinstance(widget, QLabel | QAbstractButton):
            said.append(widget.text())
    return "\n".join(said)


def test_a_members_sale_is_read_along_from_welcome_to_thanks(counter: Cashier) -> None:
    states = [view(counter).state]
    said = [texts(counter)]
    counter.scan(counter.shop.cards["张三丰"])
    states.append(view(counter).state)
    for code in (MILK, TOWEL, OIL):
        counter.scan(code)
        said.append(texts(counter))
        assert view(counter).total == _due(counter)
    states.append(view(counter).state)
    newest = view(counter).items[0]
    assert newest.name == "特级初榨橄榄油 500ml"
    counter.press(Key.Key_F9)
    states.append(view(counter).state)
    said.append(texts(counter))
    counter.press(Key.Key_F9)
    assert counter.at(ToReceipt)
    states.append(view(counter).state)
    said.append(texts(counter))
    done = view(counter)
    assert done.saved.startswith("共省 ¥")
    assert done.member is not None
    assert done.member.points.startswith("+")
    counter.press(Key.Key_Return)
    states.append(view(counter).state)
    assert states == ["welcome", "member", "items", "payment", "done", "welcome"]
    for secret in ("张", "三丰", "138", "8000", counter.shop.cards["张三丰"]):
        assert not any(secret in each for each in said), secret


def _due(cashier: Cashier) -> str:
    return f"¥{cashier.state.totals.due.minor / 100:,.2f}"


def test_it_shows_what_was_committed_and_not_what_is_typed(counter: Cashier) -> None:
    counter.scan(MILK)
    before = view(counter)
    counter.type("6901")
    assert view(counter) == before
    counter.press(Key.Key_Escape)
    counter.press(Key.Key_F9)
    paying = view(counter)
    counter.type("100")
    assert view(counter) == paying, "what a cashier types as received is nobody's money yet"


def test_lock_and_void_leave_nothing_to_read(counter: Cashier) -> None:
    counter.scan(MILK)
    counter.press(Key.Key_F12)
    assert view(counter).state == "closed"
    assert "牛奶" not in texts(counter)
    counter.scan(counter.shop.badges["李明"])
    assert view(counter).state == "items"
    counter.press(Key.Key_F4)
    assert view(counter).state == "welcome"


@pytest.mark.parametrize("touched", ["nothing", "the ground", "the language key", "the goods"])
def test_it_never_takes_the_scanner_nor_the_keys(counter: Cashier, touched: str) -> None:
    counter.scan(MILK)
    shown = window(counter)
    focus = QApplication.focusWidget()
    if touched == "the ground":
        touch(shown, QPoint(3, 3))
    elif touched == "the language key":
        touch(shown.language)
    elif touched == "the goods":
        touch(shown.sale.items)
    assert QApplication.activeWindow() is counter.window
    assert QApplication.focusWidget() is focus
    counter.scan(TOWEL)
    counter.type("cnn")
    counter.press(Key.Key_Return)
    assert [line.sku for line in counter.state.lines] == ["milk", "towel"]
    assert counter.state.lines[0].quantity.pieces == 2
    assert len(view(counter).items) == 2


def test_keys_that_a_system_gives_to_the_wrong_window_reach_the_till(counter: Cashier) -> None:
    """A window manager that hands the keyboard to the touched window all the same."""
    counter.scan(MILK)
    shown = window(counter)
    keys.scan(shown, TOWEL)
    counter.settle()
    assert [line.sku for line in counter.state.lines] == ["milk", "towel"]
    keys.type_text(shown, "cnn")
    counter.settle()
    assert counter.till.screen.input.text() == "cnn"
    keys.press(shown, Key.Key_Return)
    counter.settle()
    assert counter.state.lines[0].quantity.pieces == 2
    keys.press(shown, Key.Key_F9)
    counter.settle()
    assert view(counter).state == "payment"


def test_the_language_is_the_customers_until_he_has_gone(counter: Cashier) -> None:
    touch(window(counter).language)
    counter.scan(MILK)
    assert view(counter).total_label == "Amount due"
    assert counter.handle.parts.wording.is_chinese, "the till still speaks its own"
    counter.press(Key.Key_F9)
    counter.press(Key.Key_F9)
    assert view(counter).headline == "Thank you, see you again"
    counter.press(Key.Key_Return)
    assert view(counter).headline == "欢迎光临"


def test_nothing_on_it_can_have_the_focus_and_its_key_is_large(counter: Cashier) -> None:
    shown = window(counter)
    for widget in shown.findChildren(QWidget):
        assert widget.focusPolicy() is Qt.FocusPolicy.NoFocus, widget
    keys_shown = [key for key in shown.findChildren(QAbstractButton) if key.isVisible()]
    assert keys_shown == [shown.language]
    assert shown.language.accessibleName()
    assert min(shown.language.width(), shown.language.height()) >= 48


def test_it_closes_with_the_till_and_keeps_nothing_open(
    tmp_path: Path, application: Application
) -> None:
    at_work = a_counter(tmp_path, application, WITH_WINDOW)
    made = next(at_work)
    shown = window(made)
    assert not shown.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    made.handle.close()
    assert not shown.isVisible()
    assert list(at_work) == []


@pytest.mark.parametrize("wanted", ["second_screen", "off"])
def test_with_one_screen_there_is_no_window_and_no_icon(
    tmp_path: Path, application: Application, wanted: str
) -> None:
    settings = msgspec.convert(
        {**msgspec.to_builtins(COUNTER), "customer_display": wanted}, Settings
    )
    for made in a_counter(tmp_path, application, settings):
        assert display(made).window is None
        assert not display(made).is_lost
        made.scan(MILK)
        assert made.at(ToTill)


def test_a_lost_screen_is_an_icon_and_a_returned_one_takes_it_away(
    tmp_path: Path, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugged: list[QScreen] = [QApplication.primaryScreen()]
    monkeypatch.setattr(Screens, "second", lambda screens, tills: next(iter(plugged), None))
    for made in a_counter(tmp_path, application, COUNTER):
        icon = made.window.header.display
        made.scan(MILK)
        assert view(made).state == "items"
        assert not icon.isVisible()
        screen = plugged.pop()
        application.qt.screenRemoved.emit(screen)
        made.settle()
        assert display(made).window is None
        assert display(made).is_lost
        assert icon.isVisible()
        assert icon.accessibleName() == "客显不在，可以正常收银"
        made.scan(TOWEL)
        assert len(made.state.lines) == 2
        plugged.append(screen)
        application.qt.screenAdded.emit(screen)
        assert view(made).total == _due(made)
        assert not icon.isVisible()
        told = [each.what for each in made.handle.parts.devices.events if each.device == "display"]
        assert told == ["there", "lost", "there"]


def test_the_test_picture_goes_by_itself(counter: Cashier) -> None:
    shown = display(counter)
    assert shown.show_test()
    assert view(counter).state == "test"
    shown._test.setInterval(1)
    assert shown.show_test()
    let_run(30)
    assert view(counter).state == "welcome"
