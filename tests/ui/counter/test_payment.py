"""Payment by real key events, real services and the product's own simulated bank."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.domain.money import Money
from app.services.payment import open_attempts
from tests.real_shop import APPLE_LABEL, GOLD_PHONE, MILK, OIL, TOWEL
from tests.services.conftest import use_program
from tests.ui.opened import ALT, CONTROL, Opened
from ui.kit.dialogs import ConfirmDialog
from ui.navigation import RecallHeld, ToPayment, ToReceipt, ToTill
from ui.payment.controller import PaymentController
from ui.payment.likely import quick_amounts, split_amounts
from ui.payment.view_model import PayForm, Phase, present
from ui.receipt.controller import ReceiptController
from ui.sounds import Sound

Key = Qt.Key
WALLET = "2881234567890123"  # an Alipay code; its last two digits say what the bank does


def at_payment(counter: Opened) -> PaymentController:
    current = counter.handle.parts.navigation.current
    assert isinstance(current, PaymentController)
    return current


def view_texts(counter: Opened) -> tuple[str, str, str]:
    screen = at_payment(counter)._screen
    return screen._due.text(), screen.change.received.text(), screen.change.change.text()


def here(counter: Opened) -> object:
    return counter.handle.parts.navigation.here


def ring_up(counter: Opened, *codes: str) -> None:
    for code in codes:
        counter.shop.clock.go_on(milliseconds=1_000)
        counter.scan(code)


def done(counter: Opened) -> ToReceipt:
    place = here(counter)
    assert isinstance(place, ToReceipt), place
    return place


@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        pytest.param(11340, [11340, 12000, 15000, 20000], id="the pictures"),
        pytest.param(860, [860, 1000, 2000, 5000], id="a small sum"),
        pytest.param(150, [150, 500, 1000, 2000], id="under five yuan"),
        pytest.param(10000, [10000, 20000, 50000], id="a whole note"),
        pytest.param(5160, [5160, 6000, 10000, 20000], id="between notes"),
    ],
)
def test_the_likely_notes(due: int, wanted: list[int]) -> None:
    assert [amount.minor for amount in quick_amounts(Money(due), "CNY")] == wanted


@pytest.mark.parametrize(
    ("due", "wanted"),
    [
        pytest.param(12700, [12700, 10000, 6350, 5000], id="all, a note, half, a note"),
        pytest.param(10001, [10001, 10000, 5001, 5000], id="half is rounded up"),
        pytest.param(860, [860, 430], id="below every note"),
        pytest.param(1, [1], id="a fen cannot be parted"),
    ],
)
def test_the_likely_parts(due: int, wanted: list[int]) -> None:
    assert [amount.minor for amount in split_amounts(Money(due), "CNY")] == wanted


def test_exact_cash_takes_two_keys(counter: Opened) -> None:
    ring_up(counter, MILK, TOWEL, OIL)
    counter.press(Key.Key_F9)
    assert isinstance(here(counter), ToPayment)
    counter.press(Key.Key_F9)
    sale = done(counter).done
    assert (sale.due, sale.change) == (Money(14690), Money(0))
    assert counter.sounds[-1] is Sound.PAID


EVENING = """
[[offers]]
id = "evening"
name = { zh = "傍晚满60减6", en = "Evening: ¥6 off ¥60" }
trigger = "automatic"
threshold = { amount = "60.00" }
when = { hours = ["18:00", "18:05"] }
effect = { kind = "amount_off", amount = "6.00" }
"""


@pytest.mark.parametrize(
    "tender", [pytest.param(None, id="cash"), pytest.param(Key.Key_2, id="terminal")]
)
def test_an_offer_that_ends_before_the_second_key_is_said_before_money_is_taken(
    counter: Opened, tender: Qt.Key | None
) -> None:
    use_program(counter.shop, EVENING)
    ring_up(counter, OIL)
    counter.press(Key.Key_F9)
    if tender is not None:
        counter.press(tender, ALT)
    assert view_texts(counter)[0] == "¥62.00"
    counter.shop.clock.go_on(milliseconds=20 * 60_000)
    counter.press(Key.Key_F9)
    assert isinstance(here(counter), ToPayment)
    assert at_payment(counter)._form.notice == "价格已变动，现在应收 ¥68.00。请先告诉顾客，再继续。"
    assert view_texts(counter)[0] == "¥68.00"
    assert counter.shop.do(lambda shop, work: open_attempts(work=work)) == []
    counter.press(Key.Key_F9)
    assert done(counter).done.due == Money(6_800), "told by now: the second time it is taken"


def test_cash_with_change_takes_five_keys(counter: Opened) -> None:
    ring_up(counter, MILK)
    for key in (Key.Key_F9, Key.Key_1, Key.Key_0, Key.Key_0, Key.Key_Return):
        counter.press(key)
    assert done(counter).done.change == Money(4100)


def test_the_story_of_the_pictures(counter: Opened) -> None:
    counter.scan(counter.shop.cards["张三丰"])
    ring_up(counter, MILK, APPLE_LABEL, TOWEL, TOWEL, OIL)
    counter.press(Key.Key_F9)
    assert view_texts(counter)[0] == "¥136.40"
    counter.press(Key.Key_F6)
    assert view_texts(counter)[0] == "¥113.40"
    counter.type("120")
    assert view_texts(counter) == ("¥113.40", "120.00", "¥6.60")
    counter.press(Key.Key_Return)
    sale = done(counter).done
    assert (sale.change, sale.points_earned, sale.points_balance) == (Money(660), 340, 380)


def test_too_little_is_said_and_nothing_is_recorded(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.type("50")
    assert at_payment(counter)._screen.change.change_label.text() == "还差"
    assert at_payment(counter)._screen.confirm.text() == "确认收款", "no part can be taken here"
    counter.press(Key.Key_Return)
    assert at_payment(counter)._screen._notice.sentence == "还差 ¥9.00"
    assert counter.state.last_sale_id is None
    assert at_payment(counter)._screen.amount.edit.text() == "50"


def test_an_unlikely_amount_is_asked_about_and_enter_is_the_safe_answer(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.type("59000")
    counter.press(Key.Key_Return)
    dialog = counter.window.findChild(ConfirmDialog)
    assert dialog is not None
    assert dialog.is_open
    counter.press(Key.Key_Return)
    assert counter.state.last_sale_id is None
    counter.press(Key.Key_Return)
    dialogs = [each for each in counter.window.findChildren(ConfirmDialog) if each.is_open]
    assert len(dialogs) == 1
    counter.press(Key.Key_Return, CONTROL)
    assert done(counter).done.change == Money(5900000 - 5900)


def test_esc_goes_back_to_the_basket(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.press(Key.Key_Escape)
    assert isinstance(here(counter), ToTill)
    assert len(counter.state.lines) == 1


def test_a_pay_code_charges_at_once(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan(WALLET)
    counter.settle()
    sale = done(counter).done
    assert sale.receipt.tenders[0].kind == "mobile"
    assert sum(taken.minor for taken in counter.shop.bank.taken().values()) == 5900
    assert WALLET not in repr(sale)


def test_scan_the_pay_code_at_the_till(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.scan(WALLET)
    counter.settle()
    assert done(counter).done.received == Money(5900)


def test_a_declined_code_takes_nothing(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan("2881234567890101")
    counter.settle()
    notice = at_payment(counter)._screen._notice.sentence
    assert notice == "余额不足，未扣款。请换一种付款方式。"
    assert counter.shop.bank.taken() == {}
    assert at_payment(counter).phase is Phase.CHOOSE
    counter.press(Key.Key_F9)  # the tender is still the code: start it without one
    counter.settle()


def test_a_lost_answer_is_queried_and_never_charged_again(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan("2881234567890103")
    counter.settle()
    payment = at_payment(counter)
    assert payment.phase is Phase.UNKNOWN
    assert payment._screen.terminal.headline == "还不知道是否付款成功。先查询，不要重复收款。"
    assert counter.sounds[-1] is Sound.NEED_ATTENTION
    counter.press(Key.Key_F9)
    counter.scan(WALLET)
    assert len(counter.shop.bank.taken()) == 1
    counter.press(Key.Key_Return)
    counter.settle()
    assert done(counter).done.received == Money(5900)
    assert len(counter.shop.bank.taken()) == 1


def test_cash_instead_of_an_unknown_payment_keeps_the_attempt(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan("2881234567890104")
    counter.settle()
    button = at_payment(counter)._screen.terminal.button("cash")
    assert button is not None
    button.click()
    counter.settle()
    counter.press(Key.Key_F9)
    assert done(counter).done.receipt.tenders[0].kind == "cash"
    still_open = counter.shop.store.lane.read(lambda work: open_attempts(work=work)).result()
    assert len(still_open) == 1


def test_a_separate_terminal_is_answered_for_by_hand(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.press(Key.Key_3, ALT)
    counter.press(Key.Key_Return)
    counter.settle()
    assert at_payment(counter).phase is Phase.BY_HAND
    counter.press(Key.Key_Return)  # a second Enter must not say "paid"
    assert at_payment(counter).phase is Phase.BY_HAND
    counter.press(Key.Key_Delete)
    assert at_payment(counter).phase is Phase.CHOOSE
    counter.press(Key.Key_Return)
    counter.settle()
    counter.press(Key.Key_Return, CONTROL)
    assert done(counter).done.receipt.tenders[0].kind == "card"


@pytest.mark.parametrize("way", ["till", "held", "staff"])
def test_the_header_leaves_no_terminal_that_is_asked(counter: Opened, way: str) -> None:
    """As Esc and F12 do; the screen says why."""
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan("2881234567890103")
    counter.settle()
    counter.sounds.clear()
    _press_in_header(counter, way)
    payment = at_payment(counter)
    assert payment.phase is Phase.UNKNOWN
    assert not counter.state.locked
    assert counter.sounds == [Sound.SCAN_ERROR]
    assert payment._screen._notice.sentence == "本单已收款或正在收款：请先完成收款。"


def _press_in_header(counter: Opened, way: str) -> None:
    if way == "staff":
        counter.window.staff_requested.emit()
    else:
        tab = ToTill if way == "till" else RecallHeld
        counter.window.tab_requested.emit(tab.__name__)
    counter.settle()


def test_a_payment_found_open_is_shown_first(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.scan("2881234567890103")
    counter.settle()
    counter.shop.open()
    counter.shop.sign_in()
    counter.handle.parts.navigation.go(ToTill())
    counter.handle.parts.navigation.go(ToPayment())
    assert at_payment(counter).phase is Phase.UNKNOWN


def test_goods_scanned_at_the_payment_go_to_the_basket(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    ring_up(counter, TOWEL)
    assert isinstance(here(counter), ToTill)
    assert len(counter.state.lines) == 2


def test_why_points_cannot_be_used_is_said(counter: Opened) -> None:
    counter.press(Key.Key_F3)
    counter.type(GOLD_PHONE)
    counter.press(Key.Key_Return)
    ring_up(counter, MILK, TOWEL, OIL)
    spent = replace(
        counter.state,
        member=replace(counter.panel, points_today_left=0),
        totals=replace(counter.state.totals, points_redeemable=0),
        not_applied=(),
    )
    view = present(spent, PayForm(), counter.handle.parts.wording)
    assert view.points is not None
    assert (view.points.can_toggle, view.points.detail) == (False, "扫会员卡后才能用积分")


def test_another_number_of_points(counter: Opened) -> None:
    counter.scan(counter.shop.cards["张三丰"])
    ring_up(counter, MILK, OIL)
    counter.press(Key.Key_F9)
    at_payment(counter).points.edit()
    counter.type("450")
    counter.press(Key.Key_Return)
    dialog = at_payment(counter).points.dialog
    assert dialog is not None
    assert dialog._row.error_text == "须是 100 分的整数倍"
    for _ in range(3):
        counter.press(Key.Key_Backspace)
    counter.type("500")
    counter.press(Key.Key_Return)
    assert at_payment(counter).points.dialog is None
    assert counter.state.totals.points_used == 500


def test_the_language_changes_and_the_amount_stays(counter: Opened) -> None:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.type("70")
    counter.window.switch_language()
    counter.settle()
    screen = at_payment(counter)._screen
    assert screen.amount.edit.text() == "70"
    assert screen.confirm.text() == "Confirm payment"


# ------------------------------------------------------------------ after it


def pay(counter: Opened) -> ReceiptController:
    ring_up(counter, MILK)
    counter.press(Key.Key_F9)
    counter.press(Key.Key_F9)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    return current


def test_the_next_scan_starts_the_next_sale(counter: Opened) -> None:
    pay(counter)
    ring_up(counter, TOWEL)
    assert isinstance(here(counter), ToTill)
    assert [line.sku for line in counter.state.lines] == ["towel"]


def test_the_done_screen_gives_way_by_itself(counter: Opened) -> None:
    controller = pay(counter)
    for _ in range(counter.state.settings.receipt_return_s):
        controller._tick()
    assert isinstance(here(counter), ToTill)


def test_a_reprint_says_that_it_is_a_copy(counter: Opened) -> None:
    pay(counter)
    counter.press(Key.Key_R, CONTROL)
    assert counter.shop.paper.receipts[-1].copy == 2
    counter.press(Key.Key_R, CONTROL)
    assert counter.shop.paper.receipts[-1].copy == 3
    assert isinstance(here(counter), ToReceipt)


def test_a_crossed_tier_line_is_celebrated(counter: Opened) -> None:
    counter.scan(counter.shop.cards["陈静"])
    ring_up(counter, OIL)
    for _ in range(40):
        counter.press(Key.Key_Plus, text="+")
    counter.press(Key.Key_F9)
    counter.press(Key.Key_F9)
    current = counter.handle.parts.navigation.current
    assert isinstance(current, ReceiptController)
    assert done(counter).done.tier_reached is not None
    assert "银卡" in current._screen._cheer.sentence
