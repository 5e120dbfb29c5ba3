"""Any day at a drawer: whatever is done in whatever order, the Z is what went through the hands.

Owns: random days over the real store. The model counts notes as a cashier would: what customers
gave, what they got back, what was moved; it never looks at a fact. Does not own: prices, refunds'
worth (their own laws).
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from app.domain.money import Money
from app.domain.shift import AmountRefused
from app.services.answers import OpenShiftFirst
from app.services.approval import ApprovalNeeded, Approved, approve_with_badge
from app.services.cash_move import CashWasMoved, move_cash
from app.services.checkout import SaleDone
from app.services.drawer import DrawerOpened, open_drawer
from app.services.payment import pay_cash
from app.services.refund_answers import RefundDone
from app.services.refund_payment import confirm_refund
from app.services.scan import scan_code
from app.services.shift import (
    NO_REASON,
    Reason,
    ShiftBegan,
    ShiftIsOpen,
    look_at_drawer,
    open_shift,
)
from app.services.shift_close import (
    CloseInSight,
    NoCountsLeft,
    ShiftWasClosed,
    back_to_selling,
    close_shift,
    count_cash,
)
from tests.real_shop import MILK, OIL, SETTINGS, TOWEL, RealShop
from tests.services.conftest import restarted
from tests.services.refunds import Scripted, chosen, shop_with, sold, tried, verified

NAMES = ("李明", "张敏", "王芳")


def pieces_of(minor: int) -> dict[str, str]:
    """How a drawer with so much is counted: hundreds, tens, and coins of ten fen."""
    hundreds, rest = divmod(minor, 10_000)
    tens, rest = divmod(rest, 1_000)
    assert rest % 10 == 0, "no coin is smaller"
    return {"100": str(hundreds), "10": str(tens), "0.1": str(rest // 10)}


class DayAtADrawer(RuleBasedStateMachine):
    """One drawer, three people, any order of acts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="zhanggui-day-"))
        self.making = shop_with(Scripted(), self.folder)
        self.shop: RealShop = next(self.making)
        self.in_drawer = 0
        """What lies in it, by what went in and out."""
        self.taken: dict[str, int] = {}
        """Money received in this shift by tender."""
        self.sales: list[str] = []
        self.open = self.counting = False
        self.zs = 0

    def teardown(self) -> None:
        assert verified(self.shop) == []
        for _ in self.making:
            pass
        shutil.rmtree(self.folder, ignore_errors=True)

    @initialize(name=st.sampled_from(NAMES))
    def begin(self, name: str) -> None:
        shifts = msgspec.structs.replace(SETTINGS, shifts_required=True)
        self.shop.use_settings(shifts)
        self.shop.sign_in(name)
        self.owner = name

    # -- the drawer

    @precondition(lambda self: not self.open)
    @rule(extra=st.integers(-30, 30).map(lambda tens: tens * 1_000))
    def open_it(self, extra: int) -> None:
        """As left, or with more or less than was left and the reason why."""
        free = self.shop.do(look_at_drawer)
        begins = max(0, self.in_drawer + extra)
        reason = Reason("miscount") if free.left not in (None, Money(begins)) else NO_REASON
        began = self.shop.do(open_shift, typed=pieces_of(begins), reason=reason)
        assert isinstance(began, ShiftBegan), began
        self.in_drawer, self.open, self.taken = begins, True, {}

    @precondition(lambda self: self.open)
    @rule()
    def open_it_twice(self) -> None:
        assert isinstance(self.shop.do(open_shift), ShiftIsOpen)

    @precondition(lambda self: self.open)
    @rule(
        move=st.sampled_from(["in", "out", "drop"]),
        minor=st.integers(1, 900).map(lambda tens: tens * 10),
    )
    def move(self, move: str, minor: int) -> None:
        code = {"in": "change", "out": "purchase", "drop": "safe"}[move]
        answer = self._with_a_yes(
            self.shop.do(move_cash, move=move, amount=Money(minor), reason=Reason(code))
        )
        if self.counting:
            assert answer == OpenShiftFirst("counting")
        elif move != "in" and minor > self.in_drawer:
            assert answer == AmountRefused("more_than_in_drawer")
        else:
            assert isinstance(answer, CashWasMoved), answer
            self.in_drawer += minor if move == "in" else -minor

    @rule()
    def peep(self) -> None:
        answer = self._with_a_yes(self.shop.do(open_drawer, reason="check"))
        blocked = "counting" if self.counting else None if self.open else "none"
        assert answer == (OpenShiftFirst(blocked) if blocked else DrawerOpened())  # type: ignore[arg-type]  # one of its words

    # -- selling

    @rule(
        codes=st.lists(st.sampled_from([MILK, TOWEL, OIL]), min_size=1, max_size=3),
        by=st.sampled_from(["cash", "mobile"]),
        member=st.sampled_from(["", "王小红"]),
    )
    def sell(self, codes: list[str], by: str, member: str) -> None:
        if not self.open or self.counting:
            self.shop.do(scan_code, text=codes[0])
            why = "counting" if self.counting else "none"
            assert self.shop.do(pay_cash) == OpenShiftFirst(why)  # type: ignore[arg-type]  # one of its words
            self._empty_basket()
            return
        if by == "mobile":
            sale_id = sold(self.shop, *codes, member=member, kind="mobile")
        else:
            for code in codes:
                self.shop.do(scan_code, text=code)
            done = self.shop.do(pay_cash, received=Money(30_000), confirmed=True)
            assert isinstance(done, SaleDone), done
            sale_id = done.sale_id
            self.in_drawer += 30_000 - done.change.minor
            self.taken["cash"] = self.taken.get("cash", 0) + 30_000 - done.change.minor
        self.sales.append(sale_id)

    @precondition(lambda self: self.sales and self.open and not self.counting)
    @rule(data=st.data())
    def take_back(self, data: st.DataObject) -> None:
        sale_id = self.sales.pop(data.draw(st.integers(0, len(self.sales) - 1)))
        state = chosen(self.shop, sale_id, (0, 1))
        answer = self._with_a_yes(
            self.shop.do(confirm_refund, refund_id=state.refund_id, shown=state.total.back)
        )
        while not isinstance(answer, RefundDone):
            answer = self._with_a_yes(tried(self.shop, answer))
        self.in_drawer -= answer.cash.minor

    # -- closing

    @precondition(lambda self: self.open)
    @rule(miss=st.integers(-20, 20).map(lambda coins: coins * 100))
    def count(self, miss: int) -> None:
        counted = max(0, self.in_drawer + miss)
        answer = self.shop.do(count_cash, typed=pieces_of(counted))
        if isinstance(answer, NoCountsLeft):
            assert self.counting
            return
        assert isinstance(answer, CloseInSight), answer
        assert answer.count is not None
        assert answer.count.expected == Money(self.in_drawer), "what the hands have counted"
        self.counting, self.counted = True, counted

    @precondition(lambda self: self.counting)
    @rule()
    def sell_on(self) -> None:
        self.shop.do(back_to_selling)
        self.counting = False

    @precondition(lambda self: self.counting)
    @rule(leaves=st.integers(0, 40).map(lambda tens: tens * 1_000))
    def close(self, leaves: int) -> None:
        left = min(leaves, self.counted - self.counted % 1_000)
        done = self.shop.do(close_shift, left=Money(left), reason=Reason("miscount"))
        done = self._with_a_yes(done)
        assert isinstance(done, ShiftWasClosed), done
        self.zs += 1
        paper = done.paper
        assert paper.number == self.zs
        assert paper.report.cash.expected_minor == self.in_drawer
        assert paper.over_short_minor == self.counted - self.in_drawer
        cash = {each.tender: each.amount_minor for each in paper.report.sales.tenders}
        assert cash.get("cash", 0) == self.taken.get("cash", 0)
        self.open = self.counting = False
        self.in_drawer = left

    @rule()
    def kill_and_start_again(self) -> None:
        restarted(self.shop)
        self.shop.sign_in(self.owner)

    @invariant()
    def the_desk_knows_the_shift(self) -> None:
        shift = self.shop.shop.desk.state.shift
        assert (shift is not None) == self.open
        if shift is not None:
            assert shift.is_counting == self.counting

    # -- steps

    def _with_a_yes(self, answer: Any) -> Any:
        """Where somebody else has to say yes, 王芳 or (for her own) nobody does."""
        if not isinstance(answer, ApprovalNeeded):
            return answer
        badge = self.shop.badges["王芳"]
        yes = self.shop.do(approve_with_badge, request_id=answer.request_id, badge=badge)
        assert isinstance(yes, Approved), yes
        return yes.answer

    def _empty_basket(self) -> None:
        from app.services.lines import clear_basket

        self.shop.do(clear_basket)


TestDayAtADrawer = DayAtADrawer.TestCase
TestDayAtADrawer.settings = settings(
    max_examples=12,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
