"""Whoever pays at once is not bound by the offline limits while head office can be asked: a
scanned payment code and a quick Enter wait for its answer. Real window, real server.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt

from tests.journeys.chain_counter import ChainCashier, at_chain_till
from tests.journeys.test_display import PAY_CODE
from tests.real_shop import OIL
from tests.sync.joined.made_chain import POORER, Chain
from ui.application import Application
from ui.navigation import ToPayment, ToReceipt
from ui.payment.controller import PaymentController

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key


@pytest.fixture
def at(chain: Chain, application: Application) -> Iterator[ChainCashier]:
    """李明 at 人民路店, connected, two cans of oil for a member with a coupon."""
    with at_chain_till(chain.first, application) as made:
        for code in (OIL, OIL, chain.card(POORER)):
            made.cashier.scan(code)
        yield made


def kept_online(at: ChainCashier) -> bool:
    assert at.cashier.at(ToReceipt)
    sale = at.cashier.sales()[-1]
    assert len(sale.coupons_used) == 1
    return sale.reservation is not None


def test_a_scanned_payment_code_waits_until_the_coupon_is_kept(at: ChainCashier) -> None:
    at.cashier.scan(PAY_CODE)
    assert kept_online(at)


def test_enter_at_once_waits_until_points_and_coupon_are_kept(at: ChainCashier) -> None:
    at.cashier.press(Key.Key_F9)
    assert at.cashier.at(ToPayment)
    paying = at.cashier.handle.parts.navigation.current
    assert isinstance(paying, PaymentController)
    paying.points.reserve()
    paying.confirm()
    assert not paying.is_free(), "nothing else may be begun meanwhile"
    at.cashier.settle()
    assert kept_online(at)
