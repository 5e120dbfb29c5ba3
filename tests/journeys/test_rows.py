"""Rows 1 to 11 of the task table, by keys and scans alone and again by taps and scans alone.

Each ends at the stored fact and the printed receipt, and counts what was really sent.
"""

import pytest
from PySide6.QtCore import Qt

from tests.journeys.cashier import Cashier
from tests.real_shop import APPLE_LABEL, GOLD_PHONE, MILK, NEW_PHONE, OIL, TOWEL
from ui.join.controller import JoinController
from ui.kit.buttons import SecondaryButton
from ui.kit.choice_row import ChoiceRow
from ui.kit.marks import Switch
from ui.kit.tick_row import TickRow
from ui.navigation import ToPayment, ToReceipt, ToTill
from ui.sounds import Sound
from ui.why.sheet import WhySheet

pytestmark = pytest.mark.journey
Key = Qt.Key

PAY_CODE = "134567890123456788"
"""What a customer's wallet shows: 18 digits beginning with 13."""
STORY = (MILK, APPLE_LABEL, TOWEL, TOWEL, OIL)


def goods(cashier: Cashier, *codes: str) -> None:
    for code in codes:
        cashier.scan(code)


def story(cashier: Cashier) -> None:
    """The basket of the pictures, before the journey begins to count."""
    goods(cashier, cashier.shop.cards["张三丰"], *STORY)
    cashier.begin()


# ------------------------------------------------------------------ by keys and scans


def test_01_a_member_pays_by_code_in_three_scans(cashier: Cashier) -> None:
    goods(cashier, cashier.shop.cards["张三丰"], MILK, PAY_CODE)
    assert (cashier.scans, cashier.keys, cashier.taps) == (3, 0, 0)
    sale = cashier.sale()
    assert cashier.at(ToReceipt)
    assert sale.member == cashier.shop.members["张三丰"]
    assert sale.identified_by == "card"
    assert sale.total_minor == 5192
    assert [(tender.kind, tender.amount_minor) for tender in sale.tenders] == [("mobile", 5192)]
    assert "金卡" in cashier.paper()
    assert PAY_CODE not in cashier.paper()
    assert PAY_CODE not in "".join(cashier.texts())
    assert cashier.sounds.count(Sound.PAID) == 1


def test_02_three_items_exact_cash_is_f9_f9(cashier: Cashier) -> None:
    goods(cashier, MILK, TOWEL, OIL)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert (cashier.scans, cashier.keys, cashier.taps) == (3, 2, 0)
    sale = cashier.sale()
    assert sale.member is None
    assert sale.total_minor == 5900 + 1990 + 6800
    assert [(tender.kind, tender.amount_minor) for tender in sale.tenders] == [("cash", 14690)]
    assert sale.receipt.change_minor == 0
    assert cashier.at(ToReceipt)


def test_03_cash_with_change_is_f9_100_enter(cashier: Cashier) -> None:
    goods(cashier, TOWEL, TOWEL, TOWEL)
    cashier.press(Key.Key_F9)
    cashier.type("100")
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (3, 5, 0)
    sale = cashier.sale()
    assert sale.receipt.tenders[0].amount_minor == 10000
    assert sale.receipt.change_minor == 10000 - 5970
    assert "40.30" in cashier.paper()


def test_04_a_member_by_phone_is_thirteen_keys(cashier: Cashier) -> None:
    cashier.press(Key.Key_F3)
    cashier.type(GOLD_PHONE)
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 13, 0)
    assert cashier.state.member is not None
    assert cashier.state.member.member_id == cashier.shop.members["张三丰"]
    finish_in_cash(cashier)
    assert cashier.sale().identified_by == "phone"


def test_05_a_member_by_the_last_four_digits_is_six_keys(cashier: Cashier) -> None:
    cashier.press(Key.Key_F3)
    cashier.type("2233")
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.taps) == (0, 0)
    assert cashier.keys == 6
    assert cashier.state.member is not None
    assert cashier.state.member.member_id == cashier.shop.members["王小红"]


def test_05_two_with_the_same_four_digits_cost_one_arrow_more(cashier: Cashier) -> None:
    cashier.press(Key.Key_F3)
    cashier.type("8000")  # 张三丰 and 陈静
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert cashier.keys == 7
    assert cashier.state.member is not None
    finish_in_cash(cashier)
    two = {cashier.shop.members["张三丰"], cashier.shop.members["陈静"]}
    assert cashier.sale().member in two


def test_06_a_member_by_code_is_one_scan(cashier: Cashier) -> None:
    cashier.scan(cashier.shop.cards["王小红"])
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 0, 0)
    assert cashier.sounds == [Sound.MEMBER_OK]
    finish_in_cash(cashier)
    sale = cashier.sale()
    assert (sale.member, sale.identified_by) == (cashier.shop.members["王小红"], "card")
    assert sale.receipt.member is not None
    assert sale.receipt.member.tier_name == "银卡"


def test_07_joining_is_fifteen_keys_and_counts_in_this_basket(cashier: Cashier) -> None:
    goods(cashier, *STORY)
    cashier.begin()
    cashier.press(Key.Key_F3)
    cashier.type(NEW_PHONE)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Space, text=" ")
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 15, 0)
    dialog = cashier.handle.parts.navigation.dialog
    assert isinstance(dialog, JoinController)
    assert dialog.dialog.is_saved
    assert cashier.state.totals.total.minor == 15958, "member-day price and welcome coupon"
    cashier.press(Key.Key_Return)
    finish_in_cash(cashier, scan=False)
    sale = cashier.sale()
    assert sale.total_minor == 15958
    assert sale.points_earned == 159
    assert len(sale.coupons_used) == 1
    assert "新人礼 满30减5" in cashier.paper()
    assert NEW_PHONE not in cashier.paper()


def test_08_the_best_coupon_needs_nobody(cashier: Cashier) -> None:
    story(cashier)
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 0)
    assert cashier.state.totals.total.minor == 13643
    finish_in_cash(cashier, scan=False)
    sale = cashier.sale()
    assert [(change.rule, change.amount_minor) for change in sale.adjustments] == [
        ("coupon-150-15", -1500)
    ]
    assert sale.receipt.order_adjustments[0].words == "满150减15"


def test_09_another_coupon_is_f6_down_enter(cashier: Cashier) -> None:
    story(cashier)
    cashier.press(Key.Key_F6)
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 3, 0)
    finish_in_cash(cashier, scan=False)
    sale = cashier.sale()
    assert [change.rule for change in sale.adjustments] == ["coupon-100-8"]
    assert sale.total_minor == 15143 - 800
    assert "满100减8" in cashier.paper()


def test_10_points_off_is_f6_at_the_payment(cashier: Cashier) -> None:
    story(cashier)
    cashier.press(Key.Key_F9)
    cashier.begin()
    cashier.press(Key.Key_F6)
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 1, 0)
    cashier.press(Key.Key_F9)
    sale = cashier.sale()
    assert (sale.points_spent, sale.points_off_minor) == (2300, 2300)
    assert (sale.total_minor, sale.round_off_minor) == (11343, 3)
    assert sale.points_earned == 340
    assert sale.receipt.member is not None
    assert sale.receipt.member.points_balance == 380
    assert "可用 380" in cashier.paper()


def test_11_why_this_price_is_select_and_question_mark(cashier: Cashier) -> None:
    story(cashier)
    cashier.press(Key.Key_Up)
    cashier.press(Key.Key_Question, text="?")
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 2, 0)
    sheet = cashier.till.sheets.current
    assert isinstance(sheet, WhySheet)
    assert sheet.view is not None
    assert sheet.view.title == "为什么是 ¥35.02？"
    assert sheet.view.proof == "各项相加等于 ¥31.55"
    cashier.press(Key.Key_Escape)
    finish_in_cash(cashier, scan=False)
    towels = cashier.sale().lines[2]
    assert towels.net_minor == 3155, "the sheet and the fact tell the same price"


def test_16_three_of_an_item_are_two_keys_and_its_scan(cashier: Cashier) -> None:
    cashier.type("3*")
    cashier.scan(TOWEL)
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 2, 0)
    finish_in_cash(cashier, scan=False)
    (line,) = cashier.sale().lines
    assert (line.sku, line.quantity_thousandths, line.net_minor) == ("towel", 3000, 5970)


def test_sign_in_is_one_scan_or_one_choice_and_the_pin(door: Cashier) -> None:
    door.scan(door.shop.badges["李明"])
    assert (door.scans, door.keys) == (1, 0)
    assert door.at(ToTill)
    assert door.state.staff is not None
    assert door.state.staff.name == "李明"


def test_changing_the_cashier_is_f12_and_a_badge(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.begin()
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["张敏"])
    assert (cashier.scans, cashier.keys) == (1, 1)
    assert cashier.state.staff is not None
    assert cashier.state.staff.name == "张敏"
    assert len(cashier.state.lines) == 1, "the basket waited"


# ------------------------------------------------------------------ by taps and scans


def test_02_exact_cash_by_two_taps(cashier: Cashier) -> None:
    goods(cashier, MILK, TOWEL, OIL)
    cashier.tap(cashier.till.screen.pay)
    cashier.tap_named("确认收款")
    assert (cashier.scans, cashier.keys, cashier.taps) == (3, 0, 2)
    assert cashier.sale().total_minor == 14690


def test_03_cash_with_change_by_figures_or_by_the_likely_note(cashier: Cashier) -> None:
    goods(cashier, TOWEL, TOWEL, TOWEL)
    cashier.tap(cashier.till.screen.pay)
    cashier.tap_figures("100")
    cashier.tap_named("确认收款")
    assert (cashier.keys, cashier.taps) == (0, 5)
    assert cashier.sale().receipt.change_minor == 4030
    cashier.begin()
    goods(cashier, TOWEL, TOWEL, TOWEL)
    cashier.tap(cashier.till.screen.pay)
    cashier.tap_named("¥100")
    cashier.tap_named("确认收款")
    assert (cashier.keys, cashier.taps) == (0, 3)
    assert cashier.sales()[-1].receipt.change_minor == 4030


def test_04_a_member_by_phone_by_taps_alone(cashier: Cashier) -> None:
    cashier.tap_named("会员")
    cashier.tap_figures(GOLD_PHONE)
    cashier.tap(next(cashier.shown(ChoiceRow)))
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 13)
    assert cashier.state.member is not None
    finish_in_cash(cashier)
    assert cashier.sale().member == cashier.shop.members["张三丰"]


def test_05_a_member_by_the_last_four_digits_by_taps_alone(cashier: Cashier) -> None:
    cashier.tap_named("会员")
    cashier.tap_figures("2233")
    cashier.tap(next(cashier.shown(ChoiceRow)))
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 6)
    assert cashier.state.member is not None
    assert cashier.state.member.member_id == cashier.shop.members["王小红"]


def test_07_joining_by_taps_alone(cashier: Cashier) -> None:
    goods(cashier, *STORY)
    cashier.begin()
    cashier.tap_named("会员")
    cashier.tap_figures(NEW_PHONE)
    cashier.tap_figures(["confirm"])
    consent, _ = cashier.shown(TickRow)
    cashier.tap(consent)
    cashier.tap_named("完成并用于本单")
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 15)
    cashier.tap_named("继续收银")
    finish_in_cash(cashier, scan=False)
    assert cashier.sale().total_minor == 15958


def test_09_another_coupon_by_two_taps(cashier: Cashier) -> None:
    story(cashier)
    cashier.tap_named("更换")
    rows = {row.accessibleName().split(",")[0]: row for row in cashier.shown(ChoiceRow)}
    cashier.tap(next(row for name, row in rows.items() if "满100减8" in name))
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 2)
    finish_in_cash(cashier, scan=False)
    assert [change.rule for change in cashier.sale().adjustments] == ["coupon-100-8"]


def test_10_points_off_by_one_tap_on_the_switch(cashier: Cashier) -> None:
    story(cashier)
    cashier.tap(cashier.till.screen.pay)
    cashier.begin()
    (switch,) = cashier.shown(Switch)
    cashier.tap(switch)
    assert (cashier.keys, cashier.taps) == (0, 1)
    cashier.tap_named("确认收款")
    assert cashier.sale().points_spent == 2300


def test_11_why_this_price_by_two_taps(cashier: Cashier) -> None:
    story(cashier)
    cashier.tap_line(3)
    cashier.tap_named("为什么是这个价")
    assert (cashier.scans, cashier.keys, cashier.taps) == (0, 0, 2)
    sheet = cashier.till.sheets.current
    assert isinstance(sheet, WhySheet)
    assert sheet.view is not None
    assert sheet.view.title == "为什么是 ¥35.02？"
    cashier.tap(next(button for button in sheet.findChildren(SecondaryButton)))
    finish_in_cash(cashier, scan=False)
    assert cashier.sale().lines[2].net_minor == 3155


def test_16_three_of_an_item_by_taps_and_one_scan(cashier: Cashier) -> None:
    cashier.scan(TOWEL)
    cashier.tap_named("加一件")
    cashier.tap_named("加一件")
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 0, 2)
    finish_in_cash(cashier, scan=False)
    (line,) = cashier.sale().lines
    assert (line.sku, line.quantity_thousandths, line.net_minor) == ("towel", 3000, 5970)


def test_sign_in_by_tapping_the_person_and_the_figures(door: Cashier) -> None:
    door.tap_named("王* 店长")
    door.tap_figures("9513")
    door.tap_figures(["confirm"])
    assert (door.scans, door.keys, door.taps) == (0, 0, 6)
    assert door.at(ToTill)
    assert door.state.staff is not None
    assert door.state.staff.name == "王芳"


# ------------------------------------------------------------------ helpers


def finish_in_cash(cashier: Cashier, *, scan: bool = True) -> None:
    """Not counted: something to sell, exact cash."""
    counted = (cashier.scans, cashier.keys, cashier.taps)
    if scan:
        cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToPayment)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    cashier.scans, cashier.keys, cashier.taps = counted
