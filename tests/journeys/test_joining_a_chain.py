"""A till joins a chain while its window is open: the next receipt carries its new number.

Real window, real server.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.domain.codes import Code, parse_code, receipt_number
from app.domain.server_answer import Enrolled
from tests.journeys.chain_counter import at_chain_till
from tests.journeys.test_two_tills import finish
from tests.real_shop import MILK
from tests.sync.joined.counter import Counter, first_counter
from tests.sync.joined.made_chain import Chain
from ui.application import Application

pytestmark = [pytest.mark.journey, pytest.mark.slow]
STORE, TILL = 7, 5


@pytest.fixture
def alone(chain: Chain, tmp_path: Path) -> Iterator[Counter]:
    """A till that belongs to nobody yet."""
    counter = first_counter(tmp_path / "alone", story=chain.story)
    yield counter
    counter.close()


def test_the_window_goes_on_under_the_new_number(
    chain: Chain, alone: Counter, application: Application
) -> None:
    with at_chain_till(alone, application) as at:
        parts = at.cashier.handle.parts
        before = parts.shop.identity
        answer = alone.enrol(chain.office, chain.office.code(STORE, TILL))
        assert isinstance(answer, Enrolled), answer
        at.until(lambda: parts.shop.identity == answer.identity, "the window knows who it is")
        assert (before.store_number, before.till_number) != (STORE, TILL)
        at.cashier.scan(MILK)
        at.cashier.press(Qt.Key.Key_F9)
        finish(at.cashier)
        code = parse_code(at.cashier.sales()[-1].code)
        assert isinstance(code, Code)
        number = receipt_number(code)
        assert (number.store, number.till) == (STORE, TILL)
