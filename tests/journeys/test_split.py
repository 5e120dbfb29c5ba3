"""Split tenders at the window: parts by keys alone and by taps alone, and what a part bars."""

from __future__ import annotations

import pytest

from tests.journeys.cashier import Cashier
from tests.journeys.split_acts import (
    ALT,
    CONTROL,
    PAID,
    Bank,
    Key,
    a_part,
    due,
    notice,
    parts,
    screen_of,
    told,
)
from tests.real_shop import MILK
from ui.navigation import ToPayment, ToReceipt, ToTill
from ui.payment.view_model import Phase

pytestmark = pytest.mark.journey


# ------------------------------------------------------------------ the plain way


def test_by_keys_alone_three_tenders_are_one_sale_and_change_comes_from_cash(
    paying: Cashier,
) -> None:
    a_part(paying, "50")
    assert (due(paying), notice(paying)) == ("¥77.00", "已收款，还需收 ¥77.00。")
    paying.type("30")
    paying.press(Key.Key_3, ALT)
    paying.press(Key.Key_Return)
    assert screen_of(paying).phase is Phase.BY_HAND
    paying.press(Key.Key_Return, CONTROL)
    assert (due(paying), parts(paying)) == ("¥47.00", [("cash", 5000), ("card", 3000)])
    paying.type("50")
    assert screen_of(paying)._screen.change.change.text() == "¥3.00"
    paying.press(Key.Key_Return)
    assert paying.at(ToReceipt)
    assert paying.taps == 0
    sale = paying.sale()
    assert told(sale.tenders) == [("cash", 5000), ("card", 3000), ("cash", 4700)]
    assert "50.00" in paying.paper()
    assert "找零" in paying.paper()


def test_the_rest_by_one_scan_of_the_phone(paying: Cashier, bank: Bank) -> None:
    a_part(paying, "100")
    paying.begin()
    paying.scan(PAID)
    assert (paying.scans, paying.keys, paying.taps) == (1, 0, 0)
    assert paying.at(ToReceipt)
    assert told(paying.sale().tenders) == [("cash", 10000), ("mobile", 2700)]
    assert [taken.minor for taken in bank.terminal.taken().values()] == [2700]


def test_by_taps_and_scans_alone(paying: Cashier, bank: Bank) -> None:
    paying.tap_named("组合支付")
    paying.tap_named("扫码付")
    paying.tap_figures(("6", "0"))
    paying.scan(PAID)
    assert parts(paying) == [("mobile", 6000)]
    paying.tap_named("¥50")
    paying.tap_named("收这一笔")
    assert due(paying) == "¥17.00"
    paying.tap_named("退回 ¥50.00：现金")
    paying.tap_named("退款")
    assert notice(paying) == "请把 ¥50.00 退给顾客。"
    assert due(paying) == "¥67.00"
    paying.tap_named("确认收款")
    assert paying.keys == 0
    assert told(paying.sale().tenders) == [("mobile", 6000), ("cash", 6700)]


def test_exact_cash_still_takes_two_keys_and_change_five(paying: Cashier) -> None:
    paying.press(Key.Key_F9)
    assert paying.keys == 1, "the first one opened the payment"
    assert paying.at(ToReceipt)


def test_without_parts_too_little_stays_a_mistake_and_can_be_made_a_part(paying: Cashier) -> None:
    paying.type("50")
    paying.press(Key.Key_Return)
    assert notice(paying) == "还差 ¥77.00"
    assert parts(paying) == []
    paying.press(Key.Key_4, ALT)
    paying.press(Key.Key_Return)
    assert parts(paying) == [("cash", 5000)]


def test_a_part_is_asked_for_no_more_than_is_due(paying: Cashier, bank: Bank) -> None:
    paying.press(Key.Key_4, ALT)
    paying.press(Key.Key_2, ALT)
    paying.type("200")
    assert screen_of(paying)._screen.change.change_label.text() == "超出应收"
    paying.scan(PAID)
    assert notice(paying) == "现在最多只能收 ¥127.00；找零请用现金。"
    assert bank.terminal.taken() == {}
    assert paying.at(ToPayment)


def test_what_is_no_amount_takes_nothing(paying: Cashier, bank: Bank) -> None:
    paying.press(Key.Key_4, ALT)
    paying.type(".")
    paying.scan(PAID)
    assert notice(paying) == "这不是金额"
    assert bank.terminal.taken() == {}


# ------------------------------------------------------------------ while a part is paid


def test_points_go_beside_parts_and_stand_with_the_first(paying: Cashier) -> None:
    paying.press(Key.Key_Escape)
    paying.scan(paying.shop.cards["张三丰"])
    paying.press(Key.Key_F9)
    paying.press(Key.Key_F6)
    used = paying.state.totals.points_used
    assert used > 0
    a_part(paying, "50")
    paying.press(Key.Key_F6)
    assert paying.state.totals.points_used == used
    assert notice(paying) == "本单已收款或正在收款：请先完成收款。"
    paying.press(Key.Key_F9)
    assert paying.sale().points_spent == used


def test_left_and_come_back_to_the_parts_are_there_and_the_basket_is_barred(
    paying: Cashier,
) -> None:
    a_part(paying, "50")
    paying.press(Key.Key_Escape)
    assert paying.at(ToTill)
    assert paying.till.screen.totals.due.text() == "¥77.00"
    assert paying.till.screen.pay.text() == "继续收款"
    paying.scan(MILK)
    assert len(paying.state.lines) == 2
    paying.press(Key.Key_Delete)
    paying.press(Key.Key_F4)
    assert len(paying.state.lines) == 2
    paying.press(Key.Key_F9)
    assert (due(paying), parts(paying)) == ("¥77.00", [("cash", 5000)])
    paying.press(Key.Key_Escape)
    paying.scan(PAID)
    assert told(paying.sale().tenders) == [("cash", 5000), ("mobile", 7700)]


def test_goods_scanned_while_a_part_is_paid_are_refused_and_said(paying: Cashier) -> None:
    a_part(paying, "50")
    paying.scan(MILK)
    assert paying.at(ToPayment)
    assert notice(paying) == "本单已收款或正在收款：请先完成收款。"
    assert len(paying.state.lines) == 2


def test_one_sum_again_only_where_no_part_is_paid(paying: Cashier) -> None:
    paying.press(Key.Key_4, ALT)
    paying.press(Key.Key_4, ALT)
    paying.type("50")
    paying.press(Key.Key_Return)
    assert parts(paying) == []
    paying.press(Key.Key_4, ALT)
    paying.press(Key.Key_Return)
    paying.press(Key.Key_4, ALT)
    assert notice(paying) == "已收了一部分：要一次付清，请先退回已收的款。"


def test_a_colleague_takes_over_in_the_middle(paying: Cashier) -> None:
    a_part(paying, "50")
    paying.press(Key.Key_F12)
    paying.scan(paying.shop.badges["李明"])
    assert paying.at(ToPayment), "whoever comes finds the payment as it stands"
    assert due(paying) == "¥77.00"
