"""The drawer of the machine: opened, cash moved, counted blind, closed with its Z, handed over.

Owns: those steps and what they change in the drawer. Does not own: what a Z must say (books.py).
"""

from __future__ import annotations

from typing import Any

from app.domain.money import Money
from app.domain.shift import AmountRefused
from app.domain.shift_paper import ShiftPaper
from app.services.answers import Changed, OpenShiftFirst, PaymentUnderWay
from app.services.cash_move import CashWasMoved, move_cash
from app.services.drawer import DrawerOpened, open_drawer
from app.services.lines import clear_basket
from app.services.payment import pay_cash
from app.services.scan import scan_code
from app.services.shift import (
    NO_REASON,
    Reason,
    ShiftBegan,
    ShiftWasTakenOver,
    look_at_drawer,
    open_shift,
    take_over_shift,
)
from app.services.shift_close import (
    BasketOpen,
    CloseInSight,
    NoCountsLeft,
    RefundOpen,
    ShiftWasClosed,
    back_to_selling,
    close_shift,
    count_cash,
)
from app.services.shift_report import XReport, make_x_report
from tests.machine.hands import MANAGER, NOBODY_ELSE, Hands
from tests.real_shop import MILK


def notes_of(minor: int) -> dict[str, str]:
    """How a drawer with so much is counted: hundreds, tens, and coins of ten fen."""
    hundreds, rest = divmod(max(0, minor), 10_000)
    tens, rest = divmod(rest, 1_000)
    assert rest % 10 == 0, "no coin is smaller"
    return {"100": str(hundreds), "10": str(tens), "0.1": str(rest // 10)}


def open_it(hands: Hands, more: int) -> None:
    """With what was left in it, or `more` (or less) than that and a reason why."""
    free = hands.do(look_at_drawer)
    begins = max(0, hands.in_drawer + more)
    reason = Reason("miscount") if free.left not in (None, Money(begins)) else NO_REASON
    began = hands.do(open_shift, typed=notes_of(begins), reason=reason)
    assert isinstance(began, ShiftBegan), began
    hands.in_drawer = begins


def nothing_without_it(hands: Hands) -> None:
    """No money moves at a drawer that is not open, or is being counted."""
    why: Any = "counting" if hands.state.shift is not None else "none"
    blocked = OpenShiftFirst(why)
    assert hands.do(move_cash, move="in", amount=Money(100), reason=Reason("change")) == blocked
    assert hands.do(open_drawer, reason="check") == blocked
    if not hands.has_goods:
        hands.do(scan_code, text=MILK)
        assert hands.do(pay_cash) == blocked
        hands.do(clear_basket)


def move(hands: Hands, what: str, minor: int) -> None:
    code = {"in": "change", "out": "purchase", "drop": "safe"}[what]
    lies_in_it = hands.in_drawer - hands.cash_on_basket
    answer = hands.do(move_cash, move=what, amount=Money(minor), reason=Reason(code))
    if what != "in" and minor > lies_in_it:
        assert answer == AmountRefused("more_than_in_drawer"), answer
    elif answer != NOBODY_ELSE:
        assert isinstance(answer, CashWasMoved), answer
        hands.in_drawer += minor if what == "in" else -minor


def peep(hands: Hands) -> None:
    assert hands.do(open_drawer, reason="check") in (DrawerOpened(), NOBODY_ELSE)


def look_at_x(hands: Hands) -> ShiftPaper:
    """The manager's X, without a step of the cashier's."""
    before = hands.at_till
    hands.change_cashier(MANAGER)
    x = hands.do(make_x_report)
    hands.change_cashier(before)
    assert isinstance(x, XReport), x
    return x.paper


def count(hands: Hands, wrong_by: int) -> bool:
    """A blind count; True where the drawer stands counted now."""
    counted = max(0, hands.in_drawer + wrong_by)
    answer = hands.do(count_cash, typed=notes_of(counted))
    if isinstance(answer, BasketOpen | PaymentUnderWay):
        assert hands.has_goods
        return False
    if isinstance(answer, RefundOpen):
        assert hands.refund
        return False
    if answer == OpenShiftFirst("of_another"):
        assert not is_mine(hands)
        return False
    if isinstance(answer, NoCountsLeft):
        return True
    assert isinstance(answer, CloseInSight), answer
    assert answer.count is not None
    assert answer.count.expected.minor == hands.in_drawer, "what the hands have counted"
    return True


def is_mine(hands: Hands) -> bool:
    """Whether whoever is at the till answers for the drawer."""
    shift, staff = hands.state.shift, hands.state.staff
    return shift is not None and staff is not None and shift.owner_id == staff.staff_id


def sell_on(hands: Hands) -> None:
    answer = hands.do(back_to_selling)
    if not is_mine(hands):
        assert answer == OpenShiftFirst("of_another"), answer
    else:
        assert isinstance(answer, Changed), answer


def close(hands: Hands, left: int) -> ShiftPaper | None:
    """Close with the count that stands; None where nobody says yes to what is missing."""
    shift = hands.state.shift
    assert shift is not None
    counted = shift.counts[-1].count.total.minor
    left = min(left, counted)
    done = hands.do(close_shift, left=Money(left), reason=Reason("miscount"))
    if done == NOBODY_ELSE:
        return None
    assert isinstance(done, ShiftWasClosed), done
    assert sorted(each.hold_id for each in done.holds) == sorted(hands.held)
    assert done.paper.over_short_minor == counted - hands.in_drawer
    hands.zs += 1
    assert done.paper.number == hands.zs
    hands.in_drawer = left
    assert hands.shop.paper.others[-1] == done.paper
    return done.paper


def hand_over(hands: Hands) -> None:
    """王芳 answers for the drawer from now on."""
    hands.change_cashier(MANAGER)
    assert isinstance(hands.do(take_over_shift), Changed | ShiftWasTakenOver)
