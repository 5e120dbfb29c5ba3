"""From the receipt on: a copy with its number, by right or a yes, and goods of this very sale."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt

from app.domain.rights import DEFAULT_RIGHTS, Limit, RoleRights
from app.services.opening import open_till
from tests.journeys.cashier import Cashier
from tests.real_shop import MILK, TOWEL
from ui.approval.panel import ApprovalPanel
from ui.navigation import ToReceipt, ToRefund, ToTill
from ui.receipt.controller import ReceiptController

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def sold(cashier: Cashier) -> str:
    """Milk for cash; the number of its receipt. The done screen is in front."""
    cashier.scan(MILK)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    return cashier.sales()[-1].code


def receipt_of(cashier: Cashier) -> ReceiptController:
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    return current


def reprint_needs_a_yes(cashier: Cashier) -> None:
    """The shop asks for a yes to a copy, even of its cashiers."""

    def limits(role: RoleRights) -> RoleRights:
        limit = Limit(verdict="approval", approves=role.role_id == "manager")
        return replace(role, limits={**role.limits, "reprint": limit})

    def write(work: Any) -> None:
        work.rights.write(replace(DEFAULT_RIGHTS, roles=tuple(map(limits, DEFAULT_RIGHTS.roles))))

    cashier.shop.store.lane.submit(write).result()
    answer = cashier.shop.do(open_till)
    cashier.handle.parts.live.adopt(answer.state)
    cashier.scan(cashier.shop.badges["李明"])


def test_a_copy_bears_its_number_on_the_key_and_on_the_paper(cashier: Cashier) -> None:
    sold(cashier)
    screen = receipt_of(cashier)._screen
    assert screen.print.text() == "打印副本 2"
    cashier.press(Key.Key_R, CONTROL)
    assert screen.print.text() == "打印副本 3"
    cashier.tap(screen.print)
    assert screen.print.text() == "打印副本 4"
    acts = cashier.read(lambda work: work.audit.entries(0, 1000))
    told = [dict(row.entry.details) for row in acts if row.entry.action == "receipt_reprinted"]
    assert told == [{"copy": "2"}, {"copy": "3"}]


@pytest.mark.parametrize("by", ["key", "tap"])
def test_goods_of_this_sale_come_back_straight_from_its_receipt(cashier: Cashier, by: str) -> None:
    code = sold(cashier)
    if by == "key":
        cashier.press(Key.Key_F8)
    else:
        cashier.tap_named("退这一单")
    assert cashier.at(ToRefund)
    here = cashier.handle.parts.navigation.here
    assert isinstance(here, ToRefund)
    assert here.receipt == code
    current: Any = cashier.handle.parts.navigation.current
    assert current.screen.table.rows, "its goods stand there, nothing has to be scanned again"


def test_a_receipt_scanned_at_an_empty_till_is_shown_with_both_keys(cashier: Cashier) -> None:
    code = sold(cashier)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    cashier.scan(code)
    assert cashier.at(ToReceipt)
    screen = receipt_of(cashier)._screen
    assert screen._title.text() == "已找到小票"
    assert screen.print.text() == "打印副本 2"
    assert len(cashier.at_till.printer.papers()) == 1, "a look prints nothing"
    cashier.press(Key.Key_R, CONTROL)
    assert screen.print.text() == "打印副本 3"
    cashier.press(Key.Key_F8)
    assert cashier.at(ToRefund)


def test_goods_on_the_till_stay_in_front_of_a_scanned_receipt(cashier: Cashier) -> None:
    code = sold(cashier)
    cashier.scan(TOWEL)
    cashier.scan(code)
    assert cashier.at(ToTill)
    assert len(cashier.state.lines) == 1


def test_a_copy_that_needs_a_yes_prints_by_itself_after_a_badge(cashier: Cashier) -> None:
    sold(cashier)
    cashier.press(Key.Key_Escape)
    reprint_needs_a_yes(cashier)
    cashier.press(Key.Key_R, CONTROL)
    (panel,) = cashier.shown(ApprovalPanel)
    assert panel.isVisible()
    cashier.scan(cashier.shop.badges["王芳"])
    assert not list(cashier.shown(ApprovalPanel))
    acts = cashier.read(lambda work: work.audit.entries(0, 1000))
    (told,) = [dict(row.entry.details) for row in acts if row.entry.action == "receipt_reprinted"]
    assert told == {"copy": "2", "approved_by": cashier.shop.staff["王芳"]}


def test_a_copy_asked_for_on_the_receipt_waits_for_the_pin_there(cashier: Cashier) -> None:
    reprint_needs_a_yes(cashier)
    code = sold(cashier)
    cashier.tap_named("打印副本 2")
    assert list(cashier.shown(ApprovalPanel))
    cashier.press(Key.Key_Escape)
    assert not list(cashier.shown(ApprovalPanel))
    assert receipt_of(cashier)._screen.print.text() == "打印副本 2"
    cashier.tap_named("打印副本 2")
    cashier.type("9513")
    cashier.press(Key.Key_Return)
    assert cashier.at(ToReceipt)
    assert receipt_of(cashier)._screen.print.text() == "打印副本 3"
    assert cashier.sales()[-1].code == code
