"""Money goes back: by terminals that may not know, by a colleague's yes, after the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.devices.terminals import Behaviour
from app.domain.money import Money
from app.domain.quantity import pieces
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge, approve_with_pin
from app.services.payment import (
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    start_payment,
)
from app.services.refund import (
    MoneyMoves,
    RefundChanged,
    cancel_refund,
    choose_back,
)
from app.services.refund_answers import (
    GaveBackByHand,
    GivenBackTwice,
    GivingBackUnknown,
    NoSuchTry,
    NoTerminalBack,
    NotGivenBack,
    RefundDone,
)
from app.services.refund_payment import (
    confirm_back_by_hand,
    confirm_refund,
    finish_giving_back,
    give_back_in_cash,
    open_tries,
    query_terminal_back,
)
from app.services.scan import scan_code
from app.services.staff import sign_in_with_pin
from tests.real_shop import (
    OIL,
    PINS,
    TOWEL,
    RealShop,
)
from tests.services.conftest import restarted, trail
from tests.services.refunds import (
    DAY_MS,
    Scripted,
    begun,
    chosen,
    fact_of,
    shop_with,
    sold,
    tried,
    verified,
)


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def shop(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    yield from shop_with(bank, tmp_path)


# ------------------------------------------------------------------ terminals


def test_a_mobile_payment_goes_back_where_it_came_from(shop: RealShop, bank: Scripted) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    assert state.total.payouts[0].paid_by == "模拟"
    asked = shop.do(confirm_refund, refund_id=state.refund_id)
    done = tried(shop, asked)
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash) == (Money(6800), Money(0))
    assert bank.bank.given_back() == {asked.attempt.attempt_id: Money(6800)}
    (tender,) = fact_of(shop, state.refund_id).tenders
    assert (tender.kind, tender.attempt) == ("mobile", asked.attempt.attempt_id)
    assert tender.reference.startswith("SIM-")
    assert isinstance(
        shop.do(finish_giving_back, attempt_id=asked.attempt.attempt_id, result=None), NoSuchTry
    )
    assert verified(shop) == []


@pytest.mark.parametrize("behaviour", ["time_out", "unknown"])
def test_no_answer_is_queried_also_after_a_crash_and_never_asked_for_twice(
    shop: RealShop, bank: Scripted, behaviour: Behaviour
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = behaviour
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(unknown, GivingBackUnknown)
    assert unknown.state.money_moves
    line = state.lines[0].line_id
    assert isinstance(shop.do(choose_back, line_id=line, quantity=pieces(0)), MoneyMoves)
    assert isinstance(shop.do(cancel_refund), MoneyMoves)
    assert isinstance(shop.do(confirm_refund, refund_id=state.refund_id), GivingBackUnknown)
    restarted(shop)
    shop.sign_in("张敏")
    answer: Any = unknown
    for _ in range(3):
        (attempt,) = shop.do(lambda shop, work: open_tries(work=work)) or (None,)
        if attempt is None:
            break
        result = query_terminal_back(shop=shop.shop, attempt=attempt)
        answer = shop.do(finish_giving_back, attempt_id=attempt.attempt_id, result=result)
        if isinstance(answer, RefundDone):
            break
    assert isinstance(answer, RefundDone)
    assert list(bank.bank.given_back().values()) == [Money(6800)]
    assert fact_of(shop, state.refund_id).staff == shop.staff["李明"]
    assert verified(shop) == []


def test_a_refused_card_goes_in_cash_with_a_yes_that_the_act_waits_for(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "decline"
    refused = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(refused, NotGivenBack)
    assert refused.reason == "insufficient"
    needed = shop.do(give_back_in_cash, refund_id=state.refund_id)
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.effect) == ("refund_in_cash", Money(6800))
    yes = shop.do(approve_with_badge, request_id=needed.request_id, badge=shop.badges["王芳"])
    assert isinstance(yes, Approved)
    assert isinstance(yes.answer, RefundChanged)
    done = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(done, RefundDone)
    assert done.cash == Money(6800)
    assert fact_of(shop, state.refund_id).approved_by == (shop.staff["王芳"],)
    assert bank.bank.given_back() == {}


def test_a_try_set_aside_that_gave_after_all_is_an_exception(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "time_out"
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    shop.do(sign_in_with_pin, staff_id=shop.staff["王芳"], pin=PINS["王芳"])
    assert isinstance(shop.do(give_back_in_cash, refund_id=state.refund_id), RefundChanged)
    assert isinstance(shop.do(confirm_refund, refund_id=state.refund_id), RefundDone)
    (left,) = shop.do(lambda shop, work: open_tries(work=work))
    assert left.is_set_aside
    result = query_terminal_back(shop=shop.shop, attempt=left)
    twice = shop.do(finish_giving_back, attempt_id=left.attempt_id, result=result)
    assert isinstance(twice, GivenBackTwice)
    assert "refund_paid_twice" in trail(shop)
    (case,) = shop.do(lambda shop, work: work.exceptions.open_cases())
    assert (case.kind, case.subject) == ("refund_paid_twice", left.attempt_id)
    assert unknown.attempt.attempt_id == left.attempt_id


def test_a_try_set_aside_that_gave_before_the_cash_was_given_is_used(
    shop: RealShop, bank: Scripted
) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    bank.behaviour = "time_out"
    unknown = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    shop.do(sign_in_with_pin, staff_id=shop.staff["王芳"], pin=PINS["王芳"])
    shop.do(give_back_in_cash, refund_id=state.refund_id)
    result = query_terminal_back(shop=shop.shop, attempt=unknown.attempt)
    done = shop.do(finish_giving_back, attempt_id=unknown.attempt.attempt_id, result=result)
    assert isinstance(done, RefundDone)
    assert (done.paid, done.cash) == (Money(6800), Money(0))


def test_a_separate_terminal_is_answered_for_by_hand(shop: RealShop) -> None:
    shop.do(scan_code, text=OIL)
    attempt = shop.do(start_payment, kind="card").attempt
    shop.do(finish_payment, attempt_id=attempt.attempt_id,
            result=ask_terminal(shop=shop.shop, attempt=attempt))  # fmt: skip
    sale_id = shop.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=True).sale_id
    state = chosen(shop, sale_id, (0, 1))
    by_hand = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    assert isinstance(by_hand, GaveBackByHand)
    key = by_hand.attempt.attempt_id
    refused = shop.do(confirm_back_by_hand, attempt_id=key, given=False)
    assert isinstance(refused, NotGivenBack)
    again = tried(shop, shop.do(confirm_refund, refund_id=state.refund_id))
    done = shop.do(confirm_back_by_hand, attempt_id=again.attempt.attempt_id, given=True)
    assert isinstance(done, RefundDone)


def test_a_tender_without_its_terminal_says_so(shop: RealShop) -> None:
    sale_id = sold(shop, OIL, kind="mobile")
    state = chosen(shop, sale_id, (0, 1))
    del shop.shop.terminals["mobile"]  # type: ignore[attr-defined] # a shop takes its terminal away
    answer = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(answer, NoTerminalBack)
    assert answer.kind == "mobile"


# ------------------------------------------------------------------ approvals


def test_a_large_one_waits_for_a_yes_and_then_completes_by_itself(shop: RealShop) -> None:
    sale_id = sold(shop, *[OIL] * 4)
    state = chosen(shop, sale_id, (0, 4))
    assert [need.act for need in state.approvals] == ["refund_amount"]
    needed = shop.do(confirm_refund, refund_id=state.refund_id, shown=Money(27_200))
    assert isinstance(needed, ApprovalNeeded)
    assert (needed.act, needed.effect) == ("refund_amount", Money(27_200))
    yes = shop.do(
        approve_with_pin,
        request_id=needed.request_id,
        staff_id=shop.staff["王芳"],
        pin=PINS["王芳"],
    )
    assert isinstance(yes, Approved), yes
    assert isinstance(yes.answer, RefundDone)
    assert fact_of(shop, state.refund_id).approved_by == (shop.staff["王芳"],)


def test_after_the_window_printed_on_the_receipt_somebody_has_to_say_yes(shop: RealShop) -> None:
    sale_id = sold(shop, TOWEL)
    shop.clock.go_on(milliseconds=7 * DAY_MS)
    assert not begun(shop, sale_id).is_late
    shop.do(cancel_refund)
    shop.clock.go_on(milliseconds=DAY_MS)
    state = chosen(shop, sale_id, (0, 1))
    assert state.is_late
    assert state.last_day == date(2026, 11, 28)
    needed = shop.do(confirm_refund, refund_id=state.refund_id)
    assert isinstance(needed, ApprovalNeeded)
    assert needed.act == "refund_late"
