"""Given prices at the till: the right, the trail, one step to undo, and when there is no room."""

from __future__ import annotations

import pytest

from app.domain.basket import GivenOff, GivenPrice
from app.domain.money import Money
from app.services.answers import BasketFull, Changed, NoSuchLine, NotAllowed
from app.services.checkout import SaleDone
from app.services.lines import undo_step
from app.services.payment import pay_cash
from app.services.recorded_prices import LineNotResolved, give_prices
from app.services.scan import scan_code
from tests.real_shop import MILK, TOWEL, RealShop
from tests.services.conftest import trail


@pytest.fixture
def supervised(shop: RealShop) -> RealShop:
    shop.sign_in("王芳")
    return shop


def price(listed: int, off: int) -> GivenPrice:
    return GivenPrice(Money(listed), (GivenOff("loyalty", Money(off)),))


def test_all_lines_are_given_their_prices_and_paid_so(supervised: RealShop) -> None:
    lines = [supervised.do(scan_code, text=code).line_id for code in (MILK, TOWEL)]
    given = {lines[0]: price(5000, 100), lines[1]: price(1990, 990)}
    answer = supervised.do(give_prices, prices=given)
    assert isinstance(answer, Changed)
    assert [line.net for line in answer.state.lines] == [Money(4900), Money(1000)]
    done = supervised.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert done.due == Money(5900)
    assert "prices_given" in trail(supervised)


def test_one_undo_takes_all_of_them_back(supervised: RealShop) -> None:
    lines = [supervised.do(scan_code, text=code).line_id for code in (MILK, TOWEL)]
    before = supervised.shop.desk.state.quote
    supervised.do(give_prices, prices={line: price(100, 1) for line in lines})
    supervised.do(undo_step)
    assert supervised.shop.desk.state.quote == before


def test_the_same_goods_scanned_again_are_a_line_of_their_own(supervised: RealShop) -> None:
    line = supervised.do(scan_code, text=MILK).line_id
    supervised.do(give_prices, prices={line: price(100, 1)})
    assert supervised.do(scan_code, text=MILK).line_id != line


def test_a_cashier_may_not(shop: RealShop) -> None:
    line = shop.do(scan_code, text=MILK).line_id
    assert shop.do(give_prices, prices={line: price(100, 1)}) == NotAllowed("override_price")


def test_a_line_that_is_not_there_or_not_known_changes_nothing(supervised: RealShop) -> None:
    line = supervised.do(scan_code, text=MILK).line_id
    unknown = supervised.do(scan_code, text="NOBODY-KNOWS").line_id
    state = supervised.shop.desk.state
    wrong = {line: price(100, 1), "77": price(100, 1)}
    assert supervised.do(give_prices, prices=wrong) == NoSuchLine("77")
    wrong = {line: price(100, 1), unknown: price(100, 1)}
    assert supervised.do(give_prices, prices=wrong) == LineNotResolved(unknown)
    assert supervised.shop.desk.state is state


def test_prices_whose_story_is_too_long_for_one_sale_are_refused(supervised: RealShop) -> None:
    line = supervised.do(scan_code, text=MILK).line_id
    parts = tuple(GivenOff(f"part-{number:04d}", Money(1)) for number in range(800))
    long = GivenPrice(Money(900), parts)
    assert supervised.do(give_prices, prices={line: long}) == BasketFull()
