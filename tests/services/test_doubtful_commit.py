"""A disk that fails while a sale is being confirmed: the desk follows the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

import main
from app.services.checkout import SaleDone
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.store.errors import CommitUncertain
from app.store.sqlcipher import dbapi
from tests.real_shop import MILK, TOWEL, RealShop, copy_shop

SQLITE_IOERR = 10


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[RealShop]:
    made = copy_shop(tmp_path)
    made.shop = main.build(made.store, clock=made.clock).shop
    made.open()
    made.sign_in()
    yield made
    made.close()


class FailingCommit:
    """A transaction whose commit ends in an I/O error, with or without having been done."""

    def __init__(self, real: Any, *, stands: bool) -> None:
        self._real, self._stands = real, stands

    def commit(self) -> None:
        if self._stands:
            self._real.commit()
        else:
            self._real.rollback()
        error = dbapi.OperationalError("disk I/O error")
        error.sqlite_errorcode = SQLITE_IOERR
        raise error

    def rollback(self) -> None:
        self._real.rollback()


def pay_on_a_failing_disk(shop: RealShop, monkeypatch: pytest.MonkeyPatch, *, stands: bool) -> None:
    begin = Connection.begin
    with monkeypatch.context() as world:
        world.setattr(Connection, "begin", lambda self: FailingCommit(begin(self), stands=stands))
        with pytest.raises(CommitUncertain):
            shop.do(pay_cash)


def sales(shop: RealShop) -> int:
    count: int = shop.do(lambda shop, work: work.sales.count())
    return count


def test_a_sale_that_stands_after_all_is_not_rung_up_again(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = shop.do(scan_code, text=MILK).state.basket_id
    pay_on_a_failing_disk(shop, monkeypatch, stands=True)
    following = shop.do(scan_code, text=TOWEL).state
    assert [line.sku for line in following.lines] == ["towel"], "the next basket, not the sold one"
    assert following.last_sale_id == sold
    assert following.staff is not None, "whoever is signed in stays"
    assert isinstance(shop.do(pay_cash), SaleDone)
    assert sales(shop) == 2


def test_a_sale_that_was_lost_is_still_in_the_basket(
    shop: RealShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.do(scan_code, text=MILK)
    pay_on_a_failing_disk(shop, monkeypatch, stands=False)
    assert sales(shop) == 0
    done = shop.do(pay_cash)
    assert isinstance(done, SaleDone)
    assert [line.name for line in done.receipt.lines] == ["纯牛奶 250ml×12"]
    assert sales(shop) == 1
