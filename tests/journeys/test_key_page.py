"""The page of the keys at the real window: a key is pressed and is in force, or the page says why.

Owns: keys, taps and scans on that page. Does not own: what can be a key (tests/domain), labels of
other screens (test_keys.py).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.key_map import PRESETS, Action, KeyChoice, OwnKey, keys_in_force
from app.domain.rights import Limit
from app.services.key_map import choice_of
from app.services.rights import change_rights
from tests.devices.pages import pdf_text
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK
from tests.services.test_approval import changed
from tests.ui import walking
from ui.approval.panel import ApprovalPanel
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToSettings, ToTill
from ui.settings.keys.capture_dialog import CaptureDialog
from ui.settings.keys.page import KeysPage
from ui.settings.keys.view_model import SHOWN

pytestmark = pytest.mark.journey
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(door: Cashier) -> Cashier:
    """王芳 at the page."""
    door.scan(door.shop.badges["王芳"])
    door.handle.parts.navigation.go(ToSettings("keys"))
    door.settle()
    return door


def page(cashier: Cashier) -> KeysPage:
    return next(iter(cashier.shown(KeysPage)))


def dialog(cashier: Cashier) -> CaptureDialog:
    return next(iter(cashier.shown(CaptureDialog)))


def chosen(cashier: Cashier) -> KeyChoice:
    return choice_of(cashier.read(lambda work: work.settings.read()))


def ask_for(cashier: Cashier, action: Action) -> CaptureDialog:
    form = page(cashier).form
    form.mark(action)  # a wheel or a finger brings it into view
    cashier.settle()
    cashier.tap(form.rows[action])
    return dialog(cashier)


def test_a_key_is_pressed_and_does_it_at_once_and_is_named_so(manager: Cashier) -> None:
    ask_for(manager, Action.HOLD)
    assert manager.window.focusWidget() is dialog(manager).pad
    manager.press(Key.Key_Q, CONTROL, "\x11")
    assert chosen(manager) == KeyChoice("standard", (OwnKey("hold", "Ctrl+Q"),))
    assert not list(manager.shown(CaptureDialog))
    assert page(manager).form.rows[Action.HOLD].accessibleName().endswith("Ctrl+Q")
    manager.handle.parts.navigation.go(ToTill())
    manager.scan(MILK)
    manager.press(Key.Key_F4)
    assert manager.state.holds == 0
    manager.press(Key.Key_Q, CONTROL, "\x11")
    assert manager.state.holds == 1


def test_by_keys_alone_from_the_list_to_the_new_key_and_back(manager: Cashier) -> None:
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    assert manager.window.focusWidget() is dialog(manager).pad
    manager.press(Key.Key_F13)
    assert keys_in_force(chosen(manager))[Action.FIND_ITEM] == ("F13",)
    assert manager.window.focusWidget() is page(manager).form.rows[Action.FIND_ITEM]
    manager.press(Key.Key_Return)
    manager.press(Key.Key_Tab)
    assert manager.window.focusWidget() is dialog(manager).stay
    manager.press(Key.Key_Tab)
    assert manager.window.focusWidget() is dialog(manager).reset
    manager.press(Key.Key_Return)
    assert chosen(manager) == KeyChoice()


def test_a_key_of_another_act_is_refused_by_name_and_the_two_swap(manager: Cashier) -> None:
    shown = ask_for(manager, Action.HOLD)
    manager.press(Key.Key_F6)
    assert shown.is_open
    assert shown.why.sentence == "F6 已用于「优惠券、积分抵现」。请按别的键，或让两者互换。"
    assert chosen(manager) == KeyChoice()
    manager.tap(shown.swap)
    keys = keys_in_force(chosen(manager))
    assert (keys[Action.HOLD], keys[Action.OFFERS]) == (("F6",), ("F4",))
    assert ask_for(manager, Action.OFFERS).pad.hasFocus()  # no window of its own came up


REFUSED = [
    (Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", "继续"),
    (Key.Key_Q, Qt.KeyboardModifier.NoModifier, "q", "扫码枪会发送这个键"),
    (Key.Key_Asterisk, Qt.KeyboardModifier.ShiftModifier, "*", "数量"),
    (Key.Key_F4, ALT, "", "电脑系统"),
    (Key.Key_V, CONTROL, "\x16", "输入框"),
    (Key.Key_Delete, Qt.KeyboardModifier.NoModifier, "\x7f", "删除这行"),
    (Key.Key_F1, Qt.KeyboardModifier.NoModifier, "", "帮助"),
]


@pytest.mark.parametrize(
    ("key", "held", "text", "says"), REFUSED, ids=[key.name for key, *_ in REFUSED]
)
def test_a_key_that_cannot_be_is_refused_in_words(
    manager: Cashier, key: Qt.Key, held: Qt.KeyboardModifier, text: str, says: str
) -> None:
    shown = ask_for(manager, Action.DRAWER)
    manager.press(key, held, text)
    assert shown.is_open
    assert shown.why.isVisible()
    assert says in shown.why.sentence
    assert chosen(manager) == KeyChoice()
    manager.press(Key.Key_Escape)
    assert not list(manager.shown(CaptureDialog))
    assert chosen(manager) == KeyChoice()


def test_a_scan_is_no_key_and_closes_nothing(manager: Cashier) -> None:
    shown = ask_for(manager, Action.DRAWER)
    manager.scan(MILK)
    assert shown.is_open
    assert shown.why.sentence == ""
    assert chosen(manager) == KeyChoice()


def test_only_held_is_no_key_yet(manager: Cashier) -> None:
    shown = ask_for(manager, Action.DRAWER)
    manager.press(Key.Key_Control, CONTROL)
    assert (shown.is_open, shown.why.sentence) == (True, "")


def test_a_preset_by_a_tap_and_the_standard_again(manager: Cashier) -> None:
    form = page(manager).form
    manager.tap(form.presets[1])
    assert chosen(manager) == KeyChoice("classic")
    assert form.presets[1].isChecked()
    manager.tap(form.restore)
    assert chosen(manager) == KeyChoice()
    assert not form.restore.isEnabled()


def test_own_keys_are_given_up_only_after_a_question(manager: Cashier) -> None:
    ask_for(manager, Action.LOCK)
    manager.press(Key.Key_F13)
    own = chosen(manager)
    form = page(manager).form
    assert [key.isChecked() for key in form.presets] == [False, False, False, True]
    manager.tap(form.presets[3])
    manager.tap(form.presets[1])
    assert list(manager.shown(ConfirmDialog))
    manager.press(Key.Key_Escape)
    assert chosen(manager) == own
    manager.tap(form.presets[1])
    manager.press(Key.Key_Return)
    assert chosen(manager) == KeyChoice("classic")


def test_a_cashier_may_not_and_is_told(cashier: Cashier) -> None:
    cashier.handle.parts.navigation.go(ToSettings("keys"))
    cashier.settle()
    ask_for(cashier, Action.DRAWER)
    cashier.press(Key.Key_F13)
    assert chosen(cashier) == KeyChoice()
    assert any("店长" in text for text in cashier.texts())


def test_with_a_yes_where_the_role_asks_for_one(cashier: Cashier) -> None:
    cashier.shop.sign_in("王芳")
    asks = changed("cashier", "change_settings", Limit(verdict="approval"))
    cashier.shop.do(change_rights, rights=asks)
    cashier.shop.sign_in("李明")
    cashier.handle.parts.navigation.go(ToSettings("keys"))
    cashier.settle()
    ask_for(cashier, Action.DRAWER)
    cashier.press(Key.Key_F13)
    assert list(cashier.shown(ApprovalPanel))
    cashier.scan(cashier.shop.badges["王芳"])
    assert chosen(cashier).own == (OwnKey("drawer", "F13"),)
    assert page(cashier).form.rows[Action.DRAWER].accessibleName().endswith("F13")


def test_the_sheet_names_every_act_with_its_key(manager: Cashier, tmp_path: Path) -> None:
    page(manager)._folder = tmp_path / "sheets"
    manager.tap(page(manager).form.presets[1])
    manager.tap(page(manager).form.save)
    (file,) = (tmp_path / "sheets").iterdir()
    text = pdf_text(file.read_bytes())
    assert "人民路店" in text
    for action in SHOWN:
        assert page(manager).form.rows[action].accessibleName().split(" ")[0] in text
        assert PRESETS["classic"][action][0].replace("Up", "↑").replace("Down", "↓") in text


def test_a_sheet_that_cannot_be_written_is_said(manager: Cashier, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    page(manager)._folder = blocked
    manager.tap(page(manager).form.save)
    assert any("无法存到" in text for text in manager.texts())


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_everything_has_a_name_a_size_a_way_by_tab_and_room(
    manager: Cashier, language: str
) -> None:
    manager.handle.parts.language.use(language)
    manager.settle()
    for root in (page(manager), ask_for(manager, Action.HOLD)):
        assert walking.nameless(root) == []
        assert walking.too_small(root) == []
        assert walking.clipped(root) == []
    manager.press(Key.Key_F6)
    assert walking.clipped(dialog(manager)) == []
