"""Rows 17 to 19 of the task table: open the shift, close it, change the cashier.

By keys and scans alone and again by taps and scans alone; each ends at the stored fact and the
printed Z.
"""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt

from app.domain.facts import (
    ShiftClosed,
    ShiftOpened,
    ShiftTakenOver,
)
from app.services.staff import lock_till
from tests.journeys.cashier import COUNTER, Cashier, a_till, sit_down
from tests.journeys.shift_acts import (
    CASH_SALES,
    PIECES,
    count,
    facts_of,
    grid_of,
    sell,
    tab,
    to_close,
    visible_texts,
)
from tests.real_shop import MILK
from ui.application import Application
from ui.approval.panel import ApprovalPanel
from ui.key_map import Action
from ui.navigation import ToShiftClose, ToShiftOpen, ToSignIn, ToTill
from ui.shift.reason_dialog import ReasonDialog
from ui.till.more_dialog import MoreDialog

pytestmark = pytest.mark.journey
Key = Qt.Key

# ------------------------------------------------------------------ row 17


def test_17_open_the_shift_is_badge_and_enter(after_close: Cashier) -> None:
    cashier = after_close
    cashier.begin()
    cashier.scan(cashier.shop.badges["李明"])
    assert cashier.at(ToShiftOpen)
    assert "¥450.00" in cashier.texts()
    cashier.press(Key.Key_Return)
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 1, 0)
    assert cashier.at(ToTill)
    opened = facts_of(cashier, ShiftOpened)[-1]
    assert (opened.float_minor, opened.left_minor, opened.reason) == (45000, 45000, "")
    assert opened.staff == cashier.shop.staff["李明"]
    sell(cashier)
    assert cashier.sales()[-1].total_minor == CASH_SALES


def test_17_by_a_tap(after_close: Cashier) -> None:
    cashier = after_close
    cashier.begin()
    cashier.scan(cashier.shop.badges["李明"])
    cashier.tap_named("直接用上班留存")
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 0, 1)
    assert cashier.at(ToTill)
    assert cashier.state.shift is not None


def test_a_float_that_differs_asks_why_and_keeps_both(after_close: Cashier) -> None:
    cashier = after_close
    cashier.scan(cashier.shop.badges["李明"])
    cashier.press(Key.Key_F2)
    count(
        cashier,
        dict.fromkeys(PIECES, "") | {"100": "4", "20": "2", "1": "7"},
    )
    assert any("少 ¥3.00" in text for text in cashier.texts())
    cashier.press(Key.Key_Return)
    assert next(iter(cashier.shown(ReasonDialog))).is_open
    cashier.type("2")
    assert cashier.at(ToTill)
    opened = facts_of(cashier, ShiftOpened)[-1]
    assert (opened.float_minor, opened.left_minor, opened.reason) == (44700, 45000, "miscount")
    assert opened.pieces == ((10000, 4), (2000, 2), (100, 7))


def test_the_first_shift_of_a_shop_is_counted_by_touch(first_day: Cashier) -> None:
    cashier = first_day
    cashier.begin()
    cashier.scan(cashier.shop.badges["李明"])
    assert cashier.at(ToShiftOpen)
    cashier.tap(grid_of(cashier).field("50"))
    cashier.tap_figures("9")
    cashier.tap_named("开班")
    assert cashier.keys == 0
    assert cashier.at(ToTill)
    opened = facts_of(cashier, ShiftOpened)[-1]
    assert (opened.float_minor, opened.left_minor) == (45000, None)


@pytest.mark.parametrize(
    ("typed", "said"),
    [("12a", "只能填整数张"), ("-3", "不能小于零"), ("10000", "最多 9,999 张")],
    ids=["letters", "negative", "too-many"],
)
def test_a_wrong_count_is_refused_beside_its_field(
    first_day: Cashier, typed: str, said: str
) -> None:
    cashier = first_day
    cashier.scan(cashier.shop.badges["李明"])
    cashier.type(typed)
    field = grid_of(cashier).field("100")
    assert (field.text(), field.accessibleDescription()) == (typed, said)
    assert said in cashier.texts()
    cashier.tap_named("开班")
    assert cashier.at(ToShiftOpen)
    assert field.text() == typed, "nothing that was typed is cleared"
    assert field.hasFocus()
    assert cashier.state.shift is None


def test_goods_wait_for_the_shift(after_close: Cashier) -> None:
    cashier = after_close
    cashier.scan(cashier.shop.badges["李明"])
    cashier.scan(MILK)
    assert cashier.at(ToShiftOpen)
    assert not cashier.state.lines
    assert "请先开班，再扫一次。" in cashier.texts()
    cashier.tap(tab(cashier, "ToTill"))
    assert cashier.at(ToShiftOpen), "nobody gets past it"


# ------------------------------------------------------------------ row 18


def test_18_close_the_shift_of_eight_denominations(cashier: Cashier) -> None:
    sell(cashier)
    cashier.begin()
    to_close(cashier)
    assert "应有" not in visible_texts(cashier), "the count is blind"
    count(cashier, PIECES)
    cashier.press(Key.Key_Return)  # save the count
    assert "应有" in visible_texts(cashier)
    cashier.press(Key.Key_Return)  # close, the float stays
    assert (cashier.scans, cashier.taps) == (0, 0)
    assert cashier.keys == 2 + 8 * 3 + 2
    closed = facts_of(cashier, ShiftClosed)
    assert len(closed) == 1
    end = closed[0].end
    assert (end.counted_minor, end.left_minor, end.handed_minor) == (59690, 45000, 14690)
    assert closed[0].paper.over_short_minor == 0
    assert "Z 报表" in "".join(cashier.at_till.printer.papers())
    assert cashier.state.shift is None
    cashier.press(Key.Key_Return)
    assert cashier.at(ToSignIn)
    cashier.scan(cashier.shop.badges["张敏"])
    cashier.press(Key.Key_Return)
    assert cashier.at(ToTill)
    assert facts_of(cashier, ShiftOpened)[-1].staff == cashier.shop.staff["张敏"]


def test_18_by_touch_alone(cashier: Cashier) -> None:
    sell(cashier)
    cashier.begin()
    cashier.tap(tab(cashier, "ToShift"))
    cashier.tap_named("清点交班")
    for figures in PIECES.values():
        cashier.tap_figures([*figures, "confirm"])
    cashier.tap_named("保存清点")
    cashier.tap_named("交班")
    assert (cashier.scans, cashier.keys) == (0, 0)
    assert facts_of(cashier, ShiftClosed)[0].end.handed_minor == 14690
    cashier.tap_named("退出登录")
    assert cashier.at(ToSignIn)


def test_a_large_difference_takes_a_reason_and_a_manager(cashier: Cashier) -> None:
    sell(cashier)
    to_close(cashier)
    count(cashier, PIECES | {"50": "00"})
    cashier.press(Key.Key_Return)
    assert "−50.00" in visible_texts(cashier)
    cashier.press(Key.Key_Return)
    cashier.type("1")
    assert next(iter(cashier.shown(ApprovalPanel))).is_open
    assert not facts_of(cashier, ShiftClosed)
    cashier.scan(cashier.shop.badges["王芳"])
    closed = facts_of(cashier, ShiftClosed)[0]
    assert (closed.paper.over_short_minor, closed.end.reason) == (-5000, "wrong_change")
    assert closed.approved_by == (cashier.shop.staff["王芳"],)
    assert closed.staff == cashier.shop.staff["李明"], "the cashier stays signed in"


def test_one_recount_both_kept_then_no_more(cashier: Cashier) -> None:
    sell(cashier)
    to_close(cashier)
    count(cashier, PIECES | {"100": "03"})
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_F2)
    assert grid_of(cashier).field("100").text() == ""
    count(cashier, PIECES)
    cashier.press(Key.Key_Return)
    assert not [each for each in visible_texts(cashier) if "重新清点" in each]
    cashier.press(Key.Key_F2)
    cashier.type("200")  # another float is to stay
    cashier.press(Key.Key_Return)
    end = facts_of(cashier, ShiftClosed)[0].end
    assert [each.counted_minor for each in end.counts] == [49690, 59690]
    assert end.left_minor == 20000


def test_a_basket_in_the_way_is_named_with_one_way_out(cashier: Cashier) -> None:
    cashier.scan(MILK)
    to_close(cashier)
    assert any("购物篮里还有商品" in text for text in visible_texts(cashier))
    cashier.press(Key.Key_Return)
    assert cashier.at(ToTill)
    assert len(cashier.state.lines) == 1


def test_back_to_selling_sets_the_count_aside(cashier: Cashier) -> None:
    to_close(cashier)
    count(cashier, dict.fromkeys(PIECES, "") | {"100": "4", "50": "1"})
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Escape)
    assert cashier.at(ToTill)
    sell(cashier)
    assert len(cashier.sales()) == 1


def test_a_counted_drawer_waits_through_a_lock_and_a_restart(cashier: Cashier) -> None:
    to_close(cashier)
    count(cashier, dict.fromkeys(PIECES, "1"))
    cashier.press(Key.Key_Return)
    cashier.shop.open()
    cashier.handle.start()
    cashier.settle()
    cashier.scan(cashier.shop.badges["李明"])
    assert cashier.at(ToShiftClose)
    assert "应有" in visible_texts(cashier)


def test_a_lock_puts_the_question_away_and_keeps_the_count(cashier: Cashier) -> None:
    sell(cashier)
    to_close(cashier)
    count(cashier, PIECES | {"50": "00"})
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return)
    assert next(iter(cashier.shown(ReasonDialog))).is_open
    locked = cashier.shop.do(lock_till)
    cashier.handle.parts.live.adopt(locked.state)
    cashier.settle()
    assert cashier.at(ToSignIn)
    assert not list(cashier.shown(ReasonDialog)), "nothing lies over the sign-in"
    cashier.scan(cashier.shop.badges["李明"])
    assert cashier.at(ToShiftClose)
    assert "−50.00" in visible_texts(cashier)


# ------------------------------------------------------------------ row 19


def test_19_change_the_cashier_is_f12_and_badge(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.begin()
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["张敏"])
    assert (cashier.scans, cashier.keys, cashier.taps) == (1, 1, 0)
    assert cashier.at(ToTill)
    assert cashier.state.staff is not None
    assert cashier.state.staff.staff_id == cashier.shop.staff["张敏"]
    assert len(cashier.state.lines) == 1, "the basket waits"


def test_19_by_touch_alone(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.begin()
    cashier.tap(cashier.till.screen.key_bar.key(Action.MORE))
    more = next(iter(cashier.shown(MoreDialog)))
    cashier.tap(next(tile for tile in more.tiles if "锁" in tile.accessibleName()))
    assert cashier.at(ToSignIn)
    cashier.tap_named("张* 收银员")
    cashier.tap_figures([*"3691", "confirm"])
    assert (cashier.scans, cashier.keys) == (0, 0)
    assert cashier.at(ToTill)
    assert cashier.state.staff is not None
    assert cashier.state.staff.staff_id == cashier.shop.staff["张敏"]
    assert len(cashier.state.lines) == 1, "the basket waits"


def test_a_shift_that_is_not_shared_is_taken_over_or_left(
    tmp_path: Path, application: Application
) -> None:
    till = a_till(tmp_path, settings=msgspec.structs.replace(COUNTER, shift_shared=False))
    cashier = sit_down(till, application)
    try:
        cashier.scan(cashier.shop.badges["张敏"])
        assert cashier.at(ToShiftOpen)
        assert any("李*" in text or "李明" in text for text in visible_texts(cashier))
        cashier.press(Key.Key_Return)  # a cashier may not: another one signs in
        assert cashier.at(ToSignIn)
        cashier.scan(cashier.shop.badges["王芳"])
        assert cashier.at(ToShiftOpen)
        cashier.press(Key.Key_Return)
        assert cashier.at(ToTill)
        taken = facts_of(cashier, ShiftTakenOver)
        assert [each.before for each in taken] == [cashier.shop.staff["李明"]]
        sell(cashier)
        assert len(cashier.sales()) == 1
    finally:
        cashier.leave()
        till.close()


# ------------------------------------------------------------------ left open


def test_a_shift_left_open_over_midnight_says_so_at_the_next_sign_in(cashier: Cashier) -> None:
    cashier.press(Key.Key_F12)
    cashier.shop.clock.go_on(milliseconds=15 * 3600 * 1000)
    cashier.scan(cashier.shop.badges["李明"])
    assert cashier.at(ToTill)
    assert "这是 2026-11-21 的班次：请尽快清点并交班。" in visible_texts(cashier)
    sell(cashier)
    to_close(cashier)
    count(cashier, PIECES)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return)
    closed = facts_of(cashier, ShiftClosed)[0]
    assert (closed.paper.day, closed.paper.over_short_minor) == ("2026-11-21", 0)


def test_closing_the_window_asks_while_a_shift_is_open(cashier: Cashier) -> None:
    cashier.window.close()
    cashier.settle()
    assert cashier.window.isVisible()
    assert "班次仍然开着。当天结束时请先清点交班。" in visible_texts(cashier)
    cashier.press(Key.Key_Escape)
    assert cashier.window.isVisible()
    cashier.scan(MILK)
    cashier.window.close()
    cashier.settle()
    assert "购物篮会保留，下次打开时还在。" in visible_texts(cashier)
    cashier.press(Key.Key_Return)
    assert not cashier.window.isVisible()
