"""The till by real key events: real screen, real services, a real SQLCipher file."""

import threading

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.real_shop import APPLE_LABEL, MILK, OIL, TOWEL, RealShop
from tests.ui import keys
from tests.ui.opened import CONTROL, Opened, open_on
from tests.ui.till.visits import Visited, rows_of
from ui.application import Application
from ui.coupons.sheet import CouponsSheet
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import LookUpMember, ToPayment
from ui.sounds import Sound
from ui.till.strip_view import StripView

Key = Qt.Key
UNKNOWN = "6901028000888"


def with_check_digit(body: str) -> str:
    total = sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(body))
    return body + str((10 - total % 10) % 10)


APPLES_842_G = with_check_digit("21" + "00012" + "00842")


def ring_up_the_story(opened: Opened) -> None:
    """The basket of the pictures: gold member, milk, apples, two towels, oil."""
    opened.scan(opened.shop.cards["张三丰"])
    for code in (MILK, APPLES_842_G, TOWEL, TOWEL, OIL):
        opened.shop.clock.go_on(milliseconds=1_000)
        opened.scan(code)


# ------------------------------------------------------------------ the story


def test_the_story_shows_the_sums_of_the_pictures(opened: Opened) -> None:
    ring_up_the_story(opened)
    screen = opened.till.screen
    assert rows_of(opened) == [
        ("纯牛奶 250ml×12", "1", "51.92"),
        ("红富士苹果", "0.842 kg", "9.49"),
        ("纯棉毛巾 34×74", "2", "35.02"),
        ("特级初榨橄榄油 500ml", "1", "55.00"),
    ]
    assert screen.totals.due.text() == "¥136.43"
    assert screen.totals.rows.texts == [
        ("标价合计", "177.58"), ("金卡与特价", "−26.15"), ("优惠券 满150减15", "−15.00"),
    ]  # fmt: skip
    assert opened.till.view.counts == "4 种 ⋅ 5 件"
    assert opened.till.view.totals.saved == "共省 ¥41.15"
    member = opened.till.view.member
    assert member is not None
    assert (member.points, member.earn, member.earn_note) == (
        "2,340", "+409", "金卡 1.5 倍 × 生日 2 倍",
    )  # fmt: skip
    assert [coupon.state for coupon in member.coupons] == ["used", "free", "free"]
    assert member.strip == StripView("gold", "再消费 ¥128 保级金卡", "12-31 前", "再 ¥128 保级金卡")
    assert opened.sounds.count(Sound.MEMBER_OK) == 1
    assert opened.sounds.count(Sound.SCAN_OK) == 5


def test_why_explains_the_chosen_line_and_stays_true_while_one_scans(opened: Opened) -> None:
    ring_up_the_story(opened)
    opened.press(Key.Key_Slash, text="/")
    sheet = opened.sheet
    assert opened.why.title == "为什么是 ¥55.00？"
    assert [part.figure for part in (*opened.why.own, *opened.why.shares)] == ["−13.00", "−5.45"]
    assert opened.why.proof == "各项相加等于 ¥49.55"
    assert "金卡 8.8折" in [unused.name for unused in opened.why.unused]
    opened.scan(MILK)
    assert opened.till.sheets.current is sheet
    assert opened.why.goods.startswith("纯牛奶")
    opened.press(Key.Key_Down)
    assert opened.why.goods.startswith("红富士苹果")
    opened.press(Key.Key_Escape)
    assert opened.till.sheets.current is None


def test_another_coupon_takes_three_keys(opened: Opened) -> None:
    ring_up_the_story(opened)
    opened.press(Key.Key_F6)
    opened.press(Key.Key_Down)
    opened.press(Key.Key_Return)
    assert opened.till.sheets.current is None
    assert opened.till.screen.totals.due.text() == "¥143.43"
    used = [held for held in opened.panel.coupons if held.state == "used"]
    assert [(held.words.zh, held.by_hand) for held in used] == [("满100减8", True)]
    opened.press(Key.Key_F6)
    sheet = opened.sheet
    assert isinstance(sheet, CouponsSheet)
    sheet.best_requested.emit()
    opened.settle()
    assert opened.till.screen.totals.due.text() == "¥136.43"


# ------------------------------------------------------------------ quantities and lines


def test_three_and_star_before_a_scan_are_three_pieces(opened: Opened) -> None:
    opened.type("3*")
    opened.scan(TOWEL)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "3", "59.70")]
    opened.scan(MILK)
    assert rows_of(opened)[1][1] == "1", "the quantity counts once"


def test_a_quantity_that_a_scales_label_refuses_is_said_and_waits(opened: Opened) -> None:
    opened.type("3*")
    opened.scan(APPLE_LABEL)
    assert rows_of(opened) == []
    assert "3 ×" in opened.till.screen.notice.sentence
    assert opened.sounds[-1] is Sound.SCAN_ERROR
    opened.scan(TOWEL)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "3", "59.70")]
    opened.type("3*")
    opened.scan(APPLE_LABEL)
    opened.press(Key.Key_Escape)
    opened.scan(APPLE_LABEL)
    assert rows_of(opened)[1][1] == "0.842 kg"


def test_a_quantity_typed_anew_is_not_overwritten_by_the_one_refused(opened: Opened) -> None:
    may_answer = threading.Event()
    opened.type("3*")
    opened.shop.store.lane.submit(lambda work: may_answer.wait(30))
    opened.till.take_scan(APPLE_LABEL)
    keys.type_text(opened.window, "2*")
    may_answer.set()
    opened.settle()
    opened.scan(TOWEL)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "2", "39.80")]


def test_star_alone_sets_the_quantity_of_the_line(opened: Opened) -> None:
    opened.scan(TOWEL)
    opened.type("*")
    opened.type("5")
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "5", "99.50")]


@pytest.mark.parametrize("typed", ["0", "1000", "1.5", "0.0001"])
def test_a_wrong_quantity_is_refused_and_changes_nothing(opened: Opened, typed: str) -> None:
    opened.scan(TOWEL)
    opened.type("*")
    opened.type(typed)
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "1", "19.90")]
    assert opened.till.screen.notice.sentence
    assert opened.sounds[-1] is Sound.SCAN_ERROR


@pytest.mark.parametrize("typed", ["1234", "0", "0.0001", "x-2", "1.5"])
def test_a_refused_quantity_stays_to_be_mended_and_says_why(opened: Opened, typed: str) -> None:
    opened.scan(TOWEL)
    opened.type("*")
    opened.type(typed)
    opened.press(Key.Key_Return)
    field = opened.till.screen.input
    assert (field.text(), field.edit.hasFocus()) == (typed, True)
    assert field.error_text == opened.till.screen.notice.sentence != ""
    for _ in typed:
        opened.press(Key.Key_Backspace)
    assert field.error_text == "", "whoever mends it is not told any longer"
    opened.type("5")
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("纯棉毛巾 34×74", "5", "99.50")]
    assert field.text() == ""


def test_a_scan_gives_up_a_refused_quantity(opened: Opened) -> None:
    opened.scan(TOWEL)
    opened.type("*")
    opened.type("1234")
    opened.press(Key.Key_Return)
    opened.scan(MILK)
    assert [row[:2] for row in rows_of(opened)] == [
        ("纯棉毛巾 34×74", "1"),
        ("纯牛奶 250ml×12", "1"),
    ]
    assert (opened.till.screen.input.text(), opened.till.screen.input.error_text) == ("", "")


def test_too_many_before_the_star_stay_and_say_why(opened: Opened) -> None:
    opened.type("1234*")
    field = opened.till.screen.input
    assert (field.text(), field.edit.hasFocus()) == ("1234", True)
    assert field.error_text == opened.till.screen.notice.sentence != ""


def test_plus_minus_delete_and_undo(opened: Opened) -> None:
    opened.scan(TOWEL)
    opened.scan(MILK)
    opened.press(Key.Key_Plus, text="+")
    assert rows_of(opened)[1][1] == "2"
    opened.press(Key.Key_Minus, text="-")
    opened.press(Key.Key_Up)
    assert opened.state.selected == opened.state.lines[0].line_id
    opened.press(Key.Key_Delete)
    assert [row[0] for row in rows_of(opened)] == ["纯牛奶 250ml×12"]
    opened.press(Key.Key_Z, CONTROL)
    assert [row[0] for row in rows_of(opened)] == ["纯棉毛巾 34×74", "纯牛奶 250ml×12"]


def test_minus_on_the_last_piece_is_refused(opened: Opened) -> None:
    opened.scan(TOWEL)
    opened.press(Key.Key_Minus, text="-")
    assert rows_of(opened) == [("纯棉毛巾 34×74", "1", "19.90")]
    assert opened.sounds[-1] is Sound.SCAN_ERROR


def test_emptying_the_basket_asks_and_is_undone_within_ten_seconds(opened: Opened) -> None:
    ring_up_the_story(opened)
    opened.press(Key.Key_Delete, CONTROL)
    dialog = opened.window.findChild(ConfirmDialog)
    assert dialog is not None
    opened.press(Key.Key_Return)
    assert opened.till.view.counts.startswith("4 "), "Enter is the safe answer"
    opened.press(Key.Key_Delete, CONTROL)
    opened.press(Key.Key_Return, CONTROL)
    assert not opened.state.lines
    assert opened.state.member is None
    assert opened.till.screen.notice.sentence == "购物篮已清空。"
    opened.press(Key.Key_Z, CONTROL)
    assert opened.till.screen.totals.due.text() == "¥136.43"


def test_an_emptied_basket_is_gone_after_ten_seconds(opened: Opened) -> None:
    opened.scan(MILK)
    opened.press(Key.Key_Delete, CONTROL)
    opened.press(Key.Key_Return, CONTROL)
    opened.shop.clock.go_on(milliseconds=10_001)
    opened.press(Key.Key_Z, CONTROL)
    assert not opened.state.lines


# ------------------------------------------------------------------ what nobody knows


def test_an_unknown_code_becomes_a_line_that_blocks_payment(opened: Opened) -> None:
    opened.scan(MILK)
    opened.scan(UNKNOWN)
    assert opened.sounds[-1] is Sound.SCAN_ERROR
    assert opened.state.lines[1].problem == "unknown"
    opened.press(Key.Key_F9)
    assert opened.till.screen.notice.sentence == (
        "没有这个条码：6901…888。选商品或删除后才能收款。"
    )
    assert opened.sounds[-1] is Sound.SCAN_ERROR
    opened.press(Key.Key_Delete)
    assert [line.problem for line in opened.state.lines] == [None]


@pytest.mark.parametrize("way", ["F9", "payment code"])
def test_whatever_a_line_is_in_the_way_of_leads_to_that_line(opened: Opened, way: str) -> None:
    opened.scan(UNKNOWN)
    opened.scan(MILK)
    unknown, milk = (line.line_id for line in opened.state.lines)
    assert opened.state.selected == milk
    assert opened.till.screen.pay.text() == "先处理 1 行"
    if way == "F9":
        opened.press(Key.Key_F9)
    else:
        opened.scan("134567890123456789")
    assert opened.till.screen.notice.sentence == "没有这个条码：6901…888。选商品或删除后才能收款。"
    assert opened.till.screen.table.current_id == unknown
    opened.press(Key.Key_Delete)
    assert opened.till.screen.pay.text() == "收款"


def test_a_payment_code_says_that_the_basket_is_empty(opened: Opened) -> None:
    opened.scan("134567890123456789")
    assert opened.till.screen.notice.sentence == "购物篮是空的：请先扫商品。"


def test_enter_links_an_unknown_code_to_an_item_for_ever(opened: Opened) -> None:
    opened.scan(UNKNOWN)
    opened.press(Key.Key_Return)
    opened.type("cnn")
    assert [hit.name for hit in opened.till.screen.suggestions.shown] == ["纯牛奶 250ml×12"]
    opened.press(Key.Key_Return)
    assert rows_of(opened) == [("纯牛奶 250ml×12", "1", "59.00")]
    opened.scan(UNKNOWN)
    assert rows_of(opened) == [("纯牛奶 250ml×12", "2", "118.00")]


# ------------------------------------------------------------------ where keys lead


def test_f9_and_enter_on_the_empty_input_go_to_payment(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited(opened, monkeypatch)
    opened.scan(MILK)
    opened.press(Key.Key_F9)
    opened.press(Key.Key_Return)
    assert visited.went == [ToPayment(), ToPayment()]


def test_an_empty_basket_has_nothing_to_pay(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited(opened, monkeypatch)
    opened.press(Key.Key_F9)
    opened.press(Key.Key_Return)
    assert visited.went == []
    assert opened.till.screen.notice.sentence == "购物篮是空的：请先扫商品。"


def test_a_payment_code_goes_to_payment_with_a_complete_basket_only(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    visited = Visited(opened, monkeypatch)
    opened.scan("134567890123456789")
    assert visited.went == []
    assert opened.sounds[-1] is Sound.SCAN_ERROR
    opened.scan(MILK)
    opened.scan("134567890123456789")
    assert len(visited.went) == 1
    paid_by = visited.went[0].pay_by
    assert (paid_by.channel.value.lower(), paid_by.secret) == ("wechat", "134567890123456789")
    assert "134567890123456789" not in repr(visited.went)


def test_f3_takes_along_what_was_typed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    visited = Visited(opened, monkeypatch)
    opened.type("1380")
    opened.press(Key.Key_F3)
    assert visited.went == [LookUpMember("1380")]
    assert opened.till.screen.input.text() == ""


def test_f1_lists_the_keys_of_the_till_and_no_dead_ones(opened: Opened) -> None:
    listed = {action.action.value for action in opened.till.key_actions()}
    assert {"pay", "member", "offers", "why", "undo", "lock", "reprint"} <= listed
    assert {"hold", "recall", "discount", "void", "more"} <= listed
    assert not listed & {"drawer", "manage", "sync_now"}


def test_f12_locks_and_keeps_the_basket(opened: Opened) -> None:
    opened.scan(MILK)
    opened.press(Key.Key_F12)
    assert opened.state.locked
    opened.scan(opened.shop.badges["张敏"])
    assert opened.state.staff is not None
    assert opened.state.staff.name == "张敏"
    assert rows_of(opened) == [("纯牛奶 250ml×12", "1", "59.00")]


# ------------------------------------------------------------------ switches


def test_language_and_theme_switch_with_a_full_basket(
    opened: Opened, application: Application
) -> None:
    ring_up_the_story(opened)
    before = opened.state
    opened.press(Key.Key_Slash, text="/")
    opened.handle.parts.language.use("en")
    opened.settle()
    screen = opened.till.screen
    assert screen.totals.rows.texts[1] == ("Gold and special prices", "−26.15")
    assert [row.reason for row in screen.table.rows] == [
        "Gold 12% off", "Weighed ⋅ Gold 12% off", "Gold 12% off", "Member-day price",
    ]  # fmt: skip
    assert opened.why.proof == "The parts add up to ¥49.55"
    assert opened.state is before
    application.theme.use(scale_percent=150)
    opened.settle()
    assert screen.totals.due.text() == "¥136.43"


def test_the_basket_comes_back_after_the_till_was_closed(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    first = open_on(real_shop, application, qtbot)
    first.scan(real_shop.badges["李明"])
    ring_up_the_story(first)
    first.close()
    again = open_on(real_shop, application, qtbot)
    again.scan(real_shop.badges["李明"])
    assert again.till.screen.totals.due.text() == "¥136.43"
    again.close()


def test_nobody_signed_in_rings_up_nothing(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    opened = open_on(real_shop, application, qtbot)
    opened.scan(MILK)
    assert not opened.state.lines
    assert opened.till.screen.notice.sentence == "还没有人登录：请先扫工牌。"
    opened.close()
