"""Scenes of the devices: the customer's screen in every state, the device page.

Owns: how each of them comes about. Does not own: opening the window.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt

from app.domain.settings import Settings
from app.services.opening import refresh_desk
from app.services.staff import lock_till
from tests.real_shop import APPLE_LABEL, MILK, NEW_PHONE, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot, draw, put_many_goods
from tests.ui import keys
from ui.customer_display.controller import CustomerDisplay
from ui.customer_display.window import DisplayWindow
from ui.devices.page import DevicesPage
from ui.navigation import JoinMember, ToSettings

Key = Qt.Key
_ALT = Qt.KeyboardModifier.AltModifier
DISPLAY_SIZES = ((1024, 600), (1366, 768), (1920, 1080), (800, 480))
_PAY_CODE = "https://pay.example.cn/renmin-road/till-02"


def display_of(scene: Scene) -> CustomerDisplay:
    """The customer display of the window."""
    found = scene.cashier.handle.parts.navigation.findChild(CustomerDisplay)
    assert isinstance(found, CustomerDisplay)
    return found


def display(scene: Scene) -> CustomerDisplay:
    """A shop that shows it in a window of its own."""
    shop = scene.cashier.shop
    settings = shop.shop.desk.state.settings
    wanted = msgspec.structs.replace(
        settings, customer_display="window", display_pay_code=_PAY_CODE
    )
    shop.use_settings(wanted)
    shop.sign_in()
    scene.cashier.handle.parts.live.adopt(shop.do(refresh_desk))
    scene.cashier.settle()
    shown = display_of(scene)
    assert shown.window is not None
    scene.pictured = shown.window
    return shown


def welcome(scene: Scene) -> None:
    display(scene)


def closed(scene: Scene) -> None:
    display(scene)
    scene.cashier.handle.parts.live.adopt(scene.cashier.shop.do(lock_till).state)
    scene.cashier.settle()


def member(scene: Scene) -> None:
    display(scene)
    scene.cashier.scan(scene.cashier.shop.cards["张三丰"])


def items(scene: Scene) -> None:
    member(scene)
    for code in (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL):
        scene.cashier.scan(code)


def struck(scene: Scene) -> None:
    """A walk-in bought milk in full an hour ago."""
    scene.cashier.scan(MILK)
    _pay_cash(scene)
    items(scene)


def unknown_item(scene: Scene) -> None:
    items(scene)
    scene.cashier.scan("6901234567892")


def many_items(scene: Scene) -> None:
    display(scene)
    for code in put_many_goods(scene.cashier.shop, 14, scene.language):
        scene.cashier.scan(code)


def payment(scene: Scene) -> None:
    items(scene)
    scene.cashier.press(Key.Key_F9)


def pay_code(scene: Scene) -> None:
    payment(scene)
    scene.cashier.press(Key.Key_2, _ALT)
    keys.press(scene.cashier.window, Key.Key_Return)
    draw()


def pay_code_asked(scene: Scene) -> None:
    """By hand: the terminal has answered that the cashier has to."""
    pay_code(scene)
    scene.cashier.settle()


def done(scene: Scene) -> None:
    payment(scene)
    scene.cashier.type("200")
    scene.cashier.press(Key.Key_Return)


def consent(scene: Scene) -> None:
    """The customer is asked while the cashier has typed his number."""
    display(scene)
    scene.cashier.handle.parts.navigation.open_dialog(JoinMember(NEW_PHONE))
    scene.cashier.press(Key.Key_Return)


def phone(scene: Scene) -> None:
    """The code for the customer's own phone."""
    assert display(scene).show_link("https://card.head-office.example/p/join/Q4fJ7mXc0dKp2", "join")


def test_picture(scene: Scene) -> None:
    assert display(scene).show_test()


def _pay_cash(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_F9)
    scene.cashier.press(Key.Key_Return)


def devices(scene: Scene, **settings: object) -> DevicesPage:
    """The device page in front of a manager."""
    shop = scene.cashier.shop
    kept = msgspec.to_builtins(shop.shop.desk.state.settings)
    shop.use_settings(msgspec.convert({**kept, **settings}, Settings))
    scene.cashier.handle.parts.live.adopt(shop.do(refresh_desk))
    scene.cashier.scan(shop.badges["王芳"])
    scene.cashier.handle.parts.navigation.go(ToSettings("devices"))
    scene.cashier.settle()
    (page,) = scene.cashier.shown(DevicesPage)
    return page


def page_at_rest(scene: Scene) -> None:
    devices(scene)


def page_tested(scene: Scene) -> None:
    """A test page was printed, a code scanned, the drawer opened."""
    page = devices(scene, drawer=True)
    scene.cashier.tap(page.view.cards["printer"].key("page"))
    assert scene.cashier.at_till.printer.queue.wait_until_idle(10)
    scene.cashier.tap(page.view.cards["drawer"].key("drawer"))
    scene.cashier.scan("6901028000017")


def page_printer_gone(scene: Scene) -> None:
    """Two receipts found no printer."""
    scene.cashier.at_till.printer.folder.rename(scene.cashier.at_till.printer.folder.with_name("x"))
    for code in (MILK, TOWEL):
        scene.cashier.scan(code)
        _pay_cash(scene)
        assert scene.cashier.at_till.printer.queue.wait_until_idle(10)
    devices(scene)


def page_wrong_address(scene: Scene) -> None:
    page = devices(scene, scanner="serial:/dev/ttyUSB0")
    scene.cashier.tap(page.view.fields.kinds["serial"])
    scene.cashier.type("/dev/ttyUSB0")
    scene.cashier.press(Key.Key_Return)


def page_wrong_columns(scene: Scene) -> None:
    page = devices(scene)
    page.view.fields.columns.setFocus()
    page.view.fields.columns.selectAll()
    scene.cashier.type("80")
    scene.cashier.press(Key.Key_Return)


SHOTS = (
    Shot("display", "closed", closed, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "welcome", welcome, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "member", member, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "items", items, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "struck", struck, DisplayWindow),
    Shot("display", "unknown", unknown_item, DisplayWindow),
    Shot("display", "many", many_items, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "payment", payment, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "pay-code", pay_code_asked, DisplayWindow, DISPLAY_SIZES, room="by_hand"),
    Shot("display", "taking", pay_code, DisplayWindow, room="waiting"),
    Shot("display", "done", done, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "items-150", items, DisplayWindow, DISPLAY_SIZES[:3], scale_percent=150),
    Shot("display", "payment-150", payment, DisplayWindow, DISPLAY_SIZES[:3], scale_percent=150),
    Shot("display", "consent", consent, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "consent-150", consent, DisplayWindow, DISPLAY_SIZES[:2], scale_percent=150),
    Shot("display", "phone", phone, DisplayWindow, DISPLAY_SIZES),
    Shot("display", "phone-150", phone, DisplayWindow, DISPLAY_SIZES[:2], scale_percent=150),
    Shot("display", "test", test_picture, DisplayWindow),
    Shot("devices", "page", page_at_rest, DevicesPage, TILL_SIZES),
    Shot("devices", "tested", page_tested, DevicesPage, TILL_SIZES),
    Shot("devices", "printer-gone", page_printer_gone, DevicesPage, TILL_SIZES[:2]),
    Shot("devices", "wrong-address", page_wrong_address, DevicesPage, TILL_SIZES[:2]),
    Shot("devices", "wrong-columns", page_wrong_columns, DevicesPage),
    Shot("devices", "tested-150", page_tested, DevicesPage, TILL_SIZES[:2], scale_percent=150),
)
