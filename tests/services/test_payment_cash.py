"""Taking cash: rounded down to the step, change to the cent, unlikely amounts asked about."""

from __future__ import annotations

import pytest

from app.domain.money import Money
from app.services.checkout import SaleDone
from app.services.payment import ConfirmAmount, NotPayable, StillDue, pay_cash, start_payment
from app.services.scan import scan_code
from tests.real_shop import MILK, OIL, TOWEL, RealShop


def test_exact_cash_is_rounded_down_to_the_step_and_change_is_right(shop: RealShop) -> None:
    shop.do(scan_code, text=shop.cards["张三丰"])
    for code in (MILK, TOWEL, OIL):
        shop.do(scan_code, text=code)
    due = shop.shop.desk.state.quote.total
    done = shop.do(pay_cash, received=Money(20_000))
    assert isinstance(done, SaleDone)
    off = due.minor % 10
    assert off > 0, "the story has fen to round off"
    assert (done.due, done.received) == (Money(due.minor - off), Money(20_000))
    assert done.change == Money(20_000 - done.due.minor)
    assert done.receipt.round_off_minor == off


@pytest.mark.parametrize(
    ("received", "answer"),
    [
        pytest.param(Money(5_000), StillDue(Money(900)), id="too little"),
        pytest.param(Money(0), StillDue(Money(5_900)), id="nothing"),
        pytest.param(Money(59_100), ConfirmAmount(Money(59_100), Money(5_900)), id="ten times"),
        pytest.param(
            Money(1_000_100), ConfirmAmount(Money(1_000_100), Money(5_900)), id="over 10,000"
        ),
    ],
)
def test_unlikely_cash_is_asked_about_and_nothing_is_recorded(
    shop: RealShop, received: Money, answer: object
) -> None:
    shop.do(scan_code, text=MILK)
    before = shop.shop.desk.state
    assert shop.do(pay_cash, received=received) == answer
    assert shop.shop.desk.state is before
    if isinstance(answer, ConfirmAmount):
        assert isinstance(shop.do(pay_cash, received=received, confirmed=True), SaleDone)


def test_an_empty_or_unresolved_basket_is_not_paid(shop: RealShop) -> None:
    assert shop.do(pay_cash) == NotPayable("empty")
    shop.do(scan_code, text="6901028999991")
    assert shop.do(pay_cash) == NotPayable("unresolved")
    assert shop.do(start_payment, kind="mobile") == NotPayable("unresolved")


def test_paying_twice_is_one_sale(shop: RealShop) -> None:
    shop.do(scan_code, text=MILK)
    assert isinstance(shop.do(pay_cash), SaleDone)
    assert shop.do(pay_cash) == NotPayable("empty")
