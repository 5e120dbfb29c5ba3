"""The device page at the real window: every test, the printer's address, what waits, the log."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from app.devices.terminals import SimulatedTerminal
from app.domain.audit import AuditEntry
from app.domain.payment import NotFound, QueryResult, TimedOut, Unknown
from app.services.opening import refresh_desk
from app.services.staff import sign_in_with_badge
from tests.devices.counter_printer import (
    COVER,
    READY,
    Manners,
    SerialPrinter,
    TcpPrinter,
)
from tests.journeys.cashier import Cashier
from tests.journeys.printer_counter import a_counter, wait_for_printer
from tests.real_shop import MILK
from ui.application import Application
from ui.approval.panel import ApprovalPanel
from ui.devices.page import DevicesPage
from ui.kit.buttons import KitButton
from ui.navigation import ToSettings
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key
PULSE = b"\x1bp"


@pytest.fixture
def manager(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """王芳 at a till with a drawer."""
    with a_counter(tmp_path, application, drawer=True) as made:
        made.scan(made.shop.badges["王芳"])
        made.sounds.clear()
        yield made


def page(cashier: Cashier) -> DevicesPage:
    cashier.handle.parts.navigation.go(ToSettings("devices"))
    cashier.settle()
    (found,) = cashier.shown(DevicesPage)
    return found


def look(cashier: Cashier) -> DevicesPage:
    """The page after whatever the devices said meanwhile."""
    wait_for_printer(cashier)
    (found,) = cashier.shown(DevicesPage)
    found._draw()
    cashier.settle()
    return found


def connect(cashier: Cashier, kind: str, *typed: str) -> None:
    """Type another address, by keys."""
    found = page(cashier)
    cashier.tap(found.view.fields.kinds[kind])  # type: ignore[index]  # one of the kinds
    fields = (found.view.fields.first, found.view.fields.second)
    for field, text in zip(fields, typed, strict=False):
        field.setFocus()
        field.selectAll()
        cashier.type(text)
    cashier.press(Key.Key_Return)


def audit(cashier: Cashier) -> list[AuditEntry]:
    """The whole trail."""
    return [each.entry for each in cashier.read(lambda work: work.audit.entries())]


def state(found: DevicesPage, device: str) -> str:
    return found.view.cards[device].accessibleName()


def test_a_printer_is_chosen_by_its_address_and_tried_at_once(manager: Cashier) -> None:
    with TcpPrinter() as sink:
        connect(manager, "tcp", "127.0.0.1", str(sink.port))
        assert manager.state.settings.printer == f"tcp:127.0.0.1:{sink.port}"
        found = page(manager)
        manager.tap(found.view.cards["printer"].key("page"))
        assert state(look(manager), "printer") == "小票打印机: 正常"
        manager.tap(found.view.cards["drawer"].key("drawer"))
        look(manager)
    assert "纯牛奶 Milk".encode("gb18030") in sink.got.replace(b"\x1c.", b"").replace(b"\x1c&", b"")
    assert sink.got.count(PULSE) == 1
    assert "小票打印机：测试页" in found.view.log_text
    assert "钱箱：已发开箱指令" in found.view.log_text


def test_a_serial_printer_is_tried_on_a_real_line(manager: Cashier) -> None:
    with SerialPrinter() as printer:
        connect(manager, "serial", printer.path, "9600")
        assert manager.state.settings.printer == f"serial:{printer.path}:9600"
        manager.tap(page(manager).view.cards["printer"].key("page"))
        assert state(look(manager), "printer") == "小票打印机: 正常"
    assert "测试页".encode("gb18030") in printer.got


def test_a_drawer_that_is_tried_leaves_its_trace(manager: Cashier) -> None:
    found = page(manager)
    manager.tap(found.view.cards["drawer"].key("drawer"))
    (entry,) = [each for each in audit(manager) if each.action == "drawer_opened"]
    assert entry.staff_id == manager.shop.staff["王芳"]
    assert ("reason", "check") in entry.details


def test_a_cashier_needs_somebodys_yes_for_the_drawer_and_the_address(
    tmp_path: Path, application: Application
) -> None:
    with a_counter(tmp_path, application, drawer=True) as made:
        made.scan(made.shop.badges["李明"])
        found = page(made)
        made.tap(found.view.cards["drawer"].key("drawer"))
        assert list(made.shown(ApprovalPanel))
        made.press(Key.Key_Escape)
        assert not [each for each in audit(made) if each.action == "drawer_opened"]
        before = made.state.settings.printer
        connect(made, "tcp", "10.0.0.9")
        assert made.state.settings.printer == before


def test_an_open_cover_is_shown_with_its_cure_and_what_waits_is_printed_again(
    manager: Cashier,
) -> None:
    with TcpPrinter(Manners(cause=COVER)) as sink:
        connect(manager, "tcp", "127.0.0.1", str(sink.port))
        found = page(manager)
        manager.tap(found.view.cards["printer"].key("page"))
        found = look(manager)
        assert state(found, "printer") == "小票打印机: 开盖"
        assert "请合上盖子，然后重新打印。" in manager.texts()
        assert "1 张待打印" in manager.texts()
        sink.manners = Manners(cause=READY)
        manager.tap(found.view.cards["printer"].key("retry"))
        found = look(manager)
        assert state(found, "printer") == "小票打印机: 正常"
        assert "没有待打印" in manager.texts()
        assert sink.got.count("测试页".encode("gb18030")) == 1, "once, and not before"


def test_a_printer_that_is_not_there_says_so(manager: Cashier) -> None:
    with TcpPrinter() as sink:
        port = sink.port
    connect(manager, "tcp", "127.0.0.1", str(port))
    manager.tap(page(manager).view.cards["printer"].key("page"))
    found = look(manager)
    assert state(found, "printer") == "小票打印机: 找不到"
    assert "小票打印机：找不到" in found.view.log_text


REFUSED = [
    pytest.param(
        "tcp", ("no host", "9100"), "这不是地址，应如 192.168.1.60 或 printer-1。", id="host"
    ),
    pytest.param("tcp", ("p1", "99999"), "端口号是 1 到 65535 的数字，通常是 9100。", id="port"),
    pytest.param("serial", ("/dev/ttyS7",), "扫码枪已占用这个端口，请换一个。", id="taken"),
    pytest.param("usb", ("4b8",), "应为四位，由 0 到 9 和 A 到 F 组成。", id="usb"),
]


@pytest.mark.parametrize(("kind", "typed", "sentence"), REFUSED)
def test_what_cannot_be_an_address_is_said_beside_it_and_stays(
    manager: Cashier, kind: str, typed: tuple[str, ...], sentence: str
) -> None:
    with_scanner = manager.shop.shop.desk.state.settings
    scanner = "serial:/dev/ttyS7:9600"
    manager.shop.use_settings(msgspec.structs.replace(with_scanner, scanner=scanner))
    manager.shop.do(sign_in_with_badge, badge=manager.shop.badges["王芳"])
    manager.handle.parts.live.adopt(manager.shop.do(refresh_desk))
    before = manager.state.settings.printer
    connect(manager, kind, *typed)
    (found,) = manager.shown(DevicesPage)
    assert sentence in manager.texts()
    assert found.view.fields.first.text() == typed[0]
    assert manager.state.settings.printer == before
    assert manager.sounds[-1] is Sound.SCAN_ERROR


def test_columns_have_their_bounds(manager: Cashier) -> None:
    found = page(manager)
    found.view.fields.columns.setFocus()
    for typed, kept in (("80", 48), ("abc", 48), ("32", 32)):
        found.view.fields.columns.selectAll()
        manager.type(typed)
        manager.press(Key.Key_Return)
        assert manager.state.settings.receipt_columns == kept


@pytest.mark.parametrize("place", ["page", "field", "button"])
def test_a_scan_is_shown_and_does_nothing_else(manager: Cashier, place: str) -> None:
    found = page(manager)
    if place == "field":
        found.view.fields.first.setFocus()
    elif place == "button":
        found.view.cards["printer"].key("page").setFocus()
    typed = found.view.fields.first.text()
    manager.scan(MILK)
    assert f"商品：收到 13 个字符\n{MILK}" in manager.texts()
    assert found.view.fields.first.text() == typed
    assert not manager.state.lines
    assert manager.at_till.printer.queue.waiting() == ()
    manager.scan(manager.shop.cards["张三丰"])
    assert not any(manager.shop.cards["张三丰"] in text for text in manager.texts())
    assert "13 个字符的码" in found.view.log_text
    assert MILK not in found.view.log_text


@pytest.mark.parametrize(
    ("word", "said", "noted"),
    [
        pytest.param(NotFound(), "支付终端有应答。", "answers", id="never heard of it"),
        pytest.param(TimedOut(), "支付终端没有应答。", "silent", id="no answer in time"),
        pytest.param(Unknown(), "支付终端没有应答。", "silent", id="it does not know"),
    ],
)
def test_a_terminal_that_is_asked_is_said_to_answer_only_where_it_does(
    manager: Cashier, word: QueryResult, said: str, noted: str
) -> None:
    class Bank(SimulatedTerminal):
        """Its line to the bank is as the case says."""

        def query(self, attempt_id: str) -> QueryResult:
            return word

    parts = manager.handle.parts
    manager.shop.use_settings(
        msgspec.structs.replace(manager.state.settings, mobile_terminal="simulated")
    )
    terminals = {**parts.shop.terminals, "mobile": Bank()}
    parts.shop = dataclasses.replace(parts.shop, terminals=terminals)
    found = page(manager)
    manager.sounds.clear()
    found._act("terminal")
    look(manager)
    assert found.view.notice.sentence == said
    assert [each.what for each in parts.devices.events if each.device == "terminal"] == [noted]
    assert (Sound.SCAN_ERROR in manager.sounds) is (noted == "silent")


def test_everything_has_a_name_a_size_and_can_be_reached(manager: Cashier) -> None:
    found = page(manager)
    for key in found.findChildren(KitButton):
        if key.isVisible():
            assert key.accessibleName(), key
            assert min(key.width(), key.height()) >= 48, key.accessibleName()
            assert key.label_fits(), key.accessibleName()
    for field in found.findChildren(QLineEdit):
        if field.isVisible():
            assert field.accessibleName()
    assert QApplication.focusWidget() is not None


def test_the_quiet_icon_of_a_lost_screen_leads_here(manager: Cashier) -> None:
    manager.window.header.display_chosen.emit()
    manager.settle()
    assert list(manager.shown(DevicesPage))
