"""Scans, languages and terminals at the refund screen: nothing scanned is lost, nothing is pressed.

Owns: what may happen beside the straight way. Does not own: row 15 itself (test_refund.py).
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.journeys.cashier import Cashier
from tests.journeys.test_refund import (
    PAY_CODE,
    chosen,
    front,
    opened,
    panel,
    refund,
    refunds,
    sell,
)
from tests.real_shop import MILK, OIL, TOWEL
from tests.ui import keys, walking
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToReceipt, ToRefund
from ui.refund.terminal_view import Phase
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_into_every_widget_is_one_piece_and_nothing_else(
    cashier: Cashier, gap_ms: int
) -> None:
    code = sell(cashier, *(TOWEL,) * 30)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    number = front(cashier).screen.field.text()
    targets = walking.focus_order(front(cashier).screen)
    assert len(targets) >= 9
    for before, widget in enumerate(targets, start=1):
        widget.setFocus()
        cashier.shop.clock.go_on(milliseconds=2_000)
        keys.scan(cashier.window, TOWEL, gap_ms=gap_ms)
        cashier.settle()
        assert chosen(cashier) == before + 1, walking.described(widget)
        assert front(cashier).screen.field.text() == number, walking.described(widget)
        line = front(cashier).goods.line
        assert line is not None and line.reason is None, walking.described(widget)
    assert refunds(cashier) == []


@pytest.mark.parametrize("gap_ms", [8, 16, 35])
def test_a_scan_while_a_sale_is_looked_for_leaves_no_text(cashier: Cashier, gap_ms: int) -> None:
    code = sell(cashier, TOWEL)
    for place in range(3):
        cashier.press(Key.Key_F8)
        targets = walking.focus_order(front(cashier).screen)
        targets[place % len(targets)].setFocus()
        keys.scan(cashier.window, code, gap_ms=gap_ms)
        cashier.settle()
        assert opened(cashier) == code
        cashier.press(Key.Key_Escape)
        assert front(cashier).screen.field.text() == ""
        cashier.press(Key.Key_Escape)


def test_an_open_approval_takes_badges_only(cashier: Cashier) -> None:
    code = sell(cashier, *(OIL,) * 4)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(4):
        cashier.scan(OIL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    for gap_ms in (8, 16, 35):
        keys.scan(cashier.window, MILK, gap_ms=gap_ms)
        cashier.settle()
        assert panel(cashier).panel.is_open
        assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert cashier.state.lines == ()
    cashier.scan(cashier.shop.badges["李明"])
    assert panel(cashier).panel.is_open, "nobody says yes to himself"
    assert refunds(cashier) == []
    cashier.scan(cashier.shop.badges["王芳"])
    assert len(refunds(cashier)) == 1


def test_giving_a_refund_up_is_asked_and_no_scan_answers_it(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.press(Key.Key_Delete, CONTROL)
    cashier.scan(TOWEL)
    assert len(list(cashier.shown(ConfirmDialog))) == 1
    assert chosen(cashier) == 2
    cashier.press(Key.Key_Return)
    assert opened(cashier) == code, "Enter is the safe answer"
    cashier.press(Key.Key_Delete, CONTROL)
    cashier.press(Key.Key_Return, CONTROL)
    assert not opened(cashier)
    assert cashier.at(ToRefund)


def test_another_language_keeps_what_was_chosen(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, MILK)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("2")
    cashier.handle.parts.language.use("en")
    cashier.settle()
    texts = cashier.texts()
    assert "Where the money goes" in texts
    assert "退款去向" not in texts
    assert chosen(cashier) == 1
    cashier.handle.parts.language.use("zh_CN")
    cashier.press(Key.Key_Return)
    assert [piece.reason for piece in refund(cashier).pieces] == ["quality"]


def test_a_quantity_is_typed_and_a_wrong_one_stays_to_be_mended(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.type("*2")
    cashier.press(Key.Key_Return)
    assert chosen(cashier) == 2
    cashier.type("*x")
    cashier.press(Key.Key_Return)
    assert front(cashier).screen.field.text() == "x"
    assert front(cashier).screen.field.error_text
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_Delete)
    assert chosen(cashier) == 0
    cashier.type("*9")
    cashier.press(Key.Key_Return)
    assert front(cashier).screen.notice.endswith("最多还能退 3。")
    assert chosen(cashier) == 0


def test_the_goods_of_another_sale_are_refused(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(MILK)
    assert "这张小票上没有" in front(cashier).screen.notice
    cashier.scan(PAY_CODE)
    assert "这张小票上没有" in front(cashier).screen.notice
    assert not [text for text in cashier.texts() if PAY_CODE[:6] in text]
    assert chosen(cashier) == 0


def test_a_card_is_given_back_by_hand(cashier: Cashier) -> None:
    cashier.scan(TOWEL)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_3, Qt.KeyboardModifier.AltModifier)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return, CONTROL)
    assert cashier.at(ToReceipt)
    code = cashier.sales()[-1].code
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert front(cashier).giving.form.phase is Phase.BY_HAND
    cashier.press(Key.Key_Return)
    assert refunds(cashier) == [], "Enter alone never says that money moved"
    cashier.press(Key.Key_Return, CONTROL)
    assert [each.kind for each in refund(cashier).tenders] == ["card"]
    assert cashier.at(ToReceipt)


def test_where_the_terminal_refuses_cash_needs_a_yes(cashier: Cashier) -> None:
    cashier.scan(TOWEL)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_3, Qt.KeyboardModifier.AltModifier)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return, CONTROL)
    code = cashier.sales()[-1].code
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Delete)
    assert front(cashier).giving.form.phase is Phase.REFUSED
    cashier.tap_named("改退现金")
    cashier.scan(cashier.shop.badges["王芳"])
    assert front(cashier).giving.form.phase is Phase.CHOOSE
    cashier.press(Key.Key_Return)
    done = refund(cashier)
    assert [each.kind for each in done.tenders] == ["cash"]
    assert done.approved_by == (cashier.shop.staff["王芳"],)
