"""Row 12: hold and recall, and voiding for good, by keys and again by taps alone.

Each counts what was really sent, and ends at the held sale, the stored fact or the trail.
"""

import pytest
from PySide6.QtCore import Qt

from app.domain.hold import HoldEnd
from tests.journeys.cashier import Cashier
from tests.journeys.hand_acts import (
    bar,
    change_price,
    counted,
    due,
    front,
    goods,
    no_dialog,
    notice,
)
from tests.real_shop import MILK, OIL, TOWEL
from tests.services.conftest import trail
from ui.holds.dialog import DifferencesDialog, HoldsDialog
from ui.key_map import Action
from ui.navigation import ToReceipt
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


# ------------------------------------------------------------------ hold and recall


def test_12_hold_is_f4_and_recall_of_the_only_one_is_f5(cashier: Cashier) -> None:
    goods(cashier, cashier.shop.cards["张三丰"], MILK, OIL)
    before = due(cashier)
    cashier.press(Key.Key_F4)
    assert counted(cashier) == (0, 1, 0)
    assert not cashier.state.lines
    assert cashier.till.view.member is None
    assert "F5" in notice(cashier)
    assert cashier.state.holds == 1
    assert any(text == "挂单 1" for text in cashier.texts())
    cashier.begin()
    cashier.press(Key.Key_F5)
    assert counted(cashier) == (0, 1, 0)
    assert no_dialog(cashier)
    assert (due(cashier), len(cashier.state.lines)) == (before, 2)
    assert cashier.state.member is not None
    assert cashier.state.holds == 0


def test_of_several_a_figure_or_the_arrows_choose(cashier: Cashier) -> None:
    for code in (MILK, OIL, TOWEL):
        goods(cashier, code)
        cashier.press(Key.Key_F4)
    cashier.begin()
    cashier.press(Key.Key_F5)
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    assert len(dialog.rows) == 3
    cashier.type("3")  # the oldest
    assert cashier.keys == 2
    assert [line.sku for line in cashier.state.lines] == ["milk"]
    cashier.press(Key.Key_F4)
    cashier.press(Key.Key_F5)
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert [line.sku for line in cashier.state.lines] == ["towel"]


def test_what_costs_something_else_is_said_before_the_sale_goes_on(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F4)
    change_price(cashier, "milk", 6200)
    cashier.press(Key.Key_F5)
    dialog = front(cashier, DifferencesDialog)
    assert isinstance(dialog, DifferencesDialog)
    assert [(row.label, row.figure) for row in dialog.view.rows] == [
        ("纯牛奶 250ml×12", "59.00 → 62.00")
    ]
    assert dialog.view.total == "¥127.00 → ¥130.00"
    cashier.press(Key.Key_Return)
    assert no_dialog(cashier)
    assert due(cashier) == 13000


def test_overnight_holds_are_marked_and_said(cashier: Cashier) -> None:
    for code in (MILK, OIL):
        goods(cashier, code)
        cashier.press(Key.Key_F4)
    cashier.shop.clock.go_on(milliseconds=20 * 3_600_000)
    change_price(cashier, "milk", 6200)
    cashier.scan(cashier.shop.badges["李明"])
    cashier.press(Key.Key_F5)
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    assert all("过夜" in row.accessibleDescription() for row in dialog.rows)
    assert all("昨天" in row.accessibleName() for row in dialog.rows)
    cashier.type("2")
    differences = front(cashier, DifferencesDialog)
    assert isinstance(differences, DifferencesDialog)
    assert "过夜" in differences.view.sentence


def test_a_note_is_written_beside_a_held_sale(cashier: Cashier) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F4)
    cashier.till.hold_acts.show_list()
    cashier.settle()
    cashier.press(Key.Key_N, text="n")
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    dialog.note.setText("去拿鸡蛋")  # by an input method
    cashier.press(Key.Key_Return)
    assert "去拿鸡蛋" in dialog.rows[0].accessibleDescription()
    assert not dialog.note.isVisible()
    cashier.press(Key.Key_Return)
    assert len(cashier.state.lines) == 1


def test_a_hold_recalled_meanwhile_is_said_and_leaves_the_list(cashier: Cashier) -> None:
    for code in (MILK, OIL):
        goods(cashier, code)
        cashier.press(Key.Key_F4)
    cashier.press(Key.Key_F5)
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    taken = cashier.read(lambda work: work.holds.open_holds())[0].hold_id
    by = HoldEnd("recalled", cashier.shop.staff["张敏"], 1_790_000_000_000)
    cashier.read(lambda work: work.holds.end(taken, by))  # as another till's step arrives
    cashier.type("1")
    assert "张*" in dialog.notice_text
    assert "已被" in dialog.notice_text
    assert len(dialog.rows) == 1


def test_goods_on_the_till_are_in_the_way_of_a_recall(cashier: Cashier) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F4)
    cashier.scan(OIL)
    cashier.press(Key.Key_F5)
    assert no_dialog(cashier)
    assert "先挂单" in notice(cashier)
    assert [line.sku for line in cashier.state.lines] == ["oil"]


def test_with_nothing_held_f5_says_what_to_do(cashier: Cashier) -> None:
    cashier.press(Key.Key_F5)
    assert "没有挂单" in notice(cashier)
    cashier.press(Key.Key_F4)
    assert cashier.state.holds == 0


def test_12_by_taps_alone(cashier: Cashier) -> None:
    goods(cashier, MILK)
    bar(cashier, Action.HOLD)
    assert counted(cashier) == (0, 0, 1)
    bar(cashier, Action.RECALL)
    assert counted(cashier) == (0, 0, 2)
    assert len(cashier.state.lines) == 1
    bar(cashier, Action.HOLD)
    goods(cashier, OIL)
    bar(cashier, Action.HOLD)
    bar(cashier, Action.RECALL)
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    cashier.tap(dialog.rows[1])
    assert (cashier.keys, cashier.taps) == (0, 3)
    assert [line.sku for line in cashier.state.lines] == ["milk"]


def test_the_tab_of_the_header_shows_the_list_also_an_empty_one(cashier: Cashier) -> None:
    tab = next(tab for tab in cashier.window.header._tabs if tab.tab.label == "挂单")
    cashier.tap(tab)
    dialog = front(cashier, HoldsDialog)
    assert isinstance(dialog, HoldsDialog)
    assert "没有挂单" in "".join(cashier.texts())
    cashier.tap(dialog.cancel)
    assert no_dialog(cashier)


# ------------------------------------------------------------------ void


def test_a_sale_is_void_for_good_with_a_reason(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_Delete, SHIFT)
    dialog = front(cashier, VoidDialog)
    assert isinstance(dialog, VoidDialog)
    cashier.press(Key.Key_Return, CONTROL)
    assert list(cashier.shown(VoidDialog)), "no reason was said"
    cashier.type("1")
    cashier.press(Key.Key_Return, CONTROL)
    assert no_dialog(cashier)
    assert not cashier.state.lines
    assert "127.00" in notice(cashier)
    assert trail(cashier.shop)[-1] == "sale_voided"
    cashier.press(Key.Key_Z, CONTROL)
    assert not cashier.state.lines
    assert cashier.sales() == []


def test_a_large_sale_is_void_only_with_a_yes_by_taps_alone(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL, TOWEL, MILK)
    assert due(cashier) > 20_000
    bar(cashier, Action.MORE)
    more = front(cashier, MoreDialog)
    assert isinstance(more, MoreDialog)
    cashier.tap(next(tile for tile in more.tiles if tile.accessibleName() == "整单作废"))
    dialog = front(cashier, VoidDialog)
    assert isinstance(dialog, VoidDialog)
    cashier.tap(dialog.reasons.rows[0])
    cashier.tap(dialog.go_on)
    assert cashier.state.lines, "it waits for a yes"
    cashier.tap_named("王*")
    cashier.tap_figures("9513")
    cashier.tap_figures(["confirm"])
    assert not cashier.state.lines
    assert (cashier.keys, cashier.scans) == (0, 0)
    assert trail(cashier.shop)[-2:] == ["approved", "sale_voided"]


def test_a_held_sale_is_void_out_of_the_list(cashier: Cashier) -> None:
    for code in (MILK, OIL):
        goods(cashier, code)
        cashier.press(Key.Key_F4)
    cashier.press(Key.Key_F5)
    cashier.press(Key.Key_Delete)
    cashier.type("2")
    cashier.press(Key.Key_Return, CONTROL)
    assert no_dialog(cashier)
    assert cashier.state.holds == 1
    assert trail(cashier.shop)[-1] == "hold_voided"


def test_a_recalled_sale_is_paid_once_under_its_own_number(cashier: Cashier) -> None:
    goods(cashier, MILK)
    held = cashier.state.basket_id
    cashier.press(Key.Key_F4)
    cashier.press(Key.Key_F5)
    assert cashier.state.basket_id == held
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    assert cashier.sale().total_minor == 5900
