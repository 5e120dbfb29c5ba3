"""A lost answer to a payment is asked for at the next start or at night; nobody pays twice."""

from threading import Thread

from pytestqt.qtbot import QtBot

from app.domain.payment import TimedOut
from app.domain.quantity import pieces
from app.services.audit_trail import read_trail
from app.services.checkout import SaleDone
from app.services.payment import (
    PaymentStarted,
    ask_terminal,
    finish_payment,
    pay_cash,
    set_payment_aside,
    start_payment,
)
from app.services.refund import begin_refund, choose_back
from app.services.refund_answers import RefundDone
from app.services.refund_payment import (
    ask_terminal_back,
    confirm_refund,
    finish_giving_back,
    give_back_in_cash,
)
from app.services.scan import scan_code
from tests.real_shop import MILK, RealShop
from tests.ui.opened import open_on
from ui.application import Application

TAKEN_BUT_TIMED_OUT = "134567890123456703"


def test_money_taken_for_a_sale_that_was_paid_otherwise_is_said_at_the_next_start(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    real_shop.sign_in()
    real_shop.do(scan_code, text=MILK)
    started = real_shop.do(start_payment, kind="mobile")
    assert isinstance(started, PaymentStarted)
    attempt = started.attempt
    lost = ask_terminal(shop=real_shop.shop, attempt=attempt, payer_code=TAKEN_BUT_TIMED_OUT)
    real_shop.do(finish_payment, attempt_id=attempt.attempt_id, result=lost)
    real_shop.do(set_payment_aside, attempt_id=attempt.attempt_id)
    assert isinstance(real_shop.do(pay_cash), SaleDone)

    made = open_on(real_shop, application, qtbot)
    try:
        qtbot.waitUntil(lambda: "59.00" in made.window.banner.sentence, timeout=5000)
        lane = real_shop.store.lane
        kept = lane.submit(lambda work: work.payments.get(attempt.attempt_id)).result()
        assert kept is not None
        assert kept.state == "approved"
        trail = lane.submit(lambda work: read_trail(work=work)).result()
        assert [entry.entry.action for entry in trail].count("payment_without_sale") == 1
        assert lane.submit(lambda work: work.sales.count()).result() == 1
    finally:
        made.close()


def test_a_till_that_is_never_restarted_asks_at_night(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    made = open_on(real_shop, application, qtbot)
    try:
        made.scan(real_shop.badges["李明"])
        made.scan(MILK)
        started = made.ask(start_payment, kind="mobile")
        attempt = started.attempt
        lost = ask_terminal(shop=real_shop.shop, attempt=attempt, payer_code=TAKEN_BUT_TIMED_OUT)
        made.ask(finish_payment, attempt_id=attempt.attempt_id, result=lost)
        made.ask(set_payment_aside, attempt_id=attempt.attempt_id)
        assert isinstance(made.ask(pay_cash), SaleDone)
        night = Thread(target=made.handle.on_night)
        night.start()
        night.join()
        qtbot.waitUntil(lambda: "59.00" in made.window.banner.sentence, timeout=5000)
        lane = real_shop.store.lane
        kept = lane.submit(lambda work: work.payments.get(attempt.attempt_id)).result()
        assert kept is not None
        assert kept.state == "approved"
    finally:
        made.close()


def test_money_given_back_twice_is_said_at_the_next_start(
    real_shop: RealShop, application: Application, qtbot: QtBot
) -> None:
    real_shop.sign_in("王芳")
    real_shop.do(scan_code, text=MILK)
    attempt = real_shop.do(start_payment, kind="mobile").attempt
    taken = ask_terminal(shop=real_shop.shop, attempt=attempt)
    sale = real_shop.do(finish_payment, attempt_id=attempt.attempt_id, result=taken)
    state = real_shop.do(begin_refund, sale_id=sale.sale_id).state
    real_shop.do(choose_back, line_id=state.lines[0].line_id, quantity=pieces(1), reason="unwanted")
    asked = real_shop.do(confirm_refund, refund_id=state.refund_id)
    ask_terminal_back(shop=real_shop.shop, attempt=asked.attempt)
    key = asked.attempt.attempt_id
    real_shop.do(finish_giving_back, attempt_id=key, result=TimedOut())
    real_shop.do(give_back_in_cash, refund_id=state.refund_id)
    assert isinstance(real_shop.do(confirm_refund, refund_id=state.refund_id), RefundDone)

    made = open_on(real_shop, application, qtbot)
    try:
        qtbot.waitUntil(lambda: "59.00" in made.window.banner.sentence, timeout=5000)
        lane = real_shop.store.lane
        kept = lane.submit(lambda work: work.refunds.attempt(key)).result()
        assert kept is not None
        assert kept.state == "approved"
        assert len(lane.submit(lambda work: work.exceptions.open_cases()).result()) == 1
    finally:
        made.close()
