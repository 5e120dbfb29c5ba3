"""Row 15 of the task table and its neighbours: goods come back, by keys and scans, and by taps.

Each ends at the stored fact and the printed paper, and counts what was really sent.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from PySide6.QtCore import Qt

from app.domain.facts import RefundRecorded, ReturnRecorded, read_fact
from app.domain.money import Money
from app.domain.product import Product
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, OIL, PINS, TOWEL
from ui.approval.controller import ApprovalController
from ui.navigation import ToDesk, ToPayment, ToReceipt, ToRefund, ToSettings, ToShift, ToTill
from ui.refund.controller import RefundController
from ui.refund.terminal_view import Phase
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
PAY_CODE = "134567890123456788"


def sell(cashier: Cashier, *codes: str, member: str = "", pay_code: str = "") -> str:
    """Ring up and take the money; the receipt code. The journey counts from here."""
    if member:
        cashier.scan(cashier.shop.cards[member])
    for code in codes:
        cashier.scan(code)
    if pay_code:
        cashier.scan(pay_code)
    else:
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    cashier.press(Key.Key_Escape)
    cashier.begin()
    cashier.sounds.clear()
    return cashier.sales()[-1].code


def front(cashier: Cashier) -> RefundController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, RefundController)
    return current


def opened(cashier: Cashier) -> str:
    """The receipt code of the sale whose goods come back; empty: none is open."""
    state = front(cashier).goods.state
    return state.sale.receipt_code if state is not None else ""


def chosen(cashier: Cashier) -> int:
    """So many pieces of the current line."""
    line = front(cashier).goods.line
    assert line is not None, "no line is current"
    return line.chosen.pieces


def panel(cashier: Cashier) -> ApprovalController:
    """The approval that is waited for."""
    dialog = cashier.handle.parts.navigation.dialog
    assert isinstance(dialog, ApprovalController)
    return dialog


def refunds(cashier: Cashier) -> list[Any]:
    """Every refund and return, read back from the bytes of its fact."""
    stored = cashier.read(lambda work: work.facts.all_facts())
    facts = [read_fact(each.data) for each in stored]
    return [fact for fact in facts if isinstance(fact, RefundRecorded | ReturnRecorded)]


def refund(cashier: Cashier) -> Any:
    """The one refund that was made."""
    (only,) = refunds(cashier)
    return only


def test_15_one_item_back_is_three_keys_and_two_scans(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL, MILK)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("2")
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (2, 3, 0)
    done = refund(cashier)
    assert [(piece.reason, piece.amount_minor) for piece in done.pieces] == [("quality", 1990)]
    assert [(each.kind, each.amount_minor) for each in done.tenders] == [("cash", 1990)]
    assert cashier.at(ToReceipt)
    assert code in cashier.paper()
    assert "19.90" in cashier.paper()
    assert cashier.sounds.count(Sound.PAID) == 1


def test_15_by_touch_alone(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL, MILK)
    cashier.tap_named("退货")
    row = front(cashier).screen.list.rows[0]
    cashier.tap(row)
    assert opened(cashier) == code
    cashier.tap_named("多退一件")
    cashier.tap_named("质量问题")
    cashier.tap_named("确认退货")
    assert (cashier.scans, cashier.keys) == (0, 0)
    assert [piece.amount_minor for piece in refund(cashier).pieces] == [1990]
    assert cashier.at(ToReceipt)


def test_more_than_is_left_is_refused_with_the_number(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(3):
        cashier.scan(TOWEL)
    assert front(cashier).screen.notice == "纯棉毛巾 34×74：最多还能退 2。"
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert chosen(cashier) == 2


def test_without_a_reason_its_line_is_current_and_nothing_is_recorded(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, MILK)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.scan(MILK)
    cashier.type("1")
    assert front(cashier).goods.current_name == "纯棉毛巾 34×74", "the next one without a reason"
    cashier.press(Key.Key_Down)
    cashier.press(Key.Key_Return)
    assert front(cashier).screen.notice == "纯棉毛巾 34×74：请选退货原因。"
    assert front(cashier).goods.current_name == "纯棉毛巾 34×74"
    assert refunds(cashier) == []
    cashier.type("3")
    cashier.press(Key.Key_Return)
    assert {piece.reason for piece in refund(cashier).pieces} == {"size", "unwanted"}


def test_a_wallet_gets_its_money_back_and_the_points_are_taken(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL, member="王小红", pay_code=PAY_CODE)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    done = refund(cashier)
    (tender,) = done.tenders
    assert (tender.kind, tender.amount_minor) == ("mobile", done.pieces[0].amount_minor)
    assert done.points_earned > 0
    assert cashier.at(ToReceipt)


def test_all_back_already_says_when_and_by_whom(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    said = cashier.texts()
    assert front(cashier).screen.notice == "这一单已经全部退完。"
    assert "经手人 李*" in said
    assert not opened(cashier)
    assert len(refunds(cashier)) == 1


def test_the_receipt_of_a_refund_is_no_sale(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(refund(cashier).code)
    assert front(cashier).screen.notice == "这是退货小票，不能再退。"


def test_a_sale_is_found_by_its_number_its_member_and_its_amount(cashier: Cashier) -> None:
    sell(cashier, MILK)
    code = sell(cashier, OIL, member="王小红")
    for how in ("2", "20261121-2", "55.00"):
        cashier.press(Key.Key_F8)
        cashier.type(how)
        cashier.press(Key.Key_Return)
        if not opened(cashier):
            cashier.tap(front(cashier).screen.list.rows[0])
        assert opened(cashier) == code, how
        cashier.press(Key.Key_Escape)
        cashier.press(Key.Key_Escape)
        assert cashier.at(ToTill)
    cashier.press(Key.Key_F8)
    cashier.scan(cashier.shop.cards["王小红"])
    assert [row.accessibleName()[:3] for row in front(cashier).screen.list.rows] == ["2 号"]


def test_a_refund_that_was_left_is_found_again(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    cashier.scan(MILK)
    cashier.press(Key.Key_F8)
    assert chosen(cashier) == 1
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert refund(cashier).sale_code == code
    assert len(cashier.state.lines) == 1, "the open basket stayed as it was"


def test_beyond_the_limit_a_badge_completes_it(cashier: Cashier) -> None:
    code = sell(cashier, *(OIL,) * 4)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(4):
        cashier.scan(OIL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert panel(cashier).panel.is_open
    assert refunds(cashier) == []
    cashier.scan(cashier.shop.badges["王芳"])
    done = refund(cashier)
    assert done.approved_by == (cashier.shop.staff["王芳"],)
    assert cashier.at(ToReceipt)
    assert cashier.state.staff is not None
    assert cashier.state.staff.name == "李明", "who asked stays signed in"


def test_beyond_the_limit_a_pin_completes_it_and_esc_does_nothing(cashier: Cashier) -> None:
    code = sell(cashier, *(OIL,) * 4)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(4):
        cashier.scan(OIL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Escape)
    assert cashier.handle.parts.navigation.dialog is None
    assert refunds(cashier) == []
    cashier.press(Key.Key_Return)
    asked = panel(cashier).chosen
    who = next(name for name, each in cashier.shop.staff.items() if each == asked)
    cashier.type("0000")
    cashier.press(Key.Key_Return)
    assert refunds(cashier) == []
    cashier.type(PINS[who])
    cashier.press(Key.Key_Return)
    assert refund(cashier).approved_by == (cashier.shop.staff[who],)


def test_without_a_receipt_always_asks(cashier: Cashier) -> None:
    cashier.press(Key.Key_F8)
    cashier.press(Key.Key_1, ALT)
    cashier.scan(TOWEL)
    cashier.scan(TOWEL)
    cashier.type("2")
    cashier.press(Key.Key_Return)
    assert panel(cashier).panel.is_open
    assert refunds(cashier) == []
    cashier.scan(cashier.shop.badges["王芳"])
    done = refund(cashier)
    assert isinstance(done, ReturnRecorded)
    assert [(each.sku, each.amount_minor) for each in done.goods] == [("towel", 3980)]
    assert cashier.at(ToReceipt)


def test_an_exchange_takes_the_difference(cashier: Cashier) -> None:
    code = sell(cashier, TOWEL)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_2, ALT)
    cashier.scan(MILK)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToPayment)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)
    new = cashier.sales()[-1]
    cash = [each.amount_minor for each in new.tenders if each.kind == "cash"]
    assert cash == [5900 - 1990]
    assert refund(cashier).exchanged_for == new.op_id


def test_an_exchange_gives_the_difference_back(cashier: Cashier) -> None:
    code = sell(cashier, MILK)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(MILK)
    cashier.type("1")
    cashier.press(Key.Key_2, ALT)
    cashier.scan(TOWEL)
    cashier.press(Key.Key_Return)
    assert cashier.at(ToReceipt)
    done = refund(cashier)
    assert [(each.kind, each.amount_minor) for each in done.tenders if each.kind == "cash"] == [
        ("cash", 5900 - 1990)
    ]


def test_a_terminal_without_an_answer_is_asked_what_became_of_it(cashier: Cashier) -> None:
    """The simulated bank loses answers by the last two figures of the amount: 04 is unknown."""
    code = sell(cashier, *_goods_worth_04(cashier), pay_code=PAY_CODE)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.press(Key.Key_Plus, text="+")
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert front(cashier).giving.form.phase is Phase.UNKNOWN
    assert refunds(cashier) == []
    cashier.scan(TOWEL)
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    for _ in range(3):
        if cashier.at(ToRefund):
            cashier.press(Key.Key_Return)
    assert cashier.at(ToReceipt)
    assert [each.kind for each in refund(cashier).tenders] == ["mobile"]


def test_the_header_leaves_no_terminal_that_is_to_give_money_back(cashier: Cashier) -> None:
    """As Esc and F12 do: a tab, the bell, a chip and the staff name stay here too."""
    code = sell(cashier, *_goods_worth_04(cashier), pay_code=PAY_CODE)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.press(Key.Key_Plus, text="+")
    cashier.type("1")
    cashier.press(Key.Key_Return)
    assert front(cashier).giving.form.phase is Phase.UNKNOWN
    window, navigation = cashier.window, cashier.handle.parts.navigation
    ways: list[Callable[[], object]] = [
        *(partial(window.tab_requested.emit, tab.__name__) for tab in (ToTill, ToShift, ToDesk)),
        window.header.bell_chosen.emit,
        window.header.display_chosen.emit,
        window.staff_requested.emit,
        lambda: navigation.leave_for(ToSettings("backup")),
    ]
    for press in ways:
        cashier.sounds.clear()
        press()
        cashier.settle()
        assert cashier.at(ToRefund)
        assert cashier.sounds == [Sound.SCAN_ERROR]
        assert front(cashier).giving.form.phase is Phase.UNKNOWN
    assert not cashier.state.locked


def _goods_worth_04(cashier: Cashier) -> tuple[str, ...]:
    code = "6938000000042"
    product = Product("sock", "棉袜", "home", Money(1204), (code,))
    cashier.read(lambda work: work.products.put(product))
    return (code,)
