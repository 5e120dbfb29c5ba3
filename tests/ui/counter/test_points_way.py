"""What the payment says of points at a till of a chain: which way they go, and why no more."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt

from app.domain.redeem_way import RedeemWay
from tests.real_shop import MILK, OIL, TOWEL
from tests.ui.counter.test_payment import ring_up
from tests.ui.opened import Opened
from ui.payment.view_model import PayForm, present

Key = Qt.Key


def test_how_points_go_is_said_of_what_is_spent(counter: Opened) -> None:
    """A reservation for a coupon alone keeps no points: head office is still asked for them."""
    counter.scan(counter.shop.cards["张三丰"])
    ring_up(counter, MILK, TOWEL, OIL)
    counter.press(Key.Key_F9)
    counter.press(Key.Key_F6)
    wording, used = counter.handle.parts.wording, counter.state.totals.points_used
    assert used > 0

    def said(way: RedeemWay) -> str:
        view = present(replace(counter.state, redeem=way), PayForm(), wording)
        assert view.points is not None
        return view.points.how

    assert said(RedeemWay()) == "", "a shop without a server"
    assert said(RedeemWay("online", 0, reservation="r", is_final=False)) == "向总部核对。"
    assert said(RedeemWay("online", used, reservation="r")) == "总部已预留。"
    refused = RedeemWay("online", 0, why="server_refused")
    assert said(refused) == "总部现在没有更多可用。"
    limited = RedeemWay("floor", used, why="member_limit")
    assert said(limited) == "离线，在本机限额内。离线时每位会员不能用更多。"


def test_why_nothing_can_be_spent_offline_is_no_fault_of_the_basket(counter: Opened) -> None:
    counter.scan(counter.shop.cards["张三丰"])
    ring_up(counter, MILK, TOWEL, OIL)
    old = replace(
        counter.state,
        redeem=RedeemWay("floor", 0, why="old_data"),
        totals=replace(counter.state.totals, points_redeemable=0),
        not_applied=(),
    )
    view = present(old, PayForm(), counter.handle.parts.wording)
    assert view.points is not None
    assert (view.points.detail, view.points.how) == ("现在不能用积分", "太久没有联系上总部。")


def test_who_has_to_show_his_card_is_told_that_and_nothing_of_ways(counter: Opened) -> None:
    counter.scan(counter.shop.cards["张三丰"])
    ring_up(counter, MILK, TOWEL, OIL)
    by_phone = replace(
        counter.state,
        redeem=RedeemWay("grant", 800, why="member_limit"),
        member=replace(counter.panel, points_today_left=0, identified_by="phone"),
        totals=replace(counter.state.totals, points_redeemable=0),
        not_applied=(),
    )
    view = present(by_phone, PayForm(), counter.handle.parts.wording)
    assert view.points is not None
    assert (view.points.detail, view.points.how) == ("扫会员卡后才能用积分", "")
