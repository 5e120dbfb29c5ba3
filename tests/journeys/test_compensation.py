"""Compensation at the real window: a coupon, points, a colleague's yes, and what each is worth."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from app.services.complaint_act import assign_complaint
from tests.journeys.cashier import Cashier
from tests.journeys.test_complaints import case, desk_of, form, open_desk, send
from tests.services.complaints import taken, with_coupons
from ui.complaints.move_dialog import MoveDialog
from ui.navigation import ToComplaints, ToMember

pytestmark = pytest.mark.journey
Key = Qt.Key


def is_in_sight(dialog: MoveDialog) -> bool:
    """The field of points with all that is said below it."""
    row, port = dialog.day_row, dialog.area.viewport()
    top, bottom = (row.mapTo(port, at).y() for at in (QPoint(), row.rect().bottomLeft()))
    return 0 <= top < bottom < port.height()


def test_a_coupon_with_a_colleagues_yes_points_within_the_limit_and_the_members_page(
    cashier: Cashier, application: Any
) -> None:
    shop = with_coupons(cashier.shop)
    case_id = taken(shop)
    cashier.shop.do(assign_complaint, case_id=case_id, staff_id=shop.staff["李明"])
    desk = open_desk(cashier)
    cashier.type("c")
    assert "自己可给：¥0" in " ".join(cashier.texts())
    cashier.type("1sorry")
    send(cashier)
    cashier.scan(shop.badges["王芳"])
    assert not list(cashier.shown(MoveDialog))
    assert desk.screen.notice.sentence == "已给出并记录，合 ¥10.00。"
    assert [each.text for each in case(desk).story[-1:]] == ["sorry"]
    application.theme.use(scale_percent=150)
    cashier.window.resize(1024, 768)
    cashier.type("c4")
    cashier.type("20x")
    send(cashier)
    assert form(cashier).day_row.error_text == "请选一张券，或写多少积分。"
    assert is_in_sight(form(cashier))
    cashier.press(Key.Key_Backspace)
    assert form(cashier).day_row.info_text == "合 ¥0.20：需同事授权。"
    assert is_in_sight(form(cashier))
    application.theme.use(scale_percent=100)
    send(cashier)
    cashier.press(Key.Key_Escape)  # nobody stands by: what was typed is still there
    assert form(cashier).day_text == "20"
    send(cashier)
    cashier.scan(shop.badges["王芳"])
    assert case(desk).room.given.minor == 1_020
    assert "给了 20 积分（¥0.20）" in " ".join(cashier.texts())
    for _ in range(2):
        cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F12)
    cashier.scan(shop.badges["王芳"])
    desk = open_desk(cashier)
    cashier.type("m")
    assert cashier.at(ToMember)
    page: Any = cashier.handle.parts.navigation.current
    (row,) = page.screen.table.rows
    assert "C0702-1" in row.words
    cashier.press(Key.Key_Return)
    assert cashier.at(ToComplaints)
    assert case(desk_of(cashier)).line.case_id == case_id
    for place in (ToMember, ToComplaints):
        cashier.press(Key.Key_Escape)
        assert cashier.at(place)
