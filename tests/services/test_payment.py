"""Taking money by terminals that may not know, with crashes and new prices in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace as replace_struct

from app.devices.terminals import Behaviour, HandConfirmedTerminal, SimulatedTerminal
from app.domain.basket import GivenPrice
from app.domain.effects import CouponGiven
from app.domain.fact_parts import ProgramRef
from app.domain.facts import CouponIssued
from app.domain.member import BirthdayOn
from app.domain.money import Money
from app.domain.payment import Approved, NotFound, TimedOut, Unknown
from app.services.answers import Changed, LineChanged, PaymentUnderWay
from app.services.checkout import SaleDone
from app.services.fact_writer import fresh_coupons, write_fact
from app.services.opening import refresh_desk
from app.services.payment import (
    ConfirmByHand,
    DueChanged,
    NoSuchAttempt,
    NoTerminal,
    NotPayable,
    PaymentDeclined,
    PaymentStarted,
    PaymentUnknown,
    PaymentWithoutSale,
    ask_terminal,
    confirm_by_hand,
    finish_payment,
    open_attempts,
    pay_cash,
    query_terminal,
    set_payment_aside,
    start_payment,
)
from app.services.ports import UnitOfWork
from app.services.profile import ProfileEdit, edit_profile
from app.services.recorded_prices import give_prices
from app.services.scan import scan_code
from app.services.shop import Shop
from app.services.staff import sign_in_with_pin
from tests.real_shop import DAY, IDENTITY, MILK, OIL, PINS, RealShop, copy_shop
from tests.services.conftest import restarted, trail, use_program


class Scripted:
    """A simulated bank that behaves as told."""

    def __init__(self) -> None:
        self.behaviour: Behaviour = "approve"
        self.bank = SimulatedTerminal(scripted=lambda: self.behaviour, label="模拟")


@pytest.fixture
def bank() -> Scripted:
    return Scripted()


@pytest.fixture
def paying(tmp_path: Path, bank: Scripted) -> Iterator[RealShop]:
    """A shop with a bottle of oil in the basket and a bank that behaves as told."""
    terminals = {"mobile": bank.bank, "card": HandConfirmedTerminal()}
    made = copy_shop(tmp_path, terminals=terminals)  # type: ignore[arg-type] # dict is invariant in its keys
    made.sign_in()
    made.do(scan_code, text=OIL)
    yield made
    made.close()


def started(shop: RealShop, kind: str = "mobile") -> PaymentStarted:
    answer = shop.do(start_payment, kind=kind)
    assert isinstance(answer, PaymentStarted)
    return answer


def test_a_mobile_payment_takes_exactly_what_is_due_without_round_off(
    paying: RealShop, bank: Scripted
) -> None:
    begun = started(paying)
    assert begun.state.pay_block == "payment_open"
    result = ask_terminal(shop=paying.shop, attempt=begun.attempt, payer_code="134567890123456789")
    done = paying.do(finish_payment, attempt_id=begun.attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone)
    assert (done.due, done.change) == (Money(6_800), Money(0))
    assert done.receipt.tenders[0].kind == "mobile"
    assert bank.bank.taken() == {begun.attempt.attempt_id: Money(6_800)}


def test_a_declined_payment_leaves_the_basket_for_another_try(
    paying: RealShop, bank: Scripted
) -> None:
    bank.behaviour = "decline"
    begun = started(paying)
    result = ask_terminal(shop=paying.shop, attempt=begun.attempt)
    answer = paying.do(finish_payment, attempt_id=begun.attempt.attempt_id, result=result)
    assert isinstance(answer, PaymentDeclined)
    assert answer.reason == "insufficient"
    assert answer.state.pay_block is None
    assert isinstance(paying.do(pay_cash), SaleDone)


@pytest.mark.parametrize("behaviour", ["time_out", "unknown"])
def test_no_answer_is_queried_and_never_charged_again(
    paying: RealShop, bank: Scripted, behaviour: Behaviour
) -> None:
    bank.behaviour = behaviour
    attempt = started(paying).attempt
    result = ask_terminal(shop=paying.shop, attempt=attempt)
    assert isinstance(result, TimedOut | Unknown)
    waiting = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(waiting, PaymentUnknown)
    assert paying.do(start_payment, kind="mobile") == NotPayable("payment_open")
    assert paying.do(pay_cash) == NotPayable("payment_open")
    assert paying.do(scan_code, text=MILK) == PaymentUnderWay()
    answer: object = waiting
    while isinstance(answer, PaymentUnknown):
        asked = query_terminal(shop=paying.shop, attempt=attempt)
        answer = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=asked)
    assert isinstance(answer, SaleDone)
    assert list(bank.bank.taken().values()) == [Money(6_800)]


def test_an_attempt_open_at_a_crash_is_found_queried_and_becomes_its_sale(
    paying: RealShop, bank: Scripted
) -> None:
    attempt = started(paying).attempt
    assert isinstance(ask_terminal(shop=paying.shop, attempt=attempt), Approved)
    opened = restarted(paying)  # the answer was lost with the process
    assert [found.attempt_id for found in opened.to_query] == [attempt.attempt_id]
    assert opened.state.attempt is not None
    result = query_terminal(shop=paying.shop, attempt=opened.to_query[0])
    done = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(done, SaleDone)
    assert (done.sale_id, done.due) == (attempt.basket_id, Money(6_800))
    assert restarted(paying).to_query == ()


def test_an_attempt_that_never_reached_the_terminal_frees_the_basket(paying: RealShop) -> None:
    attempt = started(paying).attempt
    opened = restarted(paying)
    result = query_terminal(shop=paying.shop, attempt=opened.to_query[0])
    assert isinstance(result, NotFound)
    answer = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(answer, PaymentDeclined)
    assert answer.state.attempt is None
    again = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=Approved("late"))
    assert again == NoSuchAttempt(attempt.attempt_id)


def test_set_aside_for_cash_and_paid_after_all_is_an_exception_not_a_second_sale(
    paying: RealShop, bank: Scripted
) -> None:
    bank.behaviour = "time_out"
    attempt = started(paying).attempt
    result = ask_terminal(shop=paying.shop, attempt=attempt)
    paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    aside = paying.do(set_payment_aside, attempt_id=attempt.attempt_id)
    assert isinstance(aside, Changed)
    assert aside.state.pay_block is None
    assert restarted(paying).state.attempt is None, "nobody waits for it any more"
    paying.sign_in()
    cash = paying.do(pay_cash)
    assert isinstance(cash, SaleDone)
    [late] = paying.do(lambda shop, work: open_attempts(work=work))
    asked = query_terminal(shop=paying.shop, attempt=late)
    answer = paying.do(finish_payment, attempt_id=late.attempt_id, result=asked)
    assert isinstance(answer, PaymentWithoutSale)
    assert answer.attempt.amount == Money(6_800)
    trail = paying.do(lambda shop, work: work.audit.entries())
    assert trail[-1].entry.action == "payment_without_sale"
    assert len(paying.do(lambda shop, work: work.sales.latest(5))) == 1


@pytest.mark.parametrize("taken", [True, False])
def test_a_separate_terminal_is_confirmed_by_hand_also_after_a_restart(
    paying: RealShop, taken: bool
) -> None:
    attempt = started(paying, "card").attempt
    result = ask_terminal(shop=paying.shop, attempt=attempt)
    asked = paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    assert isinstance(asked, ConfirmByHand)
    opened = restarted(paying)
    paying.sign_in()
    assert opened.state.attempt is not None
    assert opened.state.attempt.by_hand
    answer = paying.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=taken)
    assert isinstance(answer, SaleDone if taken else PaymentDeclined)


@pytest.mark.parametrize("taken", [True, False])
def test_nobody_says_by_hand_what_a_terminal_says_itself(paying: RealShop, taken: bool) -> None:
    attempt = started(paying, "mobile").attempt
    answer = paying.do(confirm_by_hand, attempt_id=attempt.attempt_id, taken=taken)
    assert answer == NoSuchAttempt(attempt.attempt_id)
    assert paying.shop.desk.state.attempt == attempt
    assert paying.shop.desk.state.last_sale_id is None


def test_a_tender_without_a_terminal_says_so(paying: RealShop) -> None:
    assert paying.do(start_payment, kind="other") == NoTerminal("other")


def test_a_payer_code_stands_nowhere_in_the_store(paying: RealShop, tmp_path: Path) -> None:
    secret = "134567890123456789"
    attempt = started(paying).attempt
    result = ask_terminal(shop=paying.shop, attempt=attempt, payer_code=secret)
    paying.do(finish_payment, attempt_id=attempt.attempt_id, result=result)
    rows = paying.do(lambda shop, work: (work.facts.all_facts(), work.audit.entries()))
    assert secret not in repr(rows)
    assert secret not in repr(paying.shop.desk.state)


def test_goods_can_be_added_again_once_the_payment_is_over(paying: RealShop) -> None:
    attempt = started(paying).attempt
    paying.do(finish_payment, attempt_id=attempt.attempt_id, result=NotFound())
    assert isinstance(paying.do(scan_code, text=MILK), LineChanged)


# ------------------------------------------------------------------ the amount that was asked for

MINUTE_MS = 60_000
HAPPY_HOUR = """
[[offers]]
id = "evening"
name = { zh = "傍晚满60减6", en = "Evening: ¥6 off ¥60" }
trigger = "automatic"
threshold = { amount = "60.00" }
when = { hours = ["18:00", "18:05"] }
effect = { kind = "amount_off", amount = "6.00" }
"""
BIRTHDAY_PRICE = """
[[offers]]
id = "birthday-off"
name = { zh = "生日当月减5", en = "Birthday month: ¥5 off" }
trigger = "automatic"
when = { members_only = true, birthday_month = true }
effect = { kind = "amount_off", amount = "5.00" }
"""
COUPON_60 = """
[[offers]]
id = "coupon-60-9"
name = { zh = "满50减9", en = "¥9 off ¥50" }
trigger = "coupon"
threshold = { amount = "50.00" }
effect = { kind = "amount_off", amount = "9.00" }
"""


def give_coupon(*, shop: Shop, work: UnitOfWork, member: str, offer: str) -> None:
    """What the night does, as its fact says it."""
    now = shop.now()
    given = CouponGiven(coupon=next(fresh_coupons(shop)), offer=offer)
    fact = CouponIssued(
        op_id=shop.op_id(now), store=IDENTITY.store_id, day=DAY, clock=now, member=member,
        effects=(given,), why="birthday", program=ProgramRef("renmin", "2026.2"),
    )  # fmt: skip
    write_fact(shop=shop, work=work, fact=fact)


def _approved_late(shop: RealShop, attempt_id: str) -> object:
    return shop.do(finish_payment, attempt_id=attempt_id, result=Approved("late"))


def test_a_sum_that_nobody_was_told_is_not_taken_in_cash(paying: RealShop) -> None:
    use_program(paying, HAPPY_HOUR)
    paying.clock.go_on(milliseconds=20 * MINUTE_MS)
    before = trail(paying)
    for received in (None, Money(10_000)):
        answer = paying.do(pay_cash, received=received, shown=Money(6_200))
        assert isinstance(answer, DueChanged)
        assert (answer.due, answer.state.totals.due_cash) == (Money(6_800), Money(6_800))
    assert trail(paying) == before, "nothing was recorded"
    done = paying.do(pay_cash, shown=Money(6_800))
    assert isinstance(done, SaleDone)
    assert done.due == Money(6_800)


def test_a_sum_that_nobody_was_told_is_not_asked_of_a_terminal(paying: RealShop) -> None:
    use_program(paying, HAPPY_HOUR)
    paying.clock.go_on(milliseconds=20 * MINUTE_MS)
    answer = paying.do(start_payment, kind="mobile", shown=Money(6_200))
    assert isinstance(answer, DueChanged)
    assert answer.state.pay_block is None
    assert paying.do(lambda shop, work: open_attempts(work=work)) == []
    assert isinstance(paying.do(start_payment, kind="mobile", shown=Money(6_800)), PaymentStarted)


def test_a_price_that_ends_while_the_terminal_is_asked_is_kept_for_that_sale(
    paying: RealShop,
) -> None:
    use_program(paying, HAPPY_HOUR)
    begun = started(paying)
    assert begun.attempt.amount == Money(6_200)
    paying.clock.go_on(milliseconds=20 * MINUTE_MS)
    paying.do(refresh_desk)  # somebody else's commit: the night, a pull
    done = _approved_late(paying, begun.attempt.attempt_id)
    assert isinstance(done, SaleDone)
    assert done.due == Money(6_200)


def test_a_price_that_ends_between_a_crash_and_the_restart_is_kept_too(paying: RealShop) -> None:
    use_program(paying, HAPPY_HOUR)
    attempt = started(paying).attempt
    paying.clock.go_on(milliseconds=20 * MINUTE_MS)
    assert restarted(paying).state.totals.due == Money(6_200)
    done = _approved_late(paying, attempt.attempt_id)
    assert isinstance(done, SaleDone)
    assert done.due == Money(6_200)


def test_a_sale_paid_before_a_restart_is_of_the_cashier_who_took_the_money(
    paying: RealShop,
) -> None:
    attempt = started(paying).attempt
    restarted(paying)
    done = _approved_late(paying, attempt.attempt_id)
    assert isinstance(done, SaleDone)
    assert done.state.staff is None, "nobody is signed in by it"
    assert done.receipt.cashier == "李*"
    sale = paying.do(lambda shop, work: work.sales.get(done.sale_id))
    assert sale.staff_id == paying.staff["李明"]
    entries = paying.do(lambda shop, work: work.audit.entries())
    [sold] = [each.entry for each in entries if each.entry.action == "sale"]
    assert sold.staff_id == paying.staff["李明"]


def test_a_birthday_told_while_the_terminal_is_asked_does_not_change_the_amount(
    paying: RealShop,
) -> None:
    use_program(paying, BIRTHDAY_PRICE)
    paying.do(scan_code, text=paying.cards["陈静"])
    begun = started(paying)
    born = ProfileEdit(birthday=BirthdayOn(11, 20))
    paying.do(edit_profile, member_id=paying.members["陈静"], edit=born)
    done = _approved_late(paying, begun.attempt.attempt_id)
    assert isinstance(done, SaleDone)
    assert done.due == begun.attempt.amount


def test_what_a_terminal_was_asked_for_stays_the_price_whatever_came_meanwhile(
    paying: RealShop,
) -> None:
    use_program(paying, COUPON_60)
    paying.do(scan_code, text=paying.cards["陈静"])
    attempt = started(paying).attempt
    paying.do(give_coupon, member=paying.members["陈静"], offer="coupon-60-9")
    restarted(paying)
    paying.sign_in()
    done = _approved_late(paying, attempt.attempt_id)
    assert isinstance(done, SaleDone)
    assert done.due == attempt.amount


def test_money_for_another_amount_than_the_basket_costs_by_now_is_given_back(
    paying: RealShop,
) -> None:
    """A basket as an earlier version kept it, without the prices of its attempt."""
    use_program(paying, COUPON_60)
    paying.do(scan_code, text=paying.cards["陈静"])
    attempt = started(paying).attempt
    paying.do(give_coupon, member=paying.members["陈静"], offer="coupon-60-9")
    old = replace_struct(paying.shop.desk.state.basket, agreed=None)
    paying.do(lambda shop, work: work.baskets.save(old))
    restarted(paying)
    paying.sign_in()
    answer = _approved_late(paying, attempt.attempt_id)
    assert isinstance(answer, PaymentWithoutSale)
    assert answer.state is not None
    assert answer.state.pay_block is None, "the basket can be paid again"
    assert trail(paying)[-1] == "payment_without_sale"
    assert isinstance(paying.do(pay_cash), SaleDone)


def test_where_nothing_is_due_no_terminal_is_asked(paying: RealShop, bank: Scripted) -> None:
    [oil] = paying.shop.desk.state.basket.lines
    paying.do(sign_in_with_pin, staff_id=paying.staff["王芳"], pin=PINS["王芳"])
    paying.do(give_prices, prices={oil.line_id: GivenPrice(Money(0))})
    done = paying.do(start_payment, kind="card")
    assert isinstance(done, SaleDone)
    assert (done.due, done.receipt.tenders) == (Money(0), ())
    assert bank.bank.taken() == {}
    assert paying.do(lambda shop, work: open_attempts(work=work)) == []
