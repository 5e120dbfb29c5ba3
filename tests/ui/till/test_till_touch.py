"""The till by touch alone: every act that has a key can be tapped as well."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from tests.real_shop import MILK, TOWEL
from tests.ui.opened import Opened
from tests.ui.till.test_till_keys import ring_up_the_story
from ui.coupons.sheet import CouponsSheet
from ui.key_map import Action
from ui.kit.dialogs import ConfirmDialog
from ui.till.benefits_sheet import BenefitsSheet


def tap(opened: Opened, widget: QWidget, at: QPoint | None = None) -> None:
    assert widget.isVisible(), widget
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())
    opened.settle()


def button(root: QWidget, name: str) -> QAbstractButton:
    found = [b for b in root.findChildren(QAbstractButton) if b.accessibleName() == name]
    shown = [b for b in found if b.isVisible()]
    assert shown, f"no button {name}"
    return shown[0]


def test_lines_are_chosen_changed_and_removed(opened: Opened) -> None:
    opened.scan(MILK)
    opened.scan(TOWEL)
    screen = opened.till.screen
    first = screen.table.visualRect(screen.table.model().index(0, 1)).center()
    tap(opened, screen.table.viewport(), first)
    assert opened.state.selected == opened.state.lines[0].line_id
    tap(opened, button(screen.table, "加一件"))
    assert opened.till.view.rows[0].quantity == "2"
    tap(opened, screen.key_bar.key(Action.REMOVE_LINE))
    assert [row.name for row in opened.till.view.rows] == ["纯棉毛巾 34×74"]


def test_why_coupons_and_benefits_open_by_a_tap_and_close_by_the_cross(opened: Opened) -> None:
    ring_up_the_story(opened)
    screen = opened.till.screen
    tap(opened, screen.why)
    assert opened.why.title == "为什么是 ¥55.00？"
    tap(opened, button(opened.sheet, "关闭"))
    assert opened.till.sheets.current is None
    tap(opened, screen.key_bar.key(Action.OFFERS))
    sheet = opened.sheet
    assert isinstance(sheet, CouponsSheet)
    assert sheet.view is not None
    other = next(place for place, row in enumerate(sheet.view.rows) if row.name == "满100减8")
    tap(opened, sheet.rows[other])
    assert screen.totals.due.text() == "¥143.43"
    tap(opened, screen.key_bar.key(Action.MORE))
    tap(opened, button(opened.window, "权益"))
    benefits = opened.sheet
    assert isinstance(benefits, BenefitsSheet)
    tap(opened, benefits.rows[0])
    assert opened.panel.checked_in_today


def test_the_check_in_is_a_button_on_the_card_named_by_its_key(opened: Opened) -> None:
    ring_up_the_story(opened)
    benefits = opened.till.screen.member.benefits
    assert (benefits.text, benefits.key) == ("签到 +5 分，连续第 1 天", "Alt+1")
    tap(opened, benefits)
    assert opened.panel.checked_in_today
    assert opened.till.sheets.current is None
    assert opened.window.focusWidget() is opened.till.screen.input.edit
    assert benefits.isHidden(), "there is nothing left to do for him today"


def test_the_drop_list_is_tapped(opened: Opened) -> None:
    opened.type("cnn")
    drop = opened.till.screen.suggestions
    rows = drop.findChildren(QWidget)[0]
    tap(opened, rows, QPoint(40, 20))
    assert [row.name for row in opened.till.view.rows] == ["纯牛奶 250ml×12"]
    assert opened.window.focusWidget() is opened.till.screen.input.edit


def test_emptying_by_touch_asks_and_the_notice_undoes_it(opened: Opened) -> None:
    opened.scan(MILK)
    tap(opened, opened.till.screen.clear)
    dialog = opened.window.findChild(ConfirmDialog)
    assert isinstance(dialog, ConfirmDialog)
    tap(opened, dialog.go_on)
    assert not opened.till.view.has_lines
    tap(opened, button(opened.till.screen.notice, "撤销（Ctrl+Z）"))
    assert opened.till.view.has_lines


def test_after_a_tap_typing_goes_on_in_the_input_line(opened: Opened) -> None:
    opened.scan(MILK)
    tap(opened, opened.till.screen.key_bar.key(Action.FIND_ITEM))
    opened.type("mj")
    assert opened.till.screen.input.text() == "mj"


@pytest.mark.no_cover  # its lines are counted by the tests beside it
def test_opening_sheets_and_dialogs_a_hundred_times_leaves_nothing_behind(opened: Opened) -> None:
    ring_up_the_story(opened)
    sheets = opened.till.sheets
    before = len(opened.window.findChildren(QWidget))
    for _ in range(100):
        sheets.toggle_why()
        sheets.toggle_coupons()
        sheets.toggle_benefits()
        sheets.close()
        opened.till.clearance.ask()
        for dialog in opened.window.findChildren(ConfirmDialog):
            dialog.reject()
        opened.settle()
    assert len(opened.window.findChildren(QWidget)) <= before + 5
