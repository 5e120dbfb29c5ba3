"""A customer comes back to another store of the chain: row 15 with as many keys as at home.

Real windows, real server, real key events.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.services.find_member import MemberPutOn
from app.services.scan import scan_code
from tests.journeys.chain_counter import at_chain_till
from tests.journeys.test_refund import front, opened, refund
from tests.real_shop import MILK, TOWEL
from tests.sync.joined.made_chain import Chain
from ui.application import Application
from ui.navigation import ToReceipt

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key


def sold_in_the_first(chain: Chain) -> str:
    """Two towels and milk for 陈静; the receipt's code, which head office has."""
    put_on = chain.first.do(scan_code, text=chain.card())
    assert isinstance(put_on, MemberPutOn)
    code = chain.first.sell(TOWEL, TOWEL, MILK).receipt.code
    chain.first.until_sent()
    return str(code)


def test_goods_of_another_store_by_the_keys_of_every_refund(
    chain: Chain, application: Application
) -> None:
    code = sold_in_the_first(chain)
    with at_chain_till(chain.second, application) as at:
        cashier = at.cashier
        cashier.begin()
        cashier.press(Key.Key_F8)
        cashier.scan(code)
        at.until(lambda: opened(cashier) == code, "head office told of the sale")
        cashier.scan(TOWEL)
        cashier.type("2")
        cashier.press(Key.Key_Return)
        at.until(lambda: cashier.at(ToReceipt), "head office keeps the towel, the money is out")
        assert (cashier.scans, cashier.keys, cashier.taps) == (2, 3, 0)
        done = refund(cashier)
        assert done.sale_code == code and done.reservation is not None
        assert done.member == chain.member()
        assert code in cashier.paper()


def test_without_a_network_it_says_what_is_left_to_do(
    chain: Chain, application: Application
) -> None:
    code = sold_in_the_first(chain)
    with at_chain_till(chain.second, application) as at:
        cashier = at.cashier
        at.pull_the_cable()
        cashier.press(Key.Key_F8)
        cashier.scan(code)
        at.until(lambda: front(cashier).search.form.answer is not None, "it was looked for")
        assert opened(cashier) == ""
        said = front(cashier).screen.notice
        assert "联系不上总部" in said and "无小票" in said
