"""The cash drawer without a sale, cash in and out, X at any time, a Z again: by keys and taps."""

import pytest
from PySide6.QtCore import Qt

from app.domain.facts import CashMoved, DrawerOpened
from tests.journeys.cashier import Cashier
from tests.journeys.shift_acts import facts_of, tab, visible_texts
from tests.real_shop import MILK
from ui.approval.panel import ApprovalPanel
from ui.kit.choice_row import ChoiceRow
from ui.navigation import ToTill

pytestmark = pytest.mark.journey
Key = Qt.Key


def test_the_drawer_without_a_sale_is_f10_and_a_digit(cashier: Cashier) -> None:
    cashier.begin()
    cashier.press(Key.Key_F10)
    cashier.type("1")
    assert next(iter(cashier.shown(ApprovalPanel))).is_open, "a cashier needs a colleague's yes"
    cashier.scan(cashier.shop.badges["王芳"])
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 2, 0)
    opened = facts_of(cashier, DrawerOpened)
    assert [(each.reason, each.approved_by) for each in opened] == [
        ("change_money", (cashier.shop.staff["王芳"],))
    ]
    assert any("已记录" in text for text in visible_texts(cashier))


def test_cash_in_is_f10_5_amount_enter_reason(cashier: Cashier) -> None:
    cashier.begin()
    cashier.press(Key.Key_F10)
    cashier.type("5")
    cashier.type("200")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    assert cashier.keys == 7
    moved = facts_of(cashier, CashMoved)
    assert [(each.move, each.amount_minor, each.reason) for each in moved] == [
        ("in", 20000, "change")
    ]
    assert cashier.at(ToTill)
    cashier.scan(MILK)
    assert len(cashier.state.lines) == 1


def test_more_than_the_drawer_holds_is_refused_and_kept(cashier: Cashier) -> None:
    cashier.begin()
    cashier.tap(tab(cashier, "ToShift"))
    cashier.tap_named("投库")
    cashier.tap_figures("900")
    cashier.tap_named("继续")
    cashier.tap_named("放入保险柜")
    assert cashier.keys == 0
    assert not facts_of(cashier, CashMoved)
    assert "这个钱箱里不可能有这么多现金。" in visible_texts(cashier)
    cashier.tap_figures(["clear", "1", "00"])
    cashier.tap_named("继续")
    cashier.tap_named("放入保险柜")
    assert [each.amount_minor for each in facts_of(cashier, CashMoved)] == [10000]


def test_x_any_time_by_right_and_a_z_again(after_close: Cashier) -> None:
    cashier = after_close
    cashier.scan(cashier.shop.badges["王芳"])
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    cashier.type("2")
    assert "X 报表已打印。" in visible_texts(cashier)
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert "已重打，标明第 1 次重打。" in visible_texts(cashier)
    papers = cashier.at_till.printer.papers()
    assert sum("X 报表" in each for each in papers) == 1
    assert len(list(cashier.shown(ChoiceRow))) == 1
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
