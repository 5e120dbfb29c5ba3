"""Settings at the real window: what is changed is in force, what cannot be says what would do.

Owns: keys, taps and scans on the settings screen. Does not own: bounds and rights
(tests/services/test_settings.py), pages of devices and keys.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from unicodedata import east_asian_width

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.commands.joined_till import Equipment, House
from app.devices.printers import Typesetting
from app.domain.rights import Limit
from app.domain.setting_registry import GROUPS
from app.domain.settings import Settings
from app.services.rights import change_rights
from tests.journeys.cashier import COUNTER, Cashier, a_till, sit_down
from tests.real_shop import MILK, OIL, RESOURCES, words_for
from tests.services.test_approval import changed
from tests.ui import keys, walking
from ui.application import Application
from ui.approval.panel import ApprovalPanel
from ui.header import TabButton
from ui.kit.buttons import ChoiceButton
from ui.kit.choice_row import ChoiceRow
from ui.navigation import ToDesk, ToSettings, ToTill
from ui.settings.controller import SettingsController
from ui.settings.pages import PAGES
from ui.settings.screen import SettingsScreen
from ui.sounds import Sound, volume_percent

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def manager(tmp_path: object, application: Application) -> Iterator[Cashier]:
    """王芳 at a till whose printer follows its settings, as main.py joins it."""
    from pathlib import Path

    assert isinstance(tmp_path, Path)
    till = a_till(tmp_path)
    house = House(words_for, _typesetting, RESOURCES / "consents", RESOURCES / "models")
    terminals = dict(till.shop.shop.terminals)
    settings = till.shop.shop.desk.state.settings
    equipment = Equipment(house, till.printer.queue, terminals, settings)  # type: ignore[arg-type] # the shop's ports are the simulated terminals
    till.shop.shop = replace(till.shop.shop, equip=equipment.follow)
    made = sit_down(till, application)
    made.scan(made.shop.badges["王芳"])
    made.begin()
    yield made
    made.leave()
    till.close()


def _typesetting(settings: Settings) -> Typesetting:
    return Typesetting(words_for, settings.receipt_columns)


def screen(cashier: Cashier) -> SettingsScreen:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, SettingsController)
    return current.screen


def go(cashier: Cashier, at: str = "") -> SettingsScreen:
    cashier.handle.parts.navigation.go(ToSettings(at))
    cashier.settle()
    return screen(cashier)


def row(cashier: Cashier, name: str) -> ChoiceRow:
    (found,) = (each for each in screen(cashier).rows if each.accessibleName() == name)
    return found


def option(cashier: Cashier, words: str) -> ChoiceButton:
    (found,) = (each for each in cashier.shown(ChoiceButton) if each.text() == words)
    return found


def is_shared(cashier: Cashier) -> bool:
    return cashier.state.settings.shift_shared


def columns_of(line: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in line)


def test_the_text_grows_at_once_by_keys_alone(manager: Cashier) -> None:
    manager.press(Key.Key_M, CONTROL)
    assert manager.at(ToDesk)
    place = next(
        str(at)
        for at, each in enumerate(manager.shown(ChoiceRow), start=1)
        if each.accessibleName() == "设置"
    )
    manager.type(place)
    assert manager.at(ToSettings)
    before = screen(manager).groups[0].sizeHint().height()
    for _ in range(2):
        manager.press(Key.Key_Down)  # language, look, text size
    manager.press(Key.Key_Return)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Down)
    manager.press(Key.Key_Return)
    assert manager.state.settings.text_scale == 130
    assert manager.handle.parts.theme.scale_percent == 130
    assert screen(manager).groups[0].sizeHint().height() > before
    manager.press(Key.Key_Escape)
    assert manager.at(ToDesk)
    manager.press(Key.Key_Escape)
    assert manager.at(ToTill)


def test_the_text_grows_at_once_by_mouse_alone(manager: Cashier) -> None:
    manager.tap(next(tab for tab in manager.shown(TabButton) if tab.tab.name == ToDesk.__name__))
    manager.tap(next(each for each in manager.shown(ChoiceRow) if each.accessibleName() == "设置"))
    manager.tap(row(manager, "字号"))
    manager.tap(option(manager, "115%"))
    assert manager.handle.parts.theme.scale_percent == 115
    assert option(manager, "115%").isChecked()
    manager.tap_named("恢复默认")
    assert manager.handle.parts.theme.scale_percent == 100
    assert (manager.keys, manager.scans) == (0, 0)


def test_language_and_look_change_with_a_full_basket_behind(manager: Cashier) -> None:
    manager.scan(MILK)
    lines = manager.state.lines
    go(manager, "language")
    manager.tap(option(manager, "英文"))
    assert manager.window.windowTitle() == "Zhanggui"
    assert screen(manager).editor.reset.text() == "Restore the default"
    manager.tap(row(manager, "Look"))
    manager.tap(option(manager, "Dark"))
    assert manager.handle.parts.theme.is_dark
    assert [line.line_id for line in manager.state.lines] == [line.line_id for line in lines]


def test_the_sound_level_reaches_the_tones(manager: Cashier) -> None:
    player = manager.window._player
    loud = volume_percent(Sound.PAID, player.settings)
    go(manager, "sound_percent")
    manager.press(Key.Key_Return)
    manager.type("20")
    manager.press(Key.Key_Return)
    assert manager.state.settings.sound_percent == 20
    assert volume_percent(Sound.PAID, player.settings) == loud // 5
    assert volume_percent(Sound.SCAN_ERROR, player.settings) == 40, "never below its floor"
    go(manager, "sounds")
    manager.tap(option(manager, "关"))
    assert volume_percent(Sound.PAID, player.settings) == 0
    assert volume_percent(Sound.SCAN_ERROR, player.settings) == 40


@pytest.mark.parametrize("typed", ["31", "57", "wide", ""])
def test_columns_that_no_paper_has_stay_typed_with_what_would_do(
    manager: Cashier, typed: str
) -> None:
    editor = go(manager, "receipt_columns").editor
    manager.press(Key.Key_Return)
    manager.sounds.clear()
    if typed:
        manager.type(typed)
    else:
        manager.press(Key.Key_Delete)
    manager.press(Key.Key_Return)
    assert editor.edit.text() == typed
    assert editor.edit.hasFocus()
    assert "32" in editor.error_text and "56" in editor.error_text
    assert manager.sounds == [Sound.SCAN_ERROR]
    assert manager.state.settings.receipt_columns == 48
    manager.press(Key.Key_Escape)
    assert (editor.edit.text(), editor.error_text) == ("48", "")
    assert manager.at(ToSettings)


def test_the_next_receipt_has_the_columns_that_were_set(manager: Cashier) -> None:
    go(manager, "receipt_columns")
    manager.press(Key.Key_Return)
    manager.type("32")
    manager.tap_named("保存")
    manager.press(Key.Key_Escape)
    manager.press(Key.Key_Escape)
    manager.scan(OIL)
    manager.press(Key.Key_F9)
    manager.press(Key.Key_F9)
    assert max(map(columns_of, manager.paper().splitlines())) == 32


def test_plus_and_minus_count_within_the_bounds(manager: Cashier) -> None:
    editor = go(manager, "receipt_columns").editor
    manager.press(Key.Key_Return)
    manager.type("55")
    manager.tap(editor.plus)
    manager.tap(editor.plus)
    assert editor.edit.text() == "56"
    manager.press(Key.Key_Down)
    assert editor.edit.text() == "55"
    manager.tap_named("保存")
    assert manager.state.settings.receipt_columns == 55


def test_a_word_finds_the_setting_and_enter_leads_to_its_value(manager: Cashier) -> None:
    shown = go(manager, "language")
    manager.press(Key.Key_F2)
    keys.type_text(manager.window, "receipt_columns")
    manager.settle()
    assert [each.accessibleName() for each in shown.rows] == ["小票列数"]
    manager.press(Key.Key_Return)
    assert shown.editor.edit.hasFocus()
    manager.type("42")
    manager.press(Key.Key_Return)
    assert manager.state.settings.receipt_columns == 42
    manager.press(Key.Key_Escape)
    assert shown.search.text() == ""
    assert len(shown.rows) > 1
    manager.press(Key.Key_F2)
    manager.type("zzz")
    assert shown.rows == []
    assert not shown.editor.save.isVisible()


def test_names_stand_before_what_only_speaks_of_them(manager: Cashier) -> None:
    shown = go(manager, "language")
    shown.search.edit.setText("小票")
    manager.settle()
    names = [each.accessibleName() for each in shown.rows]
    assert set(names[:3]) == {"小票语言", "小票列数", "小票打印机"}
    assert "店名" in names


def test_one_value_and_a_whole_group_go_back_to_what_ships(manager: Cashier) -> None:
    for at, words in (("blind_count", "关"), ("shift_shared", "关")):
        go(manager, at)
        manager.tap(option(manager, words))
    shown = go(manager, "blind_count")
    manager.press(Key.Key_Delete)
    assert manager.state.settings.blind_count is True
    assert not shown.editor.reset.isEnabled()
    assert not is_shared(manager)
    manager.tap_named("本组恢复默认")
    assert is_shared(manager)
    assert not shown.editor.reset_group.isEnabled()


def test_a_cashier_looks_at_everything_and_changes_only_what_is_his(cashier: Cashier) -> None:
    editor = go(cashier, "blind_count").editor
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert cashier.state.settings.blind_count is True
    assert editor.error_text == "你的角色不能修改此项，请找店长。"
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert option(cashier, "开").isChecked()
    go(cashier, "text_scale")
    assert editor.error_text == ""
    cashier.tap(option(cashier, "115%"))
    assert cashier.state.settings.text_scale == 115


def test_where_a_role_needs_a_yes_the_badge_completes_the_change(cashier: Cashier) -> None:
    ask = changed("cashier", "change_settings", Limit(verdict="approval"))
    cashier.shop.sign_in("王芳")
    cashier.shop.do(change_rights, rights=ask)
    cashier.shop.sign_in("李明")
    shown = go(cashier, "receipt_return_s")
    assert "收银员" in shown.editor._who.text()
    cashier.press(Key.Key_Return)
    cashier.type("30")
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(ApprovalPanel))
    cashier.scan(cashier.shop.badges["王芳"])
    assert not list(cashier.shown(ApprovalPanel))
    assert cashier.state.settings.receipt_return_s == 30
    assert row(cashier, "自动返回收银台").accessibleDescription().endswith("30 秒")


@pytest.mark.parametrize("at", ["receipt_columns", "theme"])
@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_types_and_presses_nothing(manager: Cashier, at: str, gap_ms: int) -> None:
    shown = go(manager, at)
    text, settings = shown.editor.edit.text(), manager.state.settings
    targets: list[QWidget] = walking.focus_order(shown)
    assert len(targets) >= 9
    for widget in targets:
        widget.setFocus()
        manager.shop.clock.go_on(milliseconds=2_000)
        manager.sounds.clear()
        keys.scan(manager.window, MILK, gap_ms=gap_ms)
        manager.settle()
        assert manager.at(ToSettings), walking.described(widget)
        assert manager.sounds == [Sound.SCAN_ERROR], walking.described(widget)
        assert shown.editor.edit.text() == text, walking.described(widget)
        assert shown.search.text() == "", walking.described(widget)
    assert manager.state.settings == settings
    assert manager.state.lines == ()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("percent", [100, 130, 150])
@pytest.mark.parametrize(("width", "height"), [(1024, 768), (1366, 768), (1920, 1080)])
def test_no_word_is_cut_and_every_widget_has_a_name(
    manager: Cashier, language: str, percent: int, width: int, height: int
) -> None:
    shown = go(manager, "receipt_columns")
    manager.handle.parts.language.use(language)
    manager.handle.parts.theme.use(scale_percent=percent)
    manager.window.resize(width, height)
    for group in set(GROUPS) - {page.identifier for page in PAGES}:
        shown.group_chosen.emit(group)
        manager.settle()
        assert walking.nameless(shown) == []
        assert walking.unreachable(shown) == []
        assert walking.outside(shown) == []
        assert walking.clipped(shown) == []
        assert walking.too_small(shown) == []
    manager.handle.parts.theme.use(scale_percent=100)


def test_the_settings_need_nobody_to_be_locked_out(manager: Cashier) -> None:
    go(manager, "theme")
    manager.press(Key.Key_F12)
    assert not manager.at(ToSettings)
    assert COUNTER.theme == manager.state.settings.theme


def test_a_setting_far_down_is_in_view_when_one_is_sent_to_it(manager: Cashier) -> None:
    manager.window.resize(1024, 768)
    shown = go(manager, "card_terminal")
    assert not row(manager, "银行卡").visibleRegion().isEmpty()
    manager.handle.parts.theme.use(scale_percent=150)
    manager.settle()
    assert not row(manager, "银行卡").visibleRegion().isEmpty()
    assert shown.editor.options.keys
    manager.handle.parts.theme.use(scale_percent=100)
