"""A complaint that is left half written: it comes back to its own customer, and to nobody else."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.services.erasure import ErasureHolds, ask_erasure
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, OIL, TOWEL
from tests.screens.scene import Scene, WaitingTerminal
from tests.screens.scenes_desk import ALT, CONTROL, as_manager
from tests.services.complaints import listed, seen
from ui.complaints.intake import IntakeDialog
from ui.kit.buttons import SecondaryButton
from ui.navigation import ToComplaints, ToReceipt, ToTill

pytestmark = pytest.mark.journey
Key = Qt.Key


@pytest.fixture
def manager(cashier: Cashier) -> Cashier:
    """王芳 at the till."""
    as_manager(Scene(cashier, "zh_CN", WaitingTerminal()))
    return cashier


def a_sale(cashier: Cashier, *codes: str) -> str:
    """Paid in cash; the code on its receipt."""
    for code in codes:
        cashier.scan(code)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    receipt = cashier.sales()[-1].receipt.code
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    return receipt


def intake(cashier: Cashier) -> IntakeDialog:
    return next(iter(cashier.shown(IntakeDialog)))


def log(cashier: Cashier) -> IntakeDialog:
    """Ctrl+N, wherever somebody stands."""
    cashier.press(Key.Key_N, CONTROL)
    return intake(cashier)


def marked(dialog: IntakeDialog) -> list[str]:
    return [key.text() for key in dialog.goods_keys if key.isChecked()]


def at_complaints(cashier: Cashier) -> None:
    cashier.handle.parts.navigation.go(ToComplaints())
    cashier.settle()


def test_the_goods_are_those_of_the_receipt_that_was_read_last(manager: Cashier) -> None:
    cashier = manager
    card = cashier.shop.cards["王小红"]
    first, second, same = (
        a_sale(cashier, *codes) for codes in ((OIL, MILK), (card, MILK, TOWEL), (MILK, TOWEL))
    )
    at_complaints(cashier)
    log(cashier)
    dialog = intake(cashier)
    cashier.scan(first)
    cashier.press(Key.Key_1, ALT)
    assert len(marked(dialog)) == 1
    cashier.scan(second)
    assert ["牛奶" in key.text() for key in dialog.goods_keys] == [True, False]
    assert marked(dialog) == []
    cashier.press(Key.Key_2, ALT)
    cashier.scan(second)  # once more: nothing changes
    assert len(marked(dialog)) == 1
    cashier.scan(same)  # another one with the same goods
    assert marked(dialog) == []
    cashier.scan(second)
    cashier.press(Key.Key_2, ALT)
    cashier.type("2torn")
    cashier.press(Key.Key_Return, CONTROL)
    (line,) = listed(cashier.shop).lines
    assert (line.receipt, seen(cashier.shop, line.case_id).lines) == (second, ("2",))


def test_a_draft_comes_back_to_its_own_customer_only(manager: Cashier) -> None:
    cashier = manager
    hers = a_sale(cashier, cashier.shop.cards["王小红"], MILK, TOWEL)
    his = a_sale(cashier, OIL, MILK)
    leave_hers(cashier, hers)
    leave_his(cashier, his)
    at_complaints(cashier)
    dialog = log(cashier)  # of nobody: what was left last, and whom it was about
    assert (dialog.filled.text, dialog.filled.contact) == ("bottle leaks", "13712342468")
    assert his in dialog._who.text()
    cashier.scan(hers)
    kept = dialog.filled
    assert (kept.topic, kept.text, kept.wanted, kept.contact) == ("quality", "torn", "", "")
    assert "毛巾" in marked(dialog)[0]
    assert dialog.notice.sentence == f"为 {his} 写的内容已另存，再打开就在。"
    cashier.press(Key.Key_Return, CONTROL)
    (line,) = listed(cashier.shop).lines
    view = seen(cashier.shop, line.case_id)
    assert (line.receipt, view.text, len(view.lines)) == (hers, "torn", 1)
    assert view.member_id == cashier.shop.members["王小红"]
    finish_his(cashier, his)


def leave_hers(cashier: Cashier, receipt: str) -> None:
    """From her receipt: about the towel; then from the same receipt it is there."""
    cashier.scan(receipt)
    log(cashier)
    cashier.press(Key.Key_2, ALT)
    cashier.type("2torn")
    cashier.press(Key.Key_Escape)
    dialog = log(cashier)
    assert (dialog.filled.text, len(marked(dialog))) == ("torn", 1)
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_Escape)


def leave_his(cashier: Cashier, receipt: str) -> None:
    """From the receipt of somebody else and from another member: nothing of hers."""
    cashier.scan(cashier.shop.cards["陈静"])
    assert log(cashier).filled.is_empty
    cashier.press(Key.Key_Escape)
    cashier.scan(receipt)
    dialog = log(cashier)
    assert (dialog.filled.is_empty, dialog.filled.topic, marked(dialog)) == (True, "", [])
    cashier.type("2bottle leaks")
    dialog.contact.setText("13712342468")
    cashier.press(Key.Key_Escape)


def finish_his(cashier: Cashier, receipt: str) -> None:
    """Scanned at the desk, left and opened by nobody's name: the case has its receipt."""
    cashier.scan(receipt)
    assert intake(cashier).filled.text == "bottle leaks"
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_N, CONTROL)
    cashier.press(Key.Key_Return, CONTROL)
    assert [line.receipt for line in listed(cashier.shop).lines].count(receipt) == 1
    assert log(cashier).filled.is_empty
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_R, CONTROL)  # its receipt, and back to the case
    cashier.settle()
    assert cashier.at(ToReceipt)
    assert "返回这条客诉" in [key.text() for key in cashier.shown(SecondaryButton)]
    cashier.press(Key.Key_Escape)
    cashier.settle()
    assert cashier.at(ToComplaints)


def test_what_was_written_for_somebody_forgotten_since_is_gone(manager: Cashier) -> None:
    cashier = manager
    at_complaints(cashier)
    dialog = log(cashier)
    cashier.scan(cashier.shop.cards["陈静"])
    cashier.type("2she was shouted at")
    cashier.press(Key.Key_Escape)
    wanted = {"member_id": cashier.shop.members["陈静"], "reason": "本人要求"}
    assert isinstance(cashier.shop.do(ask_erasure, **wanted), ErasureHolds)
    dialog = log(cashier)
    assert dialog.filled.is_empty
    cashier.press(Key.Key_Escape)
    assert log(cashier).filled.is_empty
