"""A sale that no fact could hold: no money is taken for it, and lines taken off make it a sale."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.money import Money
from app.services.find_member import MemberPutOn
from app.services.lines import remove_line
from app.services.payment import NotPayable, open_attempts, pay_cash, start_payment
from app.services.scan import scan_code
from app.services.tender import take_cash_part
from tests.real_shop import RealShop, copy_shop
from tests.services.test_lines import fill_up


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, RealShop]:
    """A walk-in's basket filled to the brim, once for all: each line prices the whole of it."""
    folder = tmp_path_factory.mktemp("filled")
    made = copy_shop(folder)
    made.sign_in()
    fill_up(made)
    made.close()
    return folder, made


@pytest.fixture
def shop(tmp_path: Path, filled: tuple[Path, RealShop]) -> Iterator[RealShop]:
    """The till with that basket, opened again."""
    made = copy_shop(tmp_path, of=filled)
    made.sign_in()
    assert len(made.shop.desk.state.basket.lines) > 100
    yield made
    made.close()


@pytest.fixture
def large(shop: RealShop) -> RealShop:
    """Now the customer finds her gold card."""
    put = shop.do(scan_code, text=shop.cards["张三丰"])
    assert isinstance(put, MemberPutOn)
    assert put.state.pay_block == "too_large"
    return shop


def test_no_money_is_taken_for_what_could_not_be_recorded(large: RealShop) -> None:
    assert large.do(pay_cash) == NotPayable("too_large")
    assert large.do(take_cash_part, received=Money(1000)) == NotPayable("too_large")
    assert large.do(start_payment, kind="mobile") == NotPayable("too_large")
    assert large.do(lambda shop, work: open_attempts(work=work)) == []


def test_with_fewer_lines_it_is_a_sale_with_all_her_discounts(large: RealShop) -> None:
    while large.shop.desk.state.quote.lines and isinstance(large.do(pay_cash), NotPayable):
        for line in large.shop.desk.state.basket.lines[-10:]:
            large.do(remove_line, line_id=line.line_id)
    assert large.shop.desk.state.basket.is_empty
    sold = large.store.lane.submit(lambda work: work.sales.latest(1)).result()
    assert sold[0].member_id == large.members["张三丰"]


def test_every_part_of_the_money_takes_room_too(shop: RealShop) -> None:
    """Cent by cent the tenders would have carried the fact over its limit at the last one."""
    taken = 0
    while not isinstance(answer := shop.do(take_cash_part, received=Money(1)), NotPayable):
        taken += 1
        assert taken < 100, answer
    assert answer == NotPayable("too_large")
    assert taken > 1
