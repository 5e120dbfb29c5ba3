"""Fixtures of journeys: a copied real shop, the real window, a cashier signed in by badge;
a chain of two stores."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.money import Money
from app.services.shift_close import close_shift, count_cash
from tests.journeys.cashier import FLOAT, Cashier, Till, a_till, sit_down
from tests.journeys.chain_counter import ChainCashier, at_chain_till
from tests.journeys.lived import lived
from tests.journeys.split_acts import Bank, paying_at
from tests.sync.joined.made_chain import Chain, a_chain
from tests.ui.one_application import one_application
from ui.application import Application


@pytest.fixture
def application(qapp: object) -> Iterator[Application]:
    """The application with its scan router; the look is the light one at 100 %."""
    with one_application() as made:
        yield made


@pytest.fixture
def at_till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    """The shop of the pictures, its file and its paper in a folder of its own.

    A module says in `LIVED` what has happened there before: a story of tests/screens.
    """
    story = getattr(request.module, "LIVED", None)
    made = a_till(tmp_path, of=lived(story) if story else None)
    yield made
    made.close()


@pytest.fixture
def door(at_till: Till, application: Application) -> Iterator[Cashier]:
    """The window as it opens: nobody is signed in."""
    made = sit_down(at_till, application)
    yield made
    made.leave()


@pytest.fixture
def cashier(door: Cashier) -> Cashier:
    """李明 at the till."""
    door.scan(door.shop.badges["李明"])
    door.sounds.clear()
    door.begin()
    return door


@pytest.fixture
def after_close(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """The morning after a close that left 450.00: nobody is signed in, no shift is open."""
    till = a_till(tmp_path)
    till.shop.sign_in("李明")
    till.shop.do(count_cash, typed=FLOAT)
    till.shop.do(close_shift, left=Money(45000))
    till.shop.open()
    made = sit_down(till, application)
    yield made
    made.leave()
    till.close()


@pytest.fixture
def first_day(tmp_path: Path, application: Application) -> Iterator[Cashier]:
    """A shop that has never closed a shift."""
    till = a_till(tmp_path, begins_shift=False)
    made = sit_down(till, application)
    yield made
    made.leave()
    till.close()


@pytest.fixture
def bank() -> Bank:
    """The simulated bank; tests say what it does."""
    return Bank()


@pytest.fixture
def paying(tmp_path: Path, application: Application, bank: Bank) -> Iterator[Cashier]:
    """李明 at the payment screen."""
    with paying_at(tmp_path, application, bank) as made:
        yield made


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    """Two stores with a till each, and head office: real files, real HTTP."""
    with a_chain(tmp_path) as made:
        yield made


@pytest.fixture
def at(chain: Chain, application: Application) -> Iterator[ChainCashier]:
    """李明 at the window of 人民路店, connected."""
    with at_chain_till(chain.first, application) as made:
        yield made
