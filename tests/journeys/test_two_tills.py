"""Two tills of two stores, each alone with the same member: real windows, a real server.

Both spend his points and his one coupon while their cables are out. The limit holds, both receipts
stay true, afterwards the till tells the story of both, and what he earns later makes up for it.
"""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.domain.view import view
from tests.journeys.cashier import Cashier
from tests.journeys.chain_counter import ChainCashier, at_chain_till
from tests.real_shop import MILK, OIL
from tests.sync.joined.counter import Counter
from tests.sync.joined.made_chain import POORER, Chain
from ui.application import Application
from ui.exceptions.controller import ExceptionsController
from ui.navigation import ToExceptions, ToPayment, ToReceipt, ToSync

pytestmark = [pytest.mark.journey, pytest.mark.slow]
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
LIMIT = 500
"""Points a member may spend at a till that hears nothing, by the rules of the shop."""


def pay_with_points(cashier: Cashier, card: str, *, cans: int = 2) -> None:
    """Oil for the member, with as many points as he may use, in exact cash."""
    for _ in range(cans):
        cashier.scan(OIL)
    cashier.scan(card)
    cashier.press(Key.Key_F9)
    assert cashier.at(ToPayment)
    cashier.press(Key.Key_F6)


def finish(cashier: Cashier) -> None:
    cashier.press(Key.Key_F9)
    assert cashier.at(ToReceipt)


def spend_alone(at: ChainCashier, card: str) -> str:
    """One sale with points and the coupon while the cable is out; its paper."""
    at.pull_the_cable()
    pay_with_points(at.cashier, card)
    said = " ".join(at.cashier.texts())
    assert "离线，在本机限额内" in said, "the till says which way it is"
    assert "离线时每位会员不能用更多" in said, "and why no more"
    finish(at.cashier)
    sale = at.cashier.sales()[-1]
    assert (sale.points_spent, sale.reservation, sale.grant) == (LIMIT, None, None)
    assert len(sale.coupons_used) == 1
    return at.cashier.paper()


def points_of(counter: Counter, member: str) -> int:
    """His balance as this till shows it."""
    account = counter.account(member)
    assert account is not None
    state = counter.real.shop.desk.state
    day = counter.clock.now().local("Asia/Shanghai").date()
    return view(account, state.program, day).balance


def test_two_tills_alone_spend_the_same_points_and_the_same_coupon(
    chain: Chain, application: Application
) -> None:
    member, card = chain.member(POORER), chain.card(POORER)
    had = points_of(chain.first, member)
    assert LIMIT < had < 2 * LIMIT
    with at_chain_till(chain.first, application) as at:
        first_paper = spend_alone(at, card)
    with at_chain_till(chain.second, application) as at:
        spend_alone(at, card)
        at.put_it_back()
        assert at.sent().state == "acknowledged", "the first that arrives finds everything there"
    with at_chain_till(chain.first, application) as at:
        sold = at.sent().data
        at.put_it_back()
        differences = {each.kind for each in at.sent().differences}
        assert differences == {"overdraft", "coupon_used_twice"}
        both_receipts_stay(at, first_paper, sold)
        the_story_is_told(at)
    assert sorted(chain.cases()) == [("coupon_used_twice", "open"), ("overdraft", "open")]
    the_bound_holds(chain, member)
    later_earnings_recover(chain, application, member)


def both_receipts_stay(at: ChainCashier, paper: str, data: bytes) -> None:
    """What was printed and what is kept are the same bytes as before head office spoke."""
    assert at.sent().data == data
    assert at.cashier.paper() == paper
    assert at.cashier.sales()[-1].points_spent == LIMIT


def the_story_is_told(at: ChainCashier) -> None:
    """In the sync centre for everybody, in the list of exceptions for the manager."""
    cashier = at.cashier
    cashier.press(Key.Key_S, CONTROL)
    assert cashier.at(ToSync)
    said = " ".join(cashier.texts())
    assert "这些积分在此期间已在别处用掉" in said
    assert "这张券已在另一单用过。" in said
    cashier.press(Key.Key_F12)
    cashier.scan(cashier.shop.badges["王芳"])
    cashier.press(Key.Key_M, CONTROL)
    cashier.type("2")
    assert cashier.at(ToExceptions)
    current = cashier.handle.parts.navigation.current
    assert isinstance(current, ExceptionsController)
    kinds = [case.kind for case in current._cases]
    assert {"overdraft", "coupon_used_twice"} <= set(kinds)
    cashier.tap(current.screen.rows[kinds.index("overdraft")])
    told = dict(current._cases[kinds.index("overdraft")].story)
    assert told["spent_here"] == str(LIMIT)
    assert told["other_till"] == "1", "the other till's side stands beside it"


def the_bound_holds(chain: Chain, member: str) -> None:
    """All three agree, and what is missing is no more than the limit of the second till."""
    first = chain.first
    first.until(lambda: first.account(member) == chain.second.account(member), "both agree")
    assert -LIMIT <= points_of(first, member) < 0


def later_earnings_recover(chain: Chain, application: Application, member: str) -> None:
    """He buys more, connected; the debt is paid once and for good, and the case closes itself."""
    with at_chain_till(chain.second, application) as at:
        for _ in range(6):
            at.cashier.scan(OIL)
        at.cashier.scan(MILK)
        at.cashier.scan(chain.card(POORER))
        at.cashier.press(Key.Key_F9)
        finish(at.cashier)
        at.until(lambda: at.counter.pending() == 0, "it is sent")
        assert at.cashier.sales()[-1].points_spent == 0
    assert points_of(chain.second, member) >= 0
    assert ("overdraft", "recovered") in chain.cases()
