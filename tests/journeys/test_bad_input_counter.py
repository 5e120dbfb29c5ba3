"""What bad input gets at the counter: a clear sentence, one way out, and nothing is lost.

Owns: refunds nobody here can know of or that come too late, a role without its limit, a disk that
fills during the Z - at the real window. Does not own: what other files show where they belong
(counts with letters, holds recalled twice, cameras, serial lines, half a receipt).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.domain.codes import ReceiptNumber, receipt_code
from app.domain.facts import ReturnRecorded, ShiftClosed
from tests.journeys.cashier import Cashier
from tests.journeys.hand_acts import due, front
from tests.journeys.shift_acts import PIECES, count, facts_of, sell, to_close, visible_texts
from tests.journeys.test_refund import opened, panel, refund, refunds
from tests.journeys.test_refund import sell as sold
from tests.real_shop import MILK, OIL, TOWEL
from tests.services.test_approval import changed
from tests.services.test_shift_disk import limit_pages
from ui.discount.dialog import DiscountDialog
from ui.navigation import ToReceipt, ToShiftClose

pytestmark = pytest.mark.journey
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
EIGHT_DAYS_MS = 8 * 24 * 3600 * 1000


def test_another_tills_sale_is_named_and_its_goods_still_find_a_way_back(cashier: Cashier) -> None:
    elsewhere = receipt_code(ReceiptNumber(7, 3, 1, date(2026, 11, 20), 12)).text
    cashier.press(Key.Key_F8)
    cashier.scan(elsewhere)
    said = visible_texts(cashier)
    assert "本机没有这一单，只能按无小票退货处理。" in said
    assert any("在 7 店收银机 03 卖出" in text for text in said), "where it was sold"
    assert opened(cashier) == ""
    assert refunds(cashier) == []
    cashier.press(Key.Key_1, ALT)
    cashier.scan(TOWEL)
    cashier.type("2")
    cashier.press(Key.Key_Return)
    assert panel(cashier).panel.is_open, "always with a yes"
    cashier.scan(cashier.shop.badges["王芳"])
    done = refund(cashier)
    assert isinstance(done, ReturnRecorded)
    assert done.goods[0].amount_minor == 1990
    assert done.sale_code == elsewhere, "bound to it when that sale arrives"


def test_after_the_return_window_a_yes_is_needed_and_says_why(cashier: Cashier) -> None:
    code = sold(cashier, TOWEL)
    cashier.shop.clock.go_on(milliseconds=EIGHT_DAYS_MS)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    assert any("退货期已过（11-28）" in text for text in visible_texts(cashier))
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert panel(cashier).panel.is_open
    assert "李* 申请：超过退货期退货" in visible_texts(cashier)
    cashier.press(Key.Key_Escape)
    assert refunds(cashier) == [], "without the yes nothing comes back"
    cashier.press(Key.Key_Return)
    cashier.scan(cashier.shop.badges["王芳"])
    assert refund(cashier).approved_by == (cashier.shop.staff["王芳"],)
    assert cashier.at(ToReceipt)


def test_a_role_without_a_needed_limit_is_told_so_and_gives_nothing(cashier: Cashier) -> None:
    lacking = changed("cashier", "order_discount", None)
    desk = cashier.shop.shop.desk
    cashier.read(lambda _: desk.adopt(replace(desk.state, rights=lacking)))
    for code in (MILK, OIL):
        cashier.scan(code)
    cashier.press(Key.Key_F7)
    cashier.type("95")
    cashier.press(Key.Key_Return)
    cashier.type("1")
    said = visible_texts(cashier)
    assert "整单折扣：你的角色还没有设置这项权限，请告诉店长。" in said
    assert front(cashier, DiscountDialog).isVisible(), "what was typed is not lost"
    assert due(cashier) == 12_700
    cashier.press(Key.Key_Escape)
    assert due(cashier) == 12_700
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sale().total_minor == 12_700


def test_a_disk_that_fills_during_the_z_keeps_the_count_and_closes_when_there_is_room(
    cashier: Cashier,
) -> None:
    sell(cashier)
    # A head of the paper that surely needs pages of its own, so that the file has to grow.
    settings = cashier.shop.shop.desk.state.settings
    address = "人民路 118 号" * 1_000
    cashier.shop.use_settings(msgspec.structs.replace(settings, store_address=address))
    cashier.shop.sign_in("李明")
    to_close(cashier)
    count(cashier, PIECES)
    cashier.press(Key.Key_Return)
    limit_pages(cashier.shop, None)
    cashier.press(Key.Key_Return)
    assert any("磁盘已满" in text and "E-STORE-04" in text for text in visible_texts(cashier))
    assert cashier.at(ToShiftClose), "the count stands and waits"
    assert facts_of(cashier, ShiftClosed) == []
    limit_pages(cashier.shop, 1_000_000)
    cashier.press(Key.Key_Return)
    assert "已交班：Z 报表 1 号" in visible_texts(cashier)
    (z,) = facts_of(cashier, ShiftClosed)
    assert (z.number, z.end.counted_minor) == (1, 59690)
