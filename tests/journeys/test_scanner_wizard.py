"""Learning a scanner at the real window: by keys, over a serial line, and every wrong way."""

from __future__ import annotations

import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.settings import Settings
from app.services.audit_trail import read_trail
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.screens.scene import TILL_SIZES, draw
from tests.ui import keys, walking
from tests.ui.real_window import wait_until
from ui.application import Application
from ui.approval.panel import ApprovalPanel
from ui.navigation import LearnScanner
from ui.scanner_wizard import controller as wizard_controller
from ui.scanner_wizard.controller import WizardController
from ui.scanner_wizard.dialog import WizardDialog
from ui.scanner_wizard.learning import TEST_CODE
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def manager(door: Cashier) -> Cashier:
    """王芳 at the till."""
    door.scan(door.shop.badges["王芳"])
    door.begin()
    door.sounds.clear()
    return door


def learning(cashier: Cashier) -> WizardDialog:
    cashier.handle.parts.navigation.open_dialog(LearnScanner())
    cashier.settle()
    (dialog,) = cashier.shown(WizardDialog)
    return dialog


def controller_of(cashier: Cashier) -> WizardController:
    dialog = cashier.handle.parts.navigation.dialog
    assert isinstance(dialog, WizardController)
    return dialog


def scan_once(
    cashier: Cashier, code: str = TEST_CODE, *, gap_ms: int = 9, end: bool = True
) -> None:
    """One scan, and the silence after it."""
    controller = controller_of(cashier)
    before = controller.state
    keys.scan(cashier.window, code, gap_ms=gap_ms, terminator=end)
    wait_until(lambda: controller.state is not before)
    cashier.settle()


def teach(cashier: Cashier, code: str = TEST_CODE, *, gap_ms: int = 9, end: bool = True) -> None:
    for _ in range(3):
        scan_once(cashier, code, gap_ms=gap_ms, end=end)


def rung_up(cashier: Cashier) -> int:
    return len(cashier.state.lines)


def kept(cashier: Cashier) -> Settings:
    settings: Settings = cashier.read(lambda work: work.settings.read())
    return settings


def test_a_slow_scanner_is_learned_tried_and_kept(manager: Cashier) -> None:
    dialog = learning(manager)
    teach(manager, gap_ms=17)
    assert manager.sounds == [Sound.SCAN_OK] * 3
    assert ("字符间隔", "17 毫秒，最长 51 毫秒") in dialog.fact_texts
    assert not dialog.keep.isEnabled()
    manager.press(Key.Key_Return)
    assert dialog.is_open, "nothing is kept before it was tried"
    scan_once(manager, gap_ms=17)
    assert dialog.keep.isEnabled()
    manager.press(Key.Key_Return)
    assert not list(manager.shown(WizardDialog))
    assert kept(manager).scan_gap_ms == 51
    assert rung_up(manager) == 0
    line = manager.handle.parts.scanner
    assert line is not None
    manager.scan(MILK)
    assert rung_up(manager) == 1
    rows = manager.read(lambda work: read_trail(work=work))
    changed = [row.entry.subject for row in rows if row.entry.action == "settings_changed"]
    assert "scan_gap_ms" in changed


def test_by_mouse_alone_but_for_the_scanner(manager: Cashier) -> None:
    dialog = learning(manager)
    teach(manager)
    manager.tap(dialog.again)
    assert dialog.fact_texts == []
    teach(manager)
    scan_once(manager)
    manager.tap(dialog.keep)
    assert not list(manager.shown(WizardDialog))
    assert kept(manager).scan_gap_ms == 30


def test_typing_is_tried_too_and_stays_typing(manager: Cashier) -> None:
    dialog = learning(manager)
    teach(manager)
    manager.tap(dialog.field)
    manager.type("milk")
    assert dialog.field.text() == "milk"
    assert controller_of(manager).state.types
    scan_once(manager)
    assert dialog.field.text() == "milk", "a scan types nothing"
    assert dialog.keep.isEnabled()


def test_a_prefix_frames_every_code_from_then_on(manager: Cashier) -> None:
    learning(manager)
    teach(manager, "~" + TEST_CODE)
    scan_once(manager, "~" + TEST_CODE)
    manager.press(Key.Key_Return)
    assert kept(manager).scan_prefix == ord("~")
    manager.scan("~" + MILK)
    assert [line.name for line in manager.state.lines] == ["纯牛奶 250ml×12"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('QBCqbcà&é")!$', "法语键盘"),
        ("abcABC0123-/]", "Caps Lock"),
        ("PREFIX" + TEST_CODE, "前缀和后缀"),
        ("12", "太短"),
    ],
    ids=["AZERTY", "Caps Lock", "signs around", "typed"],
)
def test_what_is_garbled_is_named_with_its_cure_and_the_next_scan_counts(
    manager: Cashier, code: str, words: str
) -> None:
    dialog = learning(manager)
    scan_once(manager, code)
    assert words in dialog.trouble_text
    assert manager.sounds == [Sound.SCAN_ERROR]
    assert dialog.is_open
    teach(manager)
    assert dialog.trouble_text == ""
    assert dialog.fact_texts


def test_enter_alone_presses_nothing_before_something_is_proved(manager: Cashier) -> None:
    """Num Lock is off: figures arrive as arrows, and then Enter."""
    dialog = learning(manager)
    for key in (Key.Key_Insert, Key.Key_End, Key.Key_Down, Key.Key_PageDown, Key.Key_Return):
        manager.press(key)
    assert dialog.is_open
    teach(manager)
    manager.press(Key.Key_Return)
    assert dialog.is_open
    manager.press(Key.Key_Tab)
    assert manager.window.focusWidget() is not dialog


def test_silence_is_said_after_a_while(manager: Cashier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wizard_controller, "SILENCE_MS", 30)
    dialog = learning(manager)
    wait_until(lambda: "没有收到" in dialog.trouble_text)
    scan_once(manager)
    assert dialog.trouble_text == ""


def test_esc_leaves_everything_as_it_was(manager: Cashier) -> None:
    before = kept(manager)
    dialog = learning(manager)
    teach(manager, gap_ms=17)
    manager.press(Key.Key_Escape)
    assert not list(manager.shown(WizardDialog))
    assert kept(manager) == before
    manager.scan(MILK)
    assert rung_up(manager) == 1
    assert manager.till.screen.input.edit.text() == ""
    assert dialog is not None


def test_a_cashier_keeps_nothing_without_a_yes(cashier: Cashier) -> None:
    before = kept(cashier)
    learning(cashier)
    teach(cashier, gap_ms=17)
    scan_once(cashier, gap_ms=17)
    cashier.press(Key.Key_Return)
    assert kept(cashier) == before
    has_panel = bool(list(cashier.shown(ApprovalPanel)))
    assert has_panel or cashier.sounds[-1] is Sound.SCAN_ERROR


@pytest.mark.parametrize("scans", [0, 3, 4], ids=["at first", "trying", "proved"])
@pytest.mark.parametrize("scale", [100, 150])
def test_every_widget_has_a_name_a_size_and_no_word_is_cut(
    manager: Cashier, application: Application, scans: int, scale: int
) -> None:
    application.theme.use(scale_percent=scale)
    dialog = learning(manager)
    for _ in range(scans):
        scan_once(manager, gap_ms=35)
    cut = []
    for language in ("zh_CN", "en"):
        manager.handle.parts.language.use(language)
        for size in TILL_SIZES:
            manager.window.resize(*size)
            draw()
            assert walking.nameless(dialog) == []
            assert walking.too_small(dialog, allowed=("试输入", "Try typing")) == []
            assert walking.unreachable(dialog) == []
            cut += [f"{language} {size}: {each}" for each in walking.clipped(dialog)]
            cut += [f"{language} {size} outside: {each}" for each in walking.outside(dialog)]
    assert cut == []


# ------------------------------------------------------------------ over a serial line


@pytest.fixture
def cable(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, str]]:
    """One end to send at, and the port of the other, the only one of this machine."""
    ours, theirs = pty.openpty()
    port = os.ttyname(theirs)
    monkeypatch.setattr(wizard_controller, "ports", lambda: (port,))
    yield ours, port
    for end in (ours, theirs):
        os.close(end)


def send(cashier: Cashier, end: int, data: bytes) -> None:
    controller = controller_of(cashier)
    before = controller.state
    os.write(end, data)
    wait_until(lambda: controller.state is not before)
    cashier.settle()


def test_a_scanner_at_a_port_is_found_at_its_speed_and_kept(
    manager: Cashier, cable: tuple[int, str]
) -> None:
    end, port = cable
    dialog = learning(manager)
    manager.tap(dialog.port_buttons[port])
    send(manager, end, b"\xf8\x00\x9e\xe6\x06\x80")
    assert "乱码" in dialog.trouble_text
    assert dialog.speed.isVisible()
    manager.tap(dialog.speed)
    for _ in range(4):
        send(manager, end, TEST_CODE.encode() + b"\r\n")
    assert dialog.keep.isEnabled()
    manager.press(Key.Key_Return)
    assert kept(manager).scanner == f"serial:{port}:115200"
    wait_until(lambda: _is_there(manager))
    os.write(end, MILK.encode() + b"\r\n")
    wait_until(lambda: rung_up(manager) == 1)


def _is_there(cashier: Cashier) -> bool:
    line = cashier.handle.parts.scanner
    return line is not None and line.serial is not None and line.serial.is_there


def test_a_port_that_cannot_be_opened_says_so(
    manager: Cashier, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    port = str(tmp_path / "ttyNone")
    monkeypatch.setattr(wizard_controller, "ports", lambda: (port,))
    dialog = learning(manager)
    manager.tap(dialog.port_buttons[port])
    assert "无法打开此串口" in dialog.trouble_text
    manager.tap(dialog.by_keyboard)
    assert dialog.trouble_text == ""
    teach(manager)
    assert dialog.fact_texts
