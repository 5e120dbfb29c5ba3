"""Any day at a counter: Hypothesis decides what is done next, at one till or at two.

Owns: the rules of goods that come back, of the drawer and of the line, and what must hold after
every step and at the end. Does not own: selling (selling.py), how an act is done (hands.py,
taking_back.py, drawer.py), reckoning (books.py, two_tills.py), how many days are drawn (run.py).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from app.devices.terminals import Behaviour
from tests.machine import drawer, rewritten, taking_back
from tests.machine.books import Books
from tests.machine.hands import Hands
from tests.machine.reports import report_faults
from tests.machine.selling import (
    BANK,
    CODES,
    NAMES,
    PORTIONS,
    SEEN,
    TENDERS,
    Place,
    Selling,
    is_free,
    is_ready,
    may_sell,
)  # fmt: skip
from tests.machine.shop import Bank, another_till, furnished
from tests.machine.taking_back import Portion
from tests.machine.two_tills import disagreements
from tests.services.refunds import verified

STEPS_BACK = ("too much", "give up", "exchange", "plain")
OTHER = ("restart", "restart", "hand over", "later", "walk over", "李明", "张敏")
MS_A_DAY = 24 * 3600 * 1000


class AnyDay(Selling):
    """One counter and, once the line is dead, another that holds the same sales."""

    @initialize(tens=st.integers(20, 60))
    def begin(self, tens: int) -> None:
        drawer.open_it(self.at, tens * 1_000)

    # -------------------------------------------------------------- goods that come back

    @precondition(lambda machine: is_free(machine) and machine.at.sold)
    @rule(place=st.integers(0, 30), portions=PORTIONS, bank=BANK)
    def take_back(self, place: int, portions: list[Portion], bank: Behaviour) -> None:
        if not self.at.refund:
            taking_back.begin(self.at, self.at.sold[-1 - place % len(self.at.sold)], portions)
        self._confirm(bank)

    @precondition(lambda machine: is_ready(machine) and machine.at.sold)
    @rule(place=st.integers(0, 30), portions=PORTIONS, codes=CODES, name=NAMES, kind=TENDERS)
    def exchange(
        self, place: int, portions: list[Portion], codes: list[str], name: str, kind: str
    ) -> None:
        """Goods for goods; what is left to pay is paid at once or by the rules of payment."""
        if not self.at.refund:
            taking_back.begin(self.at, self.at.sold[-1 - place % len(self.at.sold)], portions)
        if not self.at.refund:
            return
        taking_back.exchange(self.at, on=True)
        self._ring_up(codes, name)
        self._confirm("approve")
        if self.at.is_paid_in_part and place % 3:
            self._pay(kind, 0, "approve")
            SEEN.what["exchange"] += 1

    def _confirm(self, bank: Behaviour) -> None:
        if not self.at.refund:
            return
        before = len(self.at.sold)
        taking_back.confirm(self.at, bank)
        done = "exchange" if len(self.at.sold) > before else "refund"
        SEEN.what[done] += not self.at.refund

    @precondition(lambda machine: is_free(machine) and machine.at.sold)
    @rule(place=st.integers(0, 30), portions=PORTIONS, what=st.sampled_from(STEPS_BACK))
    def go_on_taking_back(self, place: int, portions: list[Portion], what: str) -> None:
        """One step of a refund; a kill, a sale or a count may come before the next one."""
        if not self.at.refund:
            taking_back.begin(self.at, self.at.sold[-1 - place % len(self.at.sold)], portions)
        elif what == "too much":
            taking_back.ask_for_more_than_left(self.at, place)
        elif what == "give up":
            taking_back.give_up(self.at)
        elif what in ("exchange", "plain"):
            taking_back.exchange(self.at, on=what == "exchange")

    @precondition(lambda machine: may_sell(machine) and not machine.at.refund)
    @rule(sku=st.sampled_from(("milk", "towel", "oil")), count=st.integers(1, 2))
    def take_back_without_receipt(self, sku: str, count: int) -> None:
        taking_back.without_receipt(self.at, sku, count)

    # -------------------------------------------------------------- the drawer

    @precondition(lambda machine: machine.at.state.shift is None)
    @rule(more=st.integers(-20, 20))
    def open_it(self, more: int) -> None:
        drawer.nothing_without_it(self.at)
        drawer.open_it(self.at, more * 1_000)

    @precondition(may_sell)
    @rule(what=st.sampled_from(("in", "out", "drop", "peep", "x")), tens=st.integers(1, 1_500))
    def move_cash(self, what: str, tens: int) -> None:
        if what == "peep":
            drawer.peep(self.at)
        elif what == "x":
            shift = self.at.state.shift
            assert shift is not None
            x = drawer.look_at_x(self.at)
            found = report_faults(x.report, shift.shift_id, self.till.books.facts, self.at)
            assert list(found) == []
        else:
            drawer.move(self.at, what, tens * 10)

    @precondition(lambda machine: machine.at.state.shift is not None)
    @rule(tens=st.sampled_from((0, 0, 10, -150, 400)), left=st.integers(-20, 40))
    def count_it(self, tens: int, left: int) -> None:
        """Counted, and closed with so much left in it; below zero: sold on."""
        if not drawer.count(self.at, tens * 10):
            return
        drawer.nothing_without_it(self.at)
        if left < 0:
            drawer.sell_on(self.at)
        else:
            self._close(left * 1_000)

    def _close(self, left: int) -> None:
        shift = self.at.state.shift
        assert shift is not None
        z = drawer.close(self.at, left)
        if z is not None:
            self.till.closed.append((shift.shift_id, z))
            SEEN.what["Z"] += 1

    # -------------------------------------------------------------- everything else

    @rule(what=st.sampled_from(OTHER), days=st.sampled_from((1, 3, 8, 33)))
    def something_else(self, what: str, days: int) -> None:
        hands = self.at
        match what:
            case "restart":
                hands.restart()
            case "hand over" if hands.state.shift is not None:
                drawer.hand_over(hands)
            case "later" if not hands.has_goods:
                hands.shop.clock.go_on(milliseconds=days * MS_A_DAY)
            case "walk over":
                self.place = len(self.tills) - 1 - self.place
            case "李明" | "张敏":
                hands.change_cashier(what)
            case _:
                pass  # not now

    @precondition(lambda machine: len(machine.tills) == 1 and machine.at.sold)
    @rule()
    def line_goes_dead(self) -> None:
        """From now on another till has the same sales, and hears nothing of this one."""
        here = self.till
        if here.hands.has_goods or here.hands.held or here.hands.refund:
            return
        if here.hands.state.shift is not None:
            drawer.hand_over(here.hands)
            drawer.count(here.hands, 0)
            self._close(30_000)
        if here.hands.state.shift is not None:
            return
        folder, bank = Path(tempfile.mkdtemp(prefix="zhanggui-day-")), Bank()
        there = another_till(here.hands.shop, folder, bank)
        here.hands.shop.store.lane.submit(here.books.read).result()
        self.until_fork = list(here.books.facts)
        books = _same(here.books, there)
        self.tills.append(Place(_other(here.hands, there, bank), books, folder))
        for self.place in (1, 0):
            drawer.open_it(self.at, 0)
        SEEN.what["two tills"] += 1

    @precondition(lambda machine: len(machine.tills) == 2 and machine.tills[0].hands.sold)
    @rule(place=st.integers(0, 30), portions=PORTIONS)
    def take_the_same_back_at_both(self, place: int, portions: list[Portion]) -> None:
        """A customer with a copy of his receipt goes from one till to the other."""
        shared = [sale for sale in self.tills[0].hands.sold if sale in self.tills[1].hands.sold]
        for self.place in (0, 1):
            hands = self.at
            if is_ready(self) and not hands.refund and shared:
                taking_back.begin(hands, shared[place % len(shared)], portions)
                self._confirm("approve")
        SEEN.what["taken back at both"] += 1

    # -------------------------------------------------------------- what always holds

    @invariant()
    def everything_adds_up(self) -> None:
        SEEN.steps += 1
        hands, books = self.at, self.till.books
        quote = hands.state.quote
        assert quote.total.minor == sum(line.net.minor for line in quote.lines)
        assert all(line.net.minor >= 0 for line in quote.lines)
        faults = hands.shop.store.lane.submit(lambda work: books.faults(hands, work)).result()
        assert faults == [], "\n".join(faults)

    # -------------------------------------------------------------- the evening

    def teardown(self) -> None:
        try:
            if sys.exception() is None:  # else that is what is to be told
                for till in self.tills:
                    self._evening(till)
                if len(self.tills) == 2:
                    self._hear_both()
        finally:
            for till in self.tills:
                till.hands.shop.close()
                shutil.rmtree(till.folder, ignore_errors=True)

    def _evening(self, till: Place) -> None:
        hands, books = till.hands, till.books
        if hands.state.shift is not None and not hands.may_sell:
            drawer.hand_over(hands)  # a count without its Z is told by no fact
            drawer.sell_on(hands)
        faults = hands.shop.store.lane.submit(lambda work: books.faults(hands, work)).result()
        for shift_id, z in till.closed:
            faults += report_faults(z.report, shift_id, books.facts, hands)
        faults += [f"{each.what} {each.where}" for each in verified(hands.shop)]
        if till is self.tills[0]:
            faults += rewritten.differences(hands.shop)
        assert faults == [], "\n".join(faults)

    def _hear_both(self) -> None:
        before = self.until_fork
        here = self.tills[0].books.facts[len(before) :]
        there = self.tills[1].books.facts
        mixed = [*before, *here, *there]
        Random(len(mixed)).shuffle(mixed)
        deliveries = ([*before, *here, *there], [*before, *there, *here], mixed)
        found = list(disagreements(furnished().accounts, deliveries))
        assert found == [], "\n".join(found)


def _other(here: Hands, shop: Any, bank: Bank) -> Hands:
    return Hands(
        shop,
        bank,
        in_drawer=here.in_drawer,
        sold=list(here.sold),
        ticked=list(here.ticked),
        voided_before=here.voided | here.voided_before,
        zs=here.zs,
    )


def _same(books: Books, there: Any) -> Books:
    """The other till begins with what the first one knew."""
    accounts = {
        member: account
        for member in books.accounts
        if (account := there.do(lambda shop, work, member=member: work.accounts.get(member)))
    }
    return Books(
        accounts,
        books.after,
        sales=dict(books.sales),
        refunds={sale: list(refunds) for sale, refunds in books.refunds.items()},
        back=set(books.back),
        whole=set(books.whole),
        members={},
    )
