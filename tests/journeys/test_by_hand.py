"""Rows 12 to 14: hold and recall, discounts by hand, voiding; by keys and again by taps alone.

Each counts what was really sent, and ends at the stored fact, the held sale or the trail.
"""

import pytest
from msgspec.structs import replace as replace_struct
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.domain.facts import SaleByHandRecorded
from app.domain.hold import HoldEnd
from app.domain.money import Money
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, OIL, TOWEL
from tests.services.conftest import trail
from ui.approval.panel import ApprovalPanel
from ui.discount.dialog import DiscountDialog
from ui.holds.dialog import DifferencesDialog, HoldsDialog
from ui.key_map import Action
from ui.kit.basket_table import BasketTable
from ui.navigation import ToReceipt
from ui.till.more_dialog import MoreDialog
from ui.void.dialog import VoidDialog
from ui.why.sheet import WhySheet

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def goods(cashier: Cashier, *codes: str) -> None:
    for code in codes:
        cashier.scan(code)
    cashier.begin()


def counted(cashier: Cashier) -> tuple[int, int, int]:
    return cashier.scans, cashier.keys, cashier.taps


def due(cashier: Cashier) -> int:
    return cashier.state.totals.due.minor


def front(cashier: Cashier, kind: type[QWidget]) -> QWidget:
    """The one open dialog (or sheet) of this kind."""
    (found,) = cashier.shown(kind)
    return found


def no_dialog(cashier: Cashier) -> bool:
    kinds = (DiscountDialog, HoldsDialog, DifferencesDialog, VoidDialog, ApprovalPanel, MoreDialog)
    return not any(list(cashier.shown(kind)) for kind in kinds)


def notice(cashier: Cashier) -> str:
    return cashier.till.screen.notice.sentence


def bar(cashier: Cashier, action: Action) -> None:
    cashier.tap(cashier.till.screen.key_bar.key(action))


def change_price(cashier: Cashier, sku: str, minor: int) -> None:
    """The price list of the shop changes, as an import or a pull would do it."""

    def write(work: object) -> None:
        from dataclasses import replace

        products = work.products  # type: ignore[attr-defined]  # a unit of work of the store
        products.put(replace(products.get(sku), unit_price=Money(minor)))

    cashier.shop.store.lane.submit(write).result()


# ------------------------------------------------------------------ discounts by keys


def test_13_a_whole_sale_discount_within_the_limit_is_f7_95_enter(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    assert counted(cashier) == (0, 4, 0)
    assert no_dialog(cashier)
    assert due(cashier) == 12700 - 635
    assert "6.35" in notice(cashier)
    assert any(row.label == "整单折扣" for row in cashier.till.view.totals.rows)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert isinstance(sale, SaleByHandRecorded)
    assert sale.total_minor == 12065
    assert "整单折扣" in cashier.paper()


@pytest.mark.parametrize(
    ("typed", "left"), [("9.5", 12065), ("9", 11430), ("90", 11430), ("98.5", 12509)]
)
def test_a_figure_is_what_the_customer_pays(cashier: Cashier, typed: str, left: int) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type(typed)
    cashier.press(Key.Key_Return)
    assert due(cashier) == left


@pytest.mark.parametrize("typed", ["", "0", "100", "0.5", "950"])
def test_what_is_no_discount_is_said_beside_the_field_and_stays(
    cashier: Cashier, typed: str
) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type(typed)
    cashier.press(Key.Key_Return)
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.error_text
    assert dialog.field.edit.text() == typed
    assert due(cashier) == 5900
    cashier.press(Key.Key_Escape)
    assert no_dialog(cashier)


def test_14_beyond_the_limit_it_takes_a_reason_and_a_badge(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("80")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    assert list(cashier.shown(ApprovalPanel))
    said = cashier.texts()
    assert any("整单折扣 8折" in text for text in said)
    assert any("9折" in text for text in said), "what he may do alone"
    assert any("25.40" in text for text in said), "what it does to money"
    assert due(cashier) == 12700, "nothing is given before the yes"
    cashier.scan(cashier.shop.badges["王芳"])
    assert counted(cashier) == (1, 5, 0)
    assert no_dialog(cashier)
    assert due(cashier) == 10160
    assert cashier.state.staff is not None
    assert cashier.state.staff.name == "李明"
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert isinstance(sale, SaleByHandRecorded)
    (given,) = sale.by_hand
    assert given.reason == "regular"


def test_an_approval_that_is_cancelled_gives_nothing(cashier: Cashier) -> None:
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type("50")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    cashier.press(Key.Key_Escape)
    assert no_dialog(cashier)
    assert due(cashier) == 5900
    cashier.scan(OIL)
    assert due(cashier) == 12700


def test_a_line_discount_stands_in_its_row_and_in_the_why_sheet(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_F7)
    cashier.type("9")
    cashier.press(Key.Key_Return)
    assert due(cashier) == 5900 + 6120
    table = front(cashier, BasketTable)
    assert isinstance(table, BasketTable)
    row = next(row for row in table.rows if "橄榄油" in row.name)
    assert ("单品折扣" in row.reason, row.saving) == (True, "−6.80")
    cashier.type("?")
    why = front(cashier, WhySheet)
    assert isinstance(why, WhySheet)
    assert any("单品折扣" in part.name for part in why.view.own)  # type: ignore[union-attr]  # shown


def test_another_price_takes_a_reason_and_a_yes(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Up)  # the last way: another price
    cashier.type("60")
    cashier.press(Key.Key_Return)
    cashier.type("2")  # the price tag differs
    cashier.scan(cashier.shop.badges["王芳"])
    assert due(cashier) == 6000
    table = front(cashier, BasketTable)
    assert isinstance(table, BasketTable)
    assert "改价（价签不符）" in table.rows[0].reason


def test_a_reason_in_ones_own_words_is_asked_for_them(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Up)
    cashier.type("60")
    cashier.press(Key.Key_Return)
    cashier.type("3")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.reasons.note.isVisible()
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(DiscountDialog)), "words are missing"
    dialog.reasons.note.setText("展示品")
    cashier.press(Key.Key_Return)
    assert list(cashier.shown(ApprovalPanel))


def test_what_was_given_is_taken_back_with_del(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    assert due(cashier) == 6460
    cashier.press(Key.Key_F7)
    cashier.press(Key.Key_Delete)
    assert no_dialog(cashier)
    assert due(cashier) == 6800


def test_a_scan_over_the_open_dialog_rings_up_and_changes_nothing_in_it(cashier: Cashier) -> None:
    goods(cashier, OIL)
    cashier.press(Key.Key_F7)
    cashier.type("9")
    cashier.scan(MILK)
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.field.edit.text() == "9"
    assert len(cashier.state.lines) == 2
    cashier.press(Key.Key_Return)
    assert due(cashier) == 11430


# ------------------------------------------------------------------ discounts by taps


def test_13_by_taps_alone(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    bar(cashier, Action.DISCOUNT)
    cashier.tap_figures("95")
    cashier.tap_named("确定")
    assert counted(cashier) == (0, 0, 4)
    assert due(cashier) == 12065


def test_14_by_taps_alone_with_the_managers_pin(cashier: Cashier) -> None:
    goods(cashier, MILK, OIL)
    bar(cashier, Action.DISCOUNT)
    cashier.tap_named("整单减钱")
    cashier.tap_figures("20")
    cashier.tap_named("确定")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    cashier.tap(dialog.reasons.rows[0])
    cashier.tap_named("王*")
    cashier.tap_figures("9513")
    cashier.tap_figures(["confirm"])
    assert (cashier.keys, cashier.scans) == (0, 0)
    assert due(cashier) == 10700


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


def test_a_role_that_may_not_is_told_so_in_the_dialog(cashier: Cashier) -> None:
    from app.services.rights import read_rights

    def forbid(work: object) -> None:
        rights = read_rights(work=work)  # type: ignore[arg-type]  # a unit of work of the store
        roles = tuple(
            replace_struct(
                role,
                limits={
                    **role.limits,
                    "order_discount": replace_struct(
                        role.limits["order_discount"],
                        verdict="not_allowed",
                        up_to=0,
                        approves=False,
                        approves_up_to=None,
                    ),
                },
            )
            if role.role_id == "cashier"
            else role
            for role in rights.roles
        )
        work.rights.write(replace_struct(rights, roles=roles))  # type: ignore[attr-defined]  # ditto

    cashier.shop.store.lane.submit(forbid).result()
    from app.services.opening import refresh_desk

    cashier.shop.do(refresh_desk)
    goods(cashier, MILK)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    dialog = front(cashier, DiscountDialog)
    assert isinstance(dialog, DiscountDialog)
    assert dialog.error_text
    assert due(cashier) == 5900


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
