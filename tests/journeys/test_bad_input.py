"""What bad input gets at the window: a sentence, a tone, and nothing lost."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.domain.quantity import pieces
from tests.journeys.cashier import Cashier
from tests.real_shop import GOLD_PHONE, MILK, NEW_PHONE, OIL, TOWEL
from tests.ui import keys
from ui.kit.dialogs import ConfirmDialog, KitDialog
from ui.navigation import JoinMember, LookUpMember, ToPayment, ToReceipt, ToTill
from ui.sounds import Sound

pytestmark = pytest.mark.journey
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
UNKNOWN, BAD_DIGIT = "6901028000888", "6901028000018"
APPROVED, DECLINED = "134567890123456788", "134567890123456701"
TIMED_OUT, NOT_KNOWN = "134567890123456703", "134567890123456704"


def names(cashier: Cashier) -> list[str]:
    return [line.name for line in cashier.state.lines]


# ------------------------------------------------------------------ codes


def test_an_unknown_code_is_kept_as_a_line_and_bars_payment_until_it_is_resolved(
    cashier: Cashier,
) -> None:
    cashier.scan(MILK)
    cashier.scan(UNKNOWN)
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert [line.problem for line in cashier.state.lines] == [None, "unknown"]
    assert not list(cashier.shown(KitDialog)), "no message box"
    cashier.press(Key.Key_F9)
    assert cashier.at(ToTill)
    assert cashier.till.screen.notice.sentence == (
        "没有这个条码：6901…888。选商品或删除后才能收款。"
    )  # fmt: skip
    cashier.scan(APPROVED)
    assert cashier.at(ToTill), "nor can a pay code charge it"
    assert cashier.shop.bank.taken() == {}
    cashier.press(Key.Key_Return)  # pick the item it stands for
    cashier.type("tjcz")
    cashier.press(Key.Key_Return)
    assert [line.problem for line in cashier.state.lines] == [None, None]
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sale().total_minor == 5900 + 6800


def test_a_deleted_unknown_line_opens_payment_again(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.scan(UNKNOWN)
    cashier.press(Key.Key_Delete)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToPayment)


def test_a_bad_check_digit_is_said_and_costs_nothing(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.scan(BAD_DIGIT)
    assert [line.problem for line in cashier.state.lines] == [None, "bad_check"]
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    row = cashier.till.screen.table.rows[1]
    assert row.problem == "条码不完整：请重扫，或删除这行"
    assert cashier.till.screen.notice.sentence == "", "the line says it; once is enough"
    cashier.press(Key.Key_F9)
    assert cashier.till.screen.notice.sentence == "条码 6901…018 不完整，请重扫。"
    cashier.press(Key.Key_Delete)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sale().total_minor == 5900


@pytest.mark.parametrize("length", [513, 10_000])
def test_a_scan_far_too_long_is_dropped_whole(cashier: Cashier, length: int) -> None:
    cashier.scan(MILK)
    cashier.scan("A" * length)
    assert names(cashier) == ["纯牛奶 250ml×12"]
    assert cashier.till.screen.input.text() == ""
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert cashier.till.screen.notice.sentence
    cashier.scan(TOWEL)
    assert len(cashier.state.lines) == 2, "the next scan is read as ever"


def test_a_pay_code_over_an_empty_basket_is_refused_and_never_shown(cashier: Cashier) -> None:
    cashier.scan(APPROVED)
    assert cashier.at(ToTill)
    assert cashier.sounds[-1] is Sound.SCAN_ERROR
    assert APPROVED not in "".join(cashier.texts())
    assert cashier.shop.bank.taken() == {}


# ------------------------------------------------------------------ what is typed


@pytest.mark.parametrize("typed", ["0", "-1", "1.2345", "1000"])
def test_a_wrong_quantity_changes_nothing(cashier: Cashier, typed: str) -> None:
    cashier.scan(TOWEL)
    cashier.press(Key.Key_Asterisk, text="*")
    cashier.type(typed)
    cashier.press(Key.Key_Return)
    assert [line.quantity for line in cashier.state.lines] == [pieces(1)]
    assert Sound.SCAN_ERROR in cashier.sounds  # `-` itself: there is no piece fewer than one
    assert cashier.till.screen.notice.sentence or typed == "-1"
    cashier.press(Key.Key_Escape)
    cashier.press(Key.Key_F9)
    cashier.press(Key.Key_F9)
    assert cashier.sale().total_minor == 1990


def test_a_phone_of_ten_digits_is_answered_beside_the_field(cashier: Cashier) -> None:
    cashier.press(Key.Key_F3)
    cashier.type(NEW_PHONE[:10])
    cashier.press(Key.Key_Return)
    assert any("手机号应为 11 位，现在 10 位" in text for text in cashier.texts())
    assert NEW_PHONE[:10] in cashier.texts(), "what was typed stays"
    cashier.type(NEW_PHONE[10])
    cashier.press(Key.Key_Return)
    dialogs = [type(dialog).__name__ for dialog in cashier.shown(KitDialog)]
    assert dialogs == ["JoinDialog"]


def test_joining_without_consent_is_refused_and_keeps_the_number(cashier: Cashier) -> None:
    cashier.press(Key.Key_F3)
    cashier.type(NEW_PHONE)
    cashier.press(Key.Key_Return)
    cashier.press(Key.Key_Return)
    assert cashier.state.member is None
    assert NEW_PHONE in cashier.texts()
    assert cashier.sounds[-1] is Sound.SCAN_ERROR


def test_too_little_cash_says_how_much_is_missing(cashier: Cashier) -> None:
    cashier.scan(TOWEL)
    cashier.press(Key.Key_F9)
    cashier.type("18")
    cashier.press(Key.Key_Return)
    assert cashier.at(ToPayment)
    assert any("还差 ¥1.90" in text for text in cashier.texts())
    assert cashier.sales() == []


# ------------------------------------------------------------------ payments


def test_a_declined_code_costs_nothing_and_another_is_taken(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.scan(DECLINED)
    assert cashier.at(ToPayment)
    assert cashier.sales() == []
    assert cashier.shop.bank.taken() == {}
    cashier.scan(APPROVED)
    assert cashier.at(ToReceipt)
    assert [money.minor for money in cashier.shop.bank.taken().values()] == [5900]
    assert len(cashier.sales()) == 1


@pytest.mark.parametrize(("code", "queries"), [(TIMED_OUT, 1), (NOT_KNOWN, 2)])
def test_an_answer_that_got_lost_is_asked_for_and_never_charged_again(
    cashier: Cashier, code: str, queries: int
) -> None:
    cashier.scan(MILK)
    cashier.scan(code)
    assert cashier.at(ToPayment)
    assert "还不知道是否付款成功。先查询，不要重复收款。" in cashier.texts()
    assert Sound.NEED_ATTENTION in cashier.sounds
    taken = dict(cashier.shop.bank.taken())
    cashier.scan(APPROVED)  # another code now would charge a second time
    assert cashier.shop.bank.taken() == taken
    assert cashier.sales() == []
    for _ in range(queries):
        cashier.press(Key.Key_Return)
    assert cashier.at(ToReceipt)
    assert cashier.shop.bank.taken() == taken
    assert [tender.kind for tender in cashier.sale().tenders] == ["mobile"]


# ------------------------------------------------------------------ scans over dialogs


def test_a_scan_over_every_dialog_reaches_the_basket_and_closes_nothing(cashier: Cashier) -> None:
    parts = cashier.handle.parts
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(MILK)
    openers = {
        "ConfirmDialog": cashier.till.clearance.ask,
        "RevealDialog": cashier.till.member_acts.reveal,
        "LookUpDialog": lambda: parts.navigation.open_dialog(LookUpMember()),
        "JoinDialog": lambda: parts.navigation.open_dialog(JoinMember(phone=NEW_PHONE)),
        "HelpDialog": cashier.window.press_help,
    }
    pieces = 1
    for name, open_it in openers.items():
        open_it()
        cashier.settle()
        shown = [type(dialog).__name__ for dialog in cashier.shown(KitDialog)]
        assert shown == [name]
        cashier.scan(OIL)
        pieces += 1
        assert [type(d).__name__ for d in cashier.shown(KitDialog)] == [name], name
        assert cashier.state.totals.pieces == pieces, name
        assert cashier.state.member is not None, name
        cashier.press(Key.Key_Escape)
        assert not list(cashier.shown(KitDialog)), name


def test_a_confirmation_is_not_answered_by_the_enter_of_a_scan(cashier: Cashier) -> None:
    cashier.scan(MILK)
    cashier.till.clearance.ask()
    for gap_ms in (8, 16, 35):
        keys.scan(cashier.window, TOWEL, gap_ms=gap_ms)
        cashier.shop.clock.go_on(milliseconds=2_000)
        cashier.settle()
        assert len(list(cashier.shown(ConfirmDialog))) == 1
    assert cashier.state.totals.pieces == 4
    cashier.press(Key.Key_Return, CONTROL)
    assert cashier.state.lines == ()
    cashier.press(Key.Key_Z, CONTROL)
    assert cashier.state.totals.pieces == 4


# ------------------------------------------------------------------ who he is


def test_no_widget_shows_a_whole_phone_number(cashier: Cashier) -> None:
    cashier.scan(cashier.shop.cards["张三丰"])
    cashier.scan(MILK)
    for number in (GOLD_PHONE, f"+86{GOLD_PHONE}"):
        assert not [text for text in cashier.texts() if number in text]
    cashier.press(Key.Key_F9)
    assert not [text for text in cashier.texts() if GOLD_PHONE in text]
    cashier.press(Key.Key_F9)
    assert not [text for text in cashier.texts() if GOLD_PHONE in text]
    assert GOLD_PHONE not in cashier.paper()


def test_a_revealed_number_hides_after_ten_seconds_and_leaves_a_trace(door: Cashier) -> None:
    door.scan(door.shop.badges["王芳"])
    door.scan(door.shop.cards["张三丰"])
    door.begin()
    door.tap(door.till.screen.member.eye)
    door.press(Key.Key_1, text="1")
    assert door.keys + door.taps == 2
    assert GOLD_PHONE in door.texts()
    timer = door.till.member_acts._hide_timer
    assert timer.isSingleShot()
    assert timer.interval() == 10_000
    timer.timeout.emit()  # ten seconds later
    QApplication.processEvents()
    assert not [text for text in door.texts() if GOLD_PHONE in text]
    trail = door.read(lambda work: work.audit.entries())
    assert [entry.entry.action for entry in trail].count("phone_revealed") == 1
