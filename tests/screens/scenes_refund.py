"""Scenes of goods that come back, and of the approval in place.

Owns: how each of them comes about, by what a cashier does. Does not own: opening the window.
"""

from __future__ import annotations

from PySide6.QtCore import Qt

from tests.real_shop import MILK, OIL, TOWEL
from tests.screens.scene import TILL_SIZES, Scene, Shot
from ui.approval.panel import ApprovalPanel
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import ToReceipt, ToRefund

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
PAID = "134567890123456788"


def sold(scene: Scene, *codes: str, member: str = "", pay_code: str = "") -> str:
    """A sale in cash (or by a code), and back at the till; its receipt code."""
    cashier = scene.cashier
    if member:
        cashier.scan(cashier.shop.cards[member])
    for code in codes:
        cashier.scan(code)
    if pay_code:
        cashier.scan(pay_code)
    else:
        cashier.press(Key.Key_F9)
        cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Escape)
    return str(cashier.sales()[-1].code)


def empty(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F8)


def last_sales(scene: Scene) -> None:
    sold(scene, MILK)
    sold(scene, TOWEL, TOWEL, OIL, member="王小红")
    sold(scene, OIL, member="张三丰", pay_code=PAID)
    scene.cashier.press(Key.Key_F8)
    scene.cashier.press(Key.Key_Down)
    scene.cashier.press(Key.Key_Down)


def by_member(scene: Scene) -> None:
    sold(scene, TOWEL, TOWEL, member="王小红")
    sold(scene, OIL, member="王小红")
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(scene.cashier.shop.cards["王小红"])


def opened(scene: Scene) -> None:
    """王小红's sale by her phone's wallet, found by its receipt; nothing chosen yet."""
    code = sold(scene, TOWEL, TOWEL, MILK, OIL, member="王小红", pay_code=PAID)
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(code)


def one_back(scene: Scene) -> None:
    opened(scene)
    scene.cashier.scan(TOWEL)
    scene.cashier.type("2")


def no_reason(scene: Scene) -> None:
    opened(scene)
    scene.cashier.scan(TOWEL)
    scene.cashier.press(Key.Key_Return)


def too_many(scene: Scene) -> None:
    one_back(scene)
    scene.cashier.scan(TOWEL)
    scene.cashier.scan(TOWEL)


def done(scene: Scene) -> None:
    one_back(scene)
    scene.cashier.press(Key.Key_Return)


def done_in_cash(scene: Scene) -> None:
    code = sold(scene, TOWEL, TOWEL)
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(code)
    scene.cashier.scan(TOWEL)
    scene.cashier.type("1")
    scene.cashier.press(Key.Key_Return)


def points_owed(scene: Scene) -> None:
    """The points of a sale are spent by the next one; then the first one comes back."""
    code = sold(scene, *(OIL,) * 6, member="陈静")
    cashier = scene.cashier
    cashier.scan(cashier.shop.cards["陈静"])
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F6)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    for _ in range(6):
        cashier.scan(OIL)
    cashier.type("3")


def approval(scene: Scene) -> None:
    points_owed(scene)
    scene.cashier.press(Key.Key_Return)


def approval_wrong(scene: Scene) -> None:
    approval(scene)
    scene.cashier.type("000000")


def back_already(scene: Scene) -> None:
    code = sold(scene, TOWEL)
    cashier = scene.cashier
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F8)
    cashier.scan(code)


def sold_elsewhere(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F8)
    scene.cashier.scan(other_till(scene))


def other_till(scene: Scene) -> str:
    """A sound receipt number of register 03."""
    from datetime import date

    from app.domain.codes import ReceiptNumber, receipt_code

    here = scene.cashier.shop.shop.identity
    number = ReceiptNumber(here.store_number, 3, 1, date(2026, 11, 20), 93)
    return receipt_code(number).text


def without_receipt(scene: Scene) -> None:
    scene.cashier.press(Key.Key_F8)
    scene.cashier.press(Key.Key_1, ALT)
    scene.cashier.scan(TOWEL)
    scene.cashier.scan(TOWEL)
    scene.cashier.type("2")
    scene.cashier.scan(MILK)


def exchange(scene: Scene) -> None:
    code = sold(scene, TOWEL, TOWEL)
    cashier = scene.cashier
    cashier.press(Key.Key_F8)
    cashier.scan(code)
    cashier.scan(TOWEL)
    cashier.type("1")
    cashier.press(Key.Key_2, ALT)
    cashier.scan(MILK)


def quantity(scene: Scene) -> None:
    opened(scene)
    scene.cashier.type("*")
    scene.cashier.type("2")


def give_up(scene: Scene) -> None:
    one_back(scene)
    scene.cashier.press(Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)


SHOTS = (
    Shot("refund", "empty", empty, ToRefund),
    Shot("refund", "last-sales", last_sales, ToRefund, TILL_SIZES[:2]),
    Shot("refund", "by-member", by_member, ToRefund),
    Shot("refund", "opened", opened, ToRefund),
    Shot("refund", "one-back", one_back, ToRefund, TILL_SIZES),
    Shot("refund", "one-back-150", one_back, ToRefund, TILL_SIZES[:2], scale_percent=150),
    Shot("refund", "no-reason", no_reason, ToRefund),
    Shot("refund", "too-many", too_many, ToRefund),
    Shot("refund", "quantity", quantity, ToRefund),
    Shot("refund", "points-owed", points_owed, ToRefund, TILL_SIZES[:2]),
    Shot("refund", "back-already", back_already, ToRefund),
    Shot("refund", "sold-elsewhere", sold_elsewhere, ToRefund),
    Shot("refund", "without-receipt", without_receipt, ToRefund, TILL_SIZES[:2]),
    Shot("refund", "exchange", exchange, ToRefund, TILL_SIZES[:2]),
    Shot("refund", "give-up", give_up, ConfirmDialog),
    Shot("refund", "done", done, ToReceipt),
    Shot("refund", "done-cash", done_in_cash, ToReceipt, TILL_SIZES[:2]),
    Shot("approval", "refund", approval, ApprovalPanel, TILL_SIZES[:2]),
    Shot("approval", "refund-150", approval, ApprovalPanel, scale_percent=150),
    Shot("approval", "wrong", approval_wrong, ApprovalPanel),
)
